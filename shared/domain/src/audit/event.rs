//! An audit event.

use super::{Fields, Subject};
use crate::{
    Timestamp,
    record::{
        Recorded,
        words::{Word, absent},
    },
    ticket::Actor,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Who changes something, when, and because of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedBy {
    /// Who.
    pub actor: Actor,
    /// What led to it: the guard key of a contact or call, a word for what was done.
    pub cause: String,
    /// When.
    pub at: Timestamp,
}

impl ChangedBy {
    /// Somebody.
    pub fn new(actor: Actor, cause: impl Into<String>, at: Timestamp) -> Self {
        let cause = cause.into();
        Self { actor, cause, at }
    }

    /// The desk itself, or somebody at its command line.
    pub fn system(cause: impl Into<String>, at: Timestamp) -> Self {
        Self::new(Actor::System, cause, at)
    }
}

/// What became of the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It was made.
    Created,
    /// It was changed.
    Changed,
    /// It was removed.
    Removed,
}

/// A field before and after; absent where it had no value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// After.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
}

/// An event: the `v`-th of its subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Version that the subject has with it.
    pub v: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What led to it.
    pub cause: String,
    /// What the subject is.
    pub of: String,
    /// What became of it.
    pub what: What,
    /// The fields that are another now.
    pub changed: BTreeMap<String, Field>,
    /// Whether people's words in it were erased. What stood in their place is absent.
    #[serde(skip)]
    pub is_erased: bool,
}

impl AuditEvent {
    /// An event about a subject.
    pub fn new(
        v: u64,
        subject: Subject,
        what: What,
        changed: BTreeMap<String, Field>,
        by: &ChangedBy,
    ) -> Self {
        Self {
            v,
            at: by.at,
            actor: by.actor.clone(),
            cause: by.cause.clone(),
            of: subject.kind().to_owned(),
            what,
            changed,
            is_erased: false,
        }
    }
}

/// Where people's words stand. All else is the desk's vocabulary: ids, times, roles, tags, names of groups, mailboxes and
/// channels, digests of texts that the operator wrote.
const OF_PEOPLE: &[Word] = &[
    absent(&["changed", "name", "*"]),
    absent(&["changed", "email", "*"]),
    absent(&["changed", "phone", "*"]),
    absent(&["changed", "external_id", "*"]),
    absent(&["changed", "identities", "*"]),
    absent(&["changed", "details", "*"]),
    absent(&["changed", "notes", "*"]),
    absent(&["changed", "identity_notes", "*"]),
    absent(&["changed", "alias", "*"]),
    absent(&["changed", "signature", "*"]),
    absent(&["changed", "locale", "*"]),
    absent(&["changed", "time_zone", "*"]),
    absent(&["changed", "user_fields", "*"]),
    absent(&["changed", "undeliverable.address", "*"]),
    absent(&["changed", "undeliverable.why", "*"]),
];
const OF_ORGANIZATIONS: &[Word] = &[
    absent(&["changed", "name", "*"]),
    absent(&["changed", "domains", "*"]),
    absent(&["changed", "external_id", "*"]),
    absent(&["changed", "details", "*"]),
    absent(&["changed", "notes", "*"]),
    absent(&["changed", "organization_fields", "*"]),
];

/// What people call a view and look for with it may name somebody.
const OF_VIEWS: &[Word] = &[
    absent(&["changed", "title", "*"]),
    absent(&["changed", "description", "*"]),
    absent(&["changed", "all", "*"]),
    absent(&["changed", "any", "*"]),
];

impl Recorded for AuditEvent {
    fn v(&self) -> u64 {
        self.v
    }

    fn words_in(event: &Value) -> &'static [Word] {
        match event["of"].as_str() {
            Some("person") => OF_PEOPLE,
            Some("organization") => OF_ORGANIZATIONS,
            Some("view") => OF_VIEWS,
            _ => &[],
        }
    }

    fn note_erased(&mut self) {
        self.is_erased = true;
    }
}

/// What events add up to.
pub(super) struct Sum {
    /// Whether they are about the rules.
    of_rules: bool,
    fields: Option<Fields>,
    /// Fields of which nobody can say any more what they are.
    erased: BTreeSet<String>,
}

pub(super) fn sum<'e>(events: impl IntoIterator<Item = &'e AuditEvent>) -> Sum {
    let mut sum = Sum {
        of_rules: false,
        fields: None,
        erased: BTreeSet::new(),
    };
    for event in events {
        sum.of_rules = event.of == Subject::Rules.kind();
        if event.what == What::Removed {
            sum.fields = None;
            continue;
        }
        let fields = sum.fields.get_or_insert_default();
        for (name, field) in &event.changed {
            sum.erased.remove(name);
            match &field.to {
                Some(value) => drop(fields.insert(name.clone(), value.clone())),
                None => {
                    fields.remove(name);
                    let is_word = |word: &Word| word.path.get(1) == Some(&name.as_str());
                    let json = serde_json::json!({ "of": event.of });
                    if event.is_erased && AuditEvent::words_in(&json).iter().any(is_word) {
                        sum.erased.insert(name.clone());
                    }
                }
            }
        }
    }
    sum
}

impl Sum {
    /// Whether these are its fields, as far as it can be said. A field that no event names was not there when they were stored: it
    /// may have come with a later release, and then it says nothing yet.
    pub fn is(&self, fields: Option<&Fields>) -> bool {
        let (Some(sum), Some(fields)) = (&self.fields, fields) else {
            return self.fields.is_none() == fields.is_none();
        };
        let names = sum.keys().chain(fields.keys());
        let is_left_out = |name: &str| self.erased.contains(name) || (self.of_rules && is_derived(name));
        let mut judged = names.filter(|name| !is_left_out(name));
        judged.all(|name| match (sum.get(name), fields.get(name)) {
            (None, Some(value)) => says_nothing(value),
            (known, stands) => known == stands,
        })
    }
}

/// Whether a field is worked out of what another field vouches for: a digest of a part of the rules, as this release writes them.
fn is_derived(name: &str) -> bool {
    const PARTS: [&str; 5] = ["rules.", "templates.", "skills.", "attributes.", "fields."];
    PARTS.iter().any(|part| name.starts_with(part))
}

/// Whether a value is what a field begins with.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Bool(said) => !said,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Number(number) => number.as_u64() == Some(0),
        Value::Object(_) | Value::Null => true,
    }
}
