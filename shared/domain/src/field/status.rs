//! A status of the operator's own: a name for tickets of one of the statuses that the desk knows.

use crate::{Timestamp, ticket::Status};
use serde::{Deserialize, Serialize};

/// Longest name in characters, as other desks have it.
const LONGEST_LABEL: usize = 48;
/// Longest description in characters, as other desks have it.
const LONGEST_DESCRIPTION: usize = 255;

/// A status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomStatus {
    /// Its number.
    pub id: u64,
    /// What it means to the desk: a ticket in it is of this status.
    pub category: Status,
    /// What agents know it by.
    pub agent_label: String,
    /// What customers know it by, where that is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_user_label: Option<String>,
    /// What agents are told of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What customers are told of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub end_user_description: String,
    /// Whether it is in use.
    #[serde(default)]
    pub is_active: bool,
    /// Whether it is the one that holds where only the category is said.
    #[serde(default, rename = "default", skip_serializing_if = "std::ops::Not::not")]
    pub is_default: bool,
    /// Made.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

impl CustomStatus {
    /// The number of the status that every desk has for this category; what is closed was solved.
    pub fn of_every_desk(category: Status) -> u64 {
        match category {
            Status::New => 1,
            Status::Open => 2,
            Status::Pending => 3,
            Status::Hold => 4,
            Status::Solved | Status::Closed => 5,
        }
    }

    /// Checks it. The error names the attribute.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        if self.agent_label.trim().is_empty() {
            return Err(("agent_label", "cannot be blank".to_owned()));
        }
        let end_user_label = self.end_user_label.as_deref().unwrap_or_default();
        for (name, text, longest) in [
            ("agent_label", self.agent_label.as_str(), LONGEST_LABEL),
            ("end_user_label", end_user_label, LONGEST_LABEL),
            ("description", self.description.as_str(), LONGEST_DESCRIPTION),
            (
                "end_user_description",
                self.end_user_description.as_str(),
                LONGEST_DESCRIPTION,
            ),
        ] {
            let length = text.chars().count();
            if length > longest {
                return Err((
                    name,
                    format!("has {length} characters, at most {longest} are allowed"),
                ));
            }
        }
        if self.is_default && !self.is_active {
            return Err((
                "active",
                "the default of its category has to be active".to_owned(),
            ));
        }
        Ok(())
    }
}
