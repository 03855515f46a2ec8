//! What an agent sends from a ticket's page: an answer, a note, a change; all in one save.

use super::{
    ticket::{Returned, candidates, show_again},
    ticket_number,
};
use crate::{
    assets,
    failure::{Failure, WithCauses},
    frame::brand,
    models::composer::Typed,
    sentences::holds_back,
    session::SignedIn,
};
use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use docket_aws::{
    Desk,
    keys::GuardKey,
    operations::{Alongside, Amended, Amendment, NewComment, OperationError},
    store::{Guard, TicketFile},
};
use docket_domain::{
    PersonId, TicketNumber,
    comment::{AuthorRole, CommentBody, LONGEST_TEXT_BYTES},
    ticket::{Actor, Channel, Refusal, TicketEvent, Update},
};

/// How often a save is decided again because the desk itself was at the ticket in the same moment.
const MOST_TRIES: u32 = 4;
/// How long a form that is sent again is known, in seconds: longer than a session.
const ONCE_SECONDS: i64 = 24 * 3600;

#[derive(Template)]
#[template(path = "kept.html")]
struct KeptPage<'a> {
    brand: &'a str,
    style: &'a str,
    icon: &'a str,
    number: u64,
    why: &'a str,
    text: &'a str,
}

/// What comes of a form before anything is stored.
enum Wanted {
    Amendment(Box<Amendment>),
    Problem(String),
}

/// Does what the form says, or shows it again with what was typed.
pub async fn submit(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    signed_in: Result<SignedIn, Failure>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let number = ticket_number(&number)?;
    let kept = |status, why| keep(&desk, number, &typed, status, why);
    let signed_in = match signed_in {
        Ok(signed_in) => signed_in,
        Err(Failure::SignedOut { .. }) => {
            let why = "You are signed out. Copy your text, sign in and send it again.";
            return kept(StatusCode::UNAUTHORIZED, why);
        }
        Err(failure) => return Err(failure),
    };
    if signed_in.check(&typed.csrf).is_err() {
        let why = "The page was from an earlier sign-in. Copy your text, open the ticket and send it again.";
        return kept(StatusCode::FORBIDDEN, why);
    }
    match save(&desk, &signed_in, number, &typed).await {
        Ok(response) => Ok(response),
        Err(Failure::Missing) => kept(StatusCode::NOT_FOUND, "There is no such ticket."),
        Err(failure) => {
            let why = "The desk could not be reached. Look at the ticket before you send it again: it may have been saved.";
            tracing::error!(ticket = %number, error = %WithCauses(&failure), "An agent's change could not be saved.");
            kept(StatusCode::SERVICE_UNAVAILABLE, why)
        }
    }
}

async fn save(
    desk: &Desk,
    signed_in: &SignedIn,
    number: TicketNumber,
    typed: &Typed,
) -> Result<Response, Failure> {
    let me = signed_in.person.id;
    let guard = Guard {
        seconds: ONCE_SECONDS,
        ..Guard::new(GuardKey::Idempotency(
            format!("workspace {me} {number}"),
            typed.once.clone(),
        ))
    };
    for _ in 0..MOST_TRIES {
        let file = desk.ticket_file(number).await?.ok_or(Failure::Missing)?;
        let again = |problem, news, status| {
            let typed = typed.clone();
            Returned {
                typed,
                problem,
                news,
                status,
            }
        };
        let news = unseen(&file, me, typed);
        if !news.is_empty() {
            if desk.guard(&guard.key).await?.is_some() {
                return Ok(done(&file.ticket.number, None));
            }
            let returned = again(None, news, StatusCode::CONFLICT);
            return show_again(desk, signed_in, file, returned).await;
        }
        let members = candidates(desk, &file).await?;
        let amendment = match read_form(&file, typed, me, &members, &guard) {
            Wanted::Amendment(amendment) => amendment,
            Wanted::Problem(problem) => {
                let returned = again(Some(problem), vec![], StatusCode::UNPROCESSABLE_ENTITY);
                return show_again(desk, signed_in, file, returned).await;
            }
        };
        match desk.amend_ticket(number, *amendment).await {
            Ok(Amended::Done { events, .. }) => return Ok(done(&number, commented(&events))),
            Ok(Amended::Duplicate(_)) => return Ok(done(&number, None)),
            Err(OperationError::Refused(Refusal::Stale { .. })) => {}
            Err(OperationError::Refused(refusal)) => {
                let problem = format!("Not saved: {refusal}.");
                let returned = again(Some(problem), vec![], StatusCode::UNPROCESSABLE_ENTITY);
                return show_again(desk, signed_in, file, returned).await;
            }
            Err(OperationError::Store(error)) => return Err(error.into()),
        }
    }
    let file = desk.ticket_file(number).await?.ok_or(Failure::Missing)?;
    let problem = "The ticket is being changed all the time. Send it again.".to_owned();
    let returned = Returned {
        typed: typed.clone(),
        problem: Some(problem),
        news: vec![],
        status: StatusCode::CONFLICT,
    };
    show_again(desk, signed_in, file, returned).await
}

