//! What an agent sends from a ticket's page: an answer, a note, a change; all in one save.

use super::{
    copies::copies,
    macros,
    reading::read_form,
    ticket::{Returned, candidates, show_again, to_saved},
    ticket_number,
};
use crate::{
    assets,
    came_from::CameFrom,
    failure::{Failure, WithCauses},
    form::{Chosen, Filled},
    frame::brand,
    models::{offered_macros, typed::Typed},
    sentences::holds_back,
    session::SignedIn,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use docket_desk::{
    Attempt, Changed, Desk, Find, Found, Guard, GuardKey, StoreError, TicketFile, Wish,
    tickets::{Amendment, StoredOnce},
};
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    ticket::{Actor, Command, TicketEvent},
};

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

/// Does what the form says, or shows it again with what was typed.
pub async fn submit(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    signed_in: Result<SignedIn, Failure>,
    Query(from): Query<CameFrom>,
    Filled { typed, files }: Filled,
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
    if !typed.insert.is_empty() {
        return macros::insert(&desk, &signed_in, (number, from), &typed, &files).await;
    }
    match save(&desk, &signed_in, (number, from), &typed, &files).await {
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
    (number, from): (TicketNumber, CameFrom),
    typed: &Typed,
    chosen: &Chosen,
) -> Result<Response, Failure> {
    let me = signed_in.person.id;
    let guard = Guard {
        seconds: ONCE_SECONDS,
        ..Guard::new(GuardKey::Idempotency(
            format!("workspace {me} {number}"),
            typed.once.clone(),
        ))
    };
    let again = |problem: Option<String>, news, status| Returned {
        typed: typed.clone(),
        files: chosen.names.clone(),
        problem,
        news,
        status,
    };
    let refused = |problem| again(Some(problem), vec![], StatusCode::UNPROCESSABLE_ENTITY);
    // A form without its own name can't be told from another one with the same words.
    let guards = if typed.once.is_empty() {
        vec![]
    } else {
        vec![guard.clone()]
    };
    let attempt = Attempt::by(Actor::Agent(me), "workspace").guarded(guards);
    let mut sending = Sending {
        desk,
        me,
        number,
        typed,
        chosen,
        stored: StoredOnce::default(),
        stopped: None,
    };
    let changed = desk.change_found(attempt, &mut sending).await;
    if let Some((file, stop)) = sending.stopped {
        // A form that was sent twice stands.
        if !typed.once.is_empty() && desk.guard(&guard.key).await?.is_some() {
            return Ok(done(&from, number, &[]));
        }
        let returned = match stop {
            Stop::News(news) => again(None, news, StatusCode::CONFLICT),
            Stop::Problem(problem) => refused(problem),
        };
        return show_again(desk, signed_in, *file, from, returned).await;
    }
    let returned = match changed {
        Ok(Changed::Done(saved)) => return Ok(done(&from, number, &saved.events)),
        Ok(Changed::Duplicate(_)) => return Ok(done(&from, number, &[])),
        Ok(Changed::NotThere) => return Err(Failure::Missing),
        Ok(Changed::Refused(refusal)) => refused(format!("Not saved: {refusal}.")),
        Err(Failure::Store(StoreError::Contended { .. })) => {
            let problem = "The ticket is being changed all the time. Send it again.".to_owned();
            again(Some(problem), vec![], StatusCode::CONFLICT)
        }
        Err(error) => return Err(error),
    };
    let file = desk
        .tickets()
        .standing_file(number)
        .await?
        .ok_or(Failure::Missing)?;
    show_again(desk, signed_in, file, from, returned).await
}

/// What an agent sends, tried on the ticket as it is.
struct Sending<'a> {
    desk: &'a Desk,
    me: PersonId,
    number: TicketNumber,
    typed: &'a Typed,
    chosen: &'a Chosen,
    /// Where text and files lie.
    stored: StoredOnce,
    /// Why it is not sent, with the ticket as it was then.
    stopped: Option<(Box<TicketFile>, Stop)>,
}

/// Why a form is shown again.
enum Stop {
    /// Others did something that the sender has not seen.
    News(Vec<TicketEvent>),
    /// The form can't be sent as it is.
    Problem(String),
}

impl Find<Failure> for Sending<'_> {
    async fn find(&mut self, _now: Timestamp) -> Result<Found, Failure> {
        let (desk, me, typed) = (self.desk, self.me, self.typed);
        let Some(file) = desk.tickets().standing_file(self.number).await? else {
            return Ok(Found::NotThere);
        };
        let news = unseen(&file, typed);
        if !news.is_empty() {
            self.stopped = Some((Box::new(file), Stop::News(news)));
            return Ok(Found::NotThere);
        }
        let members = candidates(desk, &file).await?;
        let wanted = read_form(&file, typed, self.chosen, me, &members);
        let wanted = match wanted {
            Ok(amendment) => with_copies(desk, &file, (typed, me), amendment).await?,
            Err(problem) => Err(problem),
        };
        let mut amendment = match wanted {
            Ok(amendment) => amendment,
            Err(problem) => {
                self.stopped = Some((Box::new(file), Stop::Problem(problem)));
                return Ok(Found::NotThere);
            }
        };
        if !typed.macros.is_empty() {
            let book = desk.rules().book().await?;
            macros::add_rest(
                &mut amendment.update,
                &offered_macros::inserted(&book.rules, typed),
            );
        }
        // What was read a moment ago is what is decided on.
        amendment.update.seen = None;
        let mut comments = vec![];
        if let Some(comment) = amendment.comment {
            let words = self.stored.words(desk, self.number, &comment).await?;
            let (comment, facts) = comment.stored(&words);
            amendment.update.comment = Some(facts);
            comments.push(comment);
        }
        let wish = Wish {
            actor: Some(amendment.actor),
            cause: Some(amendment.cause),
            comments,
            writes: amendment.alongside.writes,
            ..Wish::from(Command::Update(Box::new(amendment.update)))
        };
        Ok(Found::wish(file.ticket, wish))
    }
}

/// What was done since the page was made that whoever answers must have seen: by others, or by the same agent on another page.
fn unseen(file: &TicketFile, typed: &Typed) -> Vec<TicketEvent> {
    // A form that does not say what its page showed has seen nothing.
    let seen: u64 = typed.seen.parse().unwrap_or(0);
    file.events
        .iter()
        .filter(|event| event.v > seen && holds_back(event))
        .cloned()
        .collect()
}

/// The change with who comes in copy and who goes, where it has words for the requester.
async fn with_copies(
    desk: &Desk,
    file: &TicketFile,
    (typed, me): (&Typed, PersonId),
    mut amendment: Amendment,
) -> Result<Result<Amendment, String>, Failure> {
    if amendment.comment.as_ref().is_some_and(|comment| comment.public) {
        match copies(desk, file, typed, me).await? {
            Ok(copies) => {
                amendment.update.add_ccs = copies.add;
                amendment.update.remove_ccs = copies.remove;
            }
            Err(problem) => return Ok(Err(format!("Not saved. Copy to: {problem}"))),
        }
    }
    Ok(Ok(amendment))
}

/// Back to the ticket, to the comment that was written where one was, with what was saved.
fn done(from: &CameFrom, number: TicketNumber, events: &[TicketEvent]) -> Response {
    let comment = events.iter().find(|event| event.fact.name() == "CommentAdded");
    let anchor = comment.map_or_else(|| "main".to_owned(), |event| format!("comment-{}", event.v));
    to_saved(from, number, events, &anchor)
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
