//! Categories of triggers: what an operator sorts them into. They change nothing about what triggers do, nor when.

use super::RuleBook;
use crate::{RuleId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most categories of a desk.
pub const MOST_CATEGORIES: usize = 100;

/// A category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriggerCategory {
    /// The id.
    pub id: u64,
    /// What it is called.
    pub name: String,
    /// Its place among the others.
    pub position: u32,
    /// The triggers in it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub triggers: BTreeSet<RuleId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl RuleBook {
    /// The category that a trigger is in.
    pub fn category_of(&self, trigger: RuleId) -> Option<u64> {
        let mut categories = self.trigger_categories.iter();
        let found = categories.find(|category| category.triggers.contains(&trigger))?;
        Some(found.id)
    }

    /// Puts a trigger into a category, and out of the one that it was in. Nothing: there is no such category.
    pub fn put_into_category(&mut self, trigger: RuleId, category: Option<u64>) -> Option<()> {
        let categories = &mut self.trigger_categories;
        if category.is_some_and(|id| !categories.iter().any(|known| known.id == id)) {
            return None;
        }
        for known in categories {
            if Some(known.id) == category {
                known.triggers.insert(trigger);
            } else {
                known.triggers.remove(&trigger);
            }
        }
        Some(())
    }

    /// Takes triggers out of their categories that are there no more.
    pub(super) fn settle_categories(&mut self) {
        let known: BTreeSet<RuleId> = self.rules.iter().map(|rule| rule.id).collect();
        for category in &mut self.trigger_categories {
            category.triggers.retain(|trigger| known.contains(trigger));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(id: u64) -> TriggerCategory {
        TriggerCategory {
            id,
            name: format!("Category {id}"),
            position: 1,
            triggers: BTreeSet::new(),
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_trigger_is_in_one_category_at_most() {
        let mut book = RuleBook {
            trigger_categories: vec![category(1), category(2)],
            ..RuleBook::default()
        };
        assert_eq!(book.put_into_category(RuleId(7), Some(1)), Some(()));
        assert_eq!(book.put_into_category(RuleId(7), Some(2)), Some(()));
        assert_eq!(book.category_of(RuleId(7)), Some(2));
        assert_eq!(book.put_into_category(RuleId(7), Some(9)), None);
        assert_eq!(book.category_of(RuleId(7)), Some(2));
        book.settle_categories();
        assert_eq!(book.category_of(RuleId(7)), None, "there is no such rule");
    }
}
