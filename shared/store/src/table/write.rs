//! The parts of a transaction.

use crate::{Never, table::item::Item};
use aws_sdk_dynamodb::{
    error::BuildError,
    types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update},
};
use std::collections::{BTreeMap, BTreeSet};

/// Most bytes of an item (DynamoDB, quotas, looked up 2026-11).
const MOST_ITEM_BYTES: usize = 400 * 1024;

/// What it means when the condition of a part fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The contact or request was taken in before.
    Guard,
    /// Somebody else was first: reload and decide again.
    State,
    /// The agent who was chosen has changed: the same.
    Load,
}

/// One part of a transaction.
#[derive(Clone, Debug)]
pub struct Write {
    pub(crate) role: Role,
    pub(crate) table: String,
    pub(crate) action: Action,
    pub(crate) condition: Option<String>,
    pub(crate) values: BTreeMap<String, AttributeValue>,
}

/// What a part does. Expressions name no reserved words, so no name placeholders are needed.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    Put(Item),
    Delete {
        key: Item,
    },
    Update {
        key: Item,
        expression: String,
    },
    /// Nothing: the condition is what counts.
    Check {
        key: Item,
    },
}

/// A condition that always holds. A part that does nothing has to have one.
const ALWAYS: &str = "attribute_exists(PK) OR attribute_not_exists(PK)";

impl Write {
    /// Puts an item.
    pub(crate) fn put(table: &str, role: Role, item: Item) -> Self {
        let action = Action::Put(item);
        Self {
            role,
            table: table.to_owned(),
            action,
            condition: None,
            values: BTreeMap::new(),
        }
    }

    /// Updates an item.
    pub(crate) fn update(table: &str, role: Role, key: Item, expression: &str) -> Self {
        let action = Action::Update {
            key,
            expression: expression.to_owned(),
        };
        Self {
            role,
            table: table.to_owned(),
            action,
            condition: None,
            values: BTreeMap::new(),
        }
    }

    /// Deletes an item; nothing where there is none.
    pub(crate) fn delete(table: &str, role: Role, key: Item) -> Self {
        Self {
            role,
            table: table.to_owned(),
            action: Action::Delete { key },
            condition: None,
            values: BTreeMap::new(),
        }
    }

    /// Leaves an item as it is, and lets the others through only if.
    pub(crate) fn check(table: &str, role: Role, key: Item, condition: &str) -> Self {
        Self {
            role,
            table: table.to_owned(),
            action: Action::Check { key },
            condition: Some(condition.to_owned()),
            values: BTreeMap::new(),
        }
    }

    /// Only if.
    pub(crate) fn when(mut self, condition: &str) -> Self {
        self.condition = Some(condition.to_owned());
        self
    }

    /// Only if there is no such item.
    pub(crate) fn when_new(self) -> Self {
        self.when("attribute_not_exists(PK)")
    }

    /// A value of the expressions.
    pub fn with(mut self, name: &str, value: AttributeValue) -> Self {
        self.values.insert(name.to_owned(), value);
        self
    }

    /// The part without its condition: what a test world uses to show that the condition matters.
    pub(crate) fn without_condition(mut self) -> Self {
        self.condition = match &self.action {
            Action::Check { .. } => Some(ALWAYS.to_owned()),
            Action::Put(_) | Action::Delete { .. } | Action::Update { .. } => None,
        };
        // The service refuses values that no expression uses.
        let expression = match &self.action {
            Action::Update { expression, .. } => expression.as_str(),
            Action::Put(_) | Action::Delete { .. } | Action::Check { .. } => "",
        };
        let is_part = |c: char| c == ':' || c == '_' || c.is_alphanumeric();
        let used: BTreeSet<&str> = expression.split(|c| !is_part(c)).collect();
        self.values.retain(|name, _| used.contains(name.as_str()));
        self
    }

    pub(crate) fn to_sdk(&self) -> Result<TransactWriteItem, BuildError> {
        let values = (!self.values.is_empty()).then(|| {
            self.values
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        });
        let builder = TransactWriteItem::builder();
        Ok(match &self.action {
            Action::Put(item) => builder.put(
                Put::builder()
                    .table_name(&self.table)
                    .set_item(Some(item.clone()))
                    .set_condition_expression(self.condition.clone())
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
            Action::Delete { key } => builder.delete(
                Delete::builder()
                    .table_name(&self.table)
                    .set_key(Some(key.clone()))
                    .set_condition_expression(self.condition.clone())
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
            Action::Update { key, expression } => builder.update(
                Update::builder()
                    .table_name(&self.table)
                    .set_key(Some(key.clone()))
                    .update_expression(expression)
                    .set_condition_expression(self.condition.clone())
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
            Action::Check { key } => builder.condition_check(
                ConditionCheck::builder()
                    .table_name(&self.table)
                    .set_key(Some(key.clone()))
                    .set_condition_expression(self.condition.clone())
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
        }
        .build())
    }

    /// Refuses an item that the service would never take.
    pub(crate) fn check_size(&self) -> Result<(), Never> {
        let Action::Put(item) = &self.action else {
            return Ok(());
        };
        let bytes = item_bytes(item);
        if bytes <= MOST_ITEM_BYTES {
            return Ok(());
        }
        let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
        let what = [text("PK"), text("SK")]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>();
        Err(Never::TooLarge {
            what: format!("item {}", what.join(" ")),
            bytes,
            most: MOST_ITEM_BYTES,
        })
    }
}

/// How large an item is as the service counts it: names and values (DynamoDB, "item sizes and formats", looked up 2026-11).
/// Numbers are counted at their longest.
fn item_bytes(item: &Item) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + value_bytes(value))
        .sum()
}

fn value_bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(_) => 21,
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::M(map) => {
            3 + map
                .iter()
                .map(|(name, value)| 1 + name.len() + value_bytes(value))
                .sum::<usize>()
        }
        AttributeValue::L(list) => 3 + list.iter().map(|value| 1 + value_bytes(value)).sum::<usize>(),
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::Ns(numbers) => 21 * numbers.len(),
        AttributeValue::Bs(all) => all.iter().map(|bytes| bytes.as_ref().len()).sum(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::item::{n, s};
    use std::collections::HashMap;

    fn put(length: usize) -> Write {
        let item = HashMap::from([
            ("PK".to_owned(), s("a")),
            ("text".to_owned(), s("x".repeat(length))),
            ("v".to_owned(), n(1)),
        ]);
        Write::put("t", Role::State, item)
    }

    #[test]
    fn an_item_at_the_limit_is_taken_and_one_byte_more_can_never_be() {
        let rest = "PK".len() + "a".len() + "text".len() + "v".len() + 21;
        assert!(put(MOST_ITEM_BYTES - rest).check_size().is_ok());
        let refused = put(MOST_ITEM_BYTES - rest + 1).check_size();
        assert!(matches!(refused, Err(Never::TooLarge { bytes, .. }) if bytes == MOST_ITEM_BYTES + 1));
    }
}
