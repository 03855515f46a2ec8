//! What can go wrong.

use docket_splits::SplitError;
use docket_store::{StoreError, blob::BlobError};

/// Why the index could not be kept, opened or asked.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The world failed, or something stored can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A split can't be read or written.
    #[error("the index can't be used: {0}")]
    Split(#[from] SplitError),
    /// There is no index yet.
    #[error("there is no index yet")]
    NotYet,
    /// A split that the manifest names is not there, also after the manifest was read anew.
    #[error("split {0} of the index is lost: rebuild it (`docket search rebuild`)")]
    Lost(String),
    /// The manifest can't be read.
    #[error("the index's manifest can't be read: {0}; rebuild it (`docket search rebuild`)")]
    Manifest(String),
    /// A file of the machine's own could not be written or read.
    #[error("a file of the index could not be kept at hand")]
    File(#[from] std::io::Error),
    /// Others changed the index at the same time, again and again.
    #[error("the index was changed by others {0} times in a row")]
    Contended(u32),
    /// Work that was handed to another thread was stopped.
    #[error("the index was shut down")]
    Stopped,
}

impl IndexError {
    /// Whether the index itself is damaged or lost, and no other try can help.
    pub fn is_of_the_index(&self) -> bool {
        match self {
            Self::Lost(_) | Self::Manifest(_) => true,
            Self::Split(error) => !error.may_pass(),
            _ => false,
        }
    }
}

impl From<BlobError> for IndexError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Missing(key) => Self::Lost(key),
            BlobError::Store(error) => Self::Store(error),
        }
    }
}
