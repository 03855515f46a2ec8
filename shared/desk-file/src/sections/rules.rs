//! Sections `routing`, `triggers`, `automations` and `macros`.

use super::{
    RuleActionEntry, SinceName,
    policies::{every_ticket, is_every_ticket},
};
use crate::values::Duration;
use docket_domain::rule::{DEFAULT_BUDGET, LONGEST_DESCRIPTION, LONGEST_NAME, MOST_ACTIONS, MOST_BUDGET};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is done where a condition holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleEntry {
    /// What it is called; no two of a section are called the same.
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    pub name: String,
    /// What it is for, in the operator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = LONGEST_DESCRIPTION))]
    pub description: Option<String>,
    /// When it does something: a condition in CEL, such as `"vip" in requester.tags`. Left out, always.
    #[serde(default = "every_ticket", skip_serializing_if = "is_every_ticket")]
    pub when: String,
    /// What is done, in order. At most 20.
    #[schemars(length(min = 1, max = MOST_ACTIONS))]
    pub actions: Vec<RuleActionEntry>,
    /// Whether the rules of this section behind it do not run where it did.
    #[serde(default, skip_serializing_if = "is_not")]
    pub last: bool,
    /// Most runs on one ticket within an hour; 10 where nothing is said.
    #[serde(default = "usual_budget", skip_serializing_if = "is_usual_budget")]
    #[schemars(range(min = 1, max = MOST_BUDGET))]
    pub budget: u32,
    /// Whether it runs at all.
    #[serde(default = "yes", skip_serializing_if = "is")]
    pub active: bool,
}

/// What is done when time has passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AutomationEntry {
    /// What it is called; no two are called the same.
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    pub name: String,
    /// What it is for, in the operator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = LONGEST_DESCRIPTION))]
    pub description: Option<String>,
    /// For which tickets: a condition in CEL, such as `ticket.status == "pending"`. Left out, for all.
    #[serde(default = "every_ticket", skip_serializing_if = "is_every_ticket")]
    pub when: String,
    /// It runs so long after the moment, in real time, whatever the calendar; a minute to a year.
    pub after: Duration,
    /// The moment it counts from.
    pub since: SinceName,
    /// What is done, in order. At most 20.
    #[schemars(length(min = 1, max = MOST_ACTIONS))]
    pub actions: Vec<RuleActionEntry>,
    /// Most runs on one ticket within an hour; 10 where nothing is said.
    #[serde(default = "usual_budget", skip_serializing_if = "is_usual_budget")]
    #[schemars(range(min = 1, max = MOST_BUDGET))]
    pub budget: u32,
    /// Whether it runs at all.
    #[serde(default = "yes", skip_serializing_if = "is")]
    pub active: bool,
}

/// What is done when an agent says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MacroEntry {
    /// What it is called; no two are called the same.
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    pub name: String,
    /// What it is for, in the operator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = LONGEST_DESCRIPTION))]
    pub description: Option<String>,
    /// What is done, in order. At most 20.
    #[schemars(length(min = 1, max = MOST_ACTIONS))]
    pub actions: Vec<RuleActionEntry>,
    /// Whether it can be run at all.
    #[serde(default = "yes", skip_serializing_if = "is")]
    pub active: bool,
}

fn usual_budget() -> u32 {
    DEFAULT_BUDGET
}

fn is_usual_budget(budget: &u32) -> bool {
    *budget == DEFAULT_BUDGET
}

fn yes() -> bool {
    true
}

fn is(value: &bool) -> bool {
    *value
}

fn is_not(value: &bool) -> bool {
    !value
}
