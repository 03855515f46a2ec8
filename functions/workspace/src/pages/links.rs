//! What an agent does with a ticket and another one: merges it and takes that back, opens a ticket with comments of it, makes it an
//! incident of a problem. What can be marked to open a ticket can be marked to be forwarded, too.

use super::on_ticket::OnTicket;
use crate::{failure::Failure, refusals};
use axum::{
    Form,
    response::{IntoResponse, Redirect, Response},
};
use docket_desk::{
    Changed,
    tickets::{MOST_SPLIT, MergeError, MergeWords, SplitError, SplitOrder},
};
use docket_domain::{
    TicketNumber,
    ticket::{TicketEvent, TicketType, Update},
};
use serde::Deserialize;
use std::{collections::BTreeSet, num::ParseIntError};

/// The forms.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    csrf: String,
    /// The other ticket; nothing where there is to be none.
    other: String,
}

impl Asked {
    /// The number that was typed, with or without what stands before numbers.
    fn number(&self) -> Option<TicketNumber> {
        self.other.trim().trim_start_matches('#').parse().ok()
    }
}

/// The events of a merge or of its undoing, or why there are none.
fn events_of(done: Result<Changed, MergeError>) -> Result<Result<Vec<TicketEvent>, String>, Failure> {
    match done {
        Ok(changed) => Ok(changed.events().map_err(|refusal| refusals::refusal(&refusal))),
        Err(MergeError::Refused(refusal)) => Ok(Err(refusals::link_refusal(&refusal))),
        Err(MergeError::Store(error)) => Err(error.into()),
    }
}

/// Merges a ticket into another one, and shows that.
pub async fn merge(on: OnTicket, Form(asked): Form<Asked>) -> Result<Response, Failure> {
    let number = on.checked(&asked.csrf)?;
    let Some(target) = asked.number() else {
        let problem = t!("Not merged: type the number of the other ticket.").to_owned();
        return on.refused(number, problem).await;
    };
    let merged = on
        .desk
        .tickets()
        .merge(target, number, &MergeWords::default(), on.attempt())
        .await;
    let problem = match merged {
        Ok(Changed::NotThere) => t!("Not merged: there is no ticket {ticket}.", ticket = target),
        merged => match events_of(merged)? {
            Ok(events) => return Ok(on.saved(target, &events, &format!("merged-{number}"))),
            Err(reason) => t!("Not merged: {reason}.", reason),
        },
    };
    on.refused(number, problem).await
}

/// Takes back that a ticket was merged into another one, and shows it.
pub async fn undo_merge(on: OnTicket, Form(asked): Form<Asked>) -> Result<Response, Failure> {
    let number = on.checked(&asked.csrf)?;
    let undone = on.desk.tickets().undo_merge(number, on.attempt()).await;
    if matches!(undone, Ok(Changed::NotThere)) {
        return Err(Failure::Missing);
    }
    let problem = match events_of(undone)? {
        Ok(events) => return Ok(on.saved(number, &events, "main")),
        Err(reason) => t!("The merge stands: {reason}.", reason),
    };
    on.refused(number, problem).await
}

/// The comments that were marked, each once, in the order in which they were written: their versions.
fn marked(pairs: &[(String, String)]) -> Result<BTreeSet<u64>, ParseIntError> {
    let values = pairs.iter().filter(|(name, _)| name == "comment");
    values.map(|(_, value)| value.parse::<u64>()).collect()
}

/// Those that can open a ticket. The error says in words for the person what is wrong with them.
fn to_open_with(marked: Result<BTreeSet<u64>, ParseIntError>) -> Result<Vec<u64>, String> {
    let comments = marked.map_err(|_| t!("mark the messages on the page of the ticket").to_owned())?;
    if !(1..=MOST_SPLIT).contains(&comments.len()) {
        return Err(t!(
            "{count} messages are marked, 1 to {most} can open a ticket",
            count = comments.len(),
            most = MOST_SPLIT
        ));
    }
    Ok(comments.into_iter().collect())
}

/// Shows the form that forwards the comment that was marked.
async fn forward(
    on: OnTicket,
    number: TicketNumber,
    marked: Result<BTreeSet<u64>, ParseIntError>,
) -> Result<Response, Failure> {
    let marked = marked.unwrap_or_default();
    let (Some(v), true) = (marked.first(), marked.len() == 1) else {
        let problem =
            t!("Mark the one message that is to be forwarded. What was said before it can go with it.");
        return on.refused(number, problem.to_owned()).await;
    };
    let page = on.from.ticket_with(number, format!("forward={v}"));
    Ok(Redirect::to(&format!("{page}#composer")).into_response())
}

/// Opens a ticket with comments of this one, and shows it; or goes on to where one of them is forwarded.
pub async fn split(on: OnTicket, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response, Failure> {
    let value = |wanted: &str| {
        let found = pairs.iter().find(|(name, _)| name == wanted);
        found.map_or("", |(_, value)| value.trim())
    };
    let number = on.checked(value("csrf"))?;
    if value("act") == "forward" {
        return forward(on, number, marked(&pairs)).await;
    }
    let comments = match to_open_with(marked(&pairs)) {
        Ok(comments) => comments,
        Err(reason) => {
            let problem = t!("No ticket was opened: {reason}.", reason);
            return on.refused(number, problem).await;
        }
    };
    let order = SplitOrder {
        comments,
        subject: Some(value("subject").to_owned()).filter(|subject| !subject.is_empty()),
    };
    let problem = match on.desk.tickets().split(number, &order, on.attempt()).await {
        Ok(Changed::Done(saved)) => return Ok(on.saved(saved.ticket.number, &saved.events, "main")),
        Ok(Changed::NotThere) => return Err(Failure::Missing),
        Ok(changed) => match changed.stands() {
            Ok(()) => return Ok(Redirect::to(&on.from.ticket(number)).into_response()),
            Err(refusal) => {
                t!(
                    "No ticket was opened: {reason}.",
                    reason = refusals::refusal(&refusal)
                )
            }
        },
        Err(SplitError::Store(error)) => return Err(error.into()),
        Err(error) => t!(
            "No ticket was opened: {reason}.",
            reason = refusals::split_refusal(&error)
        ),
    };
    on.refused(number, problem).await
}

/// Makes a ticket an incident of a problem, or of none any more, and shows it.
pub async fn problem(on: OnTicket, Form(asked): Form<Asked>) -> Result<Response, Failure> {
    let number = on.checked(&asked.csrf)?;
    let problem = asked.number();
    let words = match problem {
        None if !asked.other.trim().is_empty() => Some(t!("type the number of the problem").to_owned()),
        Some(problem) if on.desk.tickets().standing(problem).await?.is_none() => {
            Some(t!("there is no ticket {ticket}", ticket = problem))
        }
        _ => None,
    };
    let words = match words {
        Some(words) => words,
        None => {
            let update = Update {
                // Only incidents have a problem: whoever links it says that it is one.
                ticket_type: problem.map(|_| Some(TicketType::Incident)),
                problem: Some(problem),
                ..Update::default()
            };
            match on.update(number, update).await? {
                Ok(events) => return Ok(on.saved(number, &events, "links")),
                Err(refusal) => refusals::refusal(&refusal),
            }
        }
    };
    let refused = t!("Not linked: {reason}.", reason = words);
    on.refused(number, refused).await
}
