//! Snoozing a ticket, and ending that.

use super::{
    ticket::{show_problem, to_saved},
    ticket_number,
};
use crate::{came_from::CameFrom, failure::Failure, models::snooze::Asked, session::SignedIn};
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

/// Does what was chosen, and shows the ticket.
pub async fn submit(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    signed_in: SignedIn,
    Query(from): Query<CameFrom>,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    signed_in.check(&asked.csrf)?;
    let number = ticket_number(&number)?;
    let problem = match asked.wish(desk.now()) {
        Ok(wish) => {
            let amendment = Amendment {
                actor: Actor::Agent(signed_in.person.id),
                cause: "workspace".to_owned(),
                update: Update {
                    snooze: Some(wish),
                    ..Update::default()
                },
                comment: None,
                alongside: Alongside::default(),
            };
            match desk.tickets().amend(number, amendment).await?.events() {
                Ok(events) => return Ok(to_saved(&from, number, &events, "snooze")),
                Err(refusal) => format!("Not saved: {refusal}."),
            }
        }
        Err(problem) => problem.to_owned(),
    };
    show_problem(&desk, &signed_in, (number, from), problem).await
}
