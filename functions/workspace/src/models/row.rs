//! A ticket as a line of a list.

use crate::{
    names::Names,
    words::{self, Moment, Promise},
};
use docket_domain::{Timestamp, ticket::Ticket};

/// A status: the word for people and the one for the style sheet.
pub struct Pill {
    /// For people.
    pub words: &'static str,
    /// For the style sheet.
    pub class: &'static str,
}

impl Pill {
    /// The pill of a ticket.
    pub fn of(ticket: &Ticket) -> Self {
        Self {
            words: words::status(ticket.status),
            class: ticket.status.as_str(),
        }
    }
}

/// The line.
pub struct Row {
    pub number: u64,
    pub status: Pill,
    pub subject: String,
    pub requester: String,
    pub assignee: String,
    pub group: String,
    pub promise: Promise,
    pub updated: Moment,
}

impl Row {
    /// The line of a ticket.
    pub fn of(ticket: &Ticket, names: &Names, now: Timestamp) -> Self {
        Self {
            number: ticket.number.0,
            status: Pill::of(ticket),
            subject: words::subject(&ticket.subject),
            requester: names.person(ticket.requester),
            assignee: ticket.assignee.map_or_else(String::new, |id| names.person(id)),
            group: ticket.group.map_or_else(String::new, |id| names.group(id)),
            promise: words::next_promise(ticket, now),
            updated: words::ago(ticket.updated_at, now),
        }
    }
}
