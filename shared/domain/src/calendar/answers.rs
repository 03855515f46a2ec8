//! What a calendar is asked.

use super::{Calendar, Interval, Stretches, business_intervals, intervals::horizon};
use jiff::{SignedDuration, Timestamp};

impl Calendar {
    /// The open intervals of `[from, to)`, day by day: cheaper than [`business_intervals`] where only lengths count.
    pub fn stretches(&self, from: Timestamp, to: Timestamp) -> Stretches<'_> {
        Stretches::new(self, from, to)
    }

    /// Whether it is open.
    pub fn is_open_at(&self, at: Timestamp) -> bool {
        let end = at.checked_add(SignedDuration::from_nanos(1));
        self.stretches(at, end.unwrap_or(Timestamp::MAX)).next().is_some()
    }

    /// How long it is open within `[from, to)`, exactly.
    pub fn open_for(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        self.stretches(from, to).map(|open| open.length()).sum()
    }

    /// How long it is open within `[from, to)`, in whole seconds; 0 where `to` is not after `from`.
    pub fn elapsed_seconds(&self, from: Timestamp, to: Timestamp) -> i64 {
        self.open_for(from, to).as_secs()
    }

    /// The first instant by which it has been open for so long since `start`; nothing beyond the horizon.
    pub fn add(&self, start: Timestamp, business_time: SignedDuration) -> Option<Timestamp> {
        let mut left = business_time;
        if left <= SignedDuration::ZERO {
            return Some(start);
        }
        for open in self.stretches(start, horizon(start)) {
            if open.length() >= left {
                return open.start.checked_add(left).ok();
            }
            left = left.saturating_sub(open.length());
        }
        None
    }

    /// The first instant by which it has been open for so many seconds since `start`; nothing beyond the horizon.
    pub fn add_business_seconds(&self, start: Timestamp, seconds: i64) -> Option<Timestamp> {
        self.add(start, SignedDuration::from_secs(seconds))
    }

    /// The first instant from `at` on at which it is open; nothing beyond the horizon.
    pub fn next_open_at(&self, at: Timestamp) -> Option<Timestamp> {
        self.stretches(at, horizon(at)).next().map(|open| open.start)
    }

    /// The interval in which it is open at `at`, from there on, or the next one; nothing beyond the horizon. A calendar
    /// that never closes is open until the horizon.
    pub fn next_opening(&self, at: Timestamp) -> Option<Interval> {
        business_intervals(self, at, horizon(at)).next()
    }
}
