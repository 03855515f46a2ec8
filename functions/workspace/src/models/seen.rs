//! What somebody has seen of a ticket.

use crate::sentences::holds_back;
use docket_desk::TicketFile;
use docket_domain::{
    PersonId,
    outbox::RecallableId,
    ticket::{Actor, Fact, TicketEvent},
};

/// What a page showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Until which version.
    v: u64,
    /// Names of the answers that it showed while they waited, parted by commas.
    waiting: String,
}

impl Shown {
    /// As a form says it. One that does not say what its page showed has seen nothing.
    pub fn of(v: &str, waiting: &str) -> Self {
        Self {
            v: v.parse().unwrap_or(0),
            waiting: waiting.to_owned(),
        }
    }

    /// Whether an event stood there, or is of an answer that did while it waited.
    pub fn has(&self, event: &TicketEvent) -> bool {
        let mut names = self.waiting.split(',').filter(|name| !name.is_empty());
        event.v <= self.v || names.any(|name| event.cause == RecallableId::cause_of(name))
    }

    /// Until which version somebody has seen the ticket who has changed it themselves since. Neither a word nor anything that others did
    /// is jumped over.
    pub fn past_own(&self, file: &TicketFile, me: PersonId) -> u64 {
        let first_v = file.events.first().map_or(0, |first| first.v);
        if first_v > self.v.saturating_add(1) {
            return self.v;
        }
        let is_own = |event: &TicketEvent| {
            event.actor == Actor::Agent(me) && !matches!(event.fact, Fact::CommentAdded(_))
        };
        let mut events = file.events.iter();
        let news = events.find(|event| !self.has(event) && holds_back(event) && !is_own(event));
        news.map_or(file.ticket.v, |event| event.v - 1)
    }
}
