//! The instants at which a calendar is open, as intervals.

use super::{Calendar, zone};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// How far ahead an opening is looked for, in days: ten years. A calendar may never open again (each date closed by
/// hand), and a search has to end.
pub const HORIZON_DAYS: i64 = 3_653;

/// From an instant until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Interval {
    /// The first instant.
    pub start: Timestamp,
    /// The instant after the last.
    pub end: Timestamp,
}

impl Interval {
    /// How long it lasts.
    pub fn length(&self) -> SignedDuration {
        self.end.duration_since(self.start)
    }

    /// The part within `[from, to)`, if there is one.
    pub fn within(self, from: Timestamp, to: Timestamp) -> Option<Self> {
        let start = self.start.max(from);
        let end = self.end.min(to);
        (start < end).then_some(Self { start, end })
    }
}

/// The open intervals of `[from, to)` in order, day by day: they do not overlap, and those that meet at midnight are two.
/// Ends after [`HORIZON_DAYS`] without an opening.
#[derive(Clone, Debug)]
pub struct Stretches<'c> {
    calendar: &'c Calendar,
    next_date: Option<Date>,
    days_left: i64,
    from: Timestamp,
    to: Timestamp,
    open: VecDeque<Interval>,
}

impl<'c> Stretches<'c> {
    pub(super) fn new(calendar: &'c Calendar, from: Timestamp, to: Timestamp) -> Self {
        // A day earlier: near a change of the zone's offset the day before may still be open.
        let date = calendar.zone.to_datetime(from).date();
        Self {
            calendar,
            next_date: Some(date.checked_sub(1.day()).unwrap_or(date)),
            days_left: HORIZON_DAYS,
            from,
            to,
            open: VecDeque::new(),
        }
    }

    /// Expands one more day; nothing when there is none within the limits.
    fn expand(&mut self) -> Option<()> {
        let date = self.next_date?;
        let zone = &self.calendar.zone;
        let begins_at = zone::begins_at(zone, date.at(0, 0, 0, 0))?;
        if begins_at >= self.to || self.days_left == 0 {
            self.next_date = None;
            return None;
        }
        self.days_left -= 1;
        self.next_date = date.tomorrow().ok();
        let hours = self.calendar.hours_of(date);
        if !hours.is_empty() {
            self.days_left = HORIZON_DAYS;
        }
        for span in hours {
            let local = |minutes: u16| date.at(0, 0, 0, 0).checked_add(i64::from(minutes).minutes()).ok();
            let start = zone::begins_at(zone, local(span.start.minutes())?)?;
            let end = zone::ends_at(zone, local(span.end.minutes())?)?;
            self.open.push_back(Interval { start, end });
        }
        Some(())
    }
}

impl Iterator for Stretches<'_> {
    type Item = Interval;

    fn next(&mut self) -> Option<Interval> {
        loop {
            let Some(open) = self.open.pop_front() else {
                self.expand()?;
                continue;
            };
            // What was given is not given again: hours overlap where a local time comes twice.
            if let Some(open) = open.within(self.from, self.to) {
                self.from = open.end;
                return Some(open);
            }
        }
    }
}

/// The last instant to which a search from `at` goes: [`HORIZON_DAYS`] later.
pub(super) fn horizon(at: Timestamp) -> Timestamp {
    let length = SignedDuration::from_hours(HORIZON_DAYS * 24);
    at.checked_add(length).unwrap_or(Timestamp::MAX)
}

/// The open intervals of `[from, to)` in order, as long as they can be.
#[derive(Clone, Debug)]
pub struct BusinessIntervals<'c> {
    stretches: Stretches<'c>,
    held: Option<Interval>,
}

/// The intervals in which a calendar is open within `[from, to)`, half-open, in order, merged where they meet. They are
/// expanded as they are asked for, and end after [`HORIZON_DAYS`] without an opening.
pub fn business_intervals(calendar: &Calendar, from: Timestamp, to: Timestamp) -> BusinessIntervals<'_> {
    BusinessIntervals {
        stretches: Stretches::new(calendar, from, to),
        held: None,
    }
}

impl Iterator for BusinessIntervals<'_> {
    type Item = Interval;

    fn next(&mut self) -> Option<Interval> {
        let mut whole = self.held.take().or_else(|| self.stretches.next())?;
        for next in self.stretches.by_ref() {
            if next.start > whole.end {
                self.held = Some(next);
                break;
            }
            whole.end = whole.end.max(next.end);
        }
        Some(whole)
    }
}
