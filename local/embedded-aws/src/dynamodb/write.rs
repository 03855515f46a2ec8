//! Writes: which items they touch, and what those were before and after.

use std::sync::atomic::Ordering;

use dynoxide::actions::batch_write_item::BatchWriteItemRequest;
use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::actions::get_item::GetItemRequest;
use dynoxide::actions::put_item::PutItemRequest;
use dynoxide::actions::transact_write_items::TransactWriteItemsRequest;
use dynoxide::actions::update_item::UpdateItemRequest;
use dynoxide::{Database, DynoxideError, Item};
use jiff::Timestamp;

use super::DynamoDb;
use super::capture::Image;
use super::dispatch::answer;
use crate::lock;

/// A request that changes items.
pub(super) trait Write {
    /// Each item it may change: the table, and attributes that contain the key.
    fn touched(&self) -> Vec<(&str, &Item)>;
    fn run(self, db: &Database) -> Result<String, DynoxideError>;
}

impl DynamoDb {
    pub(super) fn write(&self, request: impl Write, now: Timestamp) -> Result<String, DynoxideError> {
        if !self.capturing.load(Ordering::Acquire) {
            let _gate = self.gate_read();
            return request.run(&self.db);
        }
        let _gate = self.gate_write();
        let mut capture = lock(&self.capture);
        let mut images: Vec<Image> = Vec::new();
        for (table, attributes) in request.touched() {
            if let Some(key) = capture.key_of(&self.db, table, attributes) {
                let before = item(&self.db, table, &key);
                images.push(Image {
                    table: table.to_owned(),
                    key,
                    before,
                    after: None,
                });
            }
        }
        let answer = request.run(&self.db)?;
        for image in &mut images {
            image.after = item(&self.db, &image.table, &image.key);
        }
        images.retain(|image| image.before != image.after);
        capture.record(images, now);
        Ok(answer)
    }
}

/// The item as it stands, or none.
pub(super) fn item(db: &Database, table: &str, key: &Item) -> Option<Item> {
    let request = GetItemRequest {
        table_name: table.to_owned(),
        key: key.clone(),
        consistent_read: Some(true),
        ..GetItemRequest::default()
    };
    db.get_item(request).ok().and_then(|answer| answer.item)
}

impl Write for PutItemRequest {
    fn touched(&self) -> Vec<(&str, &Item)> {
        vec![(&self.table_name, &self.item)]
    }

    fn run(self, db: &Database) -> Result<String, DynoxideError> {
        answer(db.put_item(self))
    }
}

impl Write for UpdateItemRequest {
    fn touched(&self) -> Vec<(&str, &Item)> {
        vec![(&self.table_name, &self.key)]
    }

    fn run(self, db: &Database) -> Result<String, DynoxideError> {
        answer(db.update_item(self))
    }
}

impl Write for DeleteItemRequest {
    fn touched(&self) -> Vec<(&str, &Item)> {
        vec![(&self.table_name, &self.key)]
    }

    fn run(self, db: &Database) -> Result<String, DynoxideError> {
        answer(db.delete_item(self))
    }
}

impl Write for BatchWriteItemRequest {
    fn touched(&self) -> Vec<(&str, &Item)> {
        let mut tables: Vec<_> = self.request_items.iter().collect();
        tables.sort_by_key(|(table, _)| *table);
        let mut touched = Vec::new();
        for (table, entries) in tables {
            for entry in entries {
                touched.extend(entry.put_request.as_ref().map(|put| (table.as_str(), &put.item)));
                touched.extend(
                    entry
                        .delete_request
                        .as_ref()
                        .map(|delete| (table.as_str(), &delete.key)),
                );
            }
        }
        touched
    }

    fn run(self, db: &Database) -> Result<String, DynoxideError> {
        answer(db.batch_write_item(self))
    }
}

impl Write for TransactWriteItemsRequest {
    fn touched(&self) -> Vec<(&str, &Item)> {
        let mut touched = Vec::new();
        for action in &self.transact_items {
            touched.extend(
                action
                    .put
                    .as_ref()
                    .map(|put| (put.table_name.as_str(), &put.item)),
            );
            touched.extend(
                action
                    .update
                    .as_ref()
                    .map(|update| (update.table_name.as_str(), &update.key)),
            );
            touched.extend(
                action
                    .delete
                    .as_ref()
                    .map(|delete| (delete.table_name.as_str(), &delete.key)),
            );
        }
        touched
    }

    fn run(self, db: &Database) -> Result<String, DynoxideError> {
        answer(db.transact_write_items(self))
    }
}
