//! `custom_statuses`.

use super::{book, change, make, sent::ids_in, shape};
use crate::kit::{
    call::{Call, Ids},
    error::ApiError,
    idempotency::Once,
    input::{Sent, flag, text, word},
};
use axum::{Json, response::Response};
use docket_domain::{
    Timestamp,
    field::{CustomStatus, FieldBook},
    ticket::Status,
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// A status as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SentStatus {
    #[serde(deserialize_with = "word")]
    status_category: Option<Option<Status>>,
    #[serde(deserialize_with = "text")]
    agent_label: Option<String>,
    #[serde(deserialize_with = "text")]
    raw_agent_label: Option<String>,
    #[serde(deserialize_with = "text")]
    end_user_label: Option<String>,
    #[serde(deserialize_with = "text")]
    raw_end_user_label: Option<String>,
    #[serde(deserialize_with = "text")]
    description: Option<String>,
    #[serde(deserialize_with = "text")]
    raw_description: Option<String>,
    #[serde(deserialize_with = "text")]
    end_user_description: Option<String>,
    #[serde(deserialize_with = "text")]
    raw_end_user_description: Option<String>,
    #[serde(deserialize_with = "flag")]
    active: Option<bool>,
    #[serde(deserialize_with = "flag")]
    default: Option<bool>,
}

impl SentStatus {
    fn agent_label(&self) -> Option<&str> {
        let label = self.agent_label.as_deref().or(self.raw_agent_label.as_deref());
        label.map(str::trim)
    }

    fn put_into(&self, status: &mut CustomStatus) -> Result<(), ApiError> {
        if let Some(label) = self.agent_label() {
            label.clone_into(&mut status.agent_label);
        }
        if let Some(label) = self.end_user_label.as_ref().or(self.raw_end_user_label.as_ref()) {
            let label = label.trim();
            status.end_user_label =
                (!label.is_empty() && label != status.agent_label).then(|| label.to_owned());
        }
        if let Some(text) = self.description.as_ref().or(self.raw_description.as_ref()) {
            status.description.clone_from(text);
        }
        let text = self.end_user_description.as_ref();
        if let Some(text) = text.or(self.raw_end_user_description.as_ref()) {
            status.end_user_description.clone_from(text);
        }
        status.is_active = self.active.unwrap_or(status.is_active);
        match (self.default, status.is_default) {
            (Some(true), _) => status.is_default = true,
            (Some(false), true) => {
                let words = "make another status of the category the default instead";
                return Err(ApiError::invalid("default", words));
            }
            _ => {}
        }
        status
            .check()
            .map_err(|(attribute, words)| ApiError::invalid(attribute, words))
    }
}

/// Puts a status into the book; of defaults each category has one.
fn put(book: &mut FieldBook, status: CustomStatus) {
    if status.is_default {
        let category = status.category;
        for mut other in book.all_statuses() {
            if other.category == category && other.is_default && other.id != status.id {
                other.is_default = false;
                store(book, other);
            }
        }
    }
    store(book, status);
}

fn store(book: &mut FieldBook, status: CustomStatus) {
    match book.statuses.iter_mut().find(|other| other.id == status.id) {
        Some(other) => *other = status,
        None => book.statuses.push(status),
    }
}

fn shown(call: &Call, book: &FieldBook, id: u64) -> Option<Value> {
    Some(json!({ "custom_status": shape::status(&call.address, &book.status(id)?) }))
}

