//! The events of a save as they are stored for ever: canonical bytes without anybody's words, each linked to the one before
//! it, and the words beside them, where they can be erased.
//!
//! An event holds ids, times and the desk's vocabulary (tags, names of fields, groups and rules). What people said stands
//! in the [`Words`] of the save; the event keeps a commitment to each of them, so that nobody can put other
//! words there and, once they and their key are erased, nobody can find out by guessing what they were.

mod chain;
mod commitment;
mod vocabulary;

pub use chain::{ChainEnd, link};
pub use commitment::CommitmentKey;

use super::{Ticket, TicketEvent, fold};
use crate::{Tenant, TicketNumber};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use vocabulary::{Gone, words_of};

/// The member of an event's bytes that holds its commitments, by the place of the words.
const COMMITMENTS: &str = "words";

/// The words of one event, by their place in it.
type Said = BTreeMap<String, Value>;

/// What people said in a save, outside of comments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The key of the commitments. Without it they say nothing.
    pub key: CommitmentKey,
    /// The words by the version of their event.
    pub said: BTreeMap<u64, Said>,
}

/// The events of a save as they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Version of the first event; the others follow it without a gap.
    pub first_v: u64,
    /// The canonical bytes of each event: its JSON, members in order, no floats.
    pub events: Vec<String>,
    /// The end of the ticket's chain with them.
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

/// What does not fit in a ticket's history.
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
    #[error("the ticket is not at the end of its events")]
    Head,
    /// The head is not what its events add up to.
    #[error("the ticket is not what its events add up to")]
    Sum,
}

