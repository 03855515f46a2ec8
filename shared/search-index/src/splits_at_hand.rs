//! Splits that were opened once stay at hand: they never change.

use crate::{
    error::IndexError,
    in_bucket::InBucket,
    kept::{blocking, waiting},
    opened::Opened,
};
use docket_splits::{Blocks, Entry, Fetched, LocalFile, Manifest, Split, SplitId};
use docket_store::Store;
use std::{
    collections::HashMap,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

/// Splits up to this many bytes are held in memory; what becomes of larger ones is said by whoever makes the place for them.
const MOST_BYTES_IN_MEMORY: u64 = 4 * 1024 * 1024;
/// Splits up to this many bytes are copied in any case: a first question reads sixteen blocks of a split, one after the other, in which
/// time (a third of a second, at 20 ms each) about as much is copied. After that a copy costs nothing more.
const MOST_BYTES_COPIED: u64 = 24 * 1024 * 1024;
/// Most splits that stay at hand besides those of the manifest read last: one that was just written is not named yet.
const MOST_SPARE: usize = 4;
/// Most blocks of a split that stay in memory: 16 MB.
const MOST_BLOCKS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(127);

/// Opened splits, by generation and name.
pub struct SplitsAtHand {
    larger: Larger,
    splits: Mutex<HashMap<(u64, String), AtHand>>,
    /// The index as it was opened last, with its generation.
    opened: Mutex<Option<(u64, Opened)>>,
}

/// What becomes of splits that are larger than what is held in memory.
enum Larger {
    /// They are held in memory, too.
    InMemory,
    /// They are copied into the folder, and read from there in pieces.
    Copied(PathBuf),
    /// Those with more bytes than so many are read in the bucket, in blocks, until much is read of them; the others are copied.
    InBlocks(PathBuf, u64),
}

#[derive(Clone)]
struct AtHand {
    split: Arc<Split>,
    /// How it is read, unless it is here as a whole.
    blocks: Option<Arc<Blocks<InBucket>>>,
}

impl AtHand {
    fn whole(split: Arc<Split>) -> Self {
        Self { split, blocks: None }
    }

    /// Whether so much was read of it that all of it had better be here: half of it.
    fn is_read_much(&self, entry: &Entry) -> bool {
        let blocks = self.blocks.as_ref();
        blocks.is_some_and(|blocks| blocks.fetched().bytes >= entry.bytes / 2)
    }
}

impl SplitsAtHand {
    /// None yet; copies of larger ones go into the folder: for whoever reads all of them.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self::with(Larger::Copied(folder))
    }

    /// None yet; all of them will be in memory.
    pub fn in_memory() -> Self {
        Self::with(Larger::InMemory)
    }

    /// None yet; of very large ones only what is asked for is read, in blocks, until that is so much that they are copied into the
    /// folder, too.
    pub fn in_blocks(folder: PathBuf) -> Self {
        Self::in_blocks_beyond(MOST_BYTES_COPIED, folder)
    }

    /// The same for those with more bytes than so many.
    pub fn in_blocks_beyond(bytes: u64, folder: PathBuf) -> Self {
        Self::with(Larger::InBlocks(folder, bytes))
    }

    fn with(larger: Larger) -> Self {
        Self {
            larger,
            splits: Mutex::default(),
            opened: Mutex::default(),
        }
    }

    /// Lets go of all.
    pub fn clear(&self) {
        crate::lock(&self.splits).clear();
        *crate::lock(&self.opened) = None;
    }

    /// What was read in blocks of the splits that are at hand and not here as a whole.
    pub fn fetched(&self) -> Fetched {
        let splits = crate::lock(&self.splits);
        let blocks = splits.values().filter_map(|at_hand| at_hand.blocks.as_ref());
        blocks.fold(Fetched::default(), |all, blocks| {
            let Fetched { reads, bytes } = blocks.fetched();
            Fetched {
                reads: all.reads + reads,
                bytes: all.bytes + bytes,
            }
        })
    }

    pub(crate) fn keep(&self, generation: u64, id: &SplitId, split: Arc<Split>) {
        self.keep_so(generation, id, AtHand::whole(split));
    }

    fn keep_so(&self, generation: u64, id: &SplitId, at_hand: AtHand) {
        let mut splits = crate::lock(&self.splits);
        splits.insert((generation, id.as_str().to_owned()), at_hand);
    }

    fn known(&self, generation: u64, id: &SplitId) -> Option<AtHand> {
        let splits = crate::lock(&self.splits);
        splits.get(&(generation, id.as_str().to_owned())).cloned()
    }

    /// The index as of a manifest, if it was opened last and none of its splits had better be here as a whole.
    pub(crate) fn opened(&self, generation: u64, manifest: &Manifest) -> Option<Opened> {
        let opened = crate::lock(&self.opened);
        let (of, opened) = opened.as_ref()?;
        if *of != generation || opened.manifest != *manifest {
            return None;
        }
        let had_better_be_here = |entry: &Entry| {
            let known = self.known(generation, &entry.id);
            known.is_some_and(|known| known.is_read_much(entry))
        };
        (!manifest.splits.iter().any(had_better_be_here)).then(|| opened.clone())
    }

    pub(crate) fn keep_opened(&self, generation: u64, opened: &Opened) {
        *crate::lock(&self.opened) = Some((generation, opened.clone()));
    }

    /// The index as it was opened last, with one more split: that costs what it has documents, not what all of them have.
    pub(crate) fn add_to_opened(
        &self,
        generation: u64,
        before: &Manifest,
        after: Manifest,
        (id, split): (SplitId, Arc<Split>),
    ) {
        let mut opened = crate::lock(&self.opened);
        match opened.as_mut() {
            Some((of, opened)) if *of == generation && opened.manifest == *before => {
                opened.add(after, id, split);
            }
            _ => {}
        }
    }

    /// The split of an entry, fetched if it is not at hand. As a whole it is checked.
    pub(crate) async fn get(
        &self,
        store: &Store,
        generation: u64,
        entry: &Entry,
    ) -> Result<Arc<Split>, IndexError> {
        let known = self.known(generation, &entry.id);
        let is_read_much = known.as_ref().is_some_and(|known| known.is_read_much(entry));
        let at_hand = match (known, &self.larger) {
            (Some(known), _) if !is_read_much => return Ok(known.split),
            (_, Larger::InBlocks(_, least)) if entry.bytes > *least && !is_read_much => {
                in_blocks(store, generation, entry).await?
            }
            _ => AtHand::whole(self.fetched_whole(store, generation, entry).await?),
        };
        let split = at_hand.split.clone();
        self.keep_so(generation, &entry.id, at_hand);
        Ok(split)
    }

    async fn fetched_whole(
        &self,
        store: &Store,
        generation: u64,
        entry: &Entry,
    ) -> Result<Arc<Split>, IndexError> {
        let bytes = store.search_index().get(generation, entry.id.as_str()).await?;
        let place = self.place(generation, &entry.id, bytes.len());
        blocking(move || place.opened(bytes)).await
    }

    /// Where a split with so many bytes is read from.
    pub(crate) fn place(&self, generation: u64, id: &SplitId, bytes: usize) -> SplitPlace {
        let folder = match &self.larger {
            Larger::Copied(folder) | Larger::InBlocks(folder, _) => Some(folder),
            Larger::InMemory => None,
        };
        let folder = folder.filter(|_| bytes as u64 > MOST_BYTES_IN_MEMORY);
        SplitPlace(folder.map(|folder| (folder.clone(), format!("{generation}-{id}.split"))))
    }

    /// Lets go of what is no longer part of the index, once there is much of it. Whoever searches with it holds it as long as need be.
    pub(crate) fn let_go_but(&self, generation: u64, entries: &[Entry]) {
        let mut splits = crate::lock(&self.splits);
        if splits.len() > entries.len() + MOST_SPARE {
            let is_named = |(of, id): &(u64, String)| {
                *of == generation && entries.iter().any(|entry| entry.id.as_str() == id)
            };
            splits.retain(|key, _| is_named(key));
        }
    }
}

