//! Writes: which items they touch, and what those were before and after.

use std::sync::Arc;

use dynoxide::actions::batch_write_item::BatchWriteItemRequest;
use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::actions::get_item::GetItemRequest;
use dynoxide::actions::put_item::PutItemRequest;
use dynoxide::actions::transact_write_items::TransactWriteItemsRequest;
use dynoxide::actions::update_item::UpdateItemRequest;
use dynoxide::{Database, DynoxideError, Item};
use jiff::Timestamp;

use super::DynamoDb;
use super::capture::Capture;
use super::dispatch::answer;
use super::image::Image;
use super::recent::{Key, Standing};
use crate::lock;

/// The condition under which a put stores what was not there.
const IS_NEW: &str = "attribute_not_exists(PK)";

/// An item that a request may change.
pub(super) struct Touched<'r> {
    table: &'r str,
    /// Attributes that contain the key.
    attributes: &'r Item,
    /// The item as the request stores it, where that says so.
    stored: Option<&'r Item>,
    /// Whether the request succeeds only where the item was not there.
    is_new: bool,
}

impl<'r> Touched<'r> {
    /// One of which only the key is known before it is changed.
    fn by_key(table: &'r str, key: &'r Item) -> Self {
        Self {
            table,
            attributes: key,
            stored: None,
            is_new: false,
        }
    }

    /// One that is put.
    fn put(table: &'r str, item: &'r Item, condition: Option<&str>) -> Self {
        Self {
            table,
            attributes: item,
            stored: Some(item),
            is_new: condition == Some(IS_NEW),
        }
    }
}

/// A request that changes items.
pub(super) trait Write {
    /// Each item it may change.
    fn touched(&self) -> Vec<Touched<'_>>;
    fn run(self, db: &Database) -> Result<String, DynoxideError>;
}

impl DynamoDb {
    pub(super) fn write(&self, request: impl Write, now: Timestamp) -> Result<String, DynoxideError> {
        if !self.remembers() {
            let _gate = self.gate_read();
            // Once more behind the gate: nothing begins to be remembered while it is held.
            if !self.remembers() {
                return self.writing(|| request.run(&self.db));
            }
        }
        let _gate = self.gate_write();
        let mut capture = lock(&self.capture);
        let mut changes: Vec<Changing> = Vec::new();
        // What the request itself says is not read from the tables.
        for touched in request.touched() {
            let key = lock(&self.recent).key(&self.db, touched.table, touched.attributes);
            let image = self.image(&mut capture, key.as_ref(), &touched);
            if image.is_some() || key.is_some() {
                let stored = touched.stored.cloned().map(Arc::new);
                changes.push(Changing { key, image, stored });
            }
        }
        let answer = match self.writing(|| request.run(&self.db)) {
            Ok(answer) => answer,
            Err(error) => {
                let mut recent = lock(&self.recent);
                for key in changes.iter().filter_map(|change| change.key.as_ref()) {
                    recent.forget(key);
                }
                return Err(error);
            }
        };
        let mut images = Vec::with_capacity(changes.len());
        for change in changes {
            let Changing { key, image, stored } = change;
            // What can't be read is not known.
            let after = match (&stored, &image) {
                (Some(stored), _) => Some(Some(stored.clone())),
                (None, Some(image)) => item(&self.db, &image.table, &image.key).ok(),
                (None, None) => None,
            };
            match (key, &after) {
                (Some(key), Some(after)) => lock(&self.recent).note(key, after.clone()),
                (Some(key), None) => lock(&self.recent).forget(&key),
                (None, _) => {}
            }
            images.extend(image.map(|image| Image {
                after: after.flatten(),
                ..image
            }));
        }
        images.retain(|image| image.before != image.after);
        capture.record(images, now);
        Ok(answer)
    }

