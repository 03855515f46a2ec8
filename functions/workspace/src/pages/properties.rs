//! Changing a ticket's properties: each by itself, or all that its form shows at once.

use super::{on_ticket::OnTicket, ticket::newest};
use crate::{failure::Failure, models::property_change::Sent, refusals};
use axum::{Form, response::Response};
use docket_domain::ticket::Update;

/// Changes what differs from what the form showed, and shows the ticket.
pub async fn submit(on: OnTicket, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response, Failure> {
    let sent = Sent::of(pairs);
    let number = on.checked(sent.last("csrf").unwrap_or_default())?;
    let (desk, me) = (&on.desk, on.me());
    let part = newest(desk, number).await?;
    let ticket = &part.file.ticket;
    let group = match sent.group(ticket) {
        Some(group) => group,
        None => desk.setup().await?.default_group,
    };
    let members = desk.groups().members(group).await?;
    let book = desk.rules().book().await?;
    let fields = &book.rules.fields;
    let update = match sent.update(ticket, fields, &members, me) {
        Ok(update) => match desk.leads_to_nothing(fields, &update.fields).await? {
            None => Ok(update),
            Some(title) => Err(format!("{title}: there is nothing with this number.")),
        },
        Err(problem) => Err(problem),
    };
    let problem = match update {
        Ok(update) if update == Update::default() => return Ok(on.saved(number, &[], "properties")),
        Ok(update) => match on.update(number, update).await? {
            Ok(events) => return Ok(on.saved(number, &events, "properties")),
            Err(refusal) => t!("Not saved: {reason}.", reason = refusals::refusal(&refusal)),
        },
        Err(problem) => t!("Not saved. {problem}", problem),
    };
    on.refused(number, problem).await
}
