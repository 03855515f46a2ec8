//! What the head of a ticket says of its time: how much is left, or how far it is over.

use crate::words;
use docket_domain::{Timestamp, sla::Clocks, ticket::Ticket};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// What is said: how much time is left, or how far it is over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Margin {
    /// What is said.
    pub words: String,
    /// The clock and the exact time.
    pub exact: String,
    /// `late`, `soon` or nothing.
    pub tone: &'static str,
}

/// The margin of a ticket.
pub fn margin(ticket: &Ticket, now: Timestamp) -> Margin {
    let promise = words::next_promise(ticket, now);
    let due = ticket.clocks.as_ref().and_then(Clocks::next_due_at);
    let Some(due) = due.filter(|_| !promise.exact.is_empty()) else {
        return Margin {
            words: promise.words,
            ..Margin::default()
        };
    };
    let left = due.as_millisecond() - now.as_millisecond();
    let short = |ms: i64| match ms {
        _ if ms < HOUR_MS => t!("{minutes} m", minutes = ms / MINUTE_MS),
        _ if ms < 2 * DAY_MS => t!("{hours} h", hours = ms / HOUR_MS),
        _ => t!("{days} d", days = ms / DAY_MS),
    };
    let (words, tone) = match left {
        _ if left <= 0 => (format!("\u{2212}{}", short(-left)), "late"),
        _ if left < HOUR_MS => (short(left), "soon"),
        _ => (short(left), ""),
    };
    Margin {
        words,
        exact: promise.exact,
        tone,
    }
}
