//! A form: which fields belong to a kind of ticket.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longest name of a form in characters.
const LONGEST_NAME: usize = 255;
/// Most fields of one form.
const MOST_FIELDS: usize = 300;
/// Most conditions of one form, for agents and for customers each.
const MOST_CONDITIONS: usize = 500;

/// A status that tickets of a form can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormStatus {
    /// The number of this pair.
    pub id: u64,
    /// The status.
    pub status: u64,
}

/// A form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketForm {
    /// Its number.
    pub id: u64,
    /// What agents know it by.
    pub name: String,
    /// What customers know it by, where that is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Its place.
    #[serde(default)]
    pub position: u64,
    /// Whether it is in use.
    #[serde(default)]
    pub is_active: bool,
    /// Whether it is the one that holds where none is named.
    #[serde(default, rename = "default", skip_serializing_if = "std::ops::Not::not")]
    pub is_default: bool,
    /// Whether customers see it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub end_user_visible: bool,
    /// Its fields in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<u64>,
    /// Which fields agents see and have to fill in because of others, as it was sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agent_conditions: Vec<Value>,
    /// The same for customers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub end_user_conditions: Vec<Value>,
    /// Which statuses its tickets can have; all of them where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<FormStatus>,
    /// Made.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

impl TicketForm {
    /// A form of which nothing else is said.
    pub fn new(id: u64, name: impl Into<String>, now: Timestamp) -> Self {
        Self {
            id,
            name: name.into(),
            display_name: None,
            position: 0,
            is_active: true,
            is_default: false,
            end_user_visible: false,
            fields: Vec::new(),
            agent_conditions: Vec::new(),
            end_user_conditions: Vec::new(),
            statuses: Vec::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Checks the form by itself. The error names the attribute.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        if self.name.trim().is_empty() {
            return Err(("name", "cannot be blank".to_owned()));
        }
        let display = self.display_name.as_deref().unwrap_or_default();
        for (name, text) in [("name", self.name.as_str()), ("display_name", display)] {
            let length = text.chars().count();
            if length > LONGEST_NAME {
                let words = format!("has {length} characters, at most {LONGEST_NAME} are allowed");
                return Err((name, words));
            }
        }
        if self.fields.len() > MOST_FIELDS {
            return Err(("ticket_field_ids", format!("at most {MOST_FIELDS} are allowed")));
        }
        for (name, conditions) in [
            ("agent_conditions", &self.agent_conditions),
            ("end_user_conditions", &self.end_user_conditions),
        ] {
            if conditions.len() > MOST_CONDITIONS {
                return Err((name, format!("at most {MOST_CONDITIONS} are allowed")));
            }
        }
        if self.is_default && !self.is_active {
            return Err(("active", "the default form has to be active".to_owned()));
        }
        Ok(())
    }

    /// Whether its tickets can have a status.
    pub fn takes_status(&self, id: u64) -> bool {
        self.statuses.is_empty() || self.statuses.iter().any(|one| one.status == id)
    }
}
