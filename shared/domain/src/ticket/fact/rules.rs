//! Facts of rules: what ran, what did not, and what agents were told.

use crate::{PersonId, RuleId, Timestamp, contact::comment::BodyRef, rule::RuleKind};
use serde::{Deserialize, Serialize};

/// A rule ran. What it did stands in the events before it, which name it as their actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRan {
    /// The rule.
    pub rule: RuleId,
    /// Its kind.
    pub kind: RuleKind,
    /// What it is called.
    pub name: String,
    /// Why, in a sentence.
    pub reason: String,
    /// What its condition read, with the values it found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<(String, String)>,
    /// What it could not do, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_undone: Vec<String>,
    /// The addresses it calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<String>,
    /// Of an automation: when it was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
}

/// A rule that was to run did not, and will not for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleStopped {
    /// The rule.
    pub rule: RuleId,
    /// Its kind.
    pub kind: RuleKind,
    /// What it is called.
    pub name: String,
    /// Why, in a sentence.
    pub reason: String,
    /// Of an automation: when it was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
}

/// A rule tells agents something by mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentsNotified {
    /// The rule.
    pub rule: RuleId,
    /// What it is called.
    pub name: String,
    /// Whom.
    pub to: Vec<PersonId>,
    /// The subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Where the text lies.
    pub body: BodyRef,
}
