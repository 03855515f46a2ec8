//! Facts of tickets that have to do with other tickets, of agents who follow one, and of what came from another system.

use crate::{
    GroupId, PersonId, TicketNumber, Timestamp,
    ticket::{Priority, Status},
};
use serde::{Deserialize, Serialize};

/// It went into another ticket, where it goes on; it is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// The other.
    pub into: TicketNumber,
    /// The status that it had.
    pub status: Status,
}

/// Another ticket went into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedIn {
    /// The other.
    pub source: TicketNumber,
    /// Who gets the answers in copy with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ccs: Vec<PersonId>,
    /// Who follows it from then on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub followers: Vec<PersonId>,
}

/// It came back from the ticket that it had gone into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeUndone {
    /// The other.
    pub from: TicketNumber,
}

/// Another ticket that had gone into it went back to itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedInUndone {
    /// The other.
    pub source: TicketNumber,
    /// Who had come with it and still was in copy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ccs: Vec<PersonId>,
    /// Who had come with it and still followed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub followers: Vec<PersonId>,
}

/// Comments of it opened a ticket of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitOff {
    /// The new ticket.
    pub to: TicketNumber,
    /// The comments: their versions.
    pub comments: Vec<u64>,
}

/// It was opened by comments of another ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitFrom {
    /// The other.
    pub ticket: TicketNumber,
    /// The comments there: their versions. Those of this save are the same, in this order.
    pub comments: Vec<u64>,
}

/// Another problem is what it is an incident of, or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemChanged {
    /// From.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<TicketNumber>,
    /// To.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<TicketNumber>,
}

/// A problem was solved: what is its incident by then is to be solved, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentsQueued {
    /// The public comment of an agent in the save, which each incident gets: its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<u64>,
    /// When the sweep looks after them.
    pub overdue_at: Timestamp,
}

/// What was an incident of a problem when that was solved is solved, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentsSolved {
    /// How many stay as they were, because they can't be changed.
    #[serde(default, skip_serializing_if = "is_none_of_them")]
    pub left: u64,
}

fn is_none_of_them(count: &u64) -> bool {
    *count == 0
}

/// Agents follow it from now on, or do not any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowersChanged {
    /// Came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<PersonId>,
    /// Went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<PersonId>,
}

/// It came from another system, as it stood there: what happened there stands before this, with the times of then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Whether it was solved or closed there: then no clock of ours begins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_solved: bool,
    /// Its priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The group that works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// The agent who works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonId>,
    /// Who gets the answers in copy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ccs: Vec<PersonId>,
    /// Who follows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub followers: Vec<PersonId>,
    /// When it was last changed there.
    pub updated_at: Timestamp,
    /// When it closes, where it is solved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close_due_at: Option<Timestamp>,
    /// When the sweep looks after its assignment, where it is open and nobody has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment_overdue_at: Option<Timestamp>,
}

impl Imported {
    /// Whether somebody is to work on it.
    pub fn is_open(&self) -> bool {
        !self.is_solved
    }
}

/// The id in another system was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalIdChanged {
    /// From.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// To.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}
