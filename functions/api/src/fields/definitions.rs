//! `ticket_fields`, `user_fields` and `organization_fields`.

use super::{
    Of, book, change, make, places, reordered,
    sent::{ids_in, read},
    shape,
};
use crate::kit::{
    call::{Call, Ids},
    error::ApiError,
    idempotency::Once,
    input::Sent,
    paging::Paging,
};
use axum::{Extension, Json, response::Response};
use docket_domain::field::{FieldBook, FieldDefinition};
use http::StatusCode;
use serde_json::{Value, json};

/// `GET …`, in their order.
pub(super) async fn list(call: Call, Extension(of): Extension<Of>) -> Result<Json<Value>, ApiError> {
    let book = book(&call).await?;
    let all = book.rules.fields.all(of.0);
    let paging = Paging::of(&call.address);
    let window = paging.window(all.len() as u64);
    let rows = window.of(&all).into_iter();
    let rows = rows
        .map(|field| shape::field(&call.address, of, field, &book.rules.fields))
        .collect();
    let envelope = paging.envelope(&call.address, of.list(), rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET …/count`.
pub(super) async fn count(call: Call, Extension(of): Extension<Of>) -> Result<Json<Value>, ApiError> {
    let count = book(&call).await?.rules.fields.all(of.0).len();
    Ok(Json(crate::shapes::counted(count, call.desk.now())))
}

/// `GET …/{id}`, by number or, of people and organizations, by key.
pub(super) async fn show(
    call: Call,
    Extension(of): Extension<Of>,
    Ids(id): Ids<String>,
) -> Result<Json<Value>, ApiError> {
    let book = book(&call).await?;
    let field = named(&book.rules.fields, of, &id).ok_or(ApiError::Missing)?;
    let shown = shape::field(&call.address, of, &field, &book.rules.fields);
    Ok(Json(json!({ of.record(): shown })))
}

/// The field that a path names.
pub(super) fn named(book: &FieldBook, of: Of, id: &str) -> Option<FieldDefinition> {
    match id.parse() {
        Ok(id) => book.field(of.0, id),
        Err(_) => book.keyed(of.0, id),
    }
}

fn shown(call: &Call, of: Of, book: &FieldBook, id: u64) -> Option<Value> {
    let field = book.field(of.0, id)?;
    Some(json!({ of.record(): shape::field(&call.address, of, &field, book) }))
}

/// `POST …`.
pub(super) async fn create(
    call: Call,
    Extension(of): Extension<Of>,
    sent: Sent,
) -> Result<Response, ApiError> {
    let fields = read(&sent, of)?;
    let once = Once::of(&call, &sent)?;
    let now = call.desk.now();
    let newest = |book: &FieldBook| {
        let mut made: Vec<_> = book.own(of.0);
        made.retain(|field| Some(field.title.as_str()) == fields.title());
        made.iter().map(|field| field.id).max()
    };
    make(
        &call,
        &once,
        |book| fields.add_to(book, of.0, now),
        newest,
        |book, id| shown(&call, of, book, id),
    )
    .await
}

/// `PUT …/{id}`.
pub(super) async fn update(
    call: Call,
    Extension(of): Extension<Of>,
    Ids(id): Ids<String>,
    sent: Sent,
) -> Result<Json<Value>, ApiError> {
    let fields = read(&sent, of)?;
    let now = call.desk.now();
    let (book, id) = change(&call, |book| {
        let id = named(book, of, &id).ok_or(ApiError::Missing)?.id;
        fields.change(book, of.0, id, now).map(|()| id)
    })
    .await?;
    shown(&call, of, &book.rules.fields, id)
        .map(Json)
        .ok_or(ApiError::Missing)
}

/// `DELETE …/{id}`. Values that it has stay where they are, and are shown no more.
pub(super) async fn destroy(
    call: Call,
    Extension(of): Extension<Of>,
    Ids(id): Ids<String>,
) -> Result<StatusCode, ApiError> {
    change(&call, |book| {
        let field = named(book, of, &id).ok_or(ApiError::Missing)?;
        if !field.is_own() {
            let words = "is one that every desk has, and can't be deleted";
            return Err(ApiError::invalid("id", words));
        }
        book.stored_mut(of.0).retain(|other| other.id != field.id);
        for form in &mut book.forms {
            form.fields.retain(|other| *other != field.id);
        }
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT …/reorder`: `{"ticket_field_ids": [7, 3]}`. What is not named follows in the order that it had.
pub(super) async fn reorder(
    call: Call,
    Extension(of): Extension<Of>,
    sent: Sent,
) -> Result<StatusCode, ApiError> {
    let body: Value = sent.read_whole()?;
    let name = format!("{}_ids", of.record());
    let first = ids_in(&body, &name)?;
    change(&call, |book| {
        let now = book.all(of.0).iter().map(|field| field.id).collect();
        let order = reordered(now, &first, &name)?;
        for (id, place) in places(&order) {
            let Some(mut field) = book.field(of.0, id) else {
                continue;
            };
            if field.position == place {
                continue;
            }
            field.position = place;
            let stored = book.stored_mut(of.0);
            match stored.iter_mut().find(|stored| stored.id == id) {
                Some(stored) => *stored = field,
                None => stored.push(field),
            }
        }
        Ok(())
    })
    .await?;
    Ok(StatusCode::OK)
}
