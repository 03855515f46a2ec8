//! Is the ticket solved? The customer's yes closes it, their no brings it back to the agents.

use crate::{
    assets,
    failure::Failure,
    frame::brand,
    language::{long_day, zoned},
};
use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State, rejection::FormRejection},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use docket_desk::Desk;
use docket_domain::{
    Digest, TicketNumber,
    ticket::{Refusal, Status, Ticket},
};
use docket_mail::ReplyKey;
use serde::Deserialize;

/// Longest text that is taken, in bytes: some pages. Whoever has more to say has the mail to reply to.
pub const LONGEST_WORDS_BYTES: usize = 20_000;

#[derive(Template)]
#[template(path = "solution.html")]
struct SolutionPage<'a> {
    brand: &'a str,
    style: &'a str,
    icon: &'a str,
    title: String,
    text: String,
    /// That the answer was taken.
    notice: bool,
    /// Why it was not.
    problem: Option<&'a str>,
    /// Where the answer goes; nothing where none is wanted.
    asks: Option<&'a str>,
    once: String,
    words: &'a str,
    longest: usize,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    said: String,
}

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    answer: String,
    words: String,
    /// Names this filling-in of the form.
    once: String,
}

/// What is said besides how the ticket stands.
#[derive(Default)]
struct Said<'a> {
    notice: bool,
    problem: Option<&'a str>,
    words: &'a str,
}

/// The page: it changes nothing.
pub async fn show(
    State(desk): State<Desk>,
    Path(token): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let Some(ticket) = ticket_of(&desk, &token).await? else {
        return unknown(&desk);
    };
    let said = Said {
        notice: !wanted.said.is_empty(),
        ..Said::default()
    };
    page(&desk, &ticket, &token, said, StatusCode::OK)
}

/// Takes the answer. One that was given before changes nothing more.
pub async fn submit(
    State(desk): State<Desk>,
    Path(token): Path<String>,
    form: Result<Form<Answer>, FormRejection>,
) -> Result<Response, Failure> {
    let Some(ticket) = ticket_of(&desk, &token).await? else {
        return unknown(&desk);
    };
    let again = |problem, words, status| {
        let said = Said {
            problem: Some(problem),
            words,
            ..Said::default()
        };
        page(&desk, &ticket, &token, said, status)
    };
    let too_long = t!("That is too long to be sent from here. Please shorten it, or reply to our mail.");
    let form = match form {
        Ok(Form(form)) => form,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return again(too_long, "", StatusCode::PAYLOAD_TOO_LARGE);
        }
        Err(_) => return Err(Failure::Garbled),
    };
    let words = form.words.replace("\r\n", "\n").trim().to_owned();
    let answered = match form.answer.as_str() {
        "yes" => desk.tickets().answer_solution(ticket.number, true).await,
        "no" if words.len() > LONGEST_WORDS_BYTES => {
            return again(too_long, &words, StatusCode::UNPROCESSABLE_ENTITY);
        }
        "no" if words.is_empty() => desk.tickets().answer_solution(ticket.number, false).await,
        "no" => {
            // A form without a name of its own can't be told from another one with the same words.
            let once = match form.once.as_str() {
                "" => Digest::of(words.as_bytes()).as_str().to_owned(),
                once => once.to_owned(),
            };
            desk.tickets()
                .write_as_requester(ticket.number, words.clone(), once)
                .await
        }
        _ => return Err(Failure::Garbled),
    };
    let stands = match answered?.stands() {
        Ok(()) => {
            let (number, answer) = (ticket.number, &form.answer);
            tracing::info!(ticket = %number, "A customer said whether ticket {number} is solved: {answer}.");
            true
        }
        // What was said before, or came about otherwise.
        Err(Refusal::NotSolved(status)) => {
            let has_more_to_say = form.answer == "no" && !words.is_empty();
            !has_more_to_say && (status == Status::Closed) == (form.answer == "yes")
        }
        Err(Refusal::Closed) => false,
        Err(_) => return unknown(&desk),
    };
    if stands {
        return Ok(Redirect::to(&format!("/portal/solution/{token}?said={}", form.answer)).into_response());
    }
    let Some(ticket) = ticket_of(&desk, &token).await? else {
        return unknown(&desk);
    };
    let said = Said {
        problem: Some(t!("Your answer came too late and has changed nothing.")),
        words: &words,
        ..Said::default()
    };
    page(&desk, &ticket, &token, said, StatusCode::CONFLICT)
}

/// The ticket that a token was signed for; nothing for any other text.
async fn ticket_of(desk: &Desk, token: &str) -> Result<Option<Ticket>, Failure> {
    let keys: Vec<ReplyKey> = desk
        .reply_keys()
        .await?
        .into_iter()
        .filter_map(|key| ReplyKey::new(key.id, key.secret.expose().as_bytes()).ok())
        .collect();
    let tenant = desk.settings.tenant.as_str();
    match docket_mail::verify_solution(&keys, tenant, token) {
        Some(number) => Ok(desk.tickets().standing(TicketNumber(number)).await?),
        None => Ok(None),
    }
}

/// How the ticket stands, with the question where it is one.
fn page(
    desk: &Desk,
    ticket: &Ticket,
    token: &str,
    said: Said<'_>,
    status: StatusCode,
) -> Result<Response, Failure> {
    let (title, text) = standing(ticket);
    let page = SolutionPage {
        brand: brand(desk),
        style: &assets::STYLE.href,
        icon: &assets::ICON.href,
        title,
        text,
        notice: said.notice,
        problem: said.problem,
        asks: (ticket.status == Status::Solved).then_some(token),
        once: desk.unguessable(),
        words: said.words,
        longest: LONGEST_WORDS_BYTES / 2,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// How a ticket stands, to its customer: a heading and a sentence.
fn standing(ticket: &Ticket) -> (String, String) {
    let number = ticket.number;
    match ticket.status {
        Status::Solved => {
            let marked = t!("We have marked it as solved. Please tell us whether it is.");
            let text = match ticket.close_due_at {
                Some(at) => {
                    let day = long_day(&zoned(at));
                    format!("{marked} {}", t!("Without an answer it is closed on {day}.", day))
                }
                None => marked.to_owned(),
            };
            (t!("Is ticket {number} solved?", number), text)
        }
        Status::Closed => (
            t!("Ticket {number} is closed", number),
            t!("It is solved and does not change any more. If there is anything else, just write to us.")
                .to_owned(),
        ),
        Status::Pending => (
            t!("Ticket {number} waits for your answer", number),
            t!("To answer, reply to our last mail.").to_owned(),
        ),
        Status::New | Status::Open | Status::Hold => (
            t!("Ticket {number} is being worked on", number),
            t!("You do not have to do anything. To add something, reply to our last mail.").to_owned(),
        ),
    }
}

/// The page for a link that leads nowhere.
fn unknown(desk: &Desk) -> Result<Response, Failure> {
    let page = SolutionPage {
        brand: brand(desk),
        style: &assets::STYLE.href,
        icon: &assets::ICON.href,
        title: t!("This link is not valid").to_owned(),
        text: t!("It may be cut off, or too old. Please reply to our mail instead.").to_owned(),
        notice: false,
        problem: None,
        asks: None,
        once: String::new(),
        words: "",
        longest: 0,
    };
    Ok((StatusCode::NOT_FOUND, Html(page.render()?)).into_response())
}
