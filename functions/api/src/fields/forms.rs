//! `ticket_forms`.

use super::{book, change, make, places, reordered, sent::ids_in, shape};
use crate::kit::{
    call::{Call, Ids},
    error::ApiError,
    idempotency::Once,
    input::{Sent, flag, id, text},
    paging::{Paging, written_ids},
};
use axum::{Json, response::Response};
use docket_domain::{
    Timestamp,
    field::{FieldBook, FieldsOf, TicketForm},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// The fields of a form of which none are named: those that every desk has, but for the status that is told by another.
const FIELDS_OF_EVERY_DESK: [u64; 7] = [1, 2, 3, 4, 5, 6, 7];
/// The one brand there is.
const BRAND: u64 = crate::fields::values::BRAND;

/// A form as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SentForm {
    #[serde(deserialize_with = "text")]
    name: Option<String>,
    #[serde(deserialize_with = "text")]
    raw_name: Option<String>,
    #[serde(deserialize_with = "text")]
    display_name: Option<String>,
    #[serde(deserialize_with = "text")]
    raw_display_name: Option<String>,
    #[serde(deserialize_with = "id")]
    position: Option<u64>,
    #[serde(deserialize_with = "flag")]
    active: Option<bool>,
    #[serde(deserialize_with = "flag")]
    default: Option<bool>,
    #[serde(deserialize_with = "flag")]
    end_user_visible: Option<bool>,
    #[serde(deserialize_with = "flag")]
    in_all_brands: Option<bool>,
    restricted_brand_ids: Option<Vec<u64>>,
    ticket_field_ids: Option<Value>,
    agent_conditions: Option<Vec<Value>>,
    end_user_conditions: Option<Vec<Value>>,
}

impl SentForm {
    fn read(sent: &Sent) -> Result<Self, ApiError> {
        let fields: Self = sent.read("ticket_form")?;
        let brands = fields.restricted_brand_ids.iter().flatten();
        if brands.clone().any(|brand| *brand != BRAND) {
            let words = format!("there is one brand, {BRAND}");
            return Err(ApiError::invalid("restricted_brand_ids", words));
        }
        if fields.in_all_brands == Some(false) && brands.count() == 0 {
            let words = format!("there is one brand, {BRAND}, and each form is of it");
            return Err(ApiError::invalid("in_all_brands", words));
        }
        Ok(fields)
    }

    fn name(&self) -> Option<&str> {
        let name = self.name.as_deref().or(self.raw_name.as_deref());
        name.map(str::trim)
    }

    /// Puts what is sent into the form, which is not in the book.
    fn put_into(&self, form: &mut TicketForm, book: &FieldBook) -> Result<(), ApiError> {
        if let Some(name) = self.name() {
            name.clone_into(&mut form.name);
        }
        if let Some(name) = self.display_name.as_ref().or(self.raw_display_name.as_ref()) {
            let name = name.trim();
            form.display_name = (!name.is_empty() && name != form.name).then(|| name.to_owned());
        }
        form.position = self.position.unwrap_or(form.position);
        form.is_active = self.active.unwrap_or(form.is_active);
        form.end_user_visible = self.end_user_visible.unwrap_or(form.end_user_visible);
        match (self.default, form.is_default) {
            (Some(true), _) => form.is_default = true,
            (Some(false), true) => {
                let words = "make another form the default instead";
                return Err(ApiError::invalid("default", words));
            }
            _ => {}
        }
        if self.ticket_field_ids.is_some() {
            let body = json!({ "ticket_field_ids": self.ticket_field_ids });
            form.fields = ids_in(&body, "ticket_field_ids")?;
            form.fields = each_once(&form.fields);
            let unknown = |id: &&u64| book.field(FieldsOf::Tickets, **id).is_none();
            if let Some(unknown) = form.fields.iter().find(unknown) {
                let words = format!("{unknown} is no ticket field's id");
                return Err(ApiError::invalid("ticket_field_ids", words));
            }
        }
        for (name, sent, into) in [
            (
                "agent_conditions",
                &self.agent_conditions,
                &mut form.agent_conditions,
            ),
            (
                "end_user_conditions",
                &self.end_user_conditions,
                &mut form.end_user_conditions,
            ),
        ] {
            if let Some(conditions) = sent {
                check_conditions(name, conditions, book)?;
                into.clone_from(conditions);
            }
        }
        form.check()
            .map_err(|(attribute, words)| ApiError::invalid(attribute, words))
    }
}

