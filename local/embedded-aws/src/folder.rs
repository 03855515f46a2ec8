//! The folder that keeps everything, and the lock that keeps other processes out of it.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};

use crate::{OpenError, lock};

/// Folders that this process holds. Within it a folder may be opened again, as a restart would, while a client of before
/// is still about.
static HELD: Mutex<BTreeMap<PathBuf, Weak<File>>> = Mutex::new(BTreeMap::new());

/// Makes the folder if it is not there, and holds it until the last clone of what is given is dropped; the system lets
/// go of it with the process, however that ends.
pub(crate) fn hold(folder: &Path) -> Result<Arc<File>, OpenError> {
    let failed = |source: io::Error| OpenError::Folder {
        folder: folder.to_owned(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let path = folder.canonicalize().map_err(failed)?.join("lock");
    let mut all = lock(&HELD);
    if let Some(file) = all.get(&path).and_then(Weak::upgrade) {
        return Ok(file);
    }
    let mut options = File::options();
    let file = options.write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(OpenError::InUse {
                folder: folder.to_owned(),
            });
        }
        // A file system without locks: one process at a time is then left to the operator.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    let file = Arc::new(file);
    all.retain(|_, file| file.strong_count() > 0);
    all.insert(path, Arc::downgrade(&file));
    Ok(file)
}
