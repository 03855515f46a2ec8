//! Taking a ticket to the group above its own.

use super::{
    ticket::{show_problem, to_saved},
    ticket_number,
};
use crate::{came_from::CameFrom, failure::Failure, session::SignedIn};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use docket_desk::Desk;
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
pub async fn submit(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    signed_in: SignedIn,
    Query(from): Query<CameFrom>,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    signed_in.check(&asked.csrf)?;
    let number = ticket_number(&number)?;
    let (to, actor) = (GroupId(asked.group), Actor::Agent(signed_in.person.id));
    let escalated = desk
        .tickets()
        .escalate(number, Some(to), &asked.reason, (&actor, "workspace"), vec![])
        .await?
        .events();
    let problem = match escalated {
        Ok(events) => return Ok(to_saved(&from, number, &events, "main")),
        Err(refusal) => format!("Not escalated: {refusal}."),
    };
    show_problem(&desk, &signed_in, (number, from), problem).await
}