impl Record {
    /// The record of these events, which carry on from `before`.
    ///
    /// # Errors
    /// When there is no event, or one can't be written.
    pub fn of(
        tenant: &Tenant,
        number: TicketNumber,
        before: &ChainEnd,
        events: &[TicketEvent],
        key: CommitmentKey,
    ) -> Result<Self, RecordError> {
        let first_v = events.first().ok_or(RecordError::Empty)?.v;
        let mut words = Words {
            key,
            said: BTreeMap::new(),
        };
        let mut end = *before;
        let mut stored = Vec::with_capacity(events.len());
        for event in events {
            let unwritable = |error| RecordError::Event { v: event.v, error };
            let (bytes, said) = split(event, &words.key).map_err(unwritable)?;
            end = link(tenant, number, event.v, &end, bytes.as_bytes());
            stored.push(bytes);
            if !said.is_empty() {
                words.said.insert(event.v, said);
            }
        }
        Ok(Self {
            first_v,
            events: stored,
            end,
            words: Some(words).filter(|words| !words.said.is_empty()),
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
    pub fn read(&self) -> Result<Vec<TicketEvent>, RecordError> {
        let nothing = Said::new();
        let each = (self.first_v..).zip(&self.events).map(|(v, bytes)| {
            let said = self.words.as_ref().and_then(|words| words.said.get(&v));
            join(bytes, said.unwrap_or(&nothing)).map_err(|error| RecordError::Event { v, error })
        });
        each.collect()
    }

    /// Whether words of its events were erased.
    pub fn is_erased(&self) -> bool {
        self.read()
            .is_ok_and(|events| events.iter().any(|event| event.is_erased))
    }

    /// The end of the chain that begins where `before` ends.
    fn end_after(&self, tenant: &Tenant, number: TicketNumber, before: &ChainEnd) -> ChainEnd {
        let each = (self.first_v..).zip(&self.events);
        each.fold(*before, |end, (v, bytes)| {
            link(tenant, number, v, &end, bytes.as_bytes())
        })
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
            let commitments = event.get(COMMITMENTS).and_then(Value::as_object);
            for (place, said) in words.said.get(&v).into_iter().flatten() {
                let kept = commitments.and_then(|all| all.get(place)).and_then(Value::as_str);
                if kept != Some(words.key.commit(v, place, said).as_str()) {
                    let place = place.clone();
                    flaws.push(Flaw::OtherWords { v, place });
                }
            }
        }
    }
}

/// What does not fit in the history of a ticket; nothing: all of it is as it was stored, but for words that were erased.
pub fn verify(tenant: &Tenant, head: &Ticket, records: &[Record]) -> Vec<Flaw> {
    let number = head.number;
    let mut flaws = flaws_of_chain(tenant, number, records, (head.v, &head.chain));
    let read: Result<Vec<Vec<TicketEvent>>, _> = records.iter().map(Record::read).collect();
    let sum = read.map(|events| Ticket {
        chain: head.chain,
        ..fold(number, events.iter().flatten())
    });
    // What can't be read is told already.
    if sum.is_ok_and(|sum| sum != *head) {
        flaws.push(Flaw::Sum);
    }
    flaws
}

fn flaws_of_chain(
    tenant: &Tenant,
    number: TicketNumber,
    records: &[Record],
    (v, end): (u64, &ChainEnd),
) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let (mut expected, mut at) = (1, ChainEnd::default());
    for record in records {
        if record.first_v != expected {
            flaws.push(Flaw::Gap {
                expected,
                found: record.first_v,
            });
        }
        let reached = record.end_after(tenant, number, &at);
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

/// An event's bytes, and what people said in it.
fn split(event: &TicketEvent, key: &CommitmentKey) -> Result<(String, Said), serde_json::Error> {
    let mut stored = serde_json::to_value(event)?;
    let mut said = Said::new();
    for word in words_of(event.fact.name()).unwrap_or_default() {
        take(&mut stored, word.path, String::new(), &mut said);
    }
    if !said.is_empty() {
        let commitments = said
            .iter()
            .map(|(place, word)| (place.clone(), Value::String(key.commit(event.v, place, word))))
            .collect();
        stored[COMMITMENTS] = Value::Object(commitments);
    }
    Ok((canonical(&stored), said))
}

/// Takes what stands at a path out of an event. `*` is each member.
fn take(value: &mut Value, path: &[&str], at: String, said: &mut Said) {
    let (Some(members), Some((name, rest))) = (value.as_object_mut(), path.split_first()) else {
        return;
    };
    let names: Vec<String> = match *name {
        "*" => members.keys().cloned().collect(),
        name => vec![name.to_owned()],
    };
    for name in names {
        let place = if at.is_empty() {
            name.clone()
        } else {
            format!("{at}/{name}")
        };
        if !rest.is_empty() {
            if let Some(inner) = members.get_mut(&name) {
                take(inner, rest, place, said);
            }
        } else if members.get(&name).is_some_and(|word| !word.is_null())
            && let Some(word) = members.remove(&name)
        {
            said.insert(place, word);
        }
    }
}

/// The event of these bytes with the words that are there. Where some are gone it says so.
fn join(bytes: &str, said: &Said) -> Result<TicketEvent, serde_json::Error> {
    let mut stored: Value = serde_json::from_str(bytes)?;
    let commitments = stored.as_object_mut().and_then(|event| event.remove(COMMITMENTS));
    let kind = stored["type"].as_str().unwrap_or_default();
    let words = words_of(kind).unwrap_or_default();
    let mut is_erased = false;
    for place in commitments
        .iter()
        .filter_map(Value::as_object)
        .flat_map(Map::keys)
    {
        match said.get(place) {
            Some(word) => put(&mut stored, place, word.clone()),
            None => {
                is_erased = true;
                if words
                    .iter()
                    .any(|word| word.gone == Gone::Blank && word.is_at(place))
                {
                    put(&mut stored, place, Value::String(String::new()));
                }
            }
        }
    }
    let mut event: TicketEvent = serde_json::from_value(stored)?;
    event.is_erased = is_erased;
    Ok(event)
}

fn put(event: &mut Value, place: &str, word: Value) {
    let mut at = event;
    let mut names = place.split('/').peekable();
    while let Some(name) = names.next() {
        let Some(members) = at.as_object_mut() else { return };
        if names.peek().is_none() {
            members.insert(name.to_owned(), word);
            return;
        }
        let Some(inner) = members.get_mut(name) else {
            return;
        };
        at = inner;
    }
}

/// JSON with its members in order and nothing between them, of which there is one form only.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let ordered: BTreeMap<&String, &Value> = members.iter().collect();
            let each: Vec<String> = ordered
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::String(name.clone()), canonical(value)))
                .collect();
            format!("{{{}}}", each.join(","))
        }
        Value::Array(values) => {
            let each: Vec<String> = values.iter().map(canonical).collect();
            format!("[{}]", each.join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
