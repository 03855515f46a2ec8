//! A calendar as it is written and stored, not yet checked.

use super::{DayTime, HolidayDate};
use crate::CalendarId;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Day {
    /// All of them, from Monday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// Days since Monday.
    pub(super) fn index(self) -> usize {
        self as usize
    }
}

impl From<Weekday> for Day {
    fn from(weekday: Weekday) -> Self {
        match weekday {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

/// Opening hours within a day, or from a day into the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// When it opens; before `24:00`.
    pub start: DayTime,
    /// When it closes; past `24:00` for a night shift.
    pub end: DayTime,
}

/// Opening hours of every week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WeekSpan {
    /// The day on which it opens.
    pub day: Day,
    /// From when to when.
    #[serde(flatten)]
    pub span: Span,
}

/// A day on which the office stays closed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Holiday {
    /// When: `2026-12-24`, or `12-25` for every year.
    pub date: HolidayDate,
    /// What it is called.
    pub name: String,
}

/// A date with other hours than its day of the week has. They hold even where the date is a holiday.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DateHours {
    /// The date.
    pub date: Date,
    /// Its hours; none closes it.
    pub spans: Vec<Span>,
}

/// A calendar as it is written and stored. [`Calendar::new`](super::Calendar::new) checks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarDraft {
    /// The id.
    pub id: CalendarId,
    /// Version; grows with each edit.
    pub version: u64,
    /// What it is called.
    pub name: String,
    /// Name of its zone in the IANA time zone database, such as `Europe/Berlin`.
    pub zone: String,
    /// Opening hours of every week.
    pub week: Vec<WeekSpan>,
    /// Days on which the office stays closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Holiday>,
    /// Dates with other hours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<DateHours>,
}
