//! Calendars: when the office is open.
//!
//! A calendar has a zone, opening hours of every week, holidays, and dates with other hours. [`CalendarDraft`] is its
//! written form; [`Calendar`] has been checked and answers. Local hours become instants day by day:
//!
//! - Each local date has its own hours. What runs past midnight counts to the next date, and falls away where that one
//!   is a holiday or has hours of its own.
//! - A span that begins or ends at a local time that the clocks skip does so at the first instant that exists. Of a local
//!   time that comes twice, spans begin at the first and end at the second. So the seconds that really pass are counted.

mod answers;
mod check;
mod day_time;
mod draft;
mod feed;
mod holiday_date;
mod intervals;
mod zone;

pub use check::{CalendarError, LONGEST_NAME, MOST_DATE_SPANS, MOST_DATES, MOST_HOLIDAYS, MOST_WEEK_SPANS};
pub use day_time::{BadDayTime, DayTime};
pub use draft::{CalendarDraft, DateHours, Day, Holiday, Span, WeekSpan};
pub use feed::{Feed, FeedError, LARGEST_FEED_BYTES, LONGEST_HOLIDAY_DAYS, Skipped, read_feed};
pub use holiday_date::{BadHolidayDate, HolidayDate};
pub use intervals::{BusinessIntervals, HORIZON_DAYS, Interval, Stretches, business_intervals};

use crate::CalendarId;
use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A calendar that makes sense.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "CalendarDraft", into = "CalendarDraft")]
pub struct Calendar {
    draft: CalendarDraft,
    zone: TimeZone,
    week: [Vec<Span>; 7],
    closed_once: BTreeSet<Date>,
    closed_yearly: BTreeSet<(i8, i8)>,
    dates: BTreeMap<Date, Vec<Span>>,
}

impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        self.draft == other.draft
    }
}

impl Eq for Calendar {}

impl Calendar {
    /// Checks a draft. The zone's name is given the database's spelling.
    pub fn new(mut draft: CalendarDraft) -> Result<Self, CalendarError> {
        check::check(&draft)?;
        let zone = zone::zone(&draft.zone).ok_or_else(|| CalendarError::UnknownZone(draft.zone.clone()))?;
        if let Some(name) = zone.iana_name() {
            name.clone_into(&mut draft.zone);
        }
        let mut week: [Vec<Span>; 7] = Default::default();
        for WeekSpan { day, span } in &draft.week {
            week[day.index()].push(*span);
        }
        week.iter_mut().for_each(|spans| spans.sort());
        let mut closed_once = BTreeSet::new();
        let mut closed_yearly = BTreeSet::new();
        for holiday in &draft.holidays {
            match holiday.date {
                HolidayDate::Once(date) => closed_once.insert(date),
                HolidayDate::Yearly { month, day } => closed_yearly.insert((month, day)),
            };
        }
        let mut dates = BTreeMap::new();
        for hours in &draft.dates {
            let mut spans = hours.spans.clone();
            spans.sort();
            dates.insert(hours.date, spans);
        }
        Ok(Self {
            draft,
            zone,
            week,
            closed_once,
            closed_yearly,
            dates,
        })
    }

    /// The id.
    pub fn id(&self) -> CalendarId {
        self.draft.id
    }

    /// Version; grows with each edit.
    pub fn version(&self) -> u64 {
        self.draft.version
    }

    /// The written form.
    pub fn draft(&self) -> &CalendarDraft {
        &self.draft
    }

    /// The zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The opening hours of a date, in order, within `00:00` and `24:00`.
    pub fn hours_of(&self, date: Date) -> Vec<Span> {
        let mut hours = Vec::new();
        let has_own_hours = self.dates.contains_key(&date) || self.is_holiday(date);
        if !has_own_hours && let Ok(yesterday) = date.yesterday() {
            let late = self.beginning_on(yesterday).iter();
            hours.extend(late.filter_map(|span| {
                let end = span.end.on_next_day()?;
                let start = DayTime::MIDNIGHT;
                (end > start).then_some(Span { start, end })
            }));
        }
        hours.extend(self.beginning_on(date).iter().map(|span| Span {
            start: span.start,
            end: span.end.min(DayTime::NEXT_MIDNIGHT),
        }));
        hours.sort();
        hours
    }

    /// Whether the calendar has a holiday on a date.
    pub fn is_holiday(&self, date: Date) -> bool {
        self.closed_once.contains(&date) || self.closed_yearly.contains(&(date.month(), date.day()))
    }

    fn beginning_on(&self, date: Date) -> &[Span] {
        match self.dates.get(&date) {
            Some(spans) => spans,
            None if self.is_holiday(date) => &[],
            None => &self.week[Day::from(date.weekday()).index()],
        }
    }
}

impl TryFrom<CalendarDraft> for Calendar {
    type Error = CalendarError;
    fn try_from(draft: CalendarDraft) -> Result<Self, CalendarError> {
        Self::new(draft)
    }
}

impl From<Calendar> for CalendarDraft {
    fn from(calendar: Calendar) -> Self {
        calendar.draft
    }
}

#[cfg(test)]
mod tests;
