//! Items that were read or written lately, by their keys: most reads by key ask for one of these, and so does whoever needs to know
//! what a write changes.
//!
//! Whoever reads holds the gate from the database to here, whoever writes holds it alone: what stands here is what the database has.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use dynoxide::{AttributeValue, Database, Item};
use lru::LruCache;

/// Most items that are remembered.
const MOST_ITEMS: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();
/// Largest item that is remembered, in bytes of its names and values: with the above a bound of memory.
const LARGEST_BYTES: usize = 16 * 1024;
/// Most digits of a number that is written as it was given.
const MOST_DIGITS: usize = 38;

/// An item as it stands, or that there is none.
pub(super) type Standing = Option<Arc<Item>>;

/// The key of an item: its table, and the values of its key attributes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    table: String,
    values: Vec<String>,
}

pub(super) struct Recent {
    items: LruCache<Key, Standing>,
    /// The key attributes of each table.
    key_names: BTreeMap<String, Vec<String>>,
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            items: LruCache::new(MOST_ITEMS),
            key_names: BTreeMap::new(),
        }
    }
}

impl Recent {
    /// The key that stands among these attributes; nothing where it is not made of texts, or there is no such table.
    pub(super) fn key(&mut self, db: &Database, table: &str, attributes: &Item) -> Option<Key> {
        let names = self.key_names(db, table)?;
        let value = |name: &String| match attributes.get(name) {
            Some(AttributeValue::S(text)) if !text.is_empty() => Some(text.clone()),
            _ => None,
        };
        Some(Key {
            table: table.to_owned(),
            values: names.iter().map(value).collect::<Option<_>>()?,
        })
    }

    /// The key of an item that is asked for by nothing but its key attributes.
    pub(super) fn asked_key(&mut self, db: &Database, table: &str, key: &Item) -> Option<Key> {
        let found = self.key(db, table, key)?;
        (found.values.len() == key.len()).then_some(found)
    }

    /// The names of a table's key attributes.
    pub(super) fn key_names(&mut self, db: &Database, table: &str) -> Option<&Vec<String>> {
        if !self.key_names.contains_key(table) {
            let names = key_names(db, table)?;
            self.key_names.insert(table.to_owned(), names);
        }
        self.key_names.get(table)
    }

    /// The item, if it is known how it stands.
    pub(super) fn get(&mut self, key: &Key) -> Option<Standing> {
        self.items.get(key).cloned()
    }

    /// How an item stands, as it was read from the database.
    pub(super) fn note(&mut self, key: Key, standing: Standing) {
        if standing.as_deref().is_none_or(is_remembered) {
            self.items.put(key, standing);
        } else {
            self.items.pop(&key);
        }
    }

    /// How an item stands is not known any more.
    pub(super) fn forget(&mut self, key: &Key) {
        self.items.pop(key);
    }

    /// Nothing is known any more: tables came or went, or were written past this.
    pub(super) fn forget_all(&mut self) {
        self.items.clear();
        self.key_names.clear();
    }
}

/// Whether an item is small enough, and stands in the database to the letter as it was given: numbers may be written in several ways,
/// and sets in any order.
fn is_remembered(item: &Item) -> bool {
    let mut left = LARGEST_BYTES;
    item.iter()
        .all(|(name, value)| takes(&mut left, name.len()) && is_plain(value, &mut left))
}

fn is_plain(value: &AttributeValue, left: &mut usize) -> bool {
    match value {
        AttributeValue::S(text) => takes(left, text.len()),
        AttributeValue::N(number) => takes(left, number.len()) && is_written_one_way(number),
        AttributeValue::B(bytes) => takes(left, bytes.len()),
        AttributeValue::BOOL(_) | AttributeValue::NULL(_) => takes(left, 1),
        AttributeValue::SS(_) | AttributeValue::NS(_) | AttributeValue::BS(_) => false,
        AttributeValue::L(values) => values.iter().all(|value| takes(left, 1) && is_plain(value, left)),
        AttributeValue::M(values) => {
            let mut values = values.iter();
            values.all(|(name, value)| takes(left, name.len()) && is_plain(value, left))
        }
    }
}

fn takes(left: &mut usize, bytes: usize) -> bool {
    let enough = *left >= bytes;
    *left = left.saturating_sub(bytes);
    enough
}

/// A whole number without zeros in front.
fn is_written_one_way(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let is_whole = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let begins_well = number == "0" || !digits.starts_with('0');
    is_whole && begins_well && digits.len() <= MOST_DIGITS
}

fn key_names(db: &Database, table: &str) -> Option<Vec<String>> {
    let metadata = db.get_table_metadata(table).ok().flatten()?;
    let schema: serde_json::Value = serde_json::from_str(&metadata.key_schema).ok()?;
    let names = schema.as_array()?.iter().map(|part| {
        let name = part.get("AttributeName")?.as_str()?;
        Some(name.to_owned())
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(value: AttributeValue) -> Item {
        Item::from([
            ("PK".to_owned(), AttributeValue::S("a".to_owned())),
            ("x".to_owned(), value),
        ])
    }

    #[test]
    fn what_the_database_writes_in_another_way_is_not_remembered() {
        for number in ["0", "7", "-12", "99999999999999999999999999999999999999"] {
            assert!(
                is_remembered(&item(AttributeValue::N(number.to_owned()))),
                "{number}"
            );
        }
        for number in [
            "007",
            "1.0",
            "1e3",
            "+1",
            "-0",
            "",
            "999999999999999999999999999999999999999",
        ] {
            assert!(
                !is_remembered(&item(AttributeValue::N(number.to_owned()))),
                "{number}"
            );
        }
        let set = AttributeValue::SS(vec!["b".to_owned(), "a".to_owned()]);
        assert!(!is_remembered(&item(AttributeValue::L(vec![set]))));
    }

    #[test]
    fn what_is_large_is_not_remembered() {
        let text = |bytes: usize| item(AttributeValue::S("x".repeat(bytes)));
        assert!(is_remembered(&text(LARGEST_BYTES - 10)));
        assert!(!is_remembered(&text(LARGEST_BYTES)));
    }
}
