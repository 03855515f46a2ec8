//! An event: one fact of a ticket with its version, time, actor and cause. Events are immutable.

use super::fact::Fact;
use crate::rule::Planned;
use crate::sla::Clocks;
use crate::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// The person who asks.
    Requester(PersonId),
    /// A person who neither asks nor works here.
    ThirdParty(PersonId),
    /// Somebody who works here.
    Agent(PersonId),
    /// A rule, by name.
    Rule(String),
    /// The desk itself.
    System,
    /// Somebody who works here and brings it in from another system: nothing follows from it.
    Import(PersonId),
}

impl Actor {
    /// The person, if it was one.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Requester(id) | Self::ThirdParty(id) | Self::Agent(id) | Self::Import(id) => Some(*id),
            Self::Rule(_) | Self::System => None,
        }
    }

    /// Whether it only tells what happened in another system.
    pub fn imports(&self) -> bool {
        matches!(self, Self::Import(_))
    }

    /// Whether an agent did it.
    pub fn is_agent(&self) -> bool {
        matches!(self, Self::Agent(_))
    }
}

/// An event: the `v`-th of its ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketEvent {
    /// Version that the ticket has with it.
    pub v: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What led to it: the guard key of a contact, the version of the event before, a timer's due time.
    pub cause: String,
    /// What.
    #[serde(flatten)]
    pub fact: Fact,
    /// The clocks with it, where the save that it ends changed them: so the ticket stays the sum of its events, and its
    /// history shows how each due time moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clocks: Option<Clocks>,
    /// The automations that are to run with it, where the save that it ends changed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automations: Option<Vec<Planned>>,
    /// Whether people's words in it were erased. What stands in their place is blank or nothing.
    #[serde(skip)]
    pub is_erased: bool,
}
