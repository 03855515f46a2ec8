//! What an agent does with a ticket and another one: merges it and takes that back, opens a ticket with a comment of it, makes it an
//! incident of a problem.

use super::{
    reply::send_waiting,
    ticket::{show_problem, to_saved},
    ticket_number,
};
use crate::{came_from::CameFrom, failure::Failure, session::SignedIn};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use docket_desk::{
    Attempt, Changed, Desk,
    tickets::{Alongside, Amendment, MergeError, MergeWords, SplitError, SplitOrder},
};
use docket_domain::{
    PersonId, TicketNumber,
    ticket::{Actor, Update},
};
use serde::Deserialize;

/// The forms.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    csrf: String,
    /// The other ticket; nothing where there is to be none.
    other: String,
    /// The comment: its version.
    comment: u64,
    subject: String,
}

impl Asked {
    /// The number that was typed, with or without what stands before numbers.
    fn number(&self) -> Option<TicketNumber> {
        self.other.trim().trim_start_matches('#').parse().ok()
    }
}

fn attempt(me: PersonId) -> Attempt {
    Attempt::by(Actor::Agent(me), "workspace")
}

/// Merges a ticket into another one, and shows that.
pub async fn merge(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    signed_in: SignedIn,
    Query(from): Query<CameFrom>,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    signed_in.check(&asked.csrf)?;
    let number = ticket_number(&number)?;
    let Some(target) = asked.number() else {
        let problem = "Not merged: type the number of the other ticket.".to_owned();
        return show_problem(&desk, &signed_in, (number, from), problem).await;
    };
    // On a ticket that went into another one nothing is saved any more.
    send_waiting(&desk, signed_in.person.id, number).await?;
    let merged = desk
        .tickets()
        .merge(
            target,
            number,
            &MergeWords::default(),
            attempt(signed_in.person.id),
        )
        .await;
    let problem = match merged {
        Ok(Changed::NotThere) => format!("Not merged: there is no ticket {target}."),
        Ok(changed) => match changed.events() {
            Ok(events) => return Ok(to_saved(&from, target, &events, &format!("merged-{number}"))),
            Err(refusal) => format!("Not merged: {refusal}."),
        },
        Err(MergeError::Refused(refusal)) => format!("Not merged: {refusal}."),
        Err(MergeError::Store(error)) => return Err(error.into()),
    };
    show_problem(&desk, &signed_in, (number, from), problem).await
}

/// Takes back that a ticket was merged into another one, and shows it.
pub async fn undo_merge(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    signed_in: SignedIn,
    Query(from): Query<CameFrom>,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    signed_in.check(&asked.csrf)?;
    let number = ticket_number(&number)?;
    let undone = desk
        .tickets()
        .undo_merge(number, attempt(signed_in.person.id))
        .await;
    let problem = match undone {
        Ok(Changed::NotThere) => return Err(Failure::Missing),
        Ok(changed) => match changed.events() {
            Ok(events) => return Ok(to_saved(&from, number, &events, "main")),
            Err(refusal) => format!("The merge stands: {refusal}."),
        },
        Err(MergeError::Refused(refusal)) => format!("The merge stands: {refusal}."),
        Err(MergeError::Store(error)) => return Err(error.into()),
    };
    show_problem(&desk, &signed_in, (number, from), problem).await
}

/// Opens a ticket with a comment of this one, and shows it.
pub async fn split(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    signed_in: SignedIn,
    Query(from): Query<CameFrom>,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    signed_in.check(&asked.csrf)?;
    let number = ticket_number(&number)?;
    let subject = asked.subject.trim();
    let order = SplitOrder {
        comments: vec![asked.comment],
        subject: (!subject.is_empty()).then(|| subject.to_owned()),
    };
    let split = desk
        .tickets()
        .split(number, &order, attempt(signed_in.person.id))
        .await;
    let problem = match split {
        Ok(Changed::Done(saved)) => {
            return Ok(to_saved(&from, saved.ticket.number, &saved.events, "main"));
        }
        Ok(Changed::NotThere) => return Err(Failure::Missing),
        Ok(changed) => match changed.stands() {
            Ok(()) => return Ok(Redirect::to(&from.ticket(number)).into_response()),
            Err(refusal) => format!("No ticket was opened: {refusal}."),
        },
        Err(SplitError::Store(error)) => return Err(error.into()),
        Err(error) => format!("No ticket was opened: {error}."),
    };
    show_problem(&desk, &signed_in, (number, from), problem).await
}

/// Makes a ticket an incident of a problem, or of none any more, and shows it.
pub async fn problem(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    signed_in: SignedIn,
    Query(from): Query<CameFrom>,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    signed_in.check(&asked.csrf)?;
    let number = ticket_number(&number)?;
    let problem = asked.number();
    let words = match problem {
        None if !asked.other.trim().is_empty() => Some("type the number of the problem".to_owned()),
        Some(problem) if desk.tickets().standing(problem).await?.is_none() => {
            Some(format!("there is no ticket {problem}"))
        }
        _ => None,
    };
    let words = match words {
        Some(words) => words,
        None => {
            let kind = problem.map(|_| Some(docket_domain::ticket::TicketType::Incident));
            let amendment = Amendment {
                actor: Actor::Agent(signed_in.person.id),
                cause: "workspace".to_owned(),
                update: Update {
                    // Only incidents have a problem: whoever links it says that it is one.
                    ticket_type: kind,
                    problem: Some(problem),
                    ..Update::default()
                },
                comment: None,
                alongside: Alongside::default(),
            };
            match desk.tickets().amend(number, amendment).await?.events() {
                Ok(events) => return Ok(to_saved(&from, number, &events, "links")),
                Err(refusal) => refusal.to_string(),
            }
        }
    };
    let problem = format!("Not linked: {words}.");
    show_problem(&desk, &signed_in, (number, from), problem).await
}
