//! Files that only their owner reads: a desk's folder has people's mail in it, and its secrets.

use std::{io::Write as _, path::Path};

/// Writes a file, whole or not at all, and for good once this has returned.
pub fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    sync_name(path)
}

/// Has the name of a file survive a power cut, too.
#[cfg(unix)]
fn sync_name(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Elsewhere a folder can't be opened as a file; the system keeps names by itself.
#[cfg(not(unix))]
fn sync_name(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Leaves a folder, and whatever lies in it, to its owner alone.
#[cfg(unix)]
pub(crate) fn restrict(folder: &Path) -> std::io::Result<()> {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};
    std::fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            match std::fs::set_permissions(entry.path(), Permissions::from_mode(0o600)) {
                // A database's log comes and goes.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                done => done?,
            }
        }
    }
    Ok(())
}

/// Elsewhere a folder has what its parent gives it.
#[cfg(not(unix))]
pub(crate) fn restrict(_: &Path) -> std::io::Result<()> {
    Ok(())
}
