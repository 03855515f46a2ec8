//! One split as one string of bytes.
//!
//! ```text
//! pieces, one after another | ends of long pieces, once more | mark, checksum, table of contents | length of these three
//! ```
//!
//! The length is 4 bytes, little-endian; the checksum (CRC-32, 4 bytes, little-endian) is that of the table of contents, which
//! is JSON. A reader that has the end of the bytes has all that it needs to open a split: what the index looks for first in
//! each of its files stands at their ends, therefore these stand here once more.

use crate::{
    SplitError,
    source::{Held, length_within},
};
use serde::{Deserialize, Serialize};
use std::{io, ops::Range};
use tantivy::directory::OwnedBytes;

/// What a table of contents begins with.
const MARK: &[u8; 8] = b"dktsplit";
/// The form of the files inside: another one for whatever makes old splits unreadable, be it the fields, the words or the library
/// with its dictionary (`sstable`). It stands in the key of the objects, too.
pub const SCHEME: &str = "2-t27-sstable";
/// Bytes read first: more than a table of contents with its ends ever had.
const END_BYTES: u64 = 16 * 1024;
/// More than a table of contents can have: what says so is none.
const MOST_CONTENTS_BYTES: u64 = 64 * 1024;
/// Pieces longer than this have their end stand with the table of contents once more.
const LONG_PIECE_BYTES: u64 = 8 * 1024;
/// How much of it.
const TAIL_BYTES: u64 = 1024;
/// How much is read at once when all of it is checked.
const CHECK_BYTES: u64 = 1024 * 1024;

/// The table of contents.
#[derive(Debug, Serialize, Deserialize)]
struct Contents {
    scheme: String,
    /// Documents, superseded ones included.
    documents: u32,
    /// CRC-32 of all before the mark.
    checksum: u32,
    pieces: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    name: String,
    length: u64,
    /// How many of its last bytes stand at the end once more.
    tail: u64,
}

/// A file inside a split.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    held: Held,
    start: u64,
    length: u64,
    tail: OwnedBytes,
}

impl Piece {
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    pub(crate) fn read_at(&self, range: Range<u64>) -> io::Result<OwnedBytes> {
        let length = length_within(&range, self.length)?;
        let in_tail = (range.start + self.tail.len() as u64).checked_sub(self.length);
        if let Some(start) = in_tail.and_then(|start| usize::try_from(start).ok()) {
            return Ok(self.tail.slice(start..start + length));
        }
        self.held
            .read_at(self.start + range.start..self.start + range.end)
    }
}

/// An opened table of contents.
pub(crate) struct Bundle {
    pub(crate) documents: u32,
    pub(crate) pieces: Vec<(String, Piece)>,
    checksum: u32,
    /// Where what the checksum is of ends.
    body: u64,
}

/// Writes pieces with their names as one split.
pub(crate) fn write(
    pieces: &[(&str, OwnedBytes)],
    documents: u32,
    sink: &mut dyn io::Write,
) -> Result<u64, SplitError> {
    let mut hasher = crc32fast::Hasher::new();
    let mut entries = Vec::with_capacity(pieces.len());
    let mut written = 0;
    let mut tails = Vec::new();
    for (name, bytes) in pieces {
        hasher.update(bytes);
        sink.write_all(bytes)?;
        let length = bytes.len() as u64;
        let tail = if length > LONG_PIECE_BYTES { TAIL_BYTES } else { 0 };
        tails.extend_from_slice(&bytes[bytes.len() - tail as usize..]);
        entries.push(Entry {
            name: (*name).to_owned(),
            length,
            tail,
        });
        written += length;
    }
    hasher.update(&tails);
    sink.write_all(&tails)?;
    let contents = Contents {
        scheme: SCHEME.to_owned(),
        documents,
        checksum: hasher.finalize(),
        pieces: entries,
    };
    let contents = serde_json::to_vec(&contents).map_err(io::Error::from)?;
    let mut end = MARK.to_vec();
    end.extend_from_slice(&crc32fast::hash(&contents).to_le_bytes());
    end.extend_from_slice(&contents);
    let length = u32::try_from(end.len()).map_err(io::Error::other)?;
    end.extend_from_slice(&length.to_le_bytes());
    sink.write_all(&end)?;
    Ok(written + tails.len() as u64 + end.len() as u64)
}

