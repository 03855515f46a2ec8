//! What happened, across tickets and beside them, the newest first: `ticket_audits`, `audit_logs`, `activities`. And how much there is of a
//! ticket: `tickets/{id}/audits/count`, `tickets/{id}/comments/count`.
//!
//! The index `changed` gives what changed last. Whatever happened after the last change of what was not looked at yet is known by
//! then; so a page looks at little more than it shows. What lies far back is beyond a bound for `audit_logs`; `ticket_audits` goes on as a walk.

mod activities;
mod audit_logs;
mod newest;
mod ticket_audits;

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
    },
    shapes::{audit::saves, counted},
};
use axum::{Json, Router, routing::get};
use docket_domain::TicketNumber;
use serde_json::Value;

/// The paths.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/ticket_audits", get(ticket_audits::list))
        .route("/tickets/{id}/audits/count", get(count_of_audits))
        .route("/tickets/{id}/comments/count", get(count_of_comments))
        .route("/audit_logs", get(audit_logs::list))
        .route("/audit_logs/{id}", get(audit_logs::show))
        .route("/activities", get(activities::list))
        .route("/activities/count", get(activities::count))
        .route("/activities/{id}", get(activities::show))
}

async fn count_of_audits(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let file = call.desk.tickets().standing_file(TicketNumber(id)).await?;
    let file = file.ok_or(ApiError::Missing)?;
    let saved = saves(file.ticket.number, &file.events).len();
    Ok(Json(counted(saved, call.desk.now())))
}

async fn count_of_comments(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let number = TicketNumber(id);
    let (ticket, comments) = tokio::try_join!(async { call.desk.tickets().standing(number).await }, async {
        call.desk.tickets().comments_of(number).await
    },)?;
    ticket.ok_or(ApiError::Missing)?;
    Ok(Json(counted(comments.len(), call.desk.now())))
}
