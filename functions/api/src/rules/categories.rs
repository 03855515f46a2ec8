//! `trigger_categories`: what triggers are sorted into.

use crate::kit::{
    call::{API, Call, Ids},
    configuration::{done, made, made_before},
    error::ApiError,
    idempotency::Once,
    input::{Sent, at_most, place, text},
    paging::Paging,
};
use crate::shapes::time;
use axum::{Json, response::Response};
use docket_domain::{
    RuleId,
    rule::{LONGEST_NAME, MOST_CATEGORIES, RuleKind, TriggerCategory},
    sla::Book,
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Most categories and triggers of one job.
const MOST_OF_A_JOB: usize = 100;

/// A category as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(deserialize_with = "text")]
    id: Option<String>,
    #[serde(deserialize_with = "text")]
    name: Option<String>,
    #[serde(deserialize_with = "place")]
    position: Option<u32>,
}

impl Fields {
    fn checked(mut self) -> Result<Self, ApiError> {
        self.name = self.name.map(|name| name.trim().to_owned());
        at_most("name", self.name.as_deref(), LONGEST_NAME)?;
        match &self.name {
            Some(name) if name.is_empty() => Err(ApiError::blank("name")),
            _ => Ok(self),
        }
    }

    fn put_into(&self, book: &mut Book, id: u64, now: docket_domain::Timestamp) -> Result<(), ApiError> {
        let categories = &mut book.rules.trigger_categories;
        let is_taken = |other: &TriggerCategory| other.id != id && Some(&other.name) == self.name.as_ref();
        if categories.iter().any(is_taken) {
            return Err(ApiError::taken_by("name", "category"));
        }
        let category = categories.iter_mut().find(|category| category.id == id);
        let category = category.ok_or(ApiError::Missing)?;
        if let Some(name) = &self.name {
            category.name.clone_from(name);
        }
        category.position = self.position.unwrap_or(category.position);
        category.updated_at = now;
        Ok(())
    }
}

