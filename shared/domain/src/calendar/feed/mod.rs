//! Holidays from an iCalendar file (RFC 5545), as calendars publish them.
//!
//! Our own small reader: it needs whole-day events only. The crates for the format each bring a clock and a second
//! library for dates (`icalendar`, `calcard`), or are no longer kept (`ical`).

mod lines;
#[cfg(test)]
mod tests;

use super::{Holiday, HolidayDate, LONGEST_NAME, MOST_HOLIDAYS};
use jiff::{ToSpan, civil::Date};
use lines::{ContentLine, content_lines};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Largest file that is read, in bytes: a thousand holidays with long descriptions fit.
pub const LARGEST_FEED_BYTES: usize = 1024 * 1024;
/// Longest holiday that is taken, in days. What is longer is a season or a mistake.
pub const LONGEST_HOLIDAY_DAYS: i32 = 31;

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Holidays, in the file's order, no date twice.
    pub holidays: Vec<Holiday>,
    /// Events that are not taken.
    pub skipped: Vec<Skipped>,
}

/// An event that is not taken.
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

/// Reads the holidays of an iCalendar file: events of whole days, once or every year.
pub fn read_feed(file: &str) -> Result<Feed, FeedError> {
    if file.len() > LARGEST_FEED_BYTES {
        return Err(FeedError::TooLarge(file.len()));
    }
    let lines = content_lines(file);
    if !lines.iter().any(|line| line.is("BEGIN", "VCALENDAR")) {
        return Err(FeedError::NotACalendar);
    }
    let mut feed = Feed::default();
    let mut seen = BTreeSet::new();
    for event in events(&lines) {
        let name = event.name();
        let taken = event
            .dates()
            .and_then(|dates| take(&dates, &name, &mut seen, &mut feed));
        if let Err(reason) = taken {
            let line = event.line;
            feed.skipped.push(Skipped { line, name, reason });
        }
    }
    Ok(feed)
}

fn take(
    dates: &[HolidayDate],
    name: &str,
    seen: &mut BTreeSet<HolidayDate>,
    feed: &mut Feed,
) -> Result<(), String> {
    let new: Vec<_> = dates.iter().filter(|date| !seen.contains(date)).collect();
    if new.is_empty() {
        return Err("an event before it has the same date".to_owned());
    }
    if seen.len() + new.len() > MOST_HOLIDAYS {
        return Err(format!("a calendar has at most {MOST_HOLIDAYS} holidays"));
    }
    for date in new {
        seen.insert(*date);
        feed.holidays.push(Holiday {
            date: *date,
            name: name.to_owned(),
        });
    }
    Ok(())
}

/// The properties of one event, without those of what is nested in it.
struct Event<'l> {
    line: usize,
    properties: Vec<&'l ContentLine>,
}

fn events(lines: &[ContentLine]) -> Vec<Event<'_>> {
    let mut events = Vec::new();
    let mut event: Option<Event> = None;
    let mut nested = 0_usize;
    for line in lines {
        match &mut event {
            None if line.is("BEGIN", "VEVENT") => {
                nested = 0;
                event = Some(Event {
                    line: line.number,
                    properties: Vec::new(),
                });
            }
            None => {}
            Some(_) if line.is("END", "VEVENT") => events.extend(event.take()),
            Some(_) if line.name == "BEGIN" => nested += 1,
            Some(_) if line.name == "END" => nested = nested.saturating_sub(1),
            Some(open) if nested == 0 => open.properties.push(line),
            Some(_) => {}
        }
    }
    events
}

