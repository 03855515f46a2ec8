//! For which years rules are followed, and how much work that may be.
//!
//! Counted from the year in which the file was made, as the newest stamp of its events says (section 3.8.7). So a new
//! edition of a file goes further, and one file means the same on every day.

use super::event::Event;
use jiff::civil::Date;
use std::fmt;

/// How many years before the file's own are looked at: tickets from then may still be open, or be looked back at.
const YEARS_BEFORE: i16 = 2;
/// How many years after the file's own, or after the event's first, a rule is followed: the twelve holidays of a country
/// take a quarter of the places that a calendar has.
const YEARS_AFTER: i16 = 20;
/// The first and the last year that a file can name.
const FIRST_YEAR: i16 = 1;
const LAST_YEAR: i16 = 9999;
/// Most years that all rules of a file are followed through: a hundred rules that began two centuries ago. It bounds the
/// time that a file takes.
const MOST_YEARS_FOLLOWED: u32 = 20_000;

/// The year in which a file was made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Years {
    file: i16,
}

/// The first and the last year for which a rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    first: i16,
    last: i16,
}

impl Years {
    /// From the newest stamp of a file; without any from the newest start.
    pub(super) fn of(events: &[Event<'_>]) -> Self {
        let newest = |names: &[&str]| {
            let years = events.iter().flat_map(|event| {
                names
                    .iter()
                    .filter_map(|name| event.property(name)?.value.trim().get(..4)?.parse().ok())
            });
            years.filter(|year| (FIRST_YEAR..=LAST_YEAR).contains(year)).max()
        };
        let stamp = newest(&["DTSTAMP", "CREATED", "LAST-MODIFIED"]);
        let file = stamp.or_else(|| newest(&["DTSTART"])).unwrap_or(FIRST_YEAR);
        Self { file }
    }

    /// For a rule that starts on a day.
    pub(super) fn of_rule(self, start: Date) -> Span {
        let last = self.file.max(start.year()).saturating_add(YEARS_AFTER);
        Span {
            first: (self.file - YEARS_BEFORE).max(FIRST_YEAR),
            last: last.min(LAST_YEAR),
        }
    }
}

impl Span {
    /// Whether a day is before them.
    pub(super) fn is_before(self, day: Date) -> bool {
        day.year() < self.first
    }

    /// Their last day.
    pub(super) fn last_day(self) -> Date {
        Date::new(self.last, 12, 31).unwrap_or(Date::MAX)
    }

    /// How many years a rule is followed that starts on a day.
    fn followed_from(self, start: Date) -> u32 {
        u32::try_from(i32::from(self.last) - i32::from(start.year()) + 1).unwrap_or(1)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.first, self.last)
    }
}

/// What is left of the years that all rules of a file may be followed through.
pub(super) struct Budget {
    years: u32,
}

impl Default for Budget {
    fn default() -> Self {
        let years = MOST_YEARS_FOLLOWED;
        Self { years }
    }
}

impl Budget {
    /// Takes what following a rule costs.
    pub(super) fn spend(&mut self, span: Span, start: Date) -> Result<(), String> {
        let left = self.years.checked_sub(span.followed_from(start));
        self.years = left.ok_or_else(|| {
            format!("the rules of the file go through more than {MOST_YEARS_FOLLOWED} years together")
        })?;
        Ok(())
    }
}
