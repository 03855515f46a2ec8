//! Taking a ticket to the group above its own.

use super::on_ticket::OnTicket;
use crate::{failure::Failure, refusals};
use axum::{Form, response::Response};
use docket_domain::{GroupId, ticket::Actor};
use serde::Deserialize;

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub csrf: String,
    /// The group that the page named: where another one stands above by now, the agent's word still holds.
    pub group: u64,
    pub reason: String,
}

/// Escalates, and shows the ticket.
pub async fn submit(on: OnTicket, Form(asked): Form<Asked>) -> Result<Response, Failure> {
    let number = on.checked(&asked.csrf)?;
    let (to, actor) = (GroupId(asked.group), Actor::Agent(on.me()));
    let escalated = on
        .desk
        .tickets()
        .escalate(number, Some(to), &asked.reason, (&actor, "workspace"), vec![])
        .await?
        .events();
    let problem = match escalated {
        Ok(events) => return Ok(on.saved(number, &events, "main")),
        Err(refusal) => t!("Not escalated: {reason}.", reason = refusals::refusal(&refusal)),
    };
    on.refused(number, problem).await
}
