//! What is wrong with a condition, and what conditions of every kind are made with.

use crate::matcher::Matcher;
use docket_domain::view::ViewCondition;

/// Which part of a condition is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongPart {
    /// What is compared.
    Field,
    /// How.
    Operator,
    /// With what.
    Value,
}

impl WrongPart {
    /// Its name in a condition.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Operator => "operator",
            Self::Value => "value",
        }
    }
}

/// A condition that can't be answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct WrongCondition {
    /// What of it is wrong.
    pub part: WrongPart,
    /// In words for whoever wrote it.
    pub words: String,
}

pub(super) fn wrong(part: WrongPart, words: impl Into<String>) -> WrongCondition {
    let words = words.into();
    WrongCondition { part, words }
}

pub(super) fn wrong_operator(condition: &ViewCondition, allowed: &str) -> WrongCondition {
    let (operator, field) = (&condition.operator, &condition.field);
    let words = format!("{operator:?} can't be used with {field}: one of {allowed}");
    wrong(WrongPart::Operator, words)
}

pub(super) fn wrong_value(condition: &ViewCondition, value: &str) -> WrongCondition {
    wrong(
        WrongPart::Value,
        format!("{value:?} is nothing that {} can be", condition.field),
    )
}

pub(super) fn not(matcher: Matcher) -> Matcher {
    Matcher::Not(Box::new(matcher))
}

/// A single value.
pub(super) fn single(condition: &ViewCondition) -> Result<&str, WrongCondition> {
    match condition.value.each() {
        [only] => Ok(only),
        _ => Err(wrong(WrongPart::Value, "has to be one value")),
    }
}