/// `GET trigger_categories`, in their order.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let book = call.desk.rules().book().await?;
    let mut categories: Vec<&TriggerCategory> = book.rules.trigger_categories.iter().collect();
    let sort = call.address.parameter("sort").unwrap_or("position");
    match sort.trim_start_matches('-') {
        "position" => categories.sort_by_key(|category| (category.position, category.id)),
        "name" => categories.sort_by_key(|category| (category.name.to_lowercase(), category.id)),
        "created_at" => categories.sort_by_key(|category| (category.created_at, category.id)),
        "updated_at" => categories.sort_by_key(|category| (category.updated_at, category.id)),
        _ => {
            let words = "is none of position, name, created_at, updated_at";
            return Err(ApiError::invalid("sort", words));
        }
    }
    if sort.starts_with('-') {
        categories.reverse();
    }
    let paging = Paging::of(&call.address).ascending();
    let window = paging.window(categories.len() as u64);
    let rows = window.of(&categories).into_iter();
    let rows = rows.map(|category| shown(&book, category)).collect();
    let envelope = paging.envelope(&call.address, "trigger_categories", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET trigger_categories/{id}`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let book = call.desk.rules().book().await?;
    one(&book, |category| category.id == id).map(Json)
}

/// `POST trigger_categories`.
pub(crate) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let fields = sent.read::<Fields>("trigger_category")?.checked()?;
    let once = Once::of(&call, &sent)?;
    let name = fields.name.clone().ok_or_else(|| ApiError::blank("name"))?;
    let shown = |book: &Book| one(book, |category| category.name == name);
    if once.earlier(&call).await?.is_some() {
        return made_before(&call, &once, shown).await;
    }
    let now = call.desk.now();
    let by = call.changed_by(once.cause.as_str());
    let changed = call
        .desk
        .rules()
        .change_book(by, once.guards(true), |book| {
            let categories = &mut book.rules.trigger_categories;
            if categories.len() >= MOST_CATEGORIES {
                let words = format!("a desk has at most {MOST_CATEGORIES} categories");
                return Err(ApiError::invalid("base", words));
            }
            let last = categories.iter().map(|category| category.position).max();
            let id = book.rules.last_category_id + 1;
            categories.push(TriggerCategory {
                id,
                name: name.clone(),
                position: last.unwrap_or(0).saturating_add(1),
                triggers: BTreeSet::new(),
                created_at: now,
                updated_at: now,
            });
            book.rules.last_category_id = id;
            fields.put_into(book, id, now)
        })
        .await?;
    made(&call, &once, changed, shown).await
}

/// `PATCH trigger_categories/{id}`.
pub(crate) async fn update(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let fields = sent.read::<Fields>("trigger_category")?.checked()?;
    let now = call.desk.now();
    let rules = call.desk.rules();
    let change = rules.change_book(call.changed_by(API), vec![], |book| {
        fields.put_into(book, id, now)
    });
    let book = done(change.await?)?;
    one(&book, |category| category.id == id).map(Json)
}

/// `DELETE trigger_categories/{id}`: only one without triggers.
pub(crate) async fn destroy(call: Call, Ids(id): Ids<u64>) -> Result<StatusCode, ApiError> {
    let rules = call.desk.rules();
    let change = rules.change_book(call.changed_by(API), vec![], |book| {
        let categories = &mut book.rules.trigger_categories;
        let place = categories.iter().position(|category| category.id == id);
        let place = place.ok_or(ApiError::Missing)?;
        if !categories[place].triggers.is_empty() {
            let words = "has triggers: put them into another category first";
            return Err(ApiError::invalid("trigger_category", words));
        }
        categories.remove(place);
        Ok(())
    });
    done(change.await?)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A job as sent.
#[derive(Debug, Deserialize)]
struct Job {
    action: String,
    items: JobItems,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct JobItems {
    trigger_categories: Vec<Fields>,
    triggers: Vec<TriggerFields>,
}

/// A trigger of a job.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TriggerFields {
    #[serde(deserialize_with = "text")]
    id: Option<String>,
    #[serde(deserialize_with = "crate::kit::input::flag")]
    active: Option<bool>,
    #[serde(deserialize_with = "place")]
    position: Option<u32>,
    #[serde(deserialize_with = "text")]
    category_id: Option<String>,
}

/// `POST trigger_categories/jobs`: places of categories, and where triggers are and whether they run; all of it or nothing.
pub(crate) async fn job(call: Call, sent: Sent) -> Result<Json<Value>, ApiError> {
    let job: Job = sent.read("job")?;
    if job.action != "patch" {
        return Err(ApiError::invalid("job.action", "has to be patch"));
    }
    let count = job.items.trigger_categories.len() + job.items.triggers.len();
    if count == 0 || count > MOST_OF_A_JOB {
        let words = format!("has to name 1 to {MOST_OF_A_JOB} categories and triggers");
        return Err(ApiError::invalid("job.items", words));
    }
    let categories: Vec<Fields> = job
        .items
        .trigger_categories
        .into_iter()
        .map(Fields::checked)
        .collect::<Result<_, _>>()?;
    let now = call.desk.now();
    let rules = call.desk.rules();
    let change = rules.change_book(call.changed_by(API), vec![], |book| {
        for fields in &categories {
            let id = id_of(&fields.id, "job.items.trigger_categories.id")?;
            fields.put_into(book, id, now)?;
        }
        job.items
            .triggers
            .iter()
            .try_for_each(|fields| fields.put_into(book))
    });
    let book = done(change.await?)?;
    let of = |fields: &Fields| {
        let id: Option<u64> = fields.id.as_ref().and_then(|id| id.parse().ok());
        let mut known = book.rules.trigger_categories.iter();
        known.find(|category| Some(category.id) == id)
    };
    let categories: Vec<Value> = categories
        .iter()
        .filter_map(of)
        .map(|category| shown(&book, category))
        .collect();
    let triggers: Vec<Value> = job
        .items
        .triggers
        .iter()
        .filter_map(|fields| {
            let id = RuleId(fields.id.as_ref()?.parse().ok()?);
            let rule = book.rules.rule(id)?;
            let category = book.rules.category_of(id).map(|id| id.to_string());
            Some(json!({
                "id": id.to_string(),
                "active": rule.is_active,
                "position": rule.position,
                "category_id": category,
            }))
        })
        .collect();
    Ok(Json(json!({
        "status": "complete",
        "results": { "trigger_categories": categories, "triggers": triggers },
        "errors": [],
    })))
}

impl TriggerFields {
    fn put_into(&self, book: &mut Book) -> Result<(), ApiError> {
        let id = RuleId(id_of(&self.id, "job.items.triggers.id")?);
        let rule = book.rules.rules.iter_mut();
        let rule = { rule }.find(|rule| rule.id == id && rule.kind == RuleKind::Trigger);
        let rule = rule.ok_or(ApiError::Missing)?;
        rule.is_active = self.active.unwrap_or(rule.is_active);
        rule.position = self.position.unwrap_or(rule.position);
        if self.category_id.is_some() {
            let field = "job.items.triggers.category_id";
            let category = id_of(&self.category_id, field)?;
            let put = book.rules.put_into_category(id, Some(category));
            put.ok_or_else(|| ApiError::invalid(field, "is no category's id"))?;
        }
        Ok(())
    }
}

fn id_of(id: &Option<String>, field: &str) -> Result<u64, ApiError> {
    let id = id.as_ref().ok_or_else(|| ApiError::blank(field))?;
    id.parse().map_err(|_| ApiError::invalid(field, "is no id"))
}

fn one(book: &Book, is_it: impl Fn(&TriggerCategory) -> bool) -> Result<Value, ApiError> {
    let mut categories = book.rules.trigger_categories.iter();
    let category = categories.find(|category| is_it(category));
    Ok(json!({ "trigger_category": shown(book, category.ok_or(ApiError::Missing)?) }))
}

/// The category; its id is a text, as clients have it.
fn shown(book: &Book, category: &TriggerCategory) -> Value {
    let is_active = |id: &RuleId| book.rules.rule(*id).is_some_and(|rule| rule.is_active);
    let active = category.triggers.iter().filter(|id| is_active(id)).count();
    json!({
        "id": category.id.to_string(),
        "name": category.name,
        "position": category.position,
        "active_count": active,
        "inactive_count": category.triggers.len() - active,
        "created_at": time(category.created_at),
        "updated_at": time(category.updated_at),
    })
}
