//! The index of the search, which is a row of *splits*: each is written once, as one string of bytes, from documents
//! ([`split_of`]) or from other splits ([`Splits::merge`]), and never changed. A [`Manifest`] says which splits make up the index and in
//! which order. Nothing is deleted in them: of all documents of a thing the newest is alive, of equal ones that of the later
//! split ([`Splits`]), so two writers at once do no harm, and what was written a moment ago is one more split in memory.
//!
//! Where the bytes lie is told by a [`Source`], and who keeps the manifest is not known here. No other crate names the library
//! of the index; what it promises for one version only is used in `write`, `merge` and `split`.

mod around;
mod ask;
mod blocks;
mod bundle;
mod counts;
mod directory;
mod documents;
mod entry;
mod error;
mod manifest;
mod merge;
mod phrase;
mod place;
mod policy;
mod query;
mod schema;
mod source;
mod split;
mod splits;
mod statistics;
mod without;
mod write;

pub use around::MOST_AROUND;
pub use ask::{After, Answer, Hit, MOST_HELD, Rank};
pub use blocks::{BLOCK_BYTES, Blocks, Fetch, Fetched};
pub use bundle::SCHEME;
pub use counts::{Counts, MOST_VALUES};
pub use entry::{Entry, Spans, SplitId};
pub use error::SplitError;
pub use manifest::{GRACE_MILLISECONDS, Manifest, ManifestError, Retired, orphans};
pub use merge::{MOST_DOCUMENTS, Merged};
pub use policy::{MOST_SPLITS, level_of, what_to_merge};
pub use source::{LocalFile, Source};
pub use split::Split;
pub use splits::Splits;
pub use write::split_of;
