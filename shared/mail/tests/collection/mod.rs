//! Where the collection of cases lies.

use std::path::PathBuf;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases");

/// The collection's folder; without it the tests are skipped, but not in continuous integration.
pub fn cases() -> Option<PathBuf> {
    let folder = PathBuf::from(CASES);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "the case collection is missing: {CASES}"
    );
    println!("skipped: the case collection is not there ({CASES})");
    None
}
