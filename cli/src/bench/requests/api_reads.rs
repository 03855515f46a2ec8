//! What programs read through the API.

use super::caller::Caller;
use docket_domain::{TicketNumber, Timestamp};
use jiff::SignedDuration;
use serde_json::{Value, json};

pub(super) const TICKET: &str = "API ticket";
pub(super) const LIST: &str = "API list of 100";
pub(super) const VIEW_COUNT: &str = "API view count";
pub(super) const VIEW_EXECUTE: &str = "API view execute, 100 rows";
pub(super) const EXPORT: &str = "API export, 1,000 tickets";
pub(super) const EXPORT_EVENTS: &str = "API export, 1,000 saves";

/// How far back exports begin: a stored ticket changed last within the year before it was filled in.
const EXPORTED_SINCE: SignedDuration = SignedDuration::from_hours(24 * 300);

/// One kind of read.
#[derive(Clone)]
pub(super) struct ApiRead {
    pub kind: &'static str,
    what: What,
}

#[derive(Clone)]
enum What {
    Ticket,
    Get(String),
    Ask(&'static str, Value),
}

impl ApiRead {
    /// All of them, at this time.
    pub fn all(now: Timestamp) -> Vec<Self> {
        // One that is not saved is counted anew each time.
        let unsolved = json!({ "view": { "all": [
            { "field": "status", "operator": "less_than", "value": "solved" },
            { "field": "priority", "operator": "is", "value": "high" },
        ] } });
        let since = now.checked_sub(EXPORTED_SINCE).unwrap_or(now).as_second();
        let of = |kind, what| Self { kind, what };
        vec![
            of(TICKET, What::Ticket),
            of(LIST, What::Get("tickets.json?per_page=100".to_owned())),
            of(VIEW_COUNT, What::Ask("views/preview/count.json", unsolved)),
            of(
                VIEW_EXECUTE,
                What::Get("views/3/execute.json?per_page=100".to_owned()),
            ),
            of(
                EXPORT,
                What::Get(format!("incremental/tickets/cursor.json?start_time={since}")),
            ),
            of(
                EXPORT_EVENTS,
                What::Get(format!("incremental/ticket_events.json?start_time={since}")),
            ),
        ]
    }

    /// Reads it, where a ticket is read this one; how many bytes are answered.
    pub async fn ask(&self, caller: &Caller, number: TicketNumber) -> anyhow::Result<usize> {
        let answer = match &self.what {
            What::Ticket => caller.api_get(&format!("tickets/{number}.json")).await,
            What::Get(path) => caller.api_get(path).await,
            What::Ask(path, body) => caller.api_ask(path, body).await,
        };
        Ok(answer?.len())
    }
}
