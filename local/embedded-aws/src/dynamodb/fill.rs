//! Putting very many items into a table, below the API.

use dynoxide::{DynoxideError, ImportOptions, Item};
use serde_json::Value;

use super::DynamoDb;
use crate::lock;

/// Items could not be put into a table.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// One is no item in DynamoDB's JSON form.
    #[error("an item cannot be read")]
    Item(#[from] serde_json::Error),
    /// The table does not take them.
    #[error("table {table} does not take the items")]
    Table {
        /// Its name.
        table: String,
        /// Why.
        source: DynoxideError,
    },
}

impl DynamoDb {
    /// All in one transaction of the database, with their entries in the indexes.
    pub(crate) fn fill(&self, table: &str, items: Vec<Value>) -> Result<(), FillError> {
        let items = items
            .into_iter()
            .map(serde_json::from_value::<Item>)
            .collect::<Result<Vec<_>, _>>()?;
        let _gate = self.gate_write();
        lock(&self.recent).forget_all();
        let filled = self.writing(|| self.db.import_items(table, items, ImportOptions::default()));
        filled.map(drop).map_err(|source| FillError::Table {
            table: table.to_owned(),
            source,
        })
    }
}
