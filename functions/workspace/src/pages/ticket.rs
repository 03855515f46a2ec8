//! One ticket: what is asked of its page, and what comes back of it.

use super::{
    kept_text::{keep, text_of},
    ticket_number,
    ticket_page::{Look, Returned, SHOWN, page},
};
use crate::{
    came_from::CameFrom, failure::Failure, models::recall::Unsaved, models::seen::Shown,
    models::typed::Typed, session::SignedIn,
};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use docket_desk::{Desk, Part, TicketPart};
use docket_domain::{TicketNumber, ticket::TicketEvent};
use futures_util::future::BoxFuture;
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Before which version to begin, for what was written earlier; `before` is a place in the list one came from.
    before_v: Option<u64>,
    /// The first version of what was just saved; 0 where that is not known.
    saved: Option<u64>,
    /// The comment that is to be forwarded: its version.
    forward: Option<u64>,
    /// Until which version the ticket is shown already, where the page is to take the place of a part of what is shown.
    seen: Option<u64>,
    /// The answers that are shown while they wait: their names, parted by commas.
    saw: String,
}

/// The page.
pub async fn show(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Path(number): Path<String>,
    Query(wanted): Query<Wanted>,
    Query(from): Query<CameFrom>,
) -> Result<Response, Failure> {
    let number = ticket_number(&number)?;
    let asked = Part {
        comments: SHOWN,
        before: wanted.before_v,
    };
    let Some(part) = desk.tickets().standing_part(number, asked).await? else {
        return gone(&desk, &signed_in, number).await;
    };
    let look = Look {
        from,
        before: wanted.before_v,
        saved: wanted.saved,
        forward: wanted.forward,
        shown: wanted.seen.map(|v| Shown::of(&v.to_string(), &wanted.saw)),
        returned: None,
    };
    page(&desk, &signed_in, part, look).await
}

/// There is no such ticket, or no longer: whoever had an answer on it that was not saved gets its words.
async fn gone(desk: &Desk, signed_in: &SignedIn, number: TicketNumber) -> Result<Response, Failure> {
    let me = signed_in.person.id;
    let answers = desk.recallable().of_author(number, me).await?;
    let Some(unsaved) = Unsaved::newest(&answers, me) else {
        return Err(Failure::Missing);
    };
    let text = text_of(desk, unsaved).await?;
    let why = t!("Your answer was not sent. Its ticket was deleted in the meantime.");
    keep(desk, number, &text, (StatusCode::NOT_FOUND, why))
}

/// The newest part of a ticket, to show its page.
///
/// # Errors
/// When there is no such ticket.
pub fn newest(desk: &Desk, number: TicketNumber) -> BoxFuture<'_, Result<TicketPart, Failure>> {
    let asked = Part {
        comments: SHOWN,
        before: None,
    };
    // A part of a ticket is much to carry from hand to hand.
    Box::pin(async move {
        let part = desk.tickets().standing_part(number, asked).await?;
        part.ok_or(Failure::Missing)
    })
}

/// The page with the form as it was filled in. It is asked for in many places of what saves, each of which would have room for it.
pub fn show_again<'a>(
    desk: &'a Desk,
    signed_in: &'a SignedIn,
    part: TicketPart,
    from: CameFrom,
    returned: Returned,
) -> BoxFuture<'a, Result<Response, Failure>> {
    let look = Look {
        from,
        before: None,
        saved: None,
        forward: None,
        shown: None,
        returned: Some(returned),
    };
    page(desk, signed_in, part, look)
}

/// The page with what is wrong with something that was asked for beside its form.
pub async fn show_problem(
    desk: &Desk,
    signed_in: &SignedIn,
    (number, from): (TicketNumber, CameFrom),
    problem: String,
) -> Result<Response, Failure> {
    let part = newest(desk, number).await?;
    let returned = Returned {
        typed: Typed::default(),
        files: vec![],
        problem: Some(problem),
        news: vec![],
        preview: false,
        status: StatusCode::UNPROCESSABLE_ENTITY,
    };
    show_again(desk, signed_in, part, from, returned).await
}

/// The way to a ticket's page, which says what was saved.
pub fn to_saved(from: &CameFrom, number: TicketNumber, events: &[TicketEvent], anchor: &str) -> Response {
    to_saved_with(from, number, events, (anchor, ""))
}

/// The same with more that is asked of the page.
pub fn to_saved_with(
    from: &CameFrom,
    number: TicketNumber,
    events: &[TicketEvent],
    (anchor, more): (&str, &str),
) -> Response {
    let first_v = events.first().map_or(0, |event| event.v);
    let address = from.ticket_with(number, format!("saved={first_v}{more}"));
    Redirect::to(&format!("{address}#{anchor}")).into_response()
}
