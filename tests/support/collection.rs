//! Where the case collection is: beside the repository, or where `DOCKET_CASES` says.

use std::path::{Path, PathBuf};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/cases");

/// The collection's folder; without it the tests are skipped, but not in continuous integration.
pub fn cases() -> Option<PathBuf> {
    let folder = std::env::var_os("DOCKET_CASES").map_or_else(|| PathBuf::from(CASES), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "the case collection is missing: {}",
        folder.display()
    );
    println!("skipped: the case collection is not there ({})", folder.display());
    None
}

/// Every file below a folder.
pub fn files_below(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files_below(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
