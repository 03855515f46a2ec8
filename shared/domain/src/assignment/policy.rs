//! How a group gives out its tickets.

use super::AgentLoad;
use crate::{GroupId, Timestamp};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Longest wait for somebody with the required skills, in seconds: thirty days.
pub const LONGEST_RELAX_SECONDS: u32 = 30 * 24 * 3600;

/// How the agents of a group are ordered who could have a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The least load as a share of capacity first.
    #[default]
    LeastLoaded,
    /// Whoever has waited longest for a ticket first.
    RoundRobin,
    /// The desk gives nothing out: agents take tickets themselves.
    Manual,
}

impl Strategy {
    /// The words by which people know it.
    pub fn words(self) -> &'static str {
        match self {
            Self::LeastLoaded => "least loaded",
            Self::RoundRobin => "round robin",
            Self::Manual => "manual",
        }
    }

    /// Who of two comes first.
    pub(super) fn order(self, a: &AgentLoad, b: &AgentLoad) -> Ordering {
        match self {
            Self::LeastLoaded => share(a, b),
            Self::RoundRobin | Self::Manual => a.last_assigned_at.cmp(&b.last_assigned_at),
        }
    }
}

/// Loads as shares of capacity: a/b < c/d as a*d < c*b, so that no rounding decides.
fn share(a: &AgentLoad, b: &AgentLoad) -> Ordering {
    let left = i128::from(a.load_units) * i128::from(b.capacity);
    let right = i128::from(b.load_units) * i128::from(a.capacity);
    left.cmp(&right)
}

/// How a group gives out its tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupAssignment {
    /// How its agents are ordered.
    #[serde(default)]
    pub strategy: Strategy,
    /// Whether the agent who had the requester's last ticket comes first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prefers_previous_agent: bool,
    /// After how many seconds of waiting required skills are waived, all at once; never where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relax_skills_after_seconds: Option<u32>,
    /// The group to which its tickets are escalated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalates_to: Option<GroupId>,
}

impl GroupAssignment {
    /// When the skills are waived of a ticket that has waited since.
    pub fn relaxes_at(&self, since: Timestamp) -> Option<Timestamp> {
        let wait = SignedDuration::from_secs(i64::from(self.relax_skills_after_seconds?));
        since.checked_add(wait).ok()
    }
}
