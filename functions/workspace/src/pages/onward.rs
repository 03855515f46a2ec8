//! Where an agent goes on after something was sent.

use super::ticket::to_saved;
use crate::{
    came_from::CameFrom,
    models::{recall::JustSent, typed::Typed},
};
use axum::response::{IntoResponse, Redirect, Response};
use docket_domain::{TicketNumber, outbox::RecallableAnswer, ticket::TicketEvent};

/// Where the sender goes on: to the comment that was written where one was, with what was saved, or where they chose to.
pub fn done(from: &CameFrom, number: TicketNumber, events: &[TicketEvent], typed: &Typed) -> Response {
    let comment = events.iter().find(|event| event.fact.name() == "CommentAdded");
    match goes_on(from, number, typed) {
        // The browser keeps a draft of what was sent there; it can be let go of.
        Some(place) => Redirect::to(&with_word(&place, "done", &number.to_string())).into_response(),
        None => {
            let anchor = comment.map_or_else(|| "main".to_owned(), |event| format!("comment-{}", event.v));
            to_saved(from, number, events, &anchor)
        }
    }
}

/// The same for an answer that waits: the page there says that it can be taken back.
pub fn waits(from: &CameFrom, answer: &RecallableAnswer, typed: &Typed) -> Response {
    let number = answer.id.ticket;
    let sent = JustSent {
        number,
        name: answer.id.name.clone(),
    };
    let place = goes_on(from, number, typed)
        .unwrap_or_else(|| format!("{}#waiting-{}", from.ticket(number), answer.id.name));
    Redirect::to(&with_word(&place, JustSent::WORD, &sent.to_string())).into_response()
}

/// The next ticket of the view, or the view; nothing for whoever stays, and after a note: with that a ticket is not done.
fn goes_on(from: &CameFrom, number: TicketNumber, typed: &Typed) -> Option<String> {
    match typed.then.as_str() {
        _ if !typed.is_answer() => None,
        "next" => Some(match typed.next.parse::<TicketNumber>() {
            Ok(next) if next != number => from.ticket(next),
            _ => from.list(number),
        }),
        "list" => Some(from.list(number)),
        _ => None,
    }
}

/// An address that says one thing more.
fn with_word(address: &str, word: &str, value: &str) -> String {
    let (page, anchor) = match address.split_once('#') {
        Some((page, anchor)) => (page, format!("#{anchor}")),
        None => (address, String::new()),
    };
    let mark = if page.contains('?') { '&' } else { '?' };
    format!("{page}{mark}{word}={value}{anchor}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_added_before_the_anchor() {
        for (address, expected) in [
            ("/agent/tickets/7#waiting", "/agent/tickets/7?undo=7.a#waiting"),
            (
                "/agent/tickets?view=mine#open-7",
                "/agent/tickets?view=mine&undo=7.a#open-7",
            ),
            ("/agent/tickets/8", "/agent/tickets/8?undo=7.a"),
        ] {
            assert_eq!(with_word(address, "undo", "7.a"), expected);
        }
    }
}
