//! The events of a save as they are stored for ever: canonical bytes without anybody's words, each linked to the one before
//! it, and the words beside them, where they can be erased.
//!
//! An event holds ids, times and the desk's vocabulary (tags, names of fields, groups and rules). What people said stands
//! in the [`Words`] of the save; the event keeps a commitment to each of them, so that nobody can put other
//! words there and, once they and their key are erased, nobody can find out by guessing what they were.

mod chain;
mod commitment;
pub mod words;

pub use chain::{ChainEnd, ChainOf};
pub use commitment::CommitmentKey;
pub use words::Words;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use words::{COMMITMENTS, Said, Word, join, split};

/// An event that is stored as part of a record.
pub trait Recorded: Serialize + DeserializeOwned {
    /// Its version.
    fn v(&self) -> u64;

    /// The places in an event's JSON that hold somebody's words.
    fn words_in(event: &Value) -> &'static [Word];

    /// Notes that words in it were erased.
    fn note_erased(&mut self);
}

/// The events of a save as they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Version of the first event; the others follow it without a gap.
    pub first_v: u64,
    /// The canonical bytes of each event: its JSON, members in order, no floats.
    pub events: Vec<String>,
    /// The end of the chain with them.
    pub end: ChainEnd,
    /// What people said; nothing where nobody did, or where it was erased.
    pub words: Option<Words>,
}

/// Why a record can't be made or read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// An event is no JSON of an event.
    #[error("event {v} can't be read: {error}")]
    Event {
        /// Its version.
        v: u64,
        /// Why.
        error: serde_json::Error,
    },
    /// There is no event in it.
    #[error("a record without an event")]
    Empty,
}

/// What does not fit in a history.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// The events do not follow each other without a gap.
    #[error("event {expected} should follow, and event {found} does")]
    Gap {
        /// The version that should have been there.
        expected: u64,
        /// The one that is.
        found: u64,
    },
    /// An event is no longer what it was, or the end that was noted of the chain is another.
    #[error("events {from} to {to} are not what was stored: their hash is another")]
    Broken {
        /// Between these versions, both included: a record is checked whole.
        from: u64,
        /// The last of them.
        to: u64,
    },
    /// The words beside an event are not those that it was stored with.
    #[error("event {v}: the words at {place} are not those that it was stored with")]
    OtherWords {
        /// The event.
        v: u64,
        /// Their place in it.
        place: String,
    },
    /// Words are gone that nothing in the history says had to go.
    #[error("event {v}: words of it are gone, and nothing says that they had to go")]
    LostWords {
        /// The event that its save begins with.
        v: u64,
    },
    /// Words stand beside an event that is not there.
    #[error("event {v} is not there, and words of it are")]
    StrangeWords {
        /// The version that they name.
        v: u64,
    },
    /// An event's bytes are no event's.
    #[error("event {v} can't be read: {detail}")]
    Unreadable {
        /// The event.
        v: u64,
        /// Why.
        detail: String,
    },
    /// The head is at another version or end of the chain than the last event.
    #[error("its state is not at the end of its events")]
    Head,
    /// The head is not what its events add up to.
    #[error("its state is not what its events add up to")]
    Sum,
}

impl Record {
    /// The record of these events, which carry on from `before`.
    ///
    /// # Errors
    /// When there is no event, or one can't be written.
    pub fn of<E: Recorded>(
        chain: &ChainOf,
        before: &ChainEnd,
        events: &[E],
        key: CommitmentKey,
    ) -> Result<Self, RecordError> {
        let first_v = events.first().ok_or(RecordError::Empty)?.v();
        let mut said_in = BTreeMap::new();
        let mut end = *before;
        let mut stored = Vec::with_capacity(events.len());
        for event in events {
            let v = event.v();
            let json = serde_json::to_value(event).map_err(|error| RecordError::Event { v, error })?;
            let places = E::words_in(&json);
            let (bytes, said) = split(json, v, places, &key);
            end = chain.link(v, &end, bytes.as_bytes());
            stored.push(bytes);
            if !said.is_empty() {
                said_in.insert(v, said);
            }
        }
        Ok(Self {
            first_v,
            events: stored,
            end,
            words: (!said_in.is_empty()).then_some(Words {
                key: Some(key),
                said: said_in,
            }),
        })
    }

