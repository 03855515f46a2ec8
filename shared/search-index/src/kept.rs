//! The index as the bucket and its manifest have it: what is added, merged, swept.

use crate::{error::IndexError, opened::Opened, splits_at_hand::SplitsAtHand};
use docket_search::{Document, Kind};
use docket_splits::{
    Entry, Manifest, ManifestError, Merged, Split, SplitId, Splits, orphans, split_of, what_to_merge,
};
use docket_store::{Store, search_index::KeptManifest};
use std::sync::Arc;
use tokio::runtime::{Handle, RuntimeFlavor};

/// How often a change of the manifest is tried anew that others were first with.
const MOST_TRIES: u32 = 8;

/// The index of one generation.
#[derive(Clone, Copy)]
pub struct KeptIndex<'s> {
    pub(crate) store: &'s Store,
    pub(crate) at_hand: &'s Arc<SplitsAtHand>,
    pub(crate) generation: u64,
}

impl<'s> KeptIndex<'s> {
    /// The index of a generation, of which splits that were opened stay at hand.
    pub fn new(store: &'s Store, at_hand: &'s Arc<SplitsAtHand>, generation: u64) -> Self {
        Self {
            store,
            at_hand,
            generation,
        }
    }

    /// The manifest, as of now; an empty one before the first.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn manifest(self) -> Result<Manifest, IndexError> {
        Ok(self.manifest_if_there().await?.unwrap_or_default())
    }

    /// The same; nothing before the first.
    pub(crate) async fn manifest_if_there(self) -> Result<Option<Manifest>, IndexError> {
        let kept = self.store.search_index().manifest(self.generation).await?;
        let manifest = kept.map(|kept| serde_json::from_str(&kept.json)).transpose();
        manifest.map_err(|error| IndexError::Manifest(error.to_string()))
    }

    /// Adds documents as one more split. Of the things in `erased` the versions before have words that have to go. Without documents
    /// nothing happens.
    ///
    /// # Errors
    /// When the world failed. The split may be there without being named: it is swept.
    pub async fn add(self, documents: Vec<Document>, erased: &[(Kind, u64)]) -> Result<(), IndexError> {
        let Some(bytes) = blocking(move || Ok(split_of(&documents)?)).await? else {
            return Ok(());
        };
        let (id, entry, split) = self.put(bytes).await?;
        self.at_hand.keep(self.generation, &id, split.clone());
        let changed = self
            .change(
                |manifest| match manifest.with_split_added(entry.clone(), 0, erased) {
                    Err(ManifestError::AlreadyThere(_)) => Ok(None),
                    changed => changed.map(Some),
                },
            )
            .await?;
        if let Some((before, after)) = changed {
            self.at_hand
                .add_to_opened(self.generation, &before, after, (id, split));
        }
        Ok(())
    }

    /// Merges what is due, until nothing is or `is_over` says so; the manifest as it was read last.
    ///
    /// # Errors
    /// When the world failed. What was written and not named is swept.
    pub async fn merge(self, is_over: impl Fn() -> bool) -> Result<Manifest, IndexError> {
        loop {
            let manifest = self.manifest().await?;
            let inputs = what_to_merge(&manifest.splits, &manifest.must_merge);
            if inputs.is_empty() || is_over() {
                return Ok(manifest);
            }
            let opened = self.open().await?;
            if inputs == what_to_merge(&opened.manifest.splits, &opened.manifest.must_merge) {
                self.merge_these(opened, inputs).await?;
            }
        }
    }

    async fn merge_these(self, opened: Opened, inputs: Vec<SplitId>) -> Result<(), IndexError> {
        let seen = opened.manifest.clone();
        let these = inputs.clone();
        let (merged, bytes) = reading(&opened.splits.clone(), move || {
            let some = opened.these(&these);
            let mut bytes = Vec::new();
            let is_only_here = |kind, number| !opened.manifest.is_held_by_others(&these, kind, number);
            let merged: Merged = opened.splits.merge(&some, &is_only_here, &mut bytes)?;
            Ok((merged, bytes))
        })
        .await?;
        let output = match merged.bytes {
            0 => None,
            _ => {
                let (id, entry, split) = self.put(bytes).await?;
                self.at_hand.keep(self.generation, &id, split);
                Some(entry)
            }
        };
        let now = self.store.now().as_millisecond();
        let documents = merged.documents;
        let changed = self
            .change(|manifest| {
                match manifest.merged(&seen, &inputs, output.clone(), &merged.dropped, now) {
                    // Others merged them, or brought what needs a tombstone: what was made is swept, and it is looked anew.
                    Err(ManifestError::Gone(_) | ManifestError::TombstoneNeeded { .. }) => Ok(None),
                    changed => changed.map(Some),
                }
            })
            .await?;
        let splits = inputs.len();
        if changed.is_some() {
            tracing::info!(splits, documents, "splits of the search were merged");
        }
        Ok(())
    }

    /// Deletes what nobody reads any more: splits that were merged by what the manifest says, and, if asked for, objects that were written
    /// and never named.
    ///
    /// # Errors
    /// When the world failed; the rest goes the next time.
    pub async fn sweep(self, manifest: &Manifest, with_orphans: bool) -> Result<(), IndexError> {
        let now = self.store.now().as_millisecond();
        let due: Vec<SplitId> = manifest.to_delete(now).cloned().collect();
        if !due.is_empty() {
            self.erase(&due).await?;
            self.change(|manifest| Ok(Some(manifest.swept(&due)))).await?;
        }
        if with_orphans {
            self.erase_others().await?;
            let objects = self.store.search_index().objects(self.generation).await?;
            let objects: Vec<(SplitId, i64)> = objects
                .into_iter()
                .filter_map(|object| Some((SplitId::new(&object.id)?, object.at.as_millisecond())))
                .collect();
            // Read after they were listed: what was named meanwhile is no orphan.
            let orphans = orphans(&self.manifest().await?, &objects, now);
            self.erase(&orphans).await?;
        }
        Ok(())
    }

    /// Deletes what generations left that were in force before.
    async fn erase_others(self) -> Result<(), IndexError> {
        let index = self.store.search_index();
        for generation in index.generations().await? {
            if generation < self.generation {
                index.forget_manifest(generation).await?;
                index.erase_generation(generation).await?;
            }
        }
        Ok(())
    }

    async fn erase(self, ids: &[SplitId]) -> Result<(), IndexError> {
        let ids: Vec<&str> = ids.iter().map(SplitId::as_str).collect();
        Ok(self.store.search_index().erase(self.generation, &ids).await?)
    }

    /// Writes a split, which nothing names yet.
    async fn put(self, bytes: Vec<u8>) -> Result<(SplitId, Entry, Arc<Split>), IndexError> {
        let id = self.new_id()?;
        let length = bytes.len() as u64;
        let place = self.at_hand.place(self.generation, &id, bytes.len());
        let (bytes, split) = blocking(move || {
            let split = place.opened(bytes.clone())?;
            Ok((bytes, split))
        })
        .await?;
        self.store
            .search_index()
            .put(self.generation, id.as_str(), bytes)
            .await?;
        let entry = Entry::of(id.clone(), length, &split);
        Ok((id, entry, split))
    }

    fn new_id(self) -> Result<SplitId, IndexError> {
        let at = u64::try_from(self.store.now().as_millisecond()).unwrap_or_default();
        let mut random = [0; 16];
        for (to, from) in random.iter_mut().zip(self.store.random_bytes()) {
            *to = from;
        }
        let id = ulid::Ulid::from_parts(at, u128::from_be_bytes(random)).to_string();
        SplitId::new(&id).ok_or_else(|| IndexError::Manifest(format!("{id} is no name of a split")))
    }

    /// Changes the manifest as it is now, as often as others are first; what it was and what it is. Nothing: it is to stay as it is.
    async fn change(
        self,
        change: impl Fn(&Manifest) -> Result<Option<Manifest>, ManifestError>,
    ) -> Result<Option<(Manifest, Manifest)>, IndexError> {
        for tried in 1..=MOST_TRIES {
            let read = self.manifest().await?;
            let next = change(&read).map_err(|error| IndexError::Manifest(error.to_string()))?;
            let Some(next) = next else {
                return Ok(None);
            };
            let json =
                serde_json::to_string(&next).map_err(|error| IndexError::Manifest(error.to_string()))?;
            let kept = KeptManifest {
                revision: next.revision,
                json,
            };
            let index = self.store.search_index();
            if index
                .replace_manifest(self.generation, read.revision, &kept)
                .await?
            {
                return Ok(Some((read, next)));
            }
            self.store.wait_a_little(tried).await;
        }
        Err(IndexError::Contended(MOST_TRIES))
    }
}

/// Runs what takes the processor or waits for a disk where nobody else has to wait for it. A runtime of one thread has nobody else: a
/// function answers one question at a time, and a test is to do the same twice.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IndexError> + Send + 'static,
) -> Result<T, IndexError> {
    if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
        return work();
    }
    waiting(work).await
}

/// Runs what reads splits. Those that are read over the network wait for this runtime.
pub(crate) async fn reading<T: Send + 'static>(
    splits: &Splits,
    work: impl FnOnce() -> Result<T, IndexError> + Send + 'static,
) -> Result<T, IndexError> {
    match splits.wait() {
        true => waiting(work).await,
        false => blocking(work).await,
    }
}

/// Runs what waits for this runtime, on another thread even where it has but one.
pub(crate) async fn waiting<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IndexError> + Send + 'static,
) -> Result<T, IndexError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(IndexError::Stopped),
    }
}
