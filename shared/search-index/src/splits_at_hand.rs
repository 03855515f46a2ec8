//! Splits that were opened once stay at hand: they never change.

use crate::{error::IndexError, kept::blocking, opened::Opened};
use docket_splits::{Entry, LocalFile, Manifest, Split, SplitId};
use docket_store::Store;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

/// Splits up to this many bytes are held in memory; larger ones are copied into the folder, and read from there in pieces.
const MOST_BYTES_IN_MEMORY: u64 = 4 * 1024 * 1024;
/// Most splits that stay at hand besides those of the manifest read last.
const MOST_SPARE: usize = 64;

/// Opened splits, by generation and name.
pub struct SplitsAtHand {
    /// Where larger ones are copied to; nothing: all of them are in memory.
    folder: Option<PathBuf>,
    splits: Mutex<HashMap<(u64, String), Arc<Split>>>,
    /// The index as it was opened last, with its generation.
    opened: Mutex<Option<(u64, Opened)>>,
}

impl SplitsAtHand {
    /// None yet; copies of larger ones go into the folder.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self {
            folder: Some(folder),
            splits: Mutex::default(),
            opened: Mutex::default(),
        }
    }

    /// None yet; all of them will be in memory.
    pub fn in_memory() -> Self {
        Self {
            folder: None,
            splits: Mutex::default(),
            opened: Mutex::default(),
        }
    }

    /// Lets go of all.
    pub fn clear(&self) {
        crate::lock(&self.splits).clear();
        *crate::lock(&self.opened) = None;
    }

    pub(crate) fn keep(&self, generation: u64, id: &SplitId, split: Arc<Split>) {
        let mut splits = crate::lock(&self.splits);
        splits.insert((generation, id.as_str().to_owned()), split);
    }

    fn known(&self, generation: u64, id: &SplitId) -> Option<Arc<Split>> {
        let splits = crate::lock(&self.splits);
        splits.get(&(generation, id.as_str().to_owned())).cloned()
    }

    /// The index as of a manifest, if it was opened last.
    pub(crate) fn opened(&self, generation: u64, manifest: &Manifest) -> Option<Opened> {
        let opened = crate::lock(&self.opened);
        let (of, opened) = opened.as_ref()?;
        (*of == generation && opened.manifest == *manifest).then(|| opened.clone())
    }

    pub(crate) fn keep_opened(&self, generation: u64, opened: &Opened) {
        *crate::lock(&self.opened) = Some((generation, opened.clone()));
    }

    /// The split of an entry, fetched and checked if it is not at hand.
    pub(crate) async fn get(
        &self,
        store: &Store,
        generation: u64,
        entry: &Entry,
    ) -> Result<Arc<Split>, IndexError> {
        if let Some(split) = self.known(generation, &entry.id) {
            return Ok(split);
        }
        let bytes = store.search_index().get(generation, entry.id.as_str()).await?;
        let folder = self.folder.clone().filter(|_| entry.bytes > MOST_BYTES_IN_MEMORY);
        let name = format!("{generation}-{}.split", entry.id);
        let split = blocking(move || match folder {
            None => Ok(Split::in_memory(bytes)?),
            Some(folder) => in_file(&folder, &name, &bytes),
        })
        .await?;
        self.keep(generation, &entry.id, split.clone());
        Ok(split)
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
