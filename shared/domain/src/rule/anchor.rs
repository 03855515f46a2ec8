//! From which moment an automation counts.

use crate::{
    Timestamp,
    ticket::{Fact, Ticket, TicketEvent},
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// A moment in a ticket's life that an automation counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// It was created.
    Created,
    /// Its status last changed.
    StatusChanged,
    /// It last went to another agent, or lost the one it had.
    AssigneeChanged,
    /// It last went to another group.
    GroupChanged,
    /// The customer's side last wrote, automatic mail apart.
    CustomerWrote,
    /// An agent last wrote to the customer.
    AgentWrote,
    /// A person last changed it in any way.
    PersonChanged,
}

impl Anchor {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Created,
        Self::StatusChanged,
        Self::AssigneeChanged,
        Self::GroupChanged,
        Self::CustomerWrote,
        Self::AgentWrote,
        Self::PersonChanged,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::StatusChanged => "status_changed",
            Self::AssigneeChanged => "assignee_changed",
            Self::GroupChanged => "group_changed",
            Self::CustomerWrote => "customer_wrote",
            Self::AgentWrote => "agent_wrote",
            Self::PersonChanged => "person_changed",
        }
    }

    /// Whether it is the moment of this event.
    pub fn is_at(self, event: &TicketEvent) -> bool {
        let fact = &event.fact;
        // A ticket that nobody has written to, answered or moved yet counts from its beginning.
        if matches!(fact, Fact::TicketCreated(_)) {
            return true;
        }
        match self {
            Self::Created => false,
            Self::StatusChanged => matches!(fact, Fact::StatusChanged { .. }),
            Self::AssigneeChanged => {
                matches!(fact, Fact::Assigned { .. } | Fact::AssigneeChanged { .. })
            }
            Self::GroupChanged => matches!(fact, Fact::Triaged(_) | Fact::GroupChanged { .. }),
            Self::CustomerWrote => matches!(fact, Fact::CommentAdded(added) if added.is_contact()),
            Self::AgentWrote => matches!(fact, Fact::CommentAdded(added) if added.answers()),
            Self::PersonChanged => event.actor.person().is_some(),
        }
    }

    /// The moment as the head knows it; nothing where only the history does.
    pub fn known(self, ticket: &Ticket) -> Option<Timestamp> {
        (self == Self::Created).then_some(ticket.created_at)
    }

    /// The last such moment of a history, which begins with the ticket.
    pub fn last<'e>(self, events: impl DoubleEndedIterator<Item = &'e TicketEvent>) -> Option<Timestamp> {
        events.rev().find(|event| self.is_at(event)).map(|event| event.at)
    }
}

/// When an automation runs: so long after a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// The moment.
    pub since: Anchor,
    /// Seconds of real time.
    pub after_seconds: i64,
}

impl Timing {
    /// When it runs.
    pub fn due_at(self, since: Timestamp) -> Timestamp {
        let wait = SignedDuration::from_secs(self.after_seconds);
        since.checked_add(wait).unwrap_or(Timestamp::MAX)
    }
}