/// What others did since the page was made that whoever answers must have seen.
fn unseen(file: &TicketFile, me: PersonId, typed: &Typed) -> Vec<TicketEvent> {
    // A form that does not say what its page showed has seen nothing.
    let seen: u64 = typed.seen.parse().unwrap_or(0);
    file.events
        .iter()
        .filter(|event| event.v > seen && event.actor != Actor::Agent(me) && holds_back(event))
        .cloned()
        .collect()
}

/// Reads the form against the ticket as it is: only what the person changed is changed.
fn read_form(file: &TicketFile, typed: &Typed, me: PersonId, members: &[PersonId], guard: &Guard) -> Wanted {
    let problem = |words: &str| Wanted::Problem(words.to_owned());
    let text = typed.text.replace("\r\n", "\n").trim_end().to_owned();
    if text.len() > LONGEST_TEXT_BYTES {
        return Wanted::Problem(format!(
            "The text is too long: {} KB of at most {} KB.",
            text.len().div_ceil(1024),
            LONGEST_TEXT_BYTES / 1024
        ));
    }
    let mut update = Update {
        seen: Some(file.ticket.v),
        ..Update::default()
    };
    if !typed.status.is_empty() {
        match typed.status.parse() {
            Ok(status) => update.status = Some(status),
            Err(_) => return problem("There is no such status."),
        }
    }
    if typed.priority != typed.was_priority && !typed.priority.is_empty() {
        match typed.priority.parse() {
            Ok(priority) => update.priority = Some(priority),
            Err(_) => return problem("There is no such priority."),
        }
    }
    if typed.assignee != typed.was_assignee {
        let assignee = match typed.assignee.as_str() {
            "" => None,
            id => match id.parse() {
                Ok(id) if id == me || members.contains(&id) || file.ticket.assignee == Some(id) => Some(id),
                _ => return problem("The assignee is not an agent of the ticket's group."),
            },
        };
        update.assignee = Some(assignee);
    }
    let has_text = !text.trim().is_empty();
    let changes = update.status.is_some() || update.priority.is_some() || update.assignee.is_some();
    if !has_text && !changes {
        return problem(
            "There is nothing to save yet: write something, or change status, assignee or priority.",
        );
    }
    let comment = has_text.then(|| NewComment {
        author: me,
        role: AuthorRole::Agent,
        // Whatever is not clearly meant for the requester stays inside.
        public: typed.visibility == "public",
        channel: Channel::Agent,
        body: CommentBody {
            text,
            ..CommentBody::default()
        },
        attachments: vec![],
        mail: None,
        automatic: None,
    });
    // A form without its own name can't be told from another one with the same words.
    let guards = if typed.once.is_empty() {
        vec![]
    } else {
        vec![guard.clone()]
    };
    Wanted::Amendment(Box::new(Amendment {
        actor: Actor::Agent(me),
        cause: "workspace".to_owned(),
        update,
        comment,
        alongside: Alongside {
            guards,
            writes: vec![],
        },
    }))
}

fn commented(events: &[TicketEvent]) -> Option<u64> {
    events
        .iter()
        .find(|event| event.fact.name() == "CommentAdded")
        .map(|event| event.v)
}

fn done(number: &TicketNumber, comment_v: Option<u64>) -> Response {
    let anchor = comment_v.map_or_else(|| "main".to_owned(), |v| format!("comment-{v}"));
    Redirect::to(&format!("/agent/tickets/{number}?saved=1#{anchor}")).into_response()
}

/// The page that gives back what was typed when there is no ticket to show it on.
fn keep(
    desk: &Desk,
    number: TicketNumber,
    typed: &Typed,
    status: StatusCode,
    why: &str,
) -> Result<Response, Failure> {
    let page = KeptPage {
        brand: brand(desk),
        style: &assets::STYLE.href,
        icon: &assets::ICON.href,
        number: number.0,
        why,
        text: &typed.text,
    };
    Ok((status, Html(page.render()?)).into_response())
}
