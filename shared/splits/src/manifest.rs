//! Which splits make up the index. A manifest is kept as one item that is changed only where its revision is still that which was
//! read; what it becomes by each change stands here, as a new value.

use crate::entry::{Entry, SplitId};
use docket_search::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How long an object stays that no manifest names: whoever writes a split puts it there before its manifest names it, and whoever
/// searches may still have the manifest before.
pub const GRACE_MILLISECONDS: i64 = 15 * 60 * 1000;
/// A split that no longer belongs to the index, whose object is deleted when nobody can be reading it any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retired {
    /// Its name.
    pub id: SplitId,
    /// From when on its object is deleted, milliseconds since 1970; for one that held words which had to go, at once.
    pub from: i64,
}

/// The splits of one index, in their order: of equal versions of a thing that in the later split is alive. The order is that of this
/// list, not that of names, since what a merge makes has a later name than what it stands before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Raised by every change.
    pub revision: u64,
    /// All splits of the index.
    pub splits: Vec<Entry>,
    /// Up to when everything that changed is in them, milliseconds since 1970.
    pub watermark: i64,
    /// Those that hold words which have to go.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub must_merge: BTreeSet<SplitId>,
    /// Those that were merged and whose objects are not deleted yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retired: Vec<Retired>,
}

/// Why a manifest cannot be changed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The split is in it already: what was done is done.
    #[error("split {0} is in the manifest already")]
    AlreadyThere(SplitId),
    /// A split to be replaced is not in it: somebody else merged it.
    #[error("split {0} is not in the manifest any more")]
    Gone(SplitId),
    /// The merge left out a tombstone that a split needs which came meanwhile: it is to be done again.
    #[error("the tombstone of {kind:?} {number} is needed by split {by}")]
    TombstoneNeeded {
        /// What it stands for.
        kind: Kind,
        /// Its number.
        number: u64,
        /// The split that can hold it.
        by: SplitId,
    },
}

impl Manifest {
    fn entry(&self, id: &SplitId) -> Option<&Entry> {
        self.splits.iter().find(|split| split.id == *id)
    }

    fn next(&self) -> Self {
        Self {
            revision: self.revision + 1,
            ..self.clone()
        }
    }

    /// With one more split, the latest, that brings the index up to a watermark. Of the things in `erased` it has a version without words
    /// that have to go: the splits before that can hold them must be merged.
    ///
    /// # Errors
    /// When it is there already.
    pub fn with_split_added(
        &self,
        split: Entry,
        watermark: i64,
        erased: &[(Kind, u64)],
    ) -> Result<Self, ManifestError> {
        if self.entry(&split.id).is_some() {
            return Err(ManifestError::AlreadyThere(split.id));
        }
        let mut next = self.next();
        let holds = |entry: &&Entry| {
            erased
                .iter()
                .any(|(kind, number)| entry.spans.hold(*kind, *number))
        };
        next.must_merge
            .extend(self.splits.iter().filter(holds).map(|entry| entry.id.clone()));
        next.splits.push(split);
        next.watermark = self.watermark.max(watermark);
        Ok(next)
    }

    /// With another watermark, when nothing had changed. It never goes back.
    #[must_use]
    pub fn with_watermark(&self, watermark: i64) -> Self {
        Self {
            watermark: self.watermark.max(watermark),
            ..self.next()
        }
    }

    /// With some splits replaced by what they were merged to, if anything was left of them; it stands where the last of them
    /// stood. `seen` is the manifest whose splits were open for the merge, `dropped` the tombstones that it left out.
    ///
    /// What became due to go after that is in the result, too, so that must be merged again.
    ///
    /// # Errors
    /// When one of the splits is not there any more, or a tombstone is needed by a split that came meanwhile.
    pub fn merged(
        &self,
        seen: &Self,
        inputs: &[SplitId],
        output: Option<Entry>,
        dropped: &[(Kind, u64)],
        now: i64,
    ) -> Result<Self, ManifestError> {
        if let Some(gone) = inputs.iter().find(|id| self.entry(id).is_none()) {
            return Err(ManifestError::Gone(gone.clone()));
        }
        let came = |entry: &&Entry| !inputs.contains(&entry.id) && seen.entry(&entry.id).is_none();
        for entry in self.splits.iter().filter(came) {
            if let Some((kind, number)) = dropped
                .iter()
                .find(|(kind, number)| entry.spans.hold(*kind, *number))
            {
                let (kind, number, by) = (*kind, *number, entry.id.clone());
                return Err(ManifestError::TombstoneNeeded { kind, number, by });
            }
        }
        let mut next = self.next();
        let last = self.splits.iter().rposition(|entry| inputs.contains(&entry.id));
        let due_since = |id: &SplitId| self.must_merge.contains(id) && !seen.must_merge.contains(id);
        let due_again = inputs.iter().any(due_since);
        next.splits = Vec::with_capacity(self.splits.len());
        for (at, entry) in self.splits.iter().enumerate() {
            if !inputs.contains(&entry.id) {
                next.splits.push(entry.clone());
            } else if last == Some(at)
                && let Some(output) = &output
            {
                next.splits.push(output.clone());
            }
        }
        for id in inputs {
            let grace = if next.must_merge.remove(id) {
                0
            } else {
                GRACE_MILLISECONDS
            };
            next.retired.push(Retired {
                id: id.clone(),
                from: now.saturating_add(grace),
            });
        }
        if let Some(output) = output.filter(|_| due_again) {
            next.must_merge.insert(output.id);
        }
        Ok(next)
    }

    /// Whether a split that is none of these can hold a number: then its tombstone is needed.
    #[must_use]
    pub fn is_held_by_others(&self, these: &[SplitId], kind: Kind, number: u64) -> bool {
        let mut others = self.splits.iter().filter(|entry| !these.contains(&entry.id));
        others.any(|entry| entry.spans.hold(kind, number))
    }

    /// The retired splits whose objects can be deleted now.
    pub fn to_delete(&self, now: i64) -> impl Iterator<Item = &SplitId> {
        self.retired
            .iter()
            .filter(move |retired| retired.from <= now)
            .map(|retired| &retired.id)
    }

    /// Without retired splits whose objects were deleted.
    #[must_use]
    pub fn swept(&self, deleted: &[SplitId]) -> Self {
        let mut next = self.next();
        next.retired.retain(|retired| !deleted.contains(&retired.id));
        next
    }
}

/// The objects under the prefix of an index that its manifest does not name and that have been there for longer than
/// [`GRACE_MILLISECONDS`]: whoever wrote them did not come to name them. Objects are told with when they were written, milliseconds
/// since 1970; the manifest must have been read after they were listed.
#[must_use]
pub fn orphans(manifest: &Manifest, objects: &[(SplitId, i64)], now: i64) -> Vec<SplitId> {
    let named = |id: &SplitId| {
        manifest.entry(id).is_some() || manifest.retired.iter().any(|retired| retired.id == *id)
    };
    let old = |written: i64| now.saturating_sub(written) > GRACE_MILLISECONDS;
    let orphans = objects.iter().filter(|(id, written)| old(*written) && !named(id));
    orphans.map(|(id, _)| id.clone()).collect()
}