/// Where a split is read from: in memory, or from a copy in a folder.
pub(crate) struct SplitPlace(Option<(PathBuf, String)>);

impl SplitPlace {
    /// The split of these bytes.
    pub fn opened(&self, bytes: Vec<u8>) -> Result<Arc<Split>, IndexError> {
        match &self.0 {
            None => Ok(Split::in_memory(bytes)?),
            Some((folder, name)) => in_file(folder, name, &bytes),
        }
    }
}

/// A split of which only what is needed is read.
async fn in_blocks(store: &Store, generation: u64, entry: &Entry) -> Result<AtHand, IndexError> {
    let object = InBucket::new(store, generation, &entry.id);
    let blocks = Arc::new(Blocks::new(object, entry.bytes, MOST_BLOCKS));
    let source = Arc::clone(&blocks);
    match waiting(move || Ok(Split::open(source)?)).await {
        Ok(split) => Ok(AtHand {
            split,
            blocks: Some(blocks),
        }),
        Err(error) => {
            // One that is lost is told as such: the manifest is read anew.
            let id = entry.id.as_str();
            store.search_index().get_range(generation, id, 0..1).await?;
            Err(error)
        }
    }
}

/// Writes a copy under another name first, so that one that was cut is never taken for whole; then removes its name: the file lasts as
/// long as it is open, and a folder is left as it was found.
fn in_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<Arc<Split>, IndexError> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(name);
    std::fs::write(&path, bytes)?;
    let opened = LocalFile::open(&path);
    std::fs::remove_file(&path)?;
    let source: Arc<LocalFile> = Arc::new(opened?);
    Split::check(source.clone())?;
    Ok(Split::open(source)?)
}
