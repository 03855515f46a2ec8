//! What stands beside the thread: clocks, properties, the requester.

use super::{row::Pill, snooze::SnoozeForm};
use crate::{
    names::Names,
    sentences,
    words::{self, Moment, Promise},
};
use docket_domain::{
    Timestamp,
    sla::Metric,
    ticket::{Status, Ticket},
};

/// Most earlier tickets of the requester that are listed.
pub const MOST_EARLIER: usize = 8;

/// The ticket's own facts.
pub struct Properties {
    pub number: u64,
    pub subject: String,
    pub status: Pill,
    pub is_closed: bool,
    pub priority: &'static str,
    pub priority_class: &'static str,
    pub assignee: String,
    pub group: String,
    pub ticket_type: String,
    pub tags: Vec<String>,
    pub came: String,
    pub created: Moment,
    pub follows: Option<u64>,
    /// The requester's ticket that seems to say the same.
    pub duplicate_of: Option<u64>,
    pub language: Option<String>,
    pub closes: Option<Moment>,
    pub clocks: Vec<(&'static str, Promise)>,
    pub requester: Requester,
    pub waiting: Option<String>,
    /// Nothing for a ticket that can't be snoozed any more.
    pub snooze: Option<SnoozeForm>,
    /// Id and name of the group above its own, if it can go there.
    pub above: Option<(u64, String)>,
}

/// Who asks.
pub struct Requester {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub locale: String,
}

/// One of the requester's other tickets.
pub struct Earlier {
    pub number: u64,
    pub status: Pill,
    pub subject: String,
}

impl Properties {
    /// Those of a ticket.
    pub fn of(ticket: &Ticket, names: &Names, now: Timestamp) -> Self {
        let clocks = Metric::ALL
            .into_iter()
            .filter_map(|metric| ticket.clocks.as_ref()?.newest(metric))
            .filter_map(|state| Some((words::metric(state.metric), words::clock_state(state, now)?)));
        let known = names.known(ticket.requester);
        let text = |value: Option<&String>| value.cloned().unwrap_or_default();
        Self {
            number: ticket.number.0,
            subject: words::subject(&ticket.subject),
            status: Pill::of(ticket),
            is_closed: ticket.status == Status::Closed,
            priority: words::priority(ticket.priority),
            priority_class: ticket.priority.map_or("none", |priority| priority.as_str()),
            assignee: ticket.assignee.map_or_else(String::new, |id| names.person(id)),
            group: ticket.group.map_or_else(String::new, |id| names.group(id)),
            ticket_type: ticket
                .ticket_type
                .map(|kind| kind.to_string())
                .unwrap_or_default(),
            tags: ticket.tags.clone(),
            came: sentences::channel(&ticket.channel),
            created: words::ago(ticket.created_at, now),
            follows: ticket.follows.map(|number| number.0),
            duplicate_of: None,
            language: ticket.language.clone(),
            closes: ticket.close_due_at.map(words::exact),
            clocks: clocks.collect(),
            requester: Requester {
                name: names.person(ticket.requester),
                email: text(known.and_then(|person| person.email.as_ref())),
                phone: text(known.and_then(|person| person.phone.as_ref())),
                locale: text(known.and_then(|person| person.locale.as_ref())),
            },
            snooze: SnoozeForm::of(ticket, now),
            above: None,
            waiting: ticket.waiting.as_ref().map(|waiting| {
                waiting
                    .reason
                    .clone()
                    .unwrap_or_else(|| "an agent is being looked for".to_owned())
            }),
        }
    }
}

/// The requester's other tickets, the newest first.
pub fn earlier(tickets: &[Ticket], this: &Ticket) -> Vec<Earlier> {
    tickets
        .iter()
        .filter(|ticket| ticket.number != this.number)
        .take(MOST_EARLIER)
        .map(|ticket| Earlier {
            number: ticket.number.0,
            status: Pill::of(ticket),
            subject: words::subject(&ticket.subject),
        })
        .collect()
}
