//! Parts of the store that a test world takes out, to show that the checks notice.

use crate::table::{Role, Write};
use docket_domain::{
    Digest,
    record::{ChainEnd, ChainOf, Record},
};
use serde_json::Value;

/// Ways to break the commit on purpose, so that a test world can show that each of its conditions is needed.
/// No function sets any of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sabotage {
    /// Guards stop nothing.
    pub no_guard: bool,
    /// Nobody checks whether somebody else was first.
    pub no_version_check: bool,
    /// Nobody checks whether the agent who was chosen can still have the ticket.
    pub no_load_check: bool,
    /// Nobody counts how much fits into one save.
    pub no_part_count: bool,
    /// Each save begins a chain of its own.
    pub no_chain: bool,
    /// A commitment is a plain digest of the words.
    pub plain_commitments: bool,
    /// Counts only grow.
    pub no_decrement: bool,
}

impl Sabotage {
    pub(crate) fn apply(self, write: Write) -> Write {
        let broken = match write.role {
            Role::Guard => self.no_guard,
            Role::State => self.no_version_check,
            Role::Load => self.no_load_check,
        };
        if broken { write.without_condition() } else { write }
    }

    /// Where the chain of a save begins.
    pub(crate) fn begins_chain_at(self, end: ChainEnd) -> ChainEnd {
        if self.no_chain { ChainEnd::default() } else { end }
    }

    /// The record with plain digests for commitments.
    pub(crate) fn spoil(self, record: Record, chain: &ChainOf, before: ChainEnd) -> Record {
        if !self.plain_commitments {
            return record;
        }
        let mut spoiled = Record {
            events: vec![],
            end: before,
            ..record.clone()
        };
        for (v, bytes) in (record.first_v..).zip(record.events) {
            let mut event: Value = serde_json::from_str(&bytes).unwrap_or_default();
            let said = record.words.as_ref().and_then(|words| words.said.get(&v));
            for (place, word) in said.into_iter().flatten() {
                event["words"][place] = Value::String(Digest::of(word.to_string().as_bytes()).to_string());
            }
            let bytes = event.to_string();
            spoiled.end = chain.link(v, &spoiled.end, bytes.as_bytes());
            spoiled.events.push(bytes);
        }
        spoiled
    }
}
