//! `GET tickets/{id}/audits`: what was done to a ticket, save by save.

use super::comments_of_saves::comments_of;
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::Paging,
    },
    shapes::{
        audit::{audit, saves},
        parent_of,
    },
    sideloads::Referred,
};
use axum::Json;
use docket_domain::TicketNumber;
use serde_json::{Value, json};

/// The audits, oldest first unless asked otherwise.
pub(crate) async fn list(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let number = TicketNumber(id);
    let file = call
        .desk
        .tickets()
        .standing_file(number)
        .await?
        .ok_or(ApiError::Missing)?;
    let all = saves(number, &file.events);
    let paging = Paging::of(&call.address);
    let window = paging.window(all.len() as u64);
    let page = window.of(&all);
    let comments = comments_of(&call.desk, &file, &page).await?;
    let mut referred = Referred::default();
    let authors = page
        .iter()
        .flat_map(|save| save.events.iter().filter_map(|event| event.actor.person()));
    referred.people.extend(authors);
    let rows = page
        .iter()
        .map(|save| audit(&call.address, save, &comments, &file.outbox))
        .collect();
    let mut envelope = paging.envelope(&call.address, "audits", rows, &window);
    referred.add_to(&mut envelope, &call).await?;
    Ok(Json(Value::Object(envelope)))
}

/// One audit.
pub(crate) async fn show(call: Call, Ids((id, audit_id)): Ids<(u64, u64)>) -> Result<Json<Value>, ApiError> {
    let number = TicketNumber(id);
    let (parent, v) = parent_of(audit_id);
    if parent != number {
        return Err(ApiError::Missing);
    }
    let file = call
        .desk
        .tickets()
        .standing_file(number)
        .await?
        .ok_or(ApiError::Missing)?;
    let all = saves(number, &file.events);
    let save = all
        .iter()
        .find(|save| save.first_v() == v)
        .ok_or(ApiError::Missing)?;
    let comments = comments_of(&call.desk, &file, &[save]).await?;
    Ok(Json(
        json!({ "audit": audit(&call.address, save, &comments, &file.outbox) }),
    ))
}
