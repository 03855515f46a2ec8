//! A split as a manifest names it.

use crate::{policy::level_of, split::Split};
use docket_search::Kind;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Characters of an id, which is a ULID.
const ID_CHARACTERS: usize = 26;

/// A split's name, a ULID: the key of its object ends in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SplitId(String);

impl SplitId {
    /// A name that is a ULID, in capitals.
    #[must_use]
    pub fn new(id: &str) -> Option<Self> {
        let valid = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        (id.len() == ID_CHARACTERS && id.bytes().all(valid)).then(|| Self(id.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SplitId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for SplitId {
    type Error = &'static str;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        Self::new(&id).ok_or("the name of a split is a ULID")
    }
}

impl From<SplitId> for String {
    fn from(id: SplitId) -> Self {
        id.0
    }
}

/// The lowest and the highest number of each kind in a split. Written short, as `t1-900 p4-7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Spans([Option<(u64, u64)>; 3]);

/// Kinds with the letters by which spans name them.
const KINDS: [(Kind, char); 3] = [
    (Kind::Ticket, 't'),
    (Kind::Person, 'p'),
    (Kind::Organization, 'o'),
];

impl Spans {
    /// Those of a split.
    #[must_use]
    pub fn of(split: &Split) -> Self {
        Self(KINDS.map(|(kind, _)| split.span(kind)))
    }

    /// Whether a number lies in the span of its kind.
    #[must_use]
    pub fn hold(&self, kind: Kind, number: u64) -> bool {
        let spans = KINDS.iter().zip(self.0);
        spans.into_iter().any(|((of, _), span)| {
            *of == kind && span.is_some_and(|(lowest, highest)| (lowest..=highest).contains(&number))
        })
    }
}

impl From<Spans> for String {
    fn from(spans: Spans) -> Self {
        let spans = KINDS.iter().zip(spans.0);
        let spans = spans.filter_map(|((_, letter), span)| Some((letter, span?)));
        let spans: Vec<String> = spans
            .map(|(letter, (lowest, highest))| format!("{letter}{lowest}-{highest}"))
            .collect();
        spans.join(" ")
    }
}

impl TryFrom<String> for Spans {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const WHAT: &str = "spans are written as t1-900 p4-7";
        let mut spans = Self::default();
        for part in text.split_ascii_whitespace() {
            let at = KINDS
                .iter()
                .position(|(_, letter)| part.starts_with(*letter))
                .ok_or(WHAT)?;
            let (lowest, highest) = part[1..].split_once('-').ok_or(WHAT)?;
            spans.0[at] = Some((
                lowest.parse().map_err(|_| WHAT)?,
                highest.parse().map_err(|_| WHAT)?,
            ));
        }
        Ok(spans)
    }
}

/// A split as its manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Entry {
    /// Its name.
    pub id: SplitId,
    /// How long it is.
    pub bytes: u64,
    /// Its documents, superseded ones and tombstones included.
    pub documents: u32,
    /// Its size for merging, [`level_of`] its documents.
    pub level: u8,
    /// Which numbers it can hold.
    pub spans: Spans,
}

/// An entry without names, since forty of them stand in one item.
type Written = (SplitId, u64, u32, u8, Spans);

impl From<Written> for Entry {
    fn from((id, bytes, documents, level, spans): Written) -> Self {
        Self {
            id,
            bytes,
            documents,
            level,
            spans,
        }
    }
}

impl From<Entry> for Written {
    fn from(entry: Entry) -> Self {
        (entry.id, entry.bytes, entry.documents, entry.level, entry.spans)
    }
}

impl Entry {
    /// The entry of a split that was just written and opened.
    #[must_use]
    pub fn of(id: SplitId, bytes: u64, split: &Split) -> Self {
        let documents = split.documents();
        Self {
            id,
            bytes,
            documents,
            level: level_of(documents),
            spans: Spans::of(split),
        }
    }
}
