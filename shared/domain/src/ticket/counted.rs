//! Where an open ticket is counted: with its group, and with its agent.

use super::{Status, Ticket};
use crate::{GroupId, PersonId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whose tickets are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountedOf {
    /// A group's; nothing: those of no group yet.
    Group(Option<GroupId>),
    /// An agent's.
    Agent(PersonId),
}

/// What is counted of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Count {
    /// New ones.
    New,
    /// Open ones.
    Open,
    /// Those that wait for the customer.
    Pending,
    /// Those that wait for somebody else.
    Hold,
    /// Unsolved ones that nobody has.
    Unassigned,
    /// Unsolved ones that sleep.
    Snoozed,
}

impl Count {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::New,
        Self::Open,
        Self::Pending,
        Self::Hold,
        Self::Unassigned,
        Self::Snoozed,
    ];

    fn of(status: Status) -> Option<Self> {
        match status {
            Status::New => Some(Self::New),
            Status::Open => Some(Self::Open),
            Status::Pending => Some(Self::Pending),
            Status::Hold => Some(Self::Hold),
            Status::Solved | Status::Closed => None,
        }
    }
}

/// Numbers of tickets, by whose they are and what they are. What is not there is none.
pub type Counts = BTreeMap<(CountedOf, Count), i64>;

/// Where a ticket is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedPlace {
    /// Its status; nothing once it is solved, or where it was never counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<GroupId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<PersonId>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_snoozed: bool,
}

impl CountedPlace {
    /// Where a ticket is to be counted.
    pub fn of(ticket: &Ticket) -> Self {
        if !ticket.is_worked_on() {
            return Self::default();
        }
        Self {
            status: Some(ticket.status),
            group: ticket.group,
            agent: ticket.assignee,
            is_snoozed: ticket.snoozed_until.is_some(),
        }
    }

    /// Adds what it counts for, or takes it away.
    pub fn add_to(&self, counts: &mut Counts, times: i64) {
        let Some(status) = self.status.and_then(Count::of) else {
            return;
        };
        let owners = [
            Some(CountedOf::Group(self.group)),
            self.agent.map(CountedOf::Agent),
        ];
        for of in owners.into_iter().flatten() {
            let mut add = |count| *counts.entry((of, count)).or_default() += times;
            add(status);
            if self.agent.is_none() {
                add(Count::Unassigned);
            }
            if self.is_snoozed {
                add(Count::Snoozed);
            }
        }
    }
}

/// The counts of these tickets, from nothing.
pub fn recount<'t>(tickets: impl IntoIterator<Item = &'t Ticket>) -> Counts {
    let mut counts = Counts::new();
    for ticket in tickets {
        CountedPlace::of(ticket).add_to(&mut counts, 1);
    }
    counts
}
