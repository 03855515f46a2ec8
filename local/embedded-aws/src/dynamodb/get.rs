//! Reads by key: from what is remembered, else from the database.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use dynoxide::actions::batch_get_item::{BatchGetItemRequest, KeysAndAttributes};
use dynoxide::actions::get_item::GetItemRequest;
use dynoxide::{DynoxideError, Item};
use serde::Serialize;

use super::DynamoDb;
use super::dispatch::answer;
use super::recent::{Key, Standing};
use super::write::item;
use crate::lock;

/// Most keys of a batch, by the service's own limit; above it the database refuses.
const MOST_KEYS: usize = 100;

#[derive(Serialize)]
struct One<'i> {
    #[serde(rename = "Item", skip_serializing_if = "Option::is_none")]
    item: Option<&'i Item>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Many<'i> {
    responses: BTreeMap<&'i str, Vec<&'i Item>>,
    unprocessed_keys: BTreeMap<&'i str, &'i Item>,
}

impl DynamoDb {
    /// One item. The caller holds the gate.
    pub(super) fn get(&self, request: GetItemRequest) -> Result<String, DynoxideError> {
        let is_whole = request.projection_expression.is_none()
            && request.attributes_to_get.is_none()
            && request.expression_attribute_names.is_none()
            && request.return_consumed_capacity.is_none();
        let key = self.remembered_key(is_whole, &request.table_name, &request.key);
        let Some(key) = key else {
            return answer(self.db.get_item(request));
        };
        let standing = self.standing(key, &request.table_name, &request.key)?;
        answer(Ok(One {
            item: standing.as_deref(),
        }))
    }

    /// Many items, in any order. The caller holds the gate.
    pub(super) fn get_batch(&self, request: BatchGetItemRequest) -> Result<String, DynoxideError> {
        let is_whole = request.return_consumed_capacity.is_none();
        let Some(keys) = is_whole
            .then(|| self.batch_keys(&request.request_items))
            .flatten()
        else {
            return answer(self.db.batch_get_item(request));
        };
        let mut found: Vec<(&str, Arc<Item>)> = Vec::with_capacity(keys.len());
        for (key, table, attributes) in keys {
            let standing = self.standing(key, table, attributes)?;
            found.extend(standing.map(|item| (table, item)));
        }
        let mut responses: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
        for table in request.request_items.keys() {
            responses.insert(table, Vec::new());
        }
        for (table, item) in &found {
            responses.entry(table).or_default().push(item);
        }
        answer(Ok(Many {
            responses,
            unprocessed_keys: BTreeMap::new(),
        }))
    }

    /// How an item stands. The caller holds the gate.
    pub(super) fn standing(
        &self,
        key: Key,
        table: &str,
        attributes: &Item,
    ) -> Result<Standing, DynoxideError> {
        if let Some(standing) = lock(&self.recent).get(&key) {
            return Ok(standing);
        }
        let standing = item(&self.db, table, attributes)?;
        lock(&self.recent).note(key, standing.clone());
        Ok(standing)
    }

    /// The key by which an item is remembered; nothing where nothing is, or the request asks for anything but the whole item.
    fn remembered_key(&self, is_whole: bool, table: &str, key: &Item) -> Option<Key> {
        if !is_whole || !self.remembers() {
            return None;
        }
        lock(&self.recent).asked_key(&self.db, table, key)
    }

    /// The keys of a batch; nothing where any of it is for the database.
    fn batch_keys<'r>(
        &self,
        tables: &'r std::collections::HashMap<String, KeysAndAttributes>,
    ) -> Option<Vec<(Key, &'r str, &'r Item)>> {
        let mut keys = Vec::new();
        for (table, asked) in tables {
            let is_whole = asked.projection_expression.is_none()
                && asked.attributes_to_get.is_none()
                && asked.expression_attribute_names.is_none();
            if asked.keys.is_empty() {
                return None;
            }
            for attributes in &asked.keys {
                keys.push((
                    self.remembered_key(is_whole, table, attributes)?,
                    table.as_str(),
                    attributes,
                ));
            }
        }
        let distinct: HashSet<&Key> = keys.iter().map(|(key, ..)| key).collect();
        let is_sound = distinct.len() == keys.len() && (1..=MOST_KEYS).contains(&keys.len());
        is_sound.then_some(keys)
    }
}
