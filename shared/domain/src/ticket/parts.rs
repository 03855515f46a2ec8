//! How much one save can hold. A transaction has at most 100 parts, and a commit is one transaction: what would not fit is
//! known before it is decided, so that no save is decided that can never stand.

use super::{Refusal, Ticket, TicketEvent, decide::Log};
use crate::{Timestamp, assignment, outbox};

/// Parts of one transaction (DynamoDB, quotas of `TransactWriteItems`, looked up 2026-11).
pub const MOST_PARTS: usize = 100;
/// Parts that rules and steps of clocks leave free, for what happens besides: what else is due on the ticket (it wakes up,
/// reopens, is solved with a mail, closes), up to four clocks that are fulfilled, a policy that comes to hold, the note that
/// rules were stopped, two agents' loads.
const KEPT_FREE: usize = 16;
/// Most events of one save: they are one item of at most 400 KB, and an event with its words is below 1.5 KB.
const MOST_EVENTS: usize = 200;
/// Most bytes of a head as JSON to which an agent may let it grow. The limits of its parts add up to less, all of them reached
/// at once and in letters of four bytes; a save that reads and writes it pays by the kilobyte.
pub const MOST_HEAD_BYTES: usize = 24 * 1024;

/// How many parts the head, the events and what follows from them are in a transaction: each comment and piece of outgoing
/// work, and each agent whose load changes.
pub fn parts(before: &Ticket, after: &Ticket, events: &[TicketEvent], now: Timestamp) -> usize {
    if events.is_empty() {
        return 0;
    }
    let head = 1;
    // The events of a save are one part, the words beside them another.
    let (history, words) = (1, 1);
    let comments = events.iter().filter(|event| event.fact.name() == "CommentAdded");
    head + history
        + words
        + comments.count()
        + outbox::outgoing(after, events, now).len()
        + assignment::load_changes(before, after).len()
}

impl Log<'_> {
    fn parts(&self) -> usize {
        parts(&self.before, &self.ticket, &self.events, self.now)
    }

    /// Whether one more event fits.
    pub(super) fn has_room(&self) -> bool {
        self.parts() < self.context.room && self.events.len() < MOST_EVENTS
    }

    /// Refuses a save that could not be committed.
    pub(super) fn check_parts(&self) -> Result<(), Refusal> {
        let parts = self.parts();
        if parts > self.context.room {
            let most = self.context.room;
            return Err(Refusal::TooMuchAtOnce { parts, most });
        }
        Ok(())
    }

    /// Refuses a save by which an agent would let the head grow beyond what it may be. What comes from outside or by itself is never
    /// refused for that.
    pub(super) fn check_head(&self) -> Result<(), Refusal> {
        if !self.context.actor.is_agent() {
            return Ok(());
        }
        let size = |ticket: &Ticket| serde_json::to_vec(ticket).map_or(0, |json| json.len());
        let bytes = size(&self.ticket);
        if bytes > MOST_HEAD_BYTES && bytes > size(&self.before) {
            let most = MOST_HEAD_BYTES;
            return Err(Refusal::HeadTooLarge { bytes, most });
        }
        Ok(())
    }

    /// Does something if it fits into the save, together with what follows by itself; nothing of it is done where it does
    /// not.
    pub(super) fn if_it_fits<T>(&mut self, something: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let (ticket, carried) = (self.ticket.clone(), self.carried.clone());
        let (events, written) = (self.events.len(), self.written.len());
        let last = self.events.last().cloned();
        let done = something(self);
        let fits = self.parts() + KEPT_FREE <= self.context.room;
        if fits && self.events.len() + KEPT_FREE <= MOST_EVENTS {
            return Some(done);
        }
        self.ticket = ticket;
        self.carried = carried;
        self.events.truncate(events);
        if let (Some(event), Some(last)) = (self.events.last_mut(), last) {
            *event = last;
        }
        self.written.truncate(written);
        None
    }
}