fn each_once(ids: &[u64]) -> Vec<u64> {
    let mut once = Vec::with_capacity(ids.len());
    for id in ids {
        if !once.contains(id) {
            once.push(*id);
        }
    }
    once
}

/// Refuses conditions about fields that are not there.
fn check_conditions(name: &str, conditions: &[Value], book: &FieldBook) -> Result<(), ApiError> {
    let is_field = |id: &Value| {
        let id = id.as_u64().or_else(|| id.as_str()?.parse().ok());
        id.is_some_and(|id| book.field(FieldsOf::Tickets, id).is_some())
    };
    for (place, condition) in conditions.iter().enumerate() {
        let wrong = |field: &str| {
            let field = format!("{name}[{place}].{field}");
            Err(ApiError::invalid(&field, "is no ticket field's id"))
        };
        if !is_field(&condition["parent_field_id"]) {
            return wrong("parent_field_id");
        }
        let children = condition["child_fields"].as_array();
        if !children.into_iter().flatten().all(|child| is_field(&child["id"])) {
            return wrong("child_fields");
        }
    }
    Ok(())
}

/// Puts a form into the book; of defaults there is one.
fn put(book: &mut FieldBook, form: TicketForm) {
    if form.is_default {
        for other in &mut book.forms {
            other.is_default = false;
        }
    }
    match book.forms.iter_mut().find(|other| other.id == form.id) {
        Some(other) => *other = form,
        None => book.forms.push(form),
    }
}

fn in_order(book: &FieldBook) -> Vec<TicketForm> {
    let mut forms = book.forms.clone();
    forms.sort_by_key(|form| (form.position, form.id));
    forms
}

fn shown(call: &Call, book: &FieldBook, id: u64) -> Option<Value> {
    let form = book.form(id)?;
    Some(json!({ "ticket_form": shape::form(&call.address, form) }))
}

