//! `tickets/{id}/comments`.

use crate::{
    comment_texts::with_texts,
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::Paging,
    },
    shapes::{
        audit::{Save, saves},
        comment::comment,
        parent_of,
    },
    sideloads::Referred,
};
use axum::Json;
use docket_domain::TicketNumber;
use http::StatusCode;
use serde_json::Value;

/// The comments, public and internal, oldest first unless asked otherwise.
pub(crate) async fn list(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let number = TicketNumber(id);
    let file = call
        .desk
        .tickets()
        .standing_file(number)
        .await?
        .ok_or(ApiError::Missing)?;
    let saves = saves(number, &file.events);
    let paging = Paging::of(&call.address);
    let window = paging.window(file.comments.len() as u64);
    let page = window.of(&file.comments).into_iter().cloned().collect();
    let page = with_texts(&call.desk, number, page).await?;
    let mut referred = Referred::default();
    referred
        .people
        .extend(page.iter().map(|full| full.comment.author));
    let rows = page
        .iter()
        .map(|full| {
            let v = full.comment.v;
            let save = saves.iter().find(|save| save.has(v));
            comment(&call.address, number, full, save.map_or(v, Save::first_v))
        })
        .collect();
    let mut envelope = paging.envelope(&call.address, "comments", rows, &window);
    referred.add_to(&mut envelope, &call).await?;
    Ok(Json(Value::Object(envelope)))
}

/// `PUT tickets/{id}/comments/{comment}/resend`: an answer that could not be sent is tried anew.
pub(crate) async fn resend(call: Call, Ids((id, comment)): Ids<(u64, u64)>) -> Result<StatusCode, ApiError> {
    let (number, v) = parent_of(comment);
    let found = call.desk.tickets().with_comment(number, v).await?;
    let is_there = found.is_some_and(|(ticket, comment)| !ticket.is_deleted() && comment.is_some());
    if number != TicketNumber(id) || !is_there {
        return Err(ApiError::Missing);
    }
    let events = call.desk.tickets().resend(number, v, call.caller.id).await?;
    if !events.is_empty() {
        Ok(StatusCode::ACCEPTED)
    } else {
        Err(ApiError::Conflict("Nothing of it was given up."))
    }
}
