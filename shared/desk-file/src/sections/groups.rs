//! Section `groups`: who works on tickets.

use super::policies::words;
use crate::values::Duration;
use docket_domain::{
    assignment::Strategy,
    configuration::{LONGEST_DESCRIPTION, LONGEST_NAME},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A group of agents, known by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupEntry {
    /// What it is called; no two are called the same.
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    pub name: String,
    /// What it is for, in the operator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = LONGEST_DESCRIPTION))]
    pub description: Option<String>,
    /// Whether tickets go to it that no rule sends elsewhere. One group has that; where none is named, it stays with the one
    /// that has it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
    /// Its agents, by mail address. Left out, its members stay as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<String>>,
    /// Who of them gets a ticket; `least_loaded` where nothing is said.
    #[serde(default = "least_loaded", skip_serializing_if = "is_least_loaded")]
    pub strategy: StrategyName,
    /// Whether the agent who had the requester's last ticket comes first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub previous_agent_first: bool,
    /// After which wait the skills that a ticket requires are waived, all at once; never where nothing is said. At most 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relax_skills_after: Option<Duration>,
    /// The group, by its name, to which its tickets are escalated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalates_to: Option<String>,
}

words! {
    /// Who of a group's agents gets a ticket.
    StrategyName = Strategy {
        /// The least load as a share of capacity first.
        LeastLoaded,
        /// Whoever has waited longest for a ticket first.
        RoundRobin,
        /// The desk gives nothing out: agents take tickets themselves.
        Manual,
    }
}

fn least_loaded() -> StrategyName {
    StrategyName::LeastLoaded
}

fn is_least_loaded(strategy: &StrategyName) -> bool {
    *strategy == StrategyName::LeastLoaded
}