    /// The version of the last event.
    pub fn last_v(&self) -> u64 {
        self.first_v + (self.events.len() as u64).saturating_sub(1)
    }

    /// The events with their words, as far as these are there.
    ///
    /// # Errors
    /// When one can't be read.
    pub fn read<E: Recorded>(&self) -> Result<Vec<E>, RecordError> {
        let nothing = Said::new();
        let each = (self.first_v..).zip(&self.events).map(|(v, bytes)| {
            let said = self.words.as_ref().and_then(|words| words.said.get(&v));
            read(bytes, said.unwrap_or(&nothing)).map_err(|error| RecordError::Event { v, error })
        });
        each.collect()
    }

    /// Whether words of its events were erased, and with them the key to the others.
    pub fn is_erased(&self) -> bool {
        if self.words.as_ref().is_some_and(|words| words.key.is_none()) {
            return true;
        }
        let said = |v| self.words.as_ref().and_then(|words| words.said.get(&v));
        (self.first_v..).zip(&self.events).any(|(v, bytes)| {
            let event: Value = serde_json::from_str(bytes).unwrap_or_default();
            let commitments = event[COMMITMENTS].as_object();
            let mut places = commitments.into_iter().flat_map(Map::keys);
            places.any(|place| !said(v).is_some_and(|said| said.contains_key(place)))
        })
    }

    /// The end of the chain that begins where `before` ends.
    fn end_after(&self, chain: &ChainOf, before: &ChainEnd) -> ChainEnd {
        let each = (self.first_v..).zip(&self.events);
        each.fold(*before, |end, (v, bytes)| chain.link(v, &end, bytes.as_bytes()))
    }

    fn flaws_of_words(&self, flaws: &mut Vec<Flaw>) {
        for (v, bytes) in (self.first_v..).zip(&self.events) {
            let read = serde_json::from_str::<Map<String, Value>>(bytes);
            let event = match read {
                Ok(event) => event,
                Err(error) => {
                    let detail = error.to_string();
                    flaws.push(Flaw::Unreadable { v, detail });
                    continue;
                }
            };
            if event.get("v").and_then(Value::as_u64) != Some(v) {
                let detail = "it names another version".to_owned();
                flaws.push(Flaw::Unreadable { v, detail });
            }
            let Some(words) = &self.words else { continue };
            // Where some had to go nobody can compare the others any more.
            let Some(key) = &words.key else { continue };
            let commitments = event.get(COMMITMENTS).and_then(Value::as_object);
            for (place, said) in words.said.get(&v).into_iter().flatten() {
                let kept = commitments.and_then(|all| all.get(place)).and_then(Value::as_str);
                if kept != Some(key.commit(v, place, said).as_str()) {
                    let place = place.clone();
                    flaws.push(Flaw::OtherWords { v, place });
                }
            }
        }
    }
}

/// The event of these bytes with the words that are there. Where some are gone it says so.
fn read<E: Recorded>(bytes: &str, said: &Said) -> Result<E, serde_json::Error> {
    let mut json: Value = serde_json::from_str(bytes)?;
    let places = E::words_in(&json);
    let is_erased = join(&mut json, places, said);
    let mut event: E = serde_json::from_value(json)?;
    if is_erased {
        event.note_erased();
    }
    Ok(event)
}

/// What does not fit in a chain of records that is to end at version `v` with this hash. Words that were erased are no flaw.
pub fn flaws_of_chain(chain: &ChainOf, records: &[Record], (v, end): (u64, &ChainEnd)) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let (mut expected, mut at) = (1, ChainEnd::default());
    for record in records {
        if record.first_v != expected {
            flaws.push(Flaw::Gap {
                expected,
                found: record.first_v,
            });
        }
        let reached = record.end_after(chain, &at);
        if reached != record.end {
            flaws.push(Flaw::Broken {
                from: record.first_v,
                to: record.last_v(),
            });
        }
        record.flaws_of_words(&mut flaws);
        // One that is broken is told once: what follows is checked from the end that was noted.
        (expected, at) = (record.last_v() + 1, record.end);
    }
    if (expected, &at) != (v + 1, end) {
        flaws.push(Flaw::Head);
    }
    flaws
}
