//! The parts of a transaction.

use super::item::Item;
use aws_sdk_dynamodb::{
    error::BuildError,
    types::{AttributeValue, Delete, Put, TransactWriteItem, Update},
};
use docket_domain::Digest;
use std::collections::{BTreeMap, BTreeSet};

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
    Delete { key: Item },
    Update { key: Item, expression: String },
}

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
    pub(crate) fn with(mut self, name: &str, value: AttributeValue) -> Self {
        self.values.insert(name.to_owned(), value);
        self
    }

    /// The part without its condition: what a test world uses to show that the condition matters.
    pub(crate) fn without_condition(mut self) -> Self {
        self.condition = None;
        // The service refuses values that no expression uses.
        let expression = match &self.action {
            Action::Update { expression, .. } => expression.as_str(),
            Action::Put(_) | Action::Delete { .. } => "",
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
        }
        .build())
    }

    /// Adds everything that makes this part what it is to `parts`, in an order that does not change.
    fn describe(&self, parts: &mut Vec<Vec<u8>>) {
        parts.push(self.table.clone().into_bytes());
        match &self.action {
            Action::Put(item) => describe_item(item, parts),
            Action::Delete { key } => {
                parts.push(b"delete".to_vec());
                describe_item(key, parts);
            }
            Action::Update { key, expression } => {
                parts.push(expression.clone().into_bytes());
                describe_item(key, parts);
            }
        }
        parts.push(self.condition.clone().unwrap_or_default().into_bytes());
        for (name, value) in &self.values {
            parts.push(name.clone().into_bytes());
            describe_value(value, parts);
        }
    }
}

/// A token of 32 characters for a transaction: the same for the same transaction, so that a repeat whose
/// first reply was lost is told apart from another one.
pub(crate) fn token(writes: &[Write]) -> String {
    let mut parts = Vec::new();
    for write in writes {
        write.describe(&mut parts);
    }
    Digest::of_parts(parts).as_str()[..32].to_owned()
}

fn describe_item(item: &Item, parts: &mut Vec<Vec<u8>>) {
    let mut names: Vec<_> = item.keys().collect();
    names.sort();
    parts.push(names.len().to_be_bytes().to_vec());
    for name in names {
        parts.push(name.clone().into_bytes());
        describe_value(&item[name], parts);
    }
}

fn describe_value(value: &AttributeValue, parts: &mut Vec<Vec<u8>>) {
    match value {
        AttributeValue::M(map) => {
            parts.push(b"M".to_vec());
            describe_item(map, parts);
        }
        AttributeValue::L(list) => {
            parts.push(format!("L{}", list.len()).into_bytes());
            for value in list {
                describe_value(value, parts);
            }
        }
        scalar => parts.push(format!("{scalar:?}").into_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::item::{n, s};
    use super::*;
    use std::collections::HashMap;

    fn write(value: AttributeValue) -> Write {
        let map = HashMap::from([
            ("b".to_owned(), n(1)),
            ("a".to_owned(), value),
            ("c".to_owned(), n(3)),
        ]);
        Write::put(
            "t",
            Role::State,
            HashMap::from([("m".to_owned(), AttributeValue::M(map))]),
        )
    }

    #[test]
    fn equal_transactions_have_equal_tokens_of_32_characters() {
        let first = token(&[write(s("x"))]);
        assert!((0..50).all(|_| token(&[write(s("x"))]) == first));
        assert_eq!(first.len(), 32);
    }

    #[test]
    fn transactions_that_differ_in_one_value_have_other_tokens() {
        assert_ne!(token(&[write(s("x"))]), token(&[write(s("y"))]));
        assert_ne!(token(&[write(s("1"))]), token(&[write(n(1))]));
    }
}
