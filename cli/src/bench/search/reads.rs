//! What a query reads of splits that lie in the bucket, in blocks.

use anyhow::Context as _;
use docket_search::Question;
use docket_splits::{Blocks, Fetch, Fetched, LocalFile, Source, Split, Splits};
use serde::Serialize;
use std::{io, num::NonZeroUsize, ops::Range, path::PathBuf, sync::Arc};

/// Blocks of a split that are kept: more than any query reads.
const MOST_KEPT: usize = 4_096;

/// Reads and what they brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Reads {
    pub reads: u64,
    pub bytes: u64,
}

/// What one query read of splits of which nothing was at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct FirstReads {
    /// Opening the splits.
    pub opening: Reads,
    /// The first query.
    pub first: Reads,
    /// The same once more.
    pub again: Reads,
    /// Another one of its kind after that.
    pub other: Reads,
}

impl Reads {
    pub fn plus(self, other: Self) -> Self {
        Self {
            reads: self.reads + other.reads,
            bytes: self.bytes + other.bytes,
        }
    }

    pub fn greater(self, other: Self) -> Self {
        Self {
            reads: self.reads.max(other.reads),
            bytes: self.bytes.max(other.bytes),
        }
    }
}

impl FirstReads {
    /// What was read until the first query was answered.
    pub fn until_answered(&self) -> Reads {
        self.opening.plus(self.first)
    }
}

/// The bytes of a split, of which parts are fetched.
pub(super) enum Object {
    #[cfg(test)]
    Memory(Arc<[u8]>),
    File(LocalFile),
}

/// Where the splits lie.
#[derive(Clone)]
pub(super) enum Lying {
    #[cfg(test)]
    Memory(Arc<[u8]>),
    File(PathBuf),
}

impl Lying {
    fn open(&self) -> anyhow::Result<Object> {
        Ok(match self {
            #[cfg(test)]
            Self::Memory(bytes) => Object::Memory(Arc::clone(bytes)),
            Self::File(path) => {
                Object::File(LocalFile::open(path).context("a copy of a split is not there")?)
            }
        })
    }
}

impl Object {
    fn length(&self) -> u64 {
        match self {
            #[cfg(test)]
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(file) => file.length(),
        }
    }
}

impl Fetch for Object {
    fn fetch(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        match self {
            Self::File(file) => file.read_at(range),
            #[cfg(test)]
            Self::Memory(bytes) => {
                let place = |at: u64| usize::try_from(at).map_err(io::Error::other);
                let part = bytes.get(place(range.start)?..place(range.end)?);
                part.map(<[u8]>::to_vec)
                    .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
            }
        }
    }
}

/// What these queries read in blocks of so many bytes, the second asked after the first.
pub(super) fn first_reads(
    splits: &[Lying],
    first: &Question,
    other: &Question,
    block_bytes: u64,
) -> anyhow::Result<FirstReads> {
    let kept = NonZeroUsize::new(MOST_KEPT).context("no block is kept")?;
    let mut blocks = Vec::with_capacity(splits.len());
    for split in splits {
        let object = split.open()?;
        let length = object.length();
        blocks.push(Arc::new(Blocks::with_block_bytes(
            object,
            length,
            kept,
            block_bytes,
        )));
    }
    let opened: Result<Vec<Arc<Split>>, _> = blocks
        .iter()
        .map(|blocks| Split::open(Arc::clone(blocks) as Arc<dyn Source>))
        .collect();
    let splits = Splits::new(opened?);
    let mut so_far = Reads::default();
    let mut since = || {
        let fetched = blocks.iter().map(|blocks| blocks.fetched());
        let all = fetched
            .map(|Fetched { reads, bytes }| Reads { reads, bytes })
            .fold(Reads::default(), Reads::plus);
        let since = Reads {
            reads: all.reads - so_far.reads,
            bytes: all.bytes - so_far.bytes,
        };
        so_far = all;
        since
    };
    let opening = since();
    splits.ask(first)?;
    let first_query = since();
    splits.ask(first)?;
    let again = since();
    splits.ask(other)?;
    Ok(FirstReads {
        opening,
        first: first_query,
        again,
        other: since(),
    })
}
