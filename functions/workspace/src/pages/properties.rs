//! Changing a ticket's properties: each by itself, or all that its form shows at once.

use super::{
    on_ticket::OnTicket,
    ticket::{newest, to_saved_with},
};
use crate::{directions::isolated, failure::Failure, models::property_change::Sent, refusals};
use axum::{Form, response::Response};
use docket_domain::{
    TicketNumber,
    ticket::{TicketEvent, Update},
};

/// Where on the page what was saved stands.
const ANCHOR: &str = "properties";
/// Longest list of names of answers that are shown while they wait; nobody waits for as many.
const LONGEST_SAW: usize = 1_000;

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
            Some(title) => Err(t!(
                "{title}: there is nothing with this number.",
                title = isolated(&title)
            )),
        },
        Err(problem) => Err(problem),
    };
    let problem = match update {
        Ok(update) if update == Update::default() => return Ok(saved(&on, number, &[], &sent)),
        Ok(update) => match on.update(number, update).await? {
            Ok(events) => return Ok(saved(&on, number, &events, &sent)),
            Err(refusal) => t!("Not saved: {reason}.", reason = refusals::refusal(&refusal)),
        },
        Err(problem) => t!("Not saved. {problem}", problem),
    };
    on.refused(number, problem).await
}

/// The way to the page. Where a script takes what changed from it and leaves what is typed, it goes on from what was shown.
fn saved(on: &OnTicket, number: TicketNumber, events: &[TicketEvent], sent: &Sent) -> Response {
    let is_list = |saw: &&str| {
        saw.len() <= LONGEST_SAW
            && saw
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b',')
    };
    let seen = sent.last("seen").and_then(|v| v.parse::<u64>().ok());
    let saw = sent.last("saw").filter(is_list).unwrap_or_default();
    let more = seen.map_or_else(String::new, |v| format!("&seen={v}&saw={saw}"));
    to_saved_with(&on.from, number, events, (ANCHOR, &more))
}
