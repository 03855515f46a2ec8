//! The outgoing work that a batch is about, read at once before its first message.
//!
//! What was read may be old when its message has its turn: every change is made on the condition that the item still stands as it
//! was read, and each reading is used for one change only.

use crate::message::Message;
use docket_desk::{Desk, StoreError};
use docket_domain::{OutboxId, outbox::OutboxItem};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Fewest messages that are worth one reading for all.
const FEWEST: usize = 2;

/// What was read of a batch's outgoing work and not used yet.
#[derive(Default)]
pub(crate) struct Items(Mutex<HashMap<OutboxId, OutboxItem>>);

impl Items {
    /// Reads what these messages are about. Where that fails each message reads for itself.
    pub async fn of(desk: &Desk, messages: &[Message]) -> Self {
        let about = messages.iter().filter_map(|message| message.about(desk));
        let mut ids: Vec<OutboxId> = about.collect();
        if ids.len() < FEWEST {
            return Self::default();
        }
        ids.sort();
        ids.dedup();
        let read = desk.outbox().get_many(&ids).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the work of a batch could not be read at once");
            vec![]
        });
        let by_id = read.into_iter().map(|item| (item.id, item));
        Self(Mutex::new(by_id.collect()))
    }

    /// The item as it was read with the batch, once.
    pub fn take(&self, id: OutboxId) -> Option<OutboxItem> {
        self.lock().remove(&id)
    }

    /// The same; as it is now where it was not, or was used before.
    pub async fn get(&self, desk: &Desk, id: OutboxId) -> Result<Option<OutboxItem>, StoreError> {
        match self.take(id) {
            Some(item) => Ok(Some(item)),
            None => desk.outbox().get(id).await,
        }
    }

    /// Nothing was done about it: whoever asks next gets it, too.
    pub fn put_back(&self, item: OutboxItem) {
        self.lock().insert(item.id, item);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<OutboxId, OutboxItem>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
