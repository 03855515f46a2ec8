//! `POST tickets/{id}/escalate`, ours.

use super::answer::Written;
use crate::kit::{
    call::{Call, Ids},
    error::ApiError,
    idempotency::Once,
    input::{Sent, id, text},
};
use axum::response::Response;
use docket_domain::{GroupId, TicketNumber, ticket::Actor};
use serde::Deserialize;

/// An escalation as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    /// Where to; the group that the ticket's own names where nothing is said.
    #[serde(deserialize_with = "id")]
    group_id: Option<u64>,
    #[serde(deserialize_with = "text")]
    reason: Option<String>,
}

/// Takes a ticket to a group of a higher tier: `{"escalation": {"group_id": 2, "reason": "…"}}`.
pub(crate) async fn escalate(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let number = TicketNumber(id);
    let once = Once::of(&call, &sent)?;
    if let Some(answer) = once.earlier(&call).await? {
        return Written::before(&answer)?.answer(&call, &once).await;
    }
    let fields: Fields = sent.read("escalation")?;
    let reason = fields.reason.ok_or_else(|| ApiError::blank("reason"))?;
    let to = fields.group_id.map(GroupId);
    let actor = Actor::Agent(call.caller.id);
    let guards = once.guards(false);
    let escalated = call
        .desk
        .tickets()
        .escalate(number, to, &reason, (&actor, &once.cause), guards)
        .await?;
    Written::of(escalated, &once)?.answer(&call, &once).await
}
