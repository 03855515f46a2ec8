//! The index opened as its manifest is now.

use crate::{
    error::IndexError,
    kept::{KeptIndex, blocking},
};
use docket_splits::{Entry, Manifest, Split, SplitId, Splits};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use std::sync::Arc;

/// Splits that are fetched at once.
const AT_ONCE: usize = 4;

/// An opened index.
#[derive(Clone)]
pub struct Opened {
    /// As of which manifest.
    pub manifest: Manifest,
    /// What can be asked.
    pub splits: Splits,
    /// Its splits, in the order of the manifest.
    parts: Vec<(SplitId, Arc<Split>)>,
}

impl Opened {
    /// Adds a split that its manifest names now, the latest.
    pub(crate) fn add(&mut self, manifest: Manifest, id: SplitId, split: Arc<Split>) {
        self.splits = self.splits.with(split.clone());
        self.parts.push((id, split));
        self.manifest = manifest;
    }

    /// Some of its splits.
    pub(crate) fn these(&self, ids: &[SplitId]) -> Vec<Arc<Split>> {
        let wanted = self.parts.iter().filter(|(id, _)| ids.contains(id));
        wanted.map(|(_, split)| split.clone()).collect()
    }
}

impl KeptIndex<'_> {
    /// Opens the index as its manifest is now. Where a split is gone that the manifest names, others have merged it meanwhile: the
    /// manifest is read once more.
    ///
    /// # Errors
    /// When the world failed, or a split is lost or damaged.
    pub async fn open(self) -> Result<Opened, IndexError> {
        self.open_from(self.manifest().await?).await
    }

    /// The same; nothing where there is no manifest: it was put out of force, or nothing was to be taken in.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_if_there(self) -> Result<Option<Opened>, IndexError> {
        match self.manifest_if_there().await? {
            Some(manifest) => self.open_from(manifest).await.map(Some),
            None => Ok(None),
        }
    }

    async fn open_from(self, manifest: Manifest) -> Result<Opened, IndexError> {
        match self.open_as_of(manifest).await {
            Err(IndexError::Lost(_)) => self.open_as_of(self.manifest().await?).await,
            opened => opened,
        }
    }

    async fn part(self, entry: &Entry) -> Result<(SplitId, Arc<Split>), IndexError> {
        let split = self.at_hand.get(self.store, self.generation, entry).await?;
        Ok((entry.id.clone(), split))
    }

    async fn open_as_of(self, manifest: Manifest) -> Result<Opened, IndexError> {
        if let Some(opened) = self.at_hand.opened(self.generation, &manifest) {
            return Ok(opened);
        }
        let each: Vec<_> = manifest.splits.iter().map(|entry| self.part(entry)).collect();
        let parts: Vec<(SplitId, Arc<Split>)> = stream::iter(each).buffered(AT_ONCE).try_collect().await?;
        self.at_hand.let_go_but(self.generation, &manifest.splits);
        let all: Vec<Arc<Split>> = parts.iter().map(|(_, split)| split.clone()).collect();
        let splits = blocking(move || Ok(Splits::new(all))).await?;
        let opened = Opened {
            manifest,
            splits,
            parts,
        };
        self.at_hand.keep_opened(self.generation, &opened);
        Ok(opened)
    }
}
