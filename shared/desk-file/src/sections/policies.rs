//! Section `sla_policies`.

use super::Targets;
use crate::values::Duration;
use docket_domain::{
    sla::{LONGEST_DESCRIPTION, LONGEST_TITLE, MOST_ACTIONS},
    ticket::{Priority, Status},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What is promised to the tickets for which a condition holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyEntry {
    /// What it is called; no two are called the same.
    #[schemars(length(min = 1, max = LONGEST_TITLE))]
    pub name: String,
    /// What it is for, in the operator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = LONGEST_DESCRIPTION))]
    pub description: Option<String>,
    /// For which tickets it holds: a condition in CEL, such as `requester.tier == "vip"`. Left out, it holds for all.
    #[serde(default = "every_ticket", skip_serializing_if = "is_every_ticket")]
    pub when: String,
    /// In which hours its clocks run: `round_the_clock`, or the name of a calendar.
    #[serde(default)]
    pub hours: HoursOf,
    /// Statuses in which its clocks stand still; `[pending, hold]` where nothing is said.
    #[serde(default = "waiting_statuses")]
    pub pauses_in: Vec<PausingStatus>,
    /// What it promises.
    #[serde(default)]
    pub targets: Targets,
}

const EVERY_TICKET: &str = "true";

pub(super) fn every_ticket() -> String {
    EVERY_TICKET.to_owned()
}

pub(super) fn is_every_ticket(condition: &str) -> bool {
    condition == EVERY_TICKET
}

fn waiting_statuses() -> Vec<PausingStatus> {
    vec![PausingStatus::Pending, PausingStatus::Hold]
}

/// In which hours clocks run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum HoursOf {
    /// Always.
    #[default]
    RoundTheClock,
    /// In those of the calendar of this name.
    Calendar(String),
}

/// What no calendar can be called.
pub(crate) const ROUND_THE_CLOCK: &str = "round_the_clock";

impl From<String> for HoursOf {
    fn from(text: String) -> Self {
        if text == ROUND_THE_CLOCK {
            return Self::RoundTheClock;
        }
        Self::Calendar(text)
    }
}

impl From<HoursOf> for String {
    fn from(hours: HoursOf) -> Self {
        match hours {
            HoursOf::RoundTheClock => ROUND_THE_CLOCK.to_owned(),
            HoursOf::Calendar(name) => name,
        }
    }
}

impl JsonSchema for HoursOf {
    fn schema_name() -> Cow<'static, str> {
        "HoursOf".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "`round_the_clock`, or the name of a calendar.",
            "anyOf": [{ "const": ROUND_THE_CLOCK }, { "type": "string" }],
        })
    }
}

/// A word of the file; where a type of the domain is named, one that stands for its value, both ways.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }
    };
    ($(#[$doc:meta])* $name:ident = $domain:ident { $($(#[$vdoc:meta])* $variant:ident,)+ }) => {
        words! { $(#[$doc])* $name { $($(#[$vdoc])* $variant,)+ } }

        impl From<$name> for $domain {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant,)+ }
            }
        }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                match value { $($domain::$variant => Self::$variant,)+ }
            }
        }
    };
}
pub(super) use words;

words! {
    /// A status in which clocks may stand still: one in which a ticket is unsolved.
    PausingStatus {
        /// Nobody has answered.
        New,
        /// Somebody works on it.
        Open,
        /// It waits for the requester.
        Pending,
        /// It waits for a third party.
        Hold,
    }
}

impl From<PausingStatus> for Status {
    fn from(word: PausingStatus) -> Self {
        match word {
            PausingStatus::New => Self::New,
            PausingStatus::Open => Self::Open,
            PausingStatus::Pending => Self::Pending,
            PausingStatus::Hold => Self::Hold,
        }
    }
}

impl PausingStatus {
    /// The word for a status, if clocks may stand still in it.
    pub(crate) fn of(status: Status) -> Option<Self> {
        [Self::New, Self::Open, Self::Pending, Self::Hold]
            .into_iter()
            .find(|word| Status::from(*word) == status)
    }
}

words! {
    /// How urgent a ticket is.
    PriorityName = Priority {
        /// It may wait.
        Low,
        /// As most.
        Normal,
        /// Before others.
        High,
        /// At once.
        Urgent,
    }
}

/// What is done when a clock has been due for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationEntry {
    /// How long after the breach, counted by the clock itself; left out, at the breach.
    #[serde(default, skip_serializing_if = "is_at_once")]
    pub after: Duration,
    /// What is done, in order. At most 8.
    #[schemars(length(max = MOST_ACTIONS))]
    pub actions: Vec<ActionEntry>,
}

fn is_at_once(after: &Duration) -> bool {
    after.seconds == 0
}

/// Something that an escalation does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionEntry {
    /// Tell somebody.
    Notify(RecipientEntry),
    /// Raise the priority to this, if it is lower.
    RaisePriority(PriorityName),
    /// Move the ticket to the group of this name.
    MoveToGroup(String),
    /// Add a tag.
    AddTag(String),
    /// Call this address, which begins with `https://`.
    CallWebhook(String),
}

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecipientEntry {
    /// Whoever has the ticket.
    Assignee,
    /// The agents of the group of this name.
    Group(String),
    /// The agent with this mail address.
    Agent(String),
}
