//! What was typed and can be shown on no page of a ticket: nothing of it is lost.

use crate::{assets, failure::Failure, frame::brand};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use docket_desk::{BlobError, Desk};
use docket_domain::{TicketNumber, contact::comment::CommentBody, outbox::RecallableAnswer};

#[derive(Template)]
#[template(path = "kept.html")]
struct KeptPage<'a> {
    brand: &'a str,
    style: &'a str,
    icon: &'a str,
    /// Where one goes on.
    href: String,
    /// The way there, in words.
    to: String,
    why: &'a str,
    text: &'a str,
}

/// The page that gives back what was typed when there is no ticket to show it on.
pub fn keep(
    desk: &Desk,
    number: TicketNumber,
    text: &str,
    (status, why): (StatusCode, &str),
) -> Result<Response, Failure> {
    let to = t!("To ticket {number}", number);
    kept(
        desk,
        (format!("/agent/tickets/{number}"), to),
        text,
        (status, why),
    )
}

/// The same of a ticket that was not opened.
pub fn keep_unopened(
    desk: &Desk,
    text: &str,
    (status, why): (StatusCode, &str),
) -> Result<Response, Failure> {
    let place = ("/agent/tickets/new".to_owned(), t!("To a new ticket").to_owned());
    kept(desk, place, text, (status, why))
}

fn kept(
    desk: &Desk,
    (href, to): (String, String),
    text: &str,
    (status, why): (StatusCode, &str),
) -> Result<Response, Failure> {
    let page = KeptPage {
        brand: brand(desk),
        style: &assets::STYLE.href,
        icon: &assets::ICON.href,
        href,
        to,
        why,
        text,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// The words of an answer; how they begin where they can't be had.
pub async fn text_of(desk: &Desk, answer: &RecallableAnswer) -> Result<String, Failure> {
    match desk.blobs().body_of(answer.id.ticket, &answer.comment).await {
        Ok(CommentBody { text, .. }) => Ok(text),
        Err(BlobError::Missing(_)) => Ok(answer.comment.snippet.clone()),
        Err(BlobError::Store(error)) => Err(error.into()),
    }
}
