//! The options of a field, each by itself.

use super::{
    Of, book, change,
    definitions::named,
    sent::{SentOption, checked},
    shape,
};
use crate::kit::{
    call::{Call, Ids},
    error::ApiError,
    input::Sent,
    paging::Paging,
};
use axum::{
    Extension, Json,
    response::{IntoResponse as _, Response},
};
use docket_domain::field::{FieldBook, FieldDefinition, FieldOption};
use http::StatusCode;
use serde_json::{Value, json};

/// `GET …/{id}/options`.
pub(super) async fn list(
    call: Call,
    Extension(of): Extension<Of>,
    Ids(id): Ids<String>,
) -> Result<Json<Value>, ApiError> {
    let book = book(&call).await?;
    let field = named(&book.rules.fields, of, &id).ok_or(ApiError::Missing)?;
    let paging = Paging::of(&call.address);
    let window = paging.window(field.options.len() as u64);
    let keys = window.keys.iter().filter_map(|key| usize::try_from(*key).ok());
    let rows = keys
        .filter_map(|key| shape::own_option(&call.address, of, &field, key.checked_sub(1)?))
        .collect();
    let envelope = paging.envelope(&call.address, "custom_field_options", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET …/{id}/options/{option}`.
pub(super) async fn show(
    call: Call,
    Extension(of): Extension<Of>,
    Ids((id, option)): Ids<(String, u64)>,
) -> Result<Json<Value>, ApiError> {
    let book = book(&call).await?;
    let field = named(&book.rules.fields, of, &id).ok_or(ApiError::Missing)?;
    shown(&call, of, &field, option)
        .map(Json)
        .ok_or(ApiError::Missing)
}

fn shown(call: &Call, of: Of, field: &FieldDefinition, option: u64) -> Option<Value> {
    let at = field.options.iter().position(|one| one.id == option)?;
    Some(json!({ "custom_field_option": shape::own_option(&call.address, of, field, at)? }))
}

/// `POST …/{id}/options`: an option that is sent with its id is changed, another one is added.
pub(super) async fn create_or_update(
    call: Call,
    Extension(of): Extension<Of>,
    Ids(id): Ids<String>,
    sent: Sent,
) -> Result<Response, ApiError> {
    let one: SentOption = sent.read("custom_field_option")?;
    let now = call.desk.now();
    let put = |book: &mut FieldBook| {
        let mut field = named(book, of, &id).ok_or(ApiError::Missing)?;
        let known = one
            .id
            .map(|id| field.options.iter().position(|option| option.id == id));
        let (place, mut option) = match known {
            Some(Some(place)) => (place, field.options.remove(place)),
            Some(None) => return Err(ApiError::Missing),
            None => {
                let id = book.take_id();
                (
                    field.options.len(),
                    FieldOption {
                        id,
                        ..FieldOption::default()
                    },
                )
            }
        };
        one.put_into(&mut option);
        if option.is_default {
            for other in &mut field.options {
                other.is_default = false;
            }
        }
        let place = one
            .position
            .and_then(|place| usize::try_from(place).ok())
            .unwrap_or(place);
        let option_id = option.id;
        field.options.insert(place.min(field.options.len()), option);
        checked(&field)?;
        field.updated_at = now;
        let field_id = field.id;
        store(book, of, field)?;
        Ok((field_id, option_id))
    };
    let (book, (field, option)) = change(&call, put).await?;
    let field = book.rules.fields.field(of.0, field).ok_or(ApiError::Missing)?;
    let body = shown(&call, of, &field, option).ok_or(ApiError::Missing)?;
    let status = if one.id.is_some() {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, Json(body)).into_response())
}

/// `DELETE …/{id}/options/{option}`. Tickets that have it keep it.
pub(super) async fn destroy(
    call: Call,
    Extension(of): Extension<Of>,
    Ids((id, option)): Ids<(String, u64)>,
) -> Result<StatusCode, ApiError> {
    let now = call.desk.now();
    change(&call, |book| {
        let mut field = named(book, of, &id).ok_or(ApiError::Missing)?;
        let before = field.options.len();
        field.options.retain(|one| one.id != option);
        if field.options.len() == before {
            return Err(ApiError::Missing);
        }
        checked(&field)?;
        field.updated_at = now;
        store(book, of, field)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn store(book: &mut FieldBook, of: Of, field: FieldDefinition) -> Result<(), ApiError> {
    let stored = book.stored_mut(of.0);
    let place = stored.iter_mut().find(|stored| stored.id == field.id);
    *place.ok_or(ApiError::Missing)? = field;
    Ok(())
}
