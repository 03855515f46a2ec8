//! Where queues, objects, sent mail and parameters survive the process.
//!
//! The services keep their state in memory and hand every change to the journal, which writes all
//! changes of one call in one SQLite transaction. Without a folder the journal is empty talk.

use std::sync::{Arc, Mutex};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::disk::Disk;
use crate::lock;

/// One record to write or to remove. `space` names the service's kind of record.
pub(crate) enum Change {
    /// Inserts or replaces the record.
    Put {
        space: &'static str,
        key: String,
        meta: String,
        body: Option<Vec<u8>>,
    },
    /// Removes the record, if there.
    Remove { space: &'static str, key: String },
}

impl Change {
    pub(crate) fn put(space: &'static str, key: impl Into<String>, meta: &impl serde::Serialize) -> Self {
        // The records are plain structs with string keys: they always serialise.
        let meta = serde_json::to_string(meta).unwrap_or_default();
        Self::Put {
            space,
            key: key.into(),
            meta,
            body: None,
        }
    }

    pub(crate) fn remove(space: &'static str, key: impl Into<String>) -> Self {
        Self::Remove {
            space,
            key: key.into(),
        }
    }

    pub(crate) fn with_body(self, bytes: &[u8]) -> Self {
        match self {
            Self::Put { space, key, meta, .. } => Self::Put {
                space,
                key,
                meta,
                body: Some(bytes.to_vec()),
            },
            other @ Self::Remove { .. } => other,
        }
    }
}

/// The records of one folder, or nothing.
pub(crate) struct Journal {
    kept: Option<Kept>,
}

struct Kept {
    connection: Mutex<Connection>,
    disk: Arc<Disk>,
}

impl Journal {
    pub(crate) fn nowhere() -> Self {
        Self { kept: None }
    }

    /// Opens the records beside the tables, which were opened before.
    pub(crate) fn open(disk: Arc<Disk>) -> rusqlite::Result<Self> {
        let connection = Connection::open(disk.file())?;
        // In WAL mode with NORMAL, what a killed process committed is kept; only a power cut may take what was not synced.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS records (
                space TEXT NOT NULL, key TEXT NOT NULL, meta TEXT NOT NULL, body BLOB,
                PRIMARY KEY (space, key))",
        )?;
        Ok(Self {
            kept: Some(Kept {
                connection: Mutex::new(connection),
                disk,
            }),
        })
    }

    /// Whether anything outlives the process.
    pub(crate) fn keeps(&self) -> bool {
        self.kept.is_some()
    }

    /// Writes all changes or none.
    pub(crate) fn commit(&self, changes: &[Change]) -> rusqlite::Result<()> {
        let Some(kept) = &self.kept else {
            return Ok(());
        };
        if changes.is_empty() {
            return Ok(());
        }
        let mut connection = lock(&kept.connection);
        kept.disk.write(|| write(&mut connection, changes))
    }

    /// All records of a space in the order of their keys, without bodies.
    pub(crate) fn load<T: serde::de::DeserializeOwned>(
        &self,
        space: &str,
    ) -> rusqlite::Result<Vec<(String, T)>> {
        let Some(kept) = &self.kept else {
            return Ok(Vec::new());
        };
        let connection = lock(&kept.connection);
        let mut statement =
            connection.prepare("SELECT key, meta FROM records WHERE space = ?1 ORDER BY key")?;
        let rows = statement.query_map(params![space], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let mut records = Vec::new();
        for row in rows {
            let (key, meta) = row?;
            let record = serde_json::from_str(&meta).map_err(|cause| {
                rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(cause))
            })?;
            records.push((key, record));
        }
        Ok(records)
    }

    /// The body kept with one record.
    pub(crate) fn body(&self, space: &str, key: &str) -> rusqlite::Result<Option<Vec<u8>>> {
        let Some(kept) = &self.kept else {
            return Ok(None);
        };
        lock(&kept.connection)
            .prepare_cached("SELECT body FROM records WHERE space = ?1 AND key = ?2")?
            .query_row(params![space, key], |row| row.get(0))
            .optional()
            .map(Option::flatten)
    }
}

fn write(connection: &mut Connection, changes: &[Change]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for change in changes {
        match change {
            Change::Put {
                space,
                key,
                meta,
                body,
            } => transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO records (space, key, meta, body) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![space, key, meta, body])?,
            Change::Remove { space, key } => transaction
                .prepare_cached("DELETE FROM records WHERE space = ?1 AND key = ?2")?
                .execute(params![space, key])?,
        };
    }
    transaction.commit()
}
