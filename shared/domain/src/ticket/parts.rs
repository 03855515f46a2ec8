//! How much one save can hold. A transaction has at most 100 parts, and a commit is one transaction: what would not fit is
//! known before it is decided, so that no save is decided that can never stand.

use super::{Refusal, ReplyVia, Ticket, TicketEvent, decide::Log, link_lists};
use crate::{Timestamp, assignment, outbox};

/// Parts of one transaction (DynamoDB, quotas of `TransactWriteItems`, looked up 2026-11).
pub const MOST_PARTS: usize = 100;
/// Parts that rules and steps of clocks leave free, for what happens besides: what else is due on the ticket (it wakes up,
/// reopens, is solved with a mail, closes), up to four clocks that are fulfilled, a policy that comes to hold, the note that
/// rules were stopped, two agents' loads.
const KEPT_FREE: usize = 16;
/// Most events of one save: they are one item of at most 400 KB, and an event with its words is below 1.5 KB.
const MOST_EVENTS: usize = 200;
/// Most bytes of a head as JSON: a save that reads and writes it pays by the kilobyte.
pub const MOST_HEAD_BYTES: usize = 4 * 1024;
/// Most bytes of it that people and rules put there: subject, tags, fields, who is in copy, ids and addresses of others' systems.
/// The rest is what the desk keeps itself, clocks above all.
pub const MOST_LABEL_BYTES: usize = 2_560;
/// Bytes of one entry of a list besides its text, and of one number.
const ENTRY_BYTES: usize = 8;

/// Bytes of a form, a status of the operator's own or a due time with its name.
const OWN_ENTRY_BYTES: usize = 40;

/// The bytes that a value takes in JSON: text of several lines has a byte more for each of them.
fn json_bytes(value: &str) -> usize {
    let escaped = value
        .bytes()
        .filter(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
    value.len() + escaped.count()
}

/// The bytes of what people and rules put on a head.
pub(super) fn label_bytes(ticket: &Ticket) -> usize {
    let tags = ticket.tags.iter().map(|tag| tag.len() + ENTRY_BYTES);
    let fields = ticket
        .fields
        .iter()
        .map(|(name, value)| name.len() + json_bytes(value) + ENTRY_BYTES);
    let own = [
        ticket.form.is_some(),
        ticket.custom_status.is_some(),
        ticket.due_at.is_some(),
    ];
    let own = own.into_iter().filter(|is_there| *is_there).count() * OWN_ENTRY_BYTES;
    let url = match &ticket.reply_via {
        ReplyVia::Callback { url, .. } => url.len(),
        ReplyVia::Mail { .. } | ReplyVia::Nowhere => 0,
    };
    let external_id = ticket.external_id.as_ref().map_or(0, String::len);
    let texts = ticket.subject.len() + external_id + url;
    let listed = ticket.ccs.len() + ticket.followers.len() + ticket.merged.len();
    own + texts + tags.chain(fields).sum::<usize>() + listed * ENTRY_BYTES
}

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
        + link_lists::parts(before, after)
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

    /// Refuses what would let people and rules put more onto the head than it has room for. What makes it smaller is always done,
    /// and what comes from outside with a contact is bounded where it comes in.
    pub(super) fn check_labels(&self, after: impl FnOnce(&mut Ticket)) -> Result<(), Refusal> {
        let mut grown = self.ticket.clone();
        after(&mut grown);
        let (bytes, most) = (label_bytes(&grown), MOST_LABEL_BYTES);
        if bytes > most && bytes > label_bytes(&self.ticket) {
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