/// `GET custom_statuses`; `status_categories`, `active`, `default`. All of them at once: there are at most a hundred and five.
pub(super) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let mut categories: Vec<Status> = Vec::new();
    for text in call
        .address
        .parameter("status_categories")
        .unwrap_or_default()
        .split(',')
    {
        let text = text.trim().to_ascii_lowercase();
        if text.is_empty() {
            continue;
        }
        let category = text
            .parse()
            .map_err(|_| ApiError::invalid("status_categories", format!("{text:?} is no category")))?;
        categories.push(category);
    }
    let (active, default) = (call.address.flag("active")?, call.address.flag("default")?);
    let mut all = book(&call).await?.rules.fields.all_statuses();
    all.retain(|status| {
        (categories.is_empty() || categories.contains(&status.category))
            && active.is_none_or(|active| status.is_active == active)
            && default.is_none_or(|default| status.is_default == default)
    });
    let rows: Vec<Value> = all
        .iter()
        .map(|status| shape::status(&call.address, status))
        .collect();
    let count = rows.len();
    Ok(Json(json!({
        "custom_statuses": rows,
        "count": count,
        "next_page": null,
        "previous_page": null,
    })))
}

/// `GET custom_statuses/{id}`.
pub(super) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let book = book(&call).await?;
    shown(&call, &book.rules.fields, id)
        .map(Json)
        .ok_or(ApiError::Missing)
}

/// `POST custom_statuses`.
pub(super) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let fields: SentStatus = sent.read("custom_status")?;
    let once = Once::of(&call, &sent)?;
    let now: Timestamp = call.desk.now();
    let category = fields
        .status_category
        .flatten()
        .ok_or_else(|| ApiError::blank("status_category"))?;
    if category == Status::Closed {
        let words = "is one of new, open, pending, hold, solved";
        return Err(ApiError::invalid("status_category", words));
    }
    let add = |book: &mut FieldBook| {
        let mut status = CustomStatus {
            id: book.take_id(),
            category,
            agent_label: String::new(),
            end_user_label: None,
            description: String::new(),
            end_user_description: String::new(),
            is_active: true,
            is_default: false,
            created_at: now,
            updated_at: now,
        };
        fields.put_into(&mut status)?;
        let id = status.id;
        put(book, status);
        Ok(id)
    };
    let newest = |book: &FieldBook| {
        let made = book.statuses.iter();
        let made = made.filter(|status| Some(status.agent_label.as_str()) == fields.agent_label());
        made.map(|status| status.id).max()
    };
    make(&call, &once, add, newest, |book, id| shown(&call, book, id)).await
}

/// `PUT custom_statuses/{id}`.
pub(super) async fn update(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let fields: SentStatus = sent.read("custom_status")?;
    let now = call.desk.now();
    let (book, ()) = change(&call, |book| {
        let before = book.status(id).ok_or(ApiError::Missing)?;
        if fields
            .status_category
            .flatten()
            .is_some_and(|category| category != before.category)
        {
            let words = "stays as it was when the status was made";
            return Err(ApiError::invalid("status_category", words));
        }
        let mut status = before.clone();
        fields.put_into(&mut status)?;
        if status != before {
            status.updated_at = now;
            put(book, status);
        }
        Ok(())
    })
    .await?;
    shown(&call, &book.rules.fields, id)
        .map(Json)
        .ok_or(ApiError::Missing)
}

/// `PUT custom_status/default`: `{"ids": [7, 9]}` are the defaults of their categories from now on.
pub(super) async fn set_defaults(call: Call, sent: Sent) -> Result<StatusCode, ApiError> {
    let body: Value = sent.read_whole()?;
    let ids = ids_in(&body, "ids")?;
    let now = call.desk.now();
    change(&call, |book| {
        let mut categories = Vec::new();
        for id in &ids {
            let found = book.status(*id);
            let mut status =
                found.ok_or_else(|| ApiError::invalid("ids", format!("{id} is no status's id")))?;
            if !status.is_active {
                return Err(ApiError::invalid("ids", format!("status {id} is not active")));
            }
            if categories.contains(&status.category) {
                let words = format!("two statuses are of the category {}", status.category);
                return Err(ApiError::invalid("ids", words));
            }
            categories.push(status.category);
            if !status.is_default {
                (status.is_default, status.updated_at) = (true, now);
                put(book, status);
            }
        }
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