impl Event<'_> {
    fn property(&self, name: &str) -> Option<&ContentLine> {
        self.properties.iter().copied().find(|line| line.name == name)
    }

    fn name(&self) -> String {
        let summary = self
            .property("SUMMARY")
            .map(ContentLine::text)
            .unwrap_or_default();
        let words = summary.split_whitespace().collect::<Vec<_>>().join(" ");
        match words.as_str() {
            "" => "Holiday".to_owned(),
            words => words.chars().take(LONGEST_NAME).collect(),
        }
    }

    fn dates(&self) -> Result<Vec<HolidayDate>, String> {
        if self
            .property("STATUS")
            .is_some_and(|line| line.is("STATUS", "CANCELLED"))
        {
            return Err("it is cancelled".to_owned());
        }
        for name in ["RECURRENCE-ID", "RDATE", "EXDATE", "EXRULE"] {
            if self.property(name).is_some() {
                return Err(format!("{name} is not understood"));
            }
        }
        let start = whole_day(self.property("DTSTART").ok_or("it has no DTSTART")?)?;
        let end = self.end(start)?;
        let days = (end - start).get_days();
        if days < 1 {
            return Err("it ends before it starts".to_owned());
        }
        if days > LONGEST_HOLIDAY_DAYS {
            return Err(format!("it lasts {days} days, more than {LONGEST_HOLIDAY_DAYS}"));
        }
        let is_yearly = match self.property("RRULE") {
            Some(rule) => is_every_year(&rule.value, start).map(|()| true)?,
            None => false,
        };
        let dates = start.series(1.day()).take_while(|date| *date < end);
        Ok(dates
            .map(|date| match is_yearly {
                true => HolidayDate::every_year(date),
                false => HolidayDate::Once(date),
            })
            .collect())
    }

    /// The day after the last.
    fn end(&self, start: Date) -> Result<Date, String> {
        if let Some(end) = self.property("DTEND") {
            let end = whole_day(end)?;
            // Some programs write the first day as the end of an event of one day.
            return Ok(if end == start { next(start)? } else { end });
        }
        let Some(duration) = self.property("DURATION") else {
            return next(start);
        };
        let value = duration.value.trim();
        let number = value
            .strip_prefix('P')
            .and_then(|rest| match rest.strip_suffix('W') {
                Some(weeks) => weeks.parse::<i32>().ok()?.checked_mul(7),
                None => rest.strip_suffix('D')?.parse().ok(),
            });
        let days = number.ok_or_else(|| format!("its length {value:?} is not in days"))?;
        days_after(start, days)
    }
}

fn next(date: Date) -> Result<Date, String> {
    days_after(date, 1)
}

fn days_after(date: Date, days: i32) -> Result<Date, String> {
    let too_late = || "it lies beyond the end of time".to_owned();
    if !(0..=LONGEST_HOLIDAY_DAYS + 1).contains(&days) {
        return Err(format!("it lasts {days} days, more than {LONGEST_HOLIDAY_DAYS}"));
    }
    date.checked_add(days.days()).map_err(|_| too_late())
}

fn whole_day(line: &ContentLine) -> Result<Date, String> {
    let value = line.value.trim();
    let is_date = value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_digit());
    let says_otherwise = line
        .parameter("VALUE")
        .is_some_and(|kind| !kind.eq_ignore_ascii_case("DATE"));
    if !is_date || says_otherwise {
        return Err(format!("{} {value:?} is not a whole day", line.name));
    }
    let dashed = format!("{}-{}-{}", &value[..4], &value[4..6], &value[6..]);
    dashed
        .parse()
        .map_err(|_| format!("{} {value:?} is no date", line.name))
}

/// Whether a recurrence rule says no more than "every year on this date".
fn is_every_year(rule: &str, start: Date) -> Result<(), String> {
    let mut is_yearly = false;
    for part in rule.trim().split(';').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let is_number = |number: i8| value.parse() == Ok(number);
        let is_understood = match name.to_ascii_uppercase().as_str() {
            "FREQ" => {
                is_yearly = value.eq_ignore_ascii_case("YEARLY");
                is_yearly
            }
            "INTERVAL" => is_number(1),
            "BYMONTH" => is_number(start.month()),
            "BYMONTHDAY" => is_number(start.day()),
            "WKST" => true,
            _ => false,
        };
        if !is_understood {
            return Err(format!("it recurs by {part}, which is not understood"));
        }
    }
    is_yearly
        .then_some(())
        .ok_or_else(|| "it recurs by no frequency".to_owned())
}