    /// An item before it is changed, if its table is one whose images are wanted.
    fn image(&self, capture: &mut Capture, key: Option<&Key>, touched: &Touched<'_>) -> Option<Image> {
        if !capture.wants(touched.table) {
            return None;
        }
        let names = lock(&self.recent).key_names(&self.db, touched.table)?.clone();
        let attributes: Item = names
            .into_iter()
            .map(|name| touched.attributes.get_key_value(&name))
            .map(|found| found.map(|(name, value)| (name.clone(), value.clone())))
            .collect::<Option<_>>()?;
        let before = match key {
            _ if touched.is_new && attributes.contains_key("PK") => None,
            Some(key) => self.standing(key.clone(), touched.table, &attributes).ok()?,
            None => item(&self.db, touched.table, &attributes).ok()?,
        };
        Some(Image {
            table: touched.table.to_owned(),
            key: attributes,
            before,
            after: None,
        })
    }
}

/// An item that a request may change.
struct Changing {
    /// By which it is remembered.
    key: Option<Key>,
    /// As it was before, where that is wanted.
    image: Option<Image>,
    /// As the request stores it, where that says so.
    stored: Option<Arc<Item>>,
}

/// The item as it stands, or none.
pub(super) fn item(db: &Database, table: &str, key: &Item) -> Result<Standing, DynoxideError> {
    let request = GetItemRequest {
        table_name: table.to_owned(),
        key: key.clone(),
        consistent_read: Some(true),
        ..GetItemRequest::default()
    };
    Ok(db.get_item(request)?.item.map(Arc::new))
}

impl Write for PutItemRequest {
    fn touched(&self) -> Vec<Touched<'_>> {
        vec![Touched::put(
            &self.table_name,
            &self.item,
            self.condition_expression.as_deref(),
        )]
    }

    fn run(self, db: &Database) -> Result<String, DynoxideError> {
        answer(db.put_item(self))
    }
}

impl Write for UpdateItemRequest {
    fn touched(&self) -> Vec<Touched<'_>> {
        vec![Touched::by_key(&self.table_name, &self.key)]
    }

    fn run(self, db: &Database) -> Result<String, DynoxideError> {
        answer(db.update_item(self))
    }
}

impl Write for DeleteItemRequest {
    fn touched(&self) -> Vec<Touched<'_>> {
        vec![Touched::by_key(&self.table_name, &self.key)]
    }

    fn run(self, db: &Database) -> Result<String, DynoxideError> {
        answer(db.delete_item(self))
    }
}

impl Write for BatchWriteItemRequest {
    fn touched(&self) -> Vec<Touched<'_>> {
        let mut tables: Vec<_> = self.request_items.iter().collect();
        tables.sort_by_key(|(table, _)| *table);
        let mut touched = Vec::new();
        for (table, entries) in tables {
            for entry in entries {
                let put = entry.put_request.as_ref();
                touched.extend(put.map(|put| Touched::put(table, &put.item, None)));
                let delete = entry.delete_request.as_ref();
                touched.extend(delete.map(|delete| Touched::by_key(table, &delete.key)));
            }
        }
        touched
    }

    fn run(self, db: &Database) -> Result<String, DynoxideError> {
        answer(db.batch_write_item(self))
    }
}

impl Write for TransactWriteItemsRequest {
    fn touched(&self) -> Vec<Touched<'_>> {
        let mut touched = Vec::new();
        for action in &self.transact_items {
            let put = action.put.as_ref();
            touched.extend(
                put.map(|put| Touched::put(&put.table_name, &put.item, put.condition_expression.as_deref())),
            );
            let update = action.update.as_ref();
            touched.extend(update.map(|update| Touched::by_key(&update.table_name, &update.key)));
            let delete = action.delete.as_ref();
            touched.extend(delete.map(|delete| Touched::by_key(&delete.table_name, &delete.key)));
        }
        touched
    }

    fn run(self, db: &Database) -> Result<String, DynoxideError> {
        answer(db.transact_write_items(self))
    }
}
