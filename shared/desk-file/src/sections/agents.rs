//! Section `agents`: who works here.

use super::policies::words;
use docket_domain::{
    assignment::{DEFAULT_CAPACITY, MOST_CAPACITY},
    people::{person::LONGEST_PERSON_TEXT, staff::Role},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Somebody who works here, known by their mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentEntry {
    /// Their mail address. A customer who has it becomes an agent.
    pub email: String,
    /// The name that customers and colleagues see. Left out, it stays as it is; somebody new is called by their address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = LONGEST_PERSON_TEXT))]
    pub name: Option<String>,
    /// What they may do; `agent` where nothing is said.
    #[serde(default = "agent", skip_serializing_if = "is_agent")]
    pub role: RoleName,
    /// The units of load that they take at once. A ticket has 1, unless `channel_weights` says otherwise. At most 10,000.
    #[serde(default = "capacity", skip_serializing_if = "is_capacity")]
    #[schemars(range(max = MOST_CAPACITY))]
    pub capacity: u32,
    /// What they can do, by the name of the skill, and how well: 1 to 5.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skills: BTreeMap<String, u8>,
    /// The calendar, by its name, by which they work. Left out, they get tickets whenever they are online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// Their language, as a BCP 47 tag such as `de` or `pt-BR`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = LONGEST_PERSON_TEXT))]
    pub locale: Option<String>,
}

words! {
    /// What somebody who works here may do.
    RoleName {
        /// Answers.
        Agent,
        /// Answers, and sets the desk up. A desk has one at least.
        Admin,
    }
}

impl From<RoleName> for Role {
    fn from(word: RoleName) -> Self {
        match word {
            RoleName::Agent => Self::Agent,
            RoleName::Admin => Self::Admin,
        }
    }
}

impl RoleName {
    /// The word for a role, if it is one of those who work here.
    pub fn of(role: Role) -> Option<Self> {
        match role {
            Role::Agent => Some(Self::Agent),
            Role::Admin => Some(Self::Admin),
            Role::EndUser => None,
        }
    }
}

fn agent() -> RoleName {
    RoleName::Agent
}

fn is_agent(role: &RoleName) -> bool {
    *role == agent()
}

fn capacity() -> u32 {
    DEFAULT_CAPACITY
}

fn is_capacity(capacity: &u32) -> bool {
    *capacity == DEFAULT_CAPACITY
}
