//! What goes wrong with splits.

use std::io;
use tantivy::{TantivyError, directory::error::OpenReadError};

/// Why a split could not be written, opened or asked.
#[derive(Debug, thiserror::Error)]
pub enum SplitError {
    /// Its bytes could not be read.
    #[error("a split could not be read")]
    Read(#[from] io::Error),
    /// It has another length than it says: a part of it is missing, or something follows it.
    #[error("a split of {found} bytes says that it has {said}")]
    Cut {
        /// Bytes there are.
        found: u64,
        /// Bytes it says it has.
        said: u64,
    },
    /// What was given is no split, or its table of contents is damaged.
    #[error("no split: {0}")]
    NotASplit(&'static str),
    /// It was written in another form: the index is built anew, splits are not converted.
    #[error("a split of scheme {found}, and this program reads {known}")]
    OtherScheme {
        /// Its scheme.
        found: String,
        /// What is read here.
        known: &'static str,
    },
    /// Its bytes are not those that were written.
    #[error("the bytes of a split are not those that were written")]
    Damaged,
    /// More results are to be left out and taken than are held at once.
    #[error("{wanted} results wanted of which {most} at most are held")]
    TooFar {
        /// Left out and taken.
        wanted: usize,
        /// [`crate::MOST_HELD`].
        most: usize,
    },
    /// What fits best has no place to go on from: the next page may weigh its words otherwise.
    #[error("results by relevance cannot be gone on with after one of them")]
    NoPlaceByRelevance,
    /// More people or organizations are around the tickets that are asked for than are held at once.
    #[error("more than {most} people or organizations stand by a condition on whoever asks")]
    TooManyAround {
        /// [`crate::MOST_AROUND`].
        most: usize,
    },
    /// A merge of more documents than are merged at once.
    #[error("{documents} documents to merge of which {most} at most are merged at once")]
    TooManyDocuments {
        /// Alive in what was to be merged.
        documents: u64,
        /// [`crate::MOST_DOCUMENTS`].
        most: u64,
    },
    /// The library of the index failed.
    #[error("the index failed")]
    Index(#[source] Box<TantivyError>),
}

impl From<TantivyError> for SplitError {
    fn from(error: TantivyError) -> Self {
        Self::Index(Box::new(error))
    }
}

impl SplitError {
    /// Whether it may pass: bytes could not be read now. All else is the same the next time.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Read(_) => true,
            Self::Index(error) => matches!(
                **error,
                TantivyError::IoError(_) | TantivyError::OpenReadError(OpenReadError::IoError { .. })
            ),
            _ => false,
        }
    }
}
