//! Snoozing a ticket, and ending that.

use super::on_ticket::OnTicket;
use crate::{failure::Failure, models::snooze::Asked, refusals};
use axum::{Form, response::Response};
use docket_domain::ticket::Update;

/// Does what was chosen, and shows the ticket.
pub async fn submit(on: OnTicket, Form(asked): Form<Asked>) -> Result<Response, Failure> {
    let number = on.checked(&asked.csrf)?;
    let problem = match asked.wish(on.desk.now()) {
        Ok(wish) => {
            let update = Update {
                snooze: Some(wish),
                ..Update::default()
            };
            match on.update(number, update).await? {
                Ok(events) => return Ok(on.saved(number, &events, "snooze")),
                Err(refusal) => t!("Not saved: {reason}.", reason = refusals::refusal(&refusal)),
            }
        }
        Err(problem) => problem.to_owned(),
    };
    on.refused(number, problem).await
}
