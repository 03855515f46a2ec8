//! An index that lags: the query is answered by the table as it was some writes ago.

use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::actions::put_item::PutItemRequest;
use dynoxide::{Database, DynoxideError, Item};

use super::DynamoDb;
use super::image::Image;
use super::recent::Standing;
use super::write::item;
use crate::lock;

impl DynamoDb {
    /// Takes the last writes of the table in `body` back, runs `query`, and puts them where they were.
    ///
    /// No other call sees the table in between: the gate is held. Used in memory only, so a killed process
    /// cannot leave a table in the past.
    pub(super) fn look_back(
        &self,
        writes: usize,
        body: &str,
        query: impl FnOnce() -> Result<String, DynoxideError>,
    ) -> Result<String, DynoxideError> {
        let _gate = self.gate_write();
        let table = serde_json::from_str::<serde_json::Value>(body)
            .ok()
            .and_then(|body| {
                body.get("TableName")
                    .and_then(|name| name.as_str())
                    .map(str::to_owned)
            })
            .unwrap_or_default();
        let undone: Vec<Image> = lock(&self.capture)
            .last_writes(&table, writes)
            .into_iter()
            .flatten()
            .collect();
        // The present of each touched item; the last of several writes to one item is found first.
        let mut present: Vec<(Item, Standing)> = Vec::new();
        let mut back = Ok(());
        for image in &undone {
            if !present.iter().any(|(key, _)| *key == image.key) {
                present.push((image.key.clone(), item(&self.db, &table, &image.key)?));
            }
            back = back.and_then(|()| set(&self.db, &table, &image.key, image.before.as_deref()));
        }
        let answer = back.and_then(|()| query());
        let mut restored = Ok(());
        for (key, now) in present {
            restored = restored.and(set(&self.db, &table, &key, now.as_deref()));
        }
        restored.and(answer)
    }
}

fn set(db: &Database, table: &str, key: &Item, to: Option<&Item>) -> Result<(), DynoxideError> {
    match to {
        Some(item) => {
            let request = PutItemRequest {
                table_name: table.to_owned(),
                item: item.clone(),
                ..PutItemRequest::default()
            };
            db.put_item(request).map(drop)
        }
        None => {
            let request = DeleteItemRequest {
                table_name: table.to_owned(),
                key: key.clone(),
                ..DeleteItemRequest::default()
            };
            db.delete_item(request).map(drop)
        }
    }
}
