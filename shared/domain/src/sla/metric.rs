//! What promises are about, and the steps a clock takes.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What a promise is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Created until the first public answer of an agent.
    FirstReply,
    /// After the first reply: the requester's oldest unanswered comment until the next public answer.
    NextReply,
    /// From each public answer of an agent until the next one, while the ticket is unsolved.
    PeriodicUpdate,
    /// Created until solved; goes on when the ticket is reopened.
    Resolution,
}

impl Metric {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::FirstReply,
        Self::NextReply,
        Self::PeriodicUpdate,
        Self::Resolution,
    ];

    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FirstReply => "first_reply",
            Self::NextReply => "next_reply",
            Self::PeriodicUpdate => "periodic_update",
            Self::Resolution => "resolution",
        }
    }

    /// What is promised, within a sentence.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::FirstReply => "first reply",
            Self::NextReply => "next reply",
            Self::PeriodicUpdate => "update",
            Self::Resolution => "resolution",
        }
    }
}

/// When a clock warns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// After this share of the target, in percent.
    Percent(u8),
    /// So many seconds of the clock before it is due.
    SecondsBefore(i64),
}

/// A step that a clock takes, once. It is known by what it is, not by its place in the policy: an edited policy neither
/// repeats nor forgets a step. Written `w80%`, `w3600s`, `b`, `e600s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Step {
    /// It warns.
    Warning(Warning),
    /// It is due.
    Breach,
    /// It has been due for so many seconds of the clock.
    Escalation(i64),
}

/// A text that is no step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no step of a clock, such as w80%, w3600s, b or e600s")]
pub struct BadStep(String);

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Warning(Warning::Percent(percent)) => write!(f, "w{percent}%"),
            Self::Warning(Warning::SecondsBefore(seconds)) => write!(f, "w{seconds}s"),
            Self::Breach => f.write_str("b"),
            Self::Escalation(seconds) => write!(f, "e{seconds}s"),
        }
    }
}

impl FromStr for Step {
    type Err = BadStep;

    fn from_str(text: &str) -> Result<Self, BadStep> {
        let percent = |text: &str| text.strip_suffix('%')?.parse().ok();
        let seconds = |text: &str| text.strip_suffix('s')?.parse().ok();
        let step = if text == "b" {
            Some(Self::Breach)
        } else if let Some(rest) = text.strip_prefix('w') {
            let share = percent(rest).map(Warning::Percent);
            share
                .or_else(|| seconds(rest).map(Warning::SecondsBefore))
                .map(Self::Warning)
        } else {
            text.strip_prefix('e').and_then(seconds).map(Self::Escalation)
        };
        step.ok_or_else(|| BadStep(text.to_owned()))
    }
}

impl TryFrom<String> for Step {
    type Error = BadStep;
    fn try_from(text: String) -> Result<Self, BadStep> {
        text.parse()
    }
}

impl From<Step> for String {
    fn from(step: Step) -> Self {
        step.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_reads_back_as_it_was_written() {
        for text in ["w80%", "w3600s", "b", "e0s", "e600s"] {
            assert_eq!(text.parse::<Step>().unwrap().to_string(), text);
        }
        for text in ["", "w", "w80", "e5%", "B"] {
            assert_eq!(text.parse::<Step>(), Err(BadStep(text.to_owned())));
        }
    }
}
