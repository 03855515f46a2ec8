//! One split, opened.

use crate::{
    SplitError, bundle,
    directory::SplitFolder,
    schema::{COLUMNS, FIELDS, GONE, KIND, NUMBER, VERSION, column_name, kind_of},
    source::{Held, Source},
    write::settings,
};
use docket_search::{Column, Kind};
use std::sync::{Arc, OnceLock};
use tantivy::{
    Index, ReloadPolicy, Searcher, SegmentReader, columnar,
    directory::OwnedBytes,
    fastfield,
    index::{Segment, SegmentId},
};

/// Inside a split the segment has always the same name: an index is opened for each of them.
const SEGMENT: &str = "00000000000000000000000000000001";

/// The newest document of a thing in one split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Newest {
    pub(crate) kind: Kind,
    pub(crate) number: u64,
    pub(crate) version: u64,
    /// Its place in the split.
    pub(crate) document: u32,
    /// Whether it is a tombstone.
    pub(crate) gone: bool,
}

impl Newest {
    pub(crate) fn key(&self) -> (Kind, u64) {
        (self.kind, self.number)
    }
}

/// An opened split. It never changes, is shared by whoever searches, and keeps the columns that were read once.
pub struct Split {
    searcher: Searcher,
    segment: Segment,
    /// By key, one each.
    newest: Vec<Newest>,
    /// Where among these a document stands; superseded ones nowhere.
    by_document: Vec<u32>,
    columns: [OnceLock<fastfield::Column<i64>>; COLUMNS.len()],
    /// Whether reading it may wait for the network.
    waits: bool,
}

impl Split {
    /// Opens a split that is in memory; all of its bytes are checked.
    ///
    /// # Errors
    /// When it is cut, damaged, of another scheme or no split.
    pub fn in_memory(bytes: Vec<u8>) -> Result<Arc<Self>, SplitError> {
        let held = Held::Memory(OwnedBytes::new(bytes));
        bundle::check(&held)?;
        Self::opened(held)
    }

    /// Opens a split that is read in pieces: of its bytes only these are looked at that are needed. What may be damaged, such as a
    /// file after a crash, is to be [checked](Self::check) before: the index does not bear damaged pieces.
    ///
    /// # Errors
    /// When it could not be read, is cut, of another scheme or no split.
    pub fn open(source: Arc<dyn Source>) -> Result<Arc<Self>, SplitError> {
        Self::opened(Held::Elsewhere(source))
    }

    /// Reads all bytes and compares them with their checksum.
    ///
    /// # Errors
    /// When they could not be read, or are not those that were written.
    pub fn check(source: Arc<dyn Source>) -> Result<(), SplitError> {
        bundle::check(&Held::Elsewhere(source))
    }

    fn opened(held: Held) -> Result<Arc<Self>, SplitError> {
        let waits = held.waits();
        let bundle = bundle::open(held)?;
        let documents = bundle.documents;
        let meta = serde_json::json!({
            "index_settings": settings(),
            "segments": [{ "segment_id": segment_id()?, "max_doc": documents, "deletes": null }],
            "schema": FIELDS.schema,
            "opstamp": 0,
        });
        let folder = SplitFolder::new(bundle, SEGMENT, meta.to_string().into_bytes());
        let index = Index::open(folder)?;
        let searcher = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?
            .searcher();
        let segment = index.searchable_segments()?.pop();
        let segment = segment.ok_or(SplitError::NotASplit("an index without a segment"))?;
        let [reader] = searcher.segment_readers() else {
            return Err(SplitError::NotASplit("an index of several segments"));
        };
        let newest = newest_of(reader)?;
        let mut by_document = vec![u32::MAX; reader.max_doc() as usize];
        for (at, row) in (0_u32..).zip(&newest) {
            if let Some(place) = by_document.get_mut(row.document as usize) {
                *place = at;
            }
        }
        Ok(Arc::new(Self {
            searcher,
            segment,
            newest,
            by_document,
            columns: Default::default(),
            waits,
        }))
    }

    /// How many documents it has, superseded ones and tombstones included.
    #[must_use]
    pub fn documents(&self) -> u32 {
        self.reader().max_doc()
    }

    /// The lowest and the highest number of a kind in it.
    #[must_use]
    pub fn span(&self, kind: Kind) -> Option<(u64, u64)> {
        let from = self.newest.partition_point(|newest| newest.kind < kind);
        let to = self.newest.partition_point(|newest| newest.kind <= kind);
        let of_kind = &self.newest[from..to];
        Some((of_kind.first()?.number, of_kind.last()?.number))
    }

    /// Every thing in it with its newest version, by kind and number: what an audit compares with the heads.
    pub fn versions(&self) -> impl Iterator<Item = (Kind, u64, u64)> + '_ {
        self.newest
            .iter()
            .map(|newest| (newest.kind, newest.number, newest.version))
    }

    pub(crate) fn newest(&self) -> &[Newest] {
        &self.newest
    }

    /// Which thing a document is the newest of in this split.
    pub(crate) fn thing(&self, document: u32) -> Option<&Newest> {
        let at = self.by_document.get(document as usize)?;
        self.newest.get(*at as usize)
    }

    /// What it has of a thing.
    pub(crate) fn find(&self, key: (Kind, u64)) -> Option<&Newest> {
        let at = self.newest.binary_search_by_key(&key, Newest::key).ok()?;
        self.newest.get(at)
    }

    pub(crate) fn waits(&self) -> bool {
        self.waits
    }

    pub(crate) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    pub(crate) fn segment(&self) -> &Segment {
        &self.segment
    }

    pub(crate) fn reader(&self) -> &SegmentReader {
        // One was found on opening.
        self.searcher.segment_reader(0)
    }

    /// A column; a split in which no document has one has an empty one.
    pub(crate) fn column(&self, of: Column) -> Result<&fastfield::Column<i64>, SplitError> {
        let slot = &self.columns[of as usize];
        if let Some(column) = slot.get() {
            return Ok(column);
        }
        let column = self.reader().fast_fields().column_opt::<i64>(column_name(of))?;
        let column = column.unwrap_or_else(|| fastfield::Column::build_empty_column(self.documents()));
        Ok(slot.get_or_init(|| column))
    }
}

fn segment_id() -> Result<SegmentId, SplitError> {
    SegmentId::from_uuid_string(SEGMENT).map_err(|_| SplitError::NotASplit("a segment without a name"))
}

/// The newest document of each thing; of equal ones the later.
fn newest_of(reader: &SegmentReader) -> Result<Vec<Newest>, SplitError> {
    let columns = [KIND, NUMBER, VERSION, GONE].map(|name| reader.fast_fields().u64(name));
    let [kinds, numbers, versions, gone] = columns;
    let (kinds, numbers, versions, gone) = (kinds?, numbers?, versions?, gone?);
    let mut newest = Vec::with_capacity(reader.max_doc() as usize);
    for document in 0..reader.max_doc() {
        let of = |column: &columnar::Column<u64>| {
            column
                .first(document)
                .ok_or(SplitError::NotASplit("a document that does not say which it is"))
        };
        let kind = kind_of(of(&kinds)?).ok_or(SplitError::NotASplit("a document of an unknown kind"))?;
        newest.push(Newest {
            kind,
            number: of(&numbers)?,
            version: of(&versions)?,
            document,
            gone: of(&gone)? != 0,
        });
    }
    newest.sort_unstable();
    // The last of each key stands for it.
    newest.reverse();
    newest.dedup_by_key(|newest| newest.key());
    newest.reverse();
    newest.shrink_to_fit();
    Ok(newest)
}
