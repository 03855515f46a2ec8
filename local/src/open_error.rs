//! Why a desk can't be opened.

use docket_desk::StoreError;
use std::path::PathBuf;

/// A desk that could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A desk runs on it.
    #[error("folder {0} is held by a desk that runs: stop it first (its Ctrl-C loses nothing)")]
    Runs(PathBuf),
    /// It is of another format.
    #[error(
        "folder {folder} holds a desk of format {found}, and this program reads format {read}: move the folder away, or begin a new desk with --data NAME"
    )]
    OtherFormat {
        /// The folder.
        folder: PathBuf,
        /// Its format.
        found: String,
        /// What this program reads.
        read: &'static str,
    },
    /// The folder can't be written to.
    #[error("folder {folder} can't be written to")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The embedded AWS could not be opened.
    #[error("the embedded AWS can't be opened")]
    Aws(#[source] embedded_aws::OpenError),
    /// The desk could not be set up.
    #[error("the desk can't be set up")]
    Store(#[from] StoreError),
    /// A queue could not be made.
    #[error("queue {name} can't be made: {problem}")]
    Queue {
        /// Its name.
        name: String,
        /// Why.
        problem: String,
    },
}

impl From<embedded_aws::OpenError> for OpenError {
    fn from(error: embedded_aws::OpenError) -> Self {
        match error {
            embedded_aws::OpenError::InUse { folder } => Self::Runs(folder),
            error => Self::Aws(error),
        }
    }
}
