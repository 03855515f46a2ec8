//! What the index takes for its folder: the pieces of one split, which nobody writes.

use crate::bundle::Bundle;
use std::{
    collections::HashMap,
    fmt, io,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};
use tantivy::{
    Directory, HasLen,
    directory::{
        DirectoryLock, FileHandle, Lock, OwnedBytes, WatchCallback, WatchHandle, WritePtr,
        error::{DeleteError, LockError, OpenReadError, OpenWriteError},
    },
};

/// The file in which the index looks up its segments.
const META: &str = "meta.json";

#[derive(Clone)]
pub(crate) struct SplitFolder {
    files: Arc<HashMap<PathBuf, Arc<Piece>>>,
    meta: Arc<Vec<u8>>,
}

#[derive(Debug)]
struct Piece(crate::bundle::Piece);

impl SplitFolder {
    /// The pieces as files of a segment with this name.
    pub(crate) fn new(bundle: Bundle, segment: &str, meta: Vec<u8>) -> Self {
        let files = bundle.pieces.into_iter();
        let files = files
            .map(|(name, piece)| (PathBuf::from(format!("{segment}.{name}")), Arc::new(Piece(piece))))
            .collect();
        Self {
            files: Arc::new(files),
            meta: Arc::new(meta),
        }
    }
}

impl fmt::Debug for SplitFolder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a split of {} pieces", self.files.len())
    }
}

impl HasLen for Piece {
    fn len(&self) -> usize {
        usize::try_from(self.0.length()).unwrap_or(usize::MAX)
    }
}

impl FileHandle for Piece {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.0.read_at(range.start as u64..range.end as u64)
    }
}

fn nobody_writes() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "a split is never written to")
}

impl Directory for SplitFolder {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        match self.files.get(path) {
            Some(piece) => Ok(Arc::clone(piece) as Arc<dyn FileHandle>),
            None => Err(OpenReadError::FileDoesNotExist(path.to_owned())),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError {
            io_error: Arc::new(nobody_writes()),
            filepath: path.to_owned(),
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        Ok(path == Path::new(META) || self.files.contains_key(path))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(nobody_writes(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if path == Path::new(META) {
            return Ok(self.meta.to_vec());
        }
        Err(OpenReadError::FileDoesNotExist(path.to_owned()))
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(nobody_writes())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        // Nobody removes a file of it: there is nothing to hold.
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