/// Opens what [`write`] wrote. Its pieces are not read.
pub(crate) fn open(held: Held) -> Result<Bundle, SplitError> {
    let found = held.length();
    let mut end = held.read_at(found.saturating_sub(END_BYTES)..found)?;
    let Some((_, length)) = end.split_last_chunk::<4>() else {
        return Err(SplitError::NotASplit("it is shorter than a length"));
    };
    let length = u64::from(u32::from_le_bytes(*length));
    if !(MARK.len() as u64 + 4..=MOST_CONTENTS_BYTES).contains(&length) || length + 4 > found {
        return Err(SplitError::NotASplit(
            "it ends in no length of a table of contents",
        ));
    }
    let contents_at = found - 4 - length;
    if length + 4 > end.len() as u64 {
        end = held.read_at(contents_at..found)?;
    }
    let contents = contents_of(&end[end.len() - 4 - length as usize..end.len() - 4])?;
    if contents.scheme != SCHEME {
        return Err(SplitError::OtherScheme {
            found: contents.scheme,
            known: SCHEME,
        });
    }
    // None of these can overflow after the first: each stands within what is there.
    let tails: u64 = contents
        .pieces
        .iter()
        .map(|piece| piece.tail.min(TAIL_BYTES))
        .sum();
    let pieces = contents
        .pieces
        .iter()
        .try_fold(0_u64, |sum, piece| sum.checked_add(piece.length));
    let said = pieces
        .and_then(|sum| sum.checked_add(tails + length + 4))
        .unwrap_or(u64::MAX);
    if said != found {
        return Err(SplitError::Cut { found, said });
    }
    let tails_at = contents_at - tails;
    if found - tails_at > end.len() as u64 {
        end = held.read_at(tails_at..found)?;
    }
    let tails = end.slice(end.len() - (found - tails_at) as usize..end.len());
    let mut bundle = Bundle {
        documents: contents.documents,
        pieces: Vec::with_capacity(contents.pieces.len()),
        checksum: contents.checksum,
        body: contents_at,
    };
    let (mut start, mut tail_at) = (0, 0);
    for entry in contents.pieces {
        let tail = entry.tail.min(TAIL_BYTES);
        if tail > entry.length {
            return Err(SplitError::NotASplit(
                "the end of a piece is longer than the piece",
            ));
        }
        let piece = Piece {
            held: held.clone(),
            start,
            length: entry.length,
            tail: tails.slice(tail_at..tail_at + tail as usize),
        };
        start += entry.length;
        tail_at += tail as usize;
        bundle.pieces.push((entry.name, piece));
    }
    Ok(bundle)
}

/// The table of contents with its mark and checksum.
fn contents_of(bytes: &[u8]) -> Result<Contents, SplitError> {
    let Some((checksum, contents)) = bytes
        .strip_prefix(MARK.as_slice())
        .and_then(<[u8]>::split_first_chunk::<4>)
    else {
        return Err(SplitError::NotASplit("it has no mark of a split"));
    };
    if crc32fast::hash(contents) != u32::from_le_bytes(*checksum) {
        return Err(SplitError::NotASplit("its table of contents is damaged"));
    }
    serde_json::from_slice(contents)
        .map_err(|_| SplitError::NotASplit("its table of contents cannot be read"))
}

/// Reads all bytes of a split and compares them with their checksum.
pub(crate) fn check(held: &Held) -> Result<(), SplitError> {
    let bundle = open(held.clone())?;
    let mut hasher = crc32fast::Hasher::new();
    let mut at = 0;
    while at < bundle.body {
        let next = (at + CHECK_BYTES).min(bundle.body);
        hasher.update(&held.read_at(at..next)?);
        at = next;
    }
    if hasher.finalize() == bundle.checksum {
        Ok(())
    } else {
        Err(SplitError::Damaged)
    }
}
