//! The one file in which everything is kept, and when what was written to it is there for good.
//!
//! Tables, queues, objects and mail stand in one SQLite file, so that all of it has one order: whatever a power cut takes is the
//! end of it, and what is left is as it was at some moment. A call is not synced when it is answered within the process; whoever
//! answers the outside has all that was written until then synced first ([`Disk::sync`]). Many who wait at once wait for one sync.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::lock;

pub(crate) struct Disk {
    file: PathBuf,
    /// Held by whoever writes: the file's two connections never wait for each other within SQLite, and none moves the log into the file
    /// while the other writes to it.
    writing: Mutex<()>,
    written: AtomicU64,
    synced: Mutex<Synced>,
}

#[derive(Default)]
struct Synced {
    /// How many writes are there for good.
    writes: u64,
    /// SQLite's log of what was written, once there is one.
    log: Option<File>,
    /// A sync failed once. The system may have dropped what it could not write, and a later sync would say that all is well.
    has_failed: bool,
}

impl Disk {
    pub(crate) fn new(file: PathBuf) -> Self {
        Self {
            file,
            writing: Mutex::new(()),
            // Who had the file before may have written, and ended before it was synced.
            written: AtomicU64::new(1),
            synced: Mutex::new(Synced::default()),
        }
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Does what writes to the file.
    pub(crate) fn write<T>(&self, write: impl FnOnce() -> T) -> T {
        let _alone = lock(&self.writing);
        let result = write();
        self.written.fetch_add(1, Ordering::Release);
        result
    }

    /// Has all that was written until now survive a power cut; whether there was anything to do.
    ///
    /// The file is in WAL mode, synced by SQLite only where it moves the log's pages into the file: what was committed since stands in
    /// the log alone.
    pub(crate) fn sync(&self) -> io::Result<bool> {
        let mut synced = lock(&self.synced);
        let written = self.written.load(Ordering::Acquire);
        // Somebody else's sync, which was waited for, was this one's, too.
        if synced.writes >= written {
            return Ok(false);
        }
        if synced.has_failed {
            return Err(io::Error::other("the disk did not take what was written before"));
        }
        let done = self.sync_log(&mut synced);
        synced.has_failed = done.is_err();
        done?;
        synced.writes = written;
        Ok(true)
    }

    fn sync_log(&self, synced: &mut Synced) -> io::Result<()> {
        match &synced.log {
            Some(log) => log.sync_data(),
            None => {
                let mut name = self.file.clone().into_os_string();
                name.push("-wal");
                let log = File::options().append(true).open(&name)?;
                log.sync_data()?;
                sync_names(&self.file)?;
                synced.log = Some(log);
                Ok(())
            }
        }
    }
}

/// Has the names of the files in the folder survive, too.
#[cfg(unix)]
fn sync_names(file: &Path) -> io::Result<()> {
    match file.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Elsewhere a folder can't be opened as a file; the system keeps names by itself.
#[cfg(not(unix))]
fn sync_names(_: &Path) -> io::Result<()> {
    Ok(())
}
