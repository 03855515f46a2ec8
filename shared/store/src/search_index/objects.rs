//! The objects that an index is made of, each written once and never changed. One that goes is gone in every version: words that somebody
//! had erased may stand in it.

use crate::{StoreError, blob::BlobError, parts::SearchIndex};
use bytes::Bytes;
use docket_domain::Timestamp;
use std::{collections::BTreeSet, ops::Range};

/// What the names of objects end in.
const ENDING: &str = ".split";

/// An object of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexObject {
    /// Its name.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
}

impl SearchIndex<'_> {
    fn prefix(self, generation: u64) -> String {
        format!("search/{}/{generation:06}/", self.0.settings.tenant)
    }

    fn key(self, generation: u64, id: &str) -> String {
        format!("{}{id}{ENDING}", self.prefix(generation))
    }

    /// Writes an object.
    ///
    /// # Errors
    /// When the bucket cannot be written.
    pub async fn put(self, generation: u64, id: &str, bytes: impl Into<Bytes>) -> Result<(), StoreError> {
        let key = self.key(generation, id);
        self.0
            .blobs()
            .put_object(&key, bytes, "application/octet-stream")
            .await
    }

    /// An object as a whole.
    ///
    /// # Errors
    /// When it is not there, or the bucket cannot be read.
    pub async fn get(self, generation: u64, id: &str) -> Result<Vec<u8>, BlobError> {
        self.0.blobs().object(&self.key(generation, id)).await
    }

    /// A part of an object that is not empty.
    ///
    /// # Errors
    /// When it is not there, or the bucket cannot be read.
    pub async fn get_range(self, generation: u64, id: &str, range: Range<u64>) -> Result<Vec<u8>, BlobError> {
        let range = format!("bytes={}-{}", range.start, range.end.saturating_sub(1));
        self.0.blobs().read(&self.key(generation, id), Some(range)).await
    }

    /// The objects of a generation, each with when it was written.
    ///
    /// # Errors
    /// When the bucket cannot be read.
    pub async fn objects(self, generation: u64) -> Result<Vec<IndexObject>, StoreError> {
        let prefix = self.prefix(generation);
        let found = self.0.spool().objects_under(&prefix).await?;
        let objects = found.into_iter().filter_map(|(key, at)| {
            let id = key.strip_prefix(&prefix)?.strip_suffix(ENDING)?.to_owned();
            Some(IndexObject { id, at })
        });
        Ok(objects.collect())
    }

    /// The generations that have objects.
    ///
    /// # Errors
    /// When the bucket cannot be read.
    pub async fn generations(self) -> Result<BTreeSet<u64>, StoreError> {
        let prefix = format!("search/{}/", self.0.settings.tenant);
        let found = self.0.spool().objects_under(&prefix).await?;
        let generation = |key: &str| key.strip_prefix(&prefix)?.split('/').next()?.parse().ok();
        Ok(found.iter().filter_map(|(key, _)| generation(key)).collect())
    }

    /// Deletes objects in every version that the bucket keeps of them. One that is not there is gone already.
    ///
    /// # Errors
    /// When the bucket cannot be read or written: some of them may be gone.
    pub async fn erase(self, generation: u64, ids: &[&str]) -> Result<(), StoreError> {
        let keys: Vec<String> = ids.iter().map(|id| self.key(generation, id)).collect();
        self.0.blobs().erase(&keys, None).await.map(drop)
    }

    /// Deletes all objects of a generation, in every version.
    ///
    /// # Errors
    /// As [`Self::erase`].
    pub async fn erase_generation(self, generation: u64) -> Result<(), StoreError> {
        self.0
            .blobs()
            .erase_under(&self.prefix(generation))
            .await
            .map(drop)
    }
}
