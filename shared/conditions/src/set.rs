//! Conditions of a whole configuration.

use std::collections::BTreeSet;

use crate::condition::{Condition, Evaluation};
use crate::error::{ConditionError, EvaluationError};
use crate::facts::Facts;
use crate::prepared::Prepared;
use crate::words::Vocabulary;

/// Named conditions in their order, checked once and evaluated for many tickets.
#[derive(Clone, Debug, Default)]
pub struct ConditionSet {
    conditions: Vec<(String, Condition)>,
}

/// A condition of a set that was refused.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("condition of {name:?} is refused")]
pub struct RefusedCondition {
    /// The name.
    pub name: String,
    /// Why.
    #[source]
    pub error: ConditionError,
}

impl ConditionSet {
    /// Reads and checks conditions, each with the name of its rule.
    ///
    /// # Errors
    ///
    /// Every condition that is refused, not only the first.
    pub fn parse<'a>(
        named_sources: impl IntoIterator<Item = (&'a str, &'a str)>,
        vocabulary: &Vocabulary,
    ) -> Result<Self, Vec<RefusedCondition>> {
        let mut set = Self::default();
        let mut refused = Vec::new();
        for (name, source) in named_sources {
            let name = name.to_owned();
            match Condition::parse_with(source, vocabulary) {
                Ok(condition) => set.conditions.push((name, condition)),
                Err(error) => refused.push(RefusedCondition { name, error }),
            }
        }
        if refused.is_empty() { Ok(set) } else { Err(refused) }
    }

    /// The conditions in their order, with their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Condition)> {
        self.conditions
            .iter()
            .map(|(name, condition)| (name.as_str(), condition))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.conditions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Every calendar that one of them can ask: [`Facts::calendars_open`] must hold each of them.
    pub fn calendars(&self) -> BTreeSet<&str> {
        let calendars = self.iter().flat_map(|(_, condition)| condition.calendars());
        calendars.map(String::as_str).collect()
    }

    /// Evaluates all of them in their order. A caller that stops at the first match takes no more.
    pub fn evaluate<'a>(
        &'a self,
        facts: &'a Facts,
    ) -> impl Iterator<Item = (&'a str, Result<Evaluation, EvaluationError>)> {
        let prepared = Prepared::new(facts);
        self.conditions
            .iter()
            .map(move |(name, condition)| (name.as_str(), condition.evaluate_prepared(&prepared)))
    }
}
