//! Staff: who works here, and what they may do.

use serde::{Deserialize, Serialize};

/// Most people who work at one desk.
pub const MOST_STAFF: usize = 5_000;

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Asks.
    EndUser,
    /// Answers.
    Agent,
    /// Answers, and sets the desk up.
    Admin,
}

impl Role {
    /// Whether the person works here.
    pub fn is_staff(self) -> bool {
        !matches!(self, Self::EndUser)
    }

    /// The word the API uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EndUser => "end-user",
            Self::Agent => "agent",
            Self::Admin => "admin",
        }
    }
}
