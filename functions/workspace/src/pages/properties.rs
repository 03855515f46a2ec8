//! Changing a ticket's properties: each by itself, or all that its form shows at once.

use super::{
    reply::send_waiting,
    ticket::{newest, show_problem, to_saved},
    ticket_number,
};
use crate::{came_from::CameFrom, failure::Failure, models::property_change::Sent, session::SignedIn};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use docket_desk::{
    Desk,
    tickets::{Alongside, Amendment},
};
use docket_domain::ticket::{Actor, Update};

/// Changes what differs from what the form showed, and shows the ticket.
pub async fn submit(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    signed_in: SignedIn,
    Query(from): Query<CameFrom>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let sent = Sent::of(pairs);
    signed_in.check(sent.last("csrf").unwrap_or_default())?;
    let number = ticket_number(&number)?;
    let me = signed_in.person.id;
    let part = newest(&desk, number).await?;
    let ticket = &part.file.ticket;
    let group = match sent.group(ticket) {
        Some(group) => group,
        None => desk.setup().await?.default_group,
    };
    let members = desk.groups().members(group).await?;
    let book = desk.rules().book().await?;
    let problem = match sent.update(ticket, &book.rules.fields, &members, me) {
        Ok(update) if update == Update::default() => return Ok(to_saved(&from, number, &[], "properties")),
        Ok(update) => {
            // What an answer that waits was sent with does not undo what is chosen after it.
            if update.custom_status.is_some() || update.priority.is_some() || update.assignee.is_some() {
                send_waiting(&desk, me, number).await?;
            }
            let amendment = Amendment {
                actor: Actor::Agent(me),
                cause: "workspace".to_owned(),
                update,
                comment: None,
                alongside: Alongside::default(),
            };
            match desk.tickets().amend(number, amendment).await?.events() {
                Ok(events) => return Ok(to_saved(&from, number, &events, "properties")),
                Err(refusal) => format!("Not saved: {refusal}."),
            }
        }
        Err(problem) => format!("Not saved. {problem}"),
    };
    show_problem(&desk, &signed_in, (number, from), problem).await
}
