//! What stands above and beside the thread: subject, clocks, when it comes back.

use super::{
    margin::{Margin, margin},
    snooze::SnoozeForm,
};
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

/// The ticket's own facts.
pub struct Properties {
    pub number: u64,
    pub subject: String,
    pub is_closed: bool,
    pub priority: &'static str,
    pub priority_class: &'static str,
    pub came: String,
    pub created: Moment,
    pub is_unsolved: bool,
    /// What the ticket went into, if it did.
    pub merged_into: Option<u64>,
    /// How much time is left.
    pub margin: Margin,
    pub language: Option<String>,
    pub closes: Option<Moment>,
    pub clocks: Vec<(&'static str, Promise)>,
    pub requester: String,
    pub requester_id: u64,
    pub waiting: Option<String>,
    /// Nothing for a ticket that can't be snoozed any more.
    pub snooze: Option<SnoozeForm>,
    /// Id and name of the group above its own, if it can go there.
    pub above: Option<(u64, String)>,
}

impl Properties {
    /// Whether it is snoozed.
    pub fn is_snoozed(&self) -> bool {
        self.snooze.as_ref().is_some_and(|snooze| snooze.until.is_some())
    }

    /// How much time is left, in words for a line by itself.
    pub fn due_words(&self) -> String {
        match (self.margin.tone, self.margin.words.strip_prefix('\u{2212}')) {
            ("late", Some(time)) => t!("{time} over", time),
            _ if self.margin.exact.is_empty() => self.margin.words.clone(),
            _ => t!("{time} left", time = self.margin.words),
        }
    }

    /// What finds all tickets of the customer.
    pub fn of_customer(&self) -> String {
        format!("requester:{}", self.requester_id)
    }

    /// Those of a ticket.
    pub fn of(ticket: &Ticket, names: &Names, now: Timestamp) -> Self {
        let clocks = Metric::ALL
            .into_iter()
            .filter_map(|metric| ticket.clocks.as_ref()?.newest(metric))
            .filter_map(|state| Some((words::metric(state.metric), words::clock_state(state, now)?)));
        Self {
            number: ticket.number.0,
            subject: words::subject(&ticket.subject),
            is_closed: ticket.status == Status::Closed,
            priority: words::priority(ticket.priority),
            priority_class: ticket.priority.map_or("none", |priority| priority.as_str()),
            came: sentences::channel(&ticket.channel),
            created: words::ago(ticket.created_at, now),
            is_unsolved: ticket.status.is_unsolved(),
            merged_into: ticket.merged_into.map(|merged| merged.ticket.0),
            margin: margin(ticket, now),
            language: ticket.language.clone(),
            closes: ticket.close_due_at.map(words::exact),
            clocks: clocks.collect(),
            requester: names.person(ticket.requester),
            requester_id: ticket.requester.0,
            snooze: SnoozeForm::of(ticket, now),
            above: None,
            waiting: ticket.waiting.as_ref().map(|waiting| {
                waiting
                    .reason
                    .clone()
                    .unwrap_or_else(|| t!("an agent is being looked for").to_owned())
            }),
        }
    }
}