/// `GET ticket_forms`; `active`, `end_user_visible`, `fallback_to_default`, `associated_to_brand`.
pub(super) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let book = book(&call).await?;
    let flag = |name| call.address.flag(name);
    let (active, visible) = (flag("active")?, flag("end_user_visible")?);
    let mut forms = in_order(&book.rules.fields);
    forms.retain(|form| {
        active.is_none_or(|active| form.is_active == active)
            && visible.is_none_or(|visible| form.end_user_visible == visible)
    });
    if forms.is_empty() && flag("fallback_to_default")? == Some(true) {
        forms = in_order(&book.rules.fields);
        forms.retain(|form| form.is_default);
    }
    let paging = Paging::of(&call.address);
    let window = paging.window(forms.len() as u64);
    let rows = window.of(&forms).into_iter();
    let rows = rows.map(|form| shape::form(&call.address, form)).collect();
    let envelope = paging.envelope(&call.address, "ticket_forms", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET ticket_forms/show_many?ids=1,2`.
pub(super) async fn show_many(call: Call) -> Result<Json<Value>, ApiError> {
    let ids = written_ids(call.address.parameter("ids").unwrap_or_default())?;
    let book = book(&call).await?;
    let found = ids.iter().filter_map(|id| book.rules.fields.form(*id));
    let rows: Vec<Value> = found.map(|form| shape::form(&call.address, form)).collect();
    Ok(Json(json!({
        "count": rows.len(),
        "next_page": null,
        "previous_page": null,
        "ticket_forms": rows,
    })))
}

/// `GET ticket_forms/{id}`.
pub(super) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let book = book(&call).await?;
    shown(&call, &book.rules.fields, id)
        .map(Json)
        .ok_or(ApiError::Missing)
}

/// `POST ticket_forms`. The first is the default.
pub(super) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let fields = SentForm::read(&sent)?;
    let once = Once::of(&call, &sent)?;
    let now = call.desk.now();
    let add = |book: &mut FieldBook| {
        let mut form = TicketForm::new(book.take_id(), "", now);
        form.position = next_position(book);
        form.is_default = book.forms.is_empty();
        form.fields = FIELDS_OF_EVERY_DESK.to_vec();
        fields.put_into(&mut form, book)?;
        let id = form.id;
        put(book, form);
        Ok(id)
    };
    let newest = |book: &FieldBook| {
        let made = book
            .forms
            .iter()
            .filter(|form| Some(form.name.as_str()) == fields.name());
        made.map(|form| form.id).max()
    };
    make(&call, &once, add, newest, |book, id| shown(&call, book, id)).await
}

fn next_position(book: &FieldBook) -> u64 {
    book.forms.iter().map(|form| form.position).max().unwrap_or(0) + 1
}

/// `PUT ticket_forms/{id}`.
pub(super) async fn update(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let fields = SentForm::read(&sent)?;
    let now = call.desk.now();
    let (book, ()) = change(&call, |book| {
        let before = book.form(id).cloned().ok_or(ApiError::Missing)?;
        let mut form = before.clone();
        fields.put_into(&mut form, book)?;
        if form != before {
            form.updated_at = now;
            put(book, form);
        }
        Ok(())
    })
    .await?;
    shown(&call, &book.rules.fields, id)
        .map(Json)
        .ok_or(ApiError::Missing)
}

/// `DELETE ticket_forms/{id}`. Tickets that belong to it go on doing so.
pub(super) async fn destroy(call: Call, Ids(id): Ids<u64>) -> Result<StatusCode, ApiError> {
    change(&call, |book| {
        let form = book.form(id).ok_or(ApiError::Missing)?;
        if form.is_default && book.forms.len() > 1 {
            let words = "is the default form: make another one the default first";
            return Err(ApiError::invalid("id", words));
        }
        book.forms.retain(|form| form.id != id);
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a copy is to be called.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SentCopy {
    #[serde(deserialize_with = "flag")]
    prepend_clone_title: Option<bool>,
}

/// `POST ticket_forms/{id}/clone`.
pub(super) async fn copy(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let wanted: SentCopy = match sent.body.is_empty() {
        true => SentCopy::default(),
        false => sent.read_whole()?,
    };
    let once = Once::of(&call, &sent)?;
    let now: Timestamp = call.desk.now();
    let add = |book: &mut FieldBook| {
        let of = book.form(id).cloned().ok_or(ApiError::Missing)?;
        let name = match wanted.prepend_clone_title {
            Some(true) => format!("Clone of {}", of.name),
            _ => of.name.clone(),
        };
        let mut form = TicketForm {
            id: book.take_id(),
            name,
            position: next_position(book),
            is_default: false,
            created_at: now,
            updated_at: now,
            ..of
        };
        for one in &mut form.statuses {
            one.id = book.take_id();
        }
        form.check()
            .map_err(|(attribute, words)| ApiError::invalid(attribute, words))?;
        let id = form.id;
        put(book, form);
        Ok(id)
    };
    let newest = |book: &FieldBook| book.forms.iter().map(|form| form.id).max();
    make(&call, &once, add, newest, |book, id| shown(&call, book, id)).await
}

/// `PUT ticket_forms/reorder`: `{"ticket_form_ids": [7, 3]}`.
pub(super) async fn reorder(call: Call, sent: Sent) -> Result<Json<Value>, ApiError> {
    let body: Value = sent.read_whole()?;
    let first = ids_in(&body, "ticket_form_ids")?;
    let (book, ()) = change(&call, |book| {
        let now = in_order(book).iter().map(|form| form.id).collect();
        let order = reordered(now, &first, "ticket_form_ids")?;
        for (id, place) in places(&order) {
            if let Some(form) = book.forms.iter_mut().find(|form| form.id == id) {
                form.position = place;
            }
        }
        Ok(())
    })
    .await?;
    let forms = in_order(&book.rules.fields);
    let rows: Vec<Value> = forms
        .iter()
        .map(|form| shape::form(&call.address, form))
        .collect();
    let count = rows.len();
    Ok(Json(json!({
        "ticket_forms": rows,
        "count": count,
        "next_page": null,
        "previous_page": null,
    })))
}
