//! Bulk calls about tickets.

use super::begin::{begin, changes, named_only, records};
use crate::{
    kit::{call::Call, error::ApiError, idempotency::Once, input::Sent},
    tickets::stands,
};
use axum::response::{IntoResponse, Response};
use docket_desk::{Attempt, Committed};
use docket_domain::{TicketNumber, job::JobKind, ticket::Actor};
use http::StatusCode;
use serde_json::Value;

/// `POST tickets/create_many`: `{"tickets": [{…}]}`.
pub(super) async fn create_many(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = records(&sent, "tickets")?;
    begin(&call, sent, JobKind::CreateTickets, &rows).await
}

/// `PUT tickets/update_many`: `?ids=1,2` with `{"ticket": {…}}`, or `{"tickets": [{"id": 1, …}]}`.
pub(super) async fn update_many(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = changes(&call, &sent, ("ticket", "tickets"), false)?;
    begin(&call, sent, JobKind::UpdateTickets, &rows).await
}

/// `DELETE tickets/destroy_many?ids=1,2`.
pub(super) async fn destroy_many(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = named_only(&call, false)?;
    begin(&call, sent, JobKind::DeleteTickets, &rows).await
}

/// `PUT tickets/mark_many_as_spam?ids=1,2`.
pub(super) async fn mark_many_as_spam(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = named_only(&call, false)?;
    begin(&call, sent, JobKind::MarkTicketsAsSpam, &rows).await
}

/// `DELETE deleted_tickets/destroy_many?ids=1,2`: for good. Nobody can undo it, so admins do it.
pub(super) async fn destroy_many_permanently(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = named_only(&call, false)?;
    begin(&call, sent, JobKind::DeleteTicketsPermanently, &rows).await
}

/// `PUT deleted_tickets/restore_many?ids=1,2`: back where they were; 200 without a body. Each by itself: what can't be restored keeps
/// none of the others. Where none can, there is nothing by these ids.
pub(super) async fn restore_many(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = named_only(&call, false)?;
    let body = serde_json::to_vec(&rows).unwrap_or_default();
    let once = Once::of(&call, &Sent { body, ..sent })?;
    if once.earlier(&call).await?.is_some() {
        return Ok(once.mark(StatusCode::OK.into_response(), true));
    }
    let mut are_back = 0;
    for number in rows.rows.iter().filter_map(Value::as_u64).map(TicketNumber) {
        // The guard is one for all of them, and stands once they are done.
        let attempt = Attempt::by(Actor::Agent(call.caller.id), once.cause.clone());
        let restored = call.desk.tickets().restore(number, attempt);
        match stands(restored.await?, &once) {
            Ok(_) => are_back += 1,
            // One that an earlier call brought back, of which the answer was lost, is back.
            Err(ApiError::Missing) => {
                let standing = call.desk.tickets().standing(number).await?;
                are_back += u32::from(standing.is_some());
            }
            Err(error) if error.is_of_the_world() || matches!(error, ApiError::Never(_)) => {
                return Err(error);
            }
            Err(_) => {}
        }
    }
    if are_back == 0 {
        return Err(ApiError::Missing);
    }
    let guards = once.guards(false);
    let is_repeated = !guards.is_empty()
        && matches!(
            call.desk.commit_writes(guards, vec![]).await?,
            Committed::Duplicate(_)
        );
    Ok(once.mark(StatusCode::OK.into_response(), is_repeated))
}

/// `POST imports/tickets/create_many`: `{"tickets": [{…}]}`.
pub(super) async fn import_many(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = records(&sent, "tickets")?;
    begin(&call, sent, JobKind::ImportTickets, &rows).await
}
