//! Holidays from an iCalendar file (RFC 5545), as calendars publish them.
//!
//! The lines are read by our own small reader: it needs whole days only, and tells what it does not understand with its
//! line. Rules of recurrence are followed by `ical-rs` (see [`rule`]). Nothing here asks for the time: how far a rule is
//! followed hangs on the file alone (see [`years`]), so the same file gives the same holidays on every day.

mod days;
mod event;
mod file;
mod lines;
mod rule;
#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;
mod years;
mod zones;

pub use event::LONGEST_HOLIDAY_DAYS;

use super::{Holiday, HolidayDate, MOST_HOLIDAYS};
use event::Dates;
use file::File;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Largest file that is read, in bytes: a thousand holidays with long descriptions fit.
pub const LARGEST_FEED_BYTES: usize = 1024 * 1024;
/// Most events of a file that are read: five for each holiday that a calendar can have.
const MOST_EVENTS: usize = 5 * MOST_HOLIDAYS;

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Holidays, in the file's order, no date twice.
    pub holidays: Vec<Holiday>,
    /// Events that are not taken.
    pub skipped: Vec<Skipped>,
    /// Events of which only a part is taken, with what is left out.
    #[serde(default)]
    pub cut: Vec<Skipped>,
}

/// An event that is not taken, or not all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Line of the file where the event begins, from 1.
    pub line: usize,
    /// What it is called.
    pub name: String,
    /// Why it is not taken, in words.
    pub reason: String,
}

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// It is too large.
    #[error("the file has {0} bytes, at most {LARGEST_FEED_BYTES} are read")]
    TooLarge(usize),
    /// It is something else.
    #[error("the file is no iCalendar file: it has no BEGIN:VCALENDAR")]
    NotACalendar,
}

/// Reads the holidays of an iCalendar file: events of whole days, once or by a rule.
pub fn read_feed(text: &str) -> Result<Feed, FeedError> {
    if text.len() > LARGEST_FEED_BYTES {
        return Err(FeedError::TooLarge(text.len()));
    }
    let lines = lines::content_lines(text);
    if !lines.iter().any(|line| line.is("BEGIN", "VCALENDAR")) {
        return Err(FeedError::NotACalendar);
    }
    let mut file = File::of(&lines);
    let mut feed = Feed::default();
    let mut seen = BTreeSet::new();
    for (index, event) in file.events.iter().enumerate() {
        let (line, name) = (event.line, event.name());
        if index == MOST_EVENTS {
            let count = file.events.len();
            let reason = format!("the file has {count} events, at most {MOST_EVENTS} are read");
            feed.skipped.push(Skipped { line, name, reason });
            break;
        }
        match event
            .dates(&mut file.surroundings)
            .and_then(|dates| take(dates, &name, &mut seen, &mut feed.holidays))
        {
            Ok(None) => {}
            Ok(Some(reason)) => feed.cut.push(Skipped { line, name, reason }),
            Err(reason) => feed.skipped.push(Skipped { line, name, reason }),
        }
    }
    Ok(feed)
}

/// Takes the days of an event that are no holidays yet; says what is left out of them.
fn take(
    dates: Dates,
    name: &str,
    seen: &mut BTreeSet<HolidayDate>,
    holidays: &mut Vec<Holiday>,
) -> Result<Option<String>, String> {
    let days = dates.days.into_iter();
    let new: Vec<_> = days.filter(|date| !seen.contains(date)).collect();
    if new.is_empty() {
        return Err("an event before it has the same date".to_owned());
    }
    if seen.len() + new.len() > MOST_HOLIDAYS {
        return Err(too_many());
    }
    for date in new {
        seen.insert(date);
        let name = name.to_owned();
        holidays.push(Holiday { date, name });
    }
    Ok(dates.left_out)
}

fn too_many() -> String {
    format!("a calendar has at most {MOST_HOLIDAYS} holidays")
}
