//! What a rule is.

use super::{RuleAction, Timing};
use crate::RuleId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Runs of one rule on one ticket within an hour, unless set otherwise: enough for a lively conversation, and an end to two
/// programs that answer each other.
pub const DEFAULT_BUDGET: u32 = 10;
/// Most runs that can be allowed.
pub const MOST_BUDGET: u32 = 100;
/// Most actions of a rule: what a run does has to fit one transaction.
pub const MOST_ACTIONS: usize = 20;
/// Longest name in characters: it stands in events.
pub const LONGEST_NAME: usize = 100;
/// Longest description in characters.
pub const LONGEST_DESCRIPTION: usize = 1_000;

/// When a rule runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// On a new ticket, and when something changes that its condition reads.
    Routing,
    /// When something happens.
    Trigger,
    /// When time has passed.
    Automation,
    /// When an agent says so.
    Macro,
}

impl RuleKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Routing, Self::Trigger, Self::Automation, Self::Macro];

    /// What one of them is called.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Routing => "routing rule",
            Self::Trigger => "trigger",
            Self::Automation => "automation",
            Self::Macro => "macro",
        }
    }
}

impl fmt::Display for RuleKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The id.
    pub id: RuleId,
    /// When it runs.
    pub kind: RuleKind,
    /// What it is called; no two of a kind share a name.
    pub name: String,
    /// In the operator's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Rules of a kind run in the order of their positions, and of equals in that of their ids.
    pub position: u32,
    /// The condition in CEL. A macro has none that decides anything: an agent does.
    pub condition: String,
    /// What is done, in order.
    pub actions: Vec<RuleAction>,
    /// Whether rules of its kind behind it do not run where it did.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_last: bool,
    /// Most runs on one ticket within an hour.
    #[serde(default = "default_budget")]
    pub budget: u32,
    /// Whether it runs at all.
    #[serde(default = "yes")]
    pub is_active: bool,
    /// Of an automation: when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
}

fn default_budget() -> u32 {
    DEFAULT_BUDGET
}

fn yes() -> bool {
    true
}
