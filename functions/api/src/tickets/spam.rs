//! `PUT tickets/{id}/mark_as_spam`: the ticket is set aside, and whoever asked is suspended.

use super::removal::{attempt, stands};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::Sent,
    },
    users,
};
use axum::response::{IntoResponse, Response};
use docket_domain::{PersonId, TicketNumber};
use http::StatusCode;
use serde_json::json;

/// Sets a ticket aside and suspends its requester; 200 without a body.
pub(crate) async fn mark_as_spam(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let once = Once::of(&call, &sent)?;
    let number = TicketNumber(id);
    // A repeat finds the ticket set aside; its requester may not have been come to yet.
    let earlier = once.earlier(&call).await?;
    let tickets = call.desk.tickets();
    let ticket = match earlier.is_some() {
        true => tickets.get(number).await?,
        false => tickets.standing(number).await?,
    };
    let ticket = ticket.ok_or(ApiError::Missing)?;
    let repeated = match earlier {
        Some(_) => true,
        None => stands(tickets.delete(number, attempt(&call, &once)).await?, &once)?,
    };
    suspend_requester(&call, ticket.requester).await?;
    Ok(once.mark(StatusCode::OK.into_response(), repeated))
}

/// Suspends whoever asked, as `PUT users/{id}` with `suspended` does it: whoever they are now. Who works here is not suspended for a
/// ticket, and who was deleted since writes no more.
async fn suspend_requester(call: &Call, requester: PersonId) -> Result<(), ApiError> {
    let person = call.desk.people().now(requester).await?;
    let Some(person) = person.filter(|person| person.is_standing() && !person.role.is_staff()) else {
        return Ok(());
    };
    let sent = Sent {
        method: "PUT".to_owned(),
        key: None,
        body: json!({ "user": { "suspended": true } }).to_string().into_bytes(),
    };
    // A save of its own, which is no row: done twice, it changes nothing.
    let call = Call {
        row: None,
        ..call.clone()
    };
    match users::update(call, Ids(person.id.0), sent).await {
        // They went at the same time.
        Ok(_) | Err(ApiError::Missing) => Ok(()),
        Err(error) => Err(error),
    }
}
