//! What an agent is told of, and by which ways they chose to hear it.
//!
//! Who is told follows from a ticket's events, so a repeat comes to the same, and nobody is told of what they did themselves. Only of an
//! answer that waited and could not be saved there is no event: its author is told in the transaction that refuses it.

mod settings;
mod told;

pub use settings::{NotificationSettings, Ways};
pub use told::{MOST_TOLD, told};

use crate::{PersonId, TicketNumber, Timestamp};
use serde::{Deserialize, Serialize};

/// What an agent is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// They were given a ticket.
    Assigned,
    /// Somebody named them in a comment.
    Mentioned,
    /// A customer wrote on a ticket of theirs.
    Replied,
    /// A due time of a ticket of theirs went by.
    Breached,
    /// An answer of theirs that waited could not be saved: that follows from no event.
    Unsent,
}

impl NotificationKind {
    /// Those that agents choose among, in the order they are shown in. Of what was not sent its author is always told.
    pub const ALL: [Self; 4] = [Self::Assigned, Self::Mentioned, Self::Replied, Self::Breached];

    /// How keys and forms name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Mentioned => "mentioned",
            Self::Replied => "replied",
            Self::Breached => "breached",
            Self::Unsent => "unsent",
        }
    }

    /// The kind that is named so.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Something an agent is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// What it is.
    pub kind: NotificationKind,
    /// The ticket it is about.
    pub ticket: TicketNumber,
    /// The version of the event it follows from.
    pub v: u64,
    /// When that was.
    pub at: Timestamp,
    /// Who did it, if it was a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}
