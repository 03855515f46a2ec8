//! The ledger: for each hour and channel how many contacts were accepted, and what became of them.
//!
//! `accepted = ticketed + appended + suspended + quarantined + repeated`. What is missing on the right is in hand, or lost:
//! a recount from facts tells which. A contact stands in the hour in which it was accepted on all its lines, so each hour
//! balances by itself.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An hour, in seconds.
pub const HOUR_SECONDS: i64 = 3600;

/// By which way contacts come that the ledger counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerChannel {
    /// Mail, counted for each mailbox it was for.
    Mail,
    /// Webhook intake.
    Hook,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerEntry {
    /// The desk took it upon itself.
    Accepted,
    /// It became a ticket.
    Ticketed,
    /// It became a comment on a ticket.
    Appended,
    /// It is held for a person to decide.
    Suspended,
    /// It is held because it may harm or can't be read.
    Quarantined,
    /// It was taken in before: the same mail sent again.
    Repeated,
    /// Something of it could not be read, or was guessed; it stands on one of the other lines, too.
    Unreadable,
}

impl LedgerChannel {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Mail, Self::Hook];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Hook => "hook",
        }
    }
}

impl LedgerEntry {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Accepted,
        Self::Ticketed,
        Self::Appended,
        Self::Suspended,
        Self::Quarantined,
        Self::Repeated,
        Self::Unreadable,
    ];

    /// Whether a contact on this line is dealt with: it is on one such line at most.
    pub fn settles(self) -> bool {
        !matches!(self, Self::Accepted | Self::Unreadable)
    }

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Ticketed => "ticketed",
            Self::Appended => "appended",
            Self::Suspended => "suspended",
            Self::Quarantined => "quarantined",
            Self::Repeated => "repeated",
            Self::Unreadable => "unreadable",
        }
    }
}

/// One line of the ledger: a channel and what is counted, as `mail:ticketed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerLine {
    /// The channel.
    pub channel: LedgerChannel,
    /// What is counted.
    pub entry: LedgerEntry,
}

impl LedgerLine {
    /// A contact by mail.
    pub fn mail(entry: LedgerEntry) -> Self {
        Self {
            channel: LedgerChannel::Mail,
            entry,
        }
    }

    /// A contact by a webhook.
    pub fn hook(entry: LedgerEntry) -> Self {
        Self {
            channel: LedgerChannel::Hook,
            entry,
        }
    }

    /// Every line there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let lines = |channel| LedgerEntry::ALL.map(|entry| Self { channel, entry });
        LedgerChannel::ALL.into_iter().flat_map(lines)
    }

    /// The line of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|line| line.to_string() == name)
    }
}

impl std::fmt::Display for LedgerLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.channel.as_str(), self.entry.as_str())
    }
}

/// The begin of the hour in which something happened.
pub fn hour_of(at: Timestamp) -> Timestamp {
    let second = at.as_second().div_euclid(HOUR_SECONDS) * HOUR_SECONDS;
    Timestamp::from_second(second).unwrap_or(at)
}

/// Counts by line. Two are the same when their lines are.
#[derive(Clone, Debug, Default)]
pub struct LedgerCounts {
    lines: BTreeMap<LedgerLine, u64>,
    /// When an hour was counted anew from facts, if it was.
    pub recounted_at: Option<Timestamp>,
}

impl PartialEq for LedgerCounts {
    fn eq(&self, other: &Self) -> bool {
        self.lines == other.lines
    }
}

impl Eq for LedgerCounts {}

impl LedgerCounts {
    /// Adds to a line.
    pub fn add(&mut self, line: LedgerLine, count: u64) {
        if count > 0 {
            *self.lines.entry(line).or_default() += count;
        }
    }

    /// Adds all of another's.
    pub fn add_all(&mut self, other: &Self) {
        for (line, count) in other.lines() {
            self.add(line, count);
        }
    }

    /// The count of a line.
    pub fn of(&self, channel: LedgerChannel, entry: LedgerEntry) -> u64 {
        let line = LedgerLine { channel, entry };
        self.lines.get(&line).copied().unwrap_or(0)
    }

    /// Accepted and not yet on one of the lines that settle it; below zero where the accepted were not all counted.
    pub fn in_hand(&self, channel: LedgerChannel) -> i64 {
        let of = |entry| i64::try_from(self.of(channel, entry)).unwrap_or(i64::MAX);
        let settled = LedgerEntry::ALL
            .into_iter()
            .filter(|entry| entry.settles())
            .map(of);
        of(LedgerEntry::Accepted) - settled.sum::<i64>()
    }

    /// The lines that are not zero.
    pub fn lines(&self) -> impl Iterator<Item = (LedgerLine, u64)> {
        self.lines.iter().map(|(line, count)| (*line, *count))
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Whether nothing is in hand, on any channel.
    pub fn is_balanced(&self) -> bool {
        LedgerChannel::ALL
            .into_iter()
            .all(|channel| self.in_hand(channel) == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_accepted_and_on_no_other_line_is_in_hand() {
        let mut counts = LedgerCounts::default();
        counts.add(LedgerLine::mail(LedgerEntry::Accepted), 7);
        for entry in &LedgerEntry::ALL[1..] {
            counts.add(LedgerLine::mail(*entry), 1);
        }
        assert_eq!(counts.in_hand(LedgerChannel::Mail), 2);
        assert_eq!(counts.in_hand(LedgerChannel::Hook), 0);
    }

    #[test]
    fn every_line_is_found_by_its_name_and_an_hour_begins_on_the_hour() {
        for line in LedgerLine::all() {
            assert_eq!(LedgerLine::named(&line.to_string()), Some(line));
        }
        let at: Timestamp = "2026-03-02T09:59:59.999Z".parse().unwrap();
        assert_eq!(hour_of(at).to_string(), "2026-03-02T09:00:00Z");
    }
}
