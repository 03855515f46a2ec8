//! Several splits that are searched as one: the newest version of a thing is alive, all others are not.

use crate::{
    documents::Documents,
    split::{Newest, Split},
};
use docket_search::Kind;
use std::{collections::HashSet, sync::Arc};

/// Splits in their order: of equal versions that in the later split is alive. It never changes: with one more split it is
/// another one, which shares all that was opened.
#[derive(Clone, Default)]
pub struct Splits {
    parts: Vec<Part>,
}

/// A split with what is alive of it.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) split: Arc<Split>,
    /// The newest of their things in all splits, tombstones included.
    pub(crate) newest: Arc<Documents>,
    /// Those of them that are found: no tombstones.
    pub(crate) alive: Arc<Documents>,
}

impl Part {
    /// A split by itself.
    fn alone(split: Arc<Split>) -> Self {
        let mut newest = Documents::none_of(split.documents());
        let mut alive = newest.clone();
        for row in split.newest() {
            newest.add(row.document);
            if !row.gone {
                alive.add(row.document);
            }
        }
        Self {
            split,
            newest: Arc::new(newest),
            alive: Arc::new(alive),
        }
    }

    /// The thing that a document is, if it is found.
    pub(crate) fn found(&self, document: u32) -> Option<&Newest> {
        if self.alive.has(document) {
            self.split.thing(document)
        } else {
            None
        }
    }

    fn bury(&mut self, document: u32) {
        if self.newest.has(document) {
            Arc::make_mut(&mut self.newest).remove(document);
            Arc::make_mut(&mut self.alive).remove(document);
        }
    }
}

impl Splits {
    /// Splits in the order of their manifest, a split of what is not indexed yet last.
    #[must_use]
    pub fn new(splits: Vec<Arc<Split>>) -> Self {
        let mut all = Vec::with_capacity(splits.iter().map(|split| split.newest().len()).sum());
        for (at, split) in splits.iter().enumerate() {
            all.extend(
                split
                    .newest()
                    .iter()
                    .map(|row| (row.key(), row.version, at, row.document)),
            );
        }
        // Each split has its things in order already, which this way of sorting makes use of.
        all.sort();
        let mut parts: Vec<Part> = splits.into_iter().map(Part::alone).collect();
        for pair in all.windows(2) {
            // Within a key the last is the newest; whatever has a successor of its key is not.
            if let [(key, _, at, document), (next, ..)] = pair
                && key == next
            {
                parts[*at].bury(*document);
            }
        }
        Self { parts }
    }

    /// With one more split, the latest. Costs what it has documents, not what the others have.
    #[must_use]
    pub fn with(&self, split: Arc<Split>) -> Self {
        let mut parts = self.parts.clone();
        let mut added = Part::alone(Arc::clone(&split));
        for row in split.newest() {
            for part in &mut parts {
                let Some(other) = part.split.find(row.key()).copied() else {
                    continue;
                };
                if other.version > row.version {
                    added.bury(row.document);
                } else {
                    part.bury(other.document);
                }
            }
        }
        parts.push(added);
        Self { parts }
    }

    /// How many splits.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// Whether asking them may wait for the network: a split of them is read as it is asked.
    #[must_use]
    pub fn wait(&self) -> bool {
        self.parts.iter().any(|part| part.split.waits())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// How many things can be found.
    #[must_use]
    pub fn alive(&self) -> u64 {
        self.parts.iter().map(|part| part.alive.count()).sum()
    }

    /// The newest version of a thing, and whether it stands for what is gone.
    #[must_use]
    pub fn version_of(&self, kind: Kind, number: u64) -> Option<(u64, bool)> {
        let found = self
            .parts
            .iter()
            .filter_map(|part| part.split.find((kind, number)));
        found
            .max_by_key(|row| row.version)
            .map(|row| (row.version, row.gone))
    }

    /// Every thing with its newest version and whether it is gone, in no order.
    pub fn versions(&self) -> impl Iterator<Item = (Kind, u64, u64, bool)> + '_ {
        self.parts.iter().flat_map(|part| {
            let rows = part
                .split
                .newest()
                .iter()
                .filter(|row| part.newest.has(row.document));
            rows.map(|row| (row.kind, row.number, row.version, row.gone))
        })
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The parts that are these splits.
    pub(crate) fn parts_of(&self, splits: &[Arc<Split>]) -> Vec<&Part> {
        let wanted: HashSet<*const Split> = splits.iter().map(Arc::as_ptr).collect();
        self.parts
            .iter()
            .filter(|part| wanted.contains(&Arc::as_ptr(&part.split)))
            .collect()
    }
}
