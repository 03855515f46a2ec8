//! Several splits become one, without what is superseded.

use crate::{
    SplitError,
    documents::Documents,
    split::Split,
    splits::{Part, Splits},
    write::{bundle_of, settings},
};
use docket_search::Kind;
use std::{io, sync::Arc};
use tantivy::{directory::RamDirectory, indexer::merge_filtered_segments};

/// Most documents that are merged at once: the result is made in memory, about 0.6 KB for each of 1 KB.
pub const MOST_DOCUMENTS: u64 = 200_000;

/// What a merge came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Bytes written; 0 where nothing was left, and there is no split.
    pub bytes: u64,
    /// Documents in it.
    pub documents: u32,
    /// Tombstones that were left out. The manifest has to be told of them: none may go while a split that came meanwhile could
    /// need it ([`crate::Manifest::merged`]).
    pub dropped: Vec<(Kind, u64)>,
}

impl Splits {
    /// Merges some of these splits into one, written to `sink`. Alive is what is newest in *all* of these splits, so they are to be
    /// all of the manifest and no other: what is newer only in a split of recent documents in memory would be lost with it.
    ///
    /// A tombstone is kept unless `every_holder_is_here` says of its number that all splits which can hold it take part: in another one
    /// its words would come back to life ([`crate::Manifest::is_held_by_others`] answers that).
    ///
    /// # Errors
    /// When a split could not be read or the result not be written, or when there is more to merge than [`MOST_DOCUMENTS`].
    pub fn merge(
        &self,
        some: &[Arc<Split>],
        every_holder_is_here: &dyn Fn(Kind, u64) -> bool,
        sink: &mut dyn io::Write,
    ) -> Result<Merged, SplitError> {
        let mut dropped = Vec::new();
        let mut segments = Vec::new();
        let mut kept_sets = Vec::new();
        let mut documents = 0;
        for part in self.parts_of(some) {
            let kept = kept_of(part, every_holder_is_here, &mut dropped);
            let count = kept.count();
            if count > 0 {
                documents += count;
                segments.push(part.split.segment().clone());
                kept_sets.push(Some(kept.alive_set(part.split.documents())?));
            }
        }
        if documents > MOST_DOCUMENTS {
            return Err(SplitError::TooManyDocuments {
                documents,
                most: MOST_DOCUMENTS,
            });
        }
        if segments.is_empty() {
            return Ok(Merged {
                bytes: 0,
                documents: 0,
                dropped,
            });
        }
        let folder = RamDirectory::create();
        let index = merge_filtered_segments(&segments, settings(), kept_sets, folder.clone())?;
        let bytes = bundle_of(&index, &folder, sink)?;
        let documents = u32::try_from(documents).unwrap_or(u32::MAX);
        Ok(Merged {
            bytes,
            documents,
            dropped,
        })
    }
}

/// What is kept of a split. Tombstones that nobody needs any more are added to those dropped.
fn kept_of(
    part: &Part,
    every_holder_is_here: &dyn Fn(Kind, u64) -> bool,
    dropped: &mut Vec<(Kind, u64)>,
) -> Documents {
    let mut kept = Documents::clone(&part.newest);
    for row in part
        .split
        .newest()
        .iter()
        .filter(|row| row.gone && part.newest.has(row.document))
    {
        if every_holder_is_here(row.kind, row.number) {
            kept.remove(row.document);
            dropped.push(row.key());
        }
    }
    kept
}
