//! What the clocks of a file's zones show at an instant in UTC.
//!
//! A time that is not in UTC needs none of this: it is told by the clocks of its zone already.

use super::{super::zone, lines::ContentLine};
use jiff::{SignedDuration, civil::DateTime, tz::TimeZone};
use std::collections::{BTreeMap, BTreeSet};

/// Most offsets of a zone that are told apart: standard time, summer time, and what was there before. Of a zone with more
/// nothing is known.
const MOST_OFFSETS: usize = 8;

/// The zones of a file.
#[derive(Debug, Default)]
pub(super) struct Zones {
    /// The one of the whole file, as many programs write it (`X-WR-TIMEZONE`).
    home: Option<String>,
    /// Those that the file itself describes (section 3.6.5): their offsets from UTC in seconds.
    described: BTreeMap<String, BTreeSet<i64>>,
}

impl Zones {
    /// The zones of a file.
    pub(super) fn of(lines: &[ContentLine]) -> Self {
        let mut zones = Self::default();
        let mut open: Option<(Option<&str>, BTreeSet<i64>)> = None;
        for line in lines {
            let value = line.value.trim();
            match (line.name.as_str(), &mut open) {
                ("X-WR-TIMEZONE", _) => zones.home = Some(value.to_owned()),
                ("BEGIN", _) if line.is("BEGIN", "VTIMEZONE") => open = Some((None, BTreeSet::new())),
                ("END", Some(_)) if line.is("END", "VTIMEZONE") => {
                    if let Some((Some(id), offsets)) = open.take() {
                        zones.described.insert(id.to_owned(), offsets);
                    }
                }
                ("TZID", Some((id, _))) => *id = Some(value),
                ("TZOFFSETTO", Some((_, offsets))) => offsets.extend(offset(value)),
                _ => {}
            }
        }
        zones.described.retain(|_, offsets| offsets.len() <= MOST_OFFSETS);
        zones
    }

    /// What the clocks of a zone, or without one those of the file, show at an instant in UTC: one time where its rules
    /// are known, else one for each offset that it may have. Empty when nothing is known.
    pub(super) fn locals(&self, name: Option<&str>, utc: DateTime) -> Vec<DateTime> {
        let Some(name) = name.or(self.home.as_deref()) else {
            return Vec::new();
        };
        if let Some(zone) = zone::zone(name) {
            let instant = TimeZone::UTC.to_timestamp(utc);
            return instant.map(|at| zone.to_datetime(at)).into_iter().collect();
        }
        let offsets = self.described.get(name).into_iter().flatten();
        offsets
            .filter_map(|seconds| utc.checked_add(SignedDuration::from_secs(*seconds)).ok())
            .collect()
    }
}

/// An offset from UTC in seconds (section 3.3.14): `+0100`, `-023000`.
fn offset(text: &str) -> Option<i64> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |at: usize| digits.get(at..at + 2).unwrap_or("0").parse::<i64>().ok();
    Some(sign * (number(0)? * 3600 + number(2)? * 60 + number(4)?))
}
