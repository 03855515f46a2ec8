//! Which minutes a calendar is open, found without the code under test: each minute's local time is asked of the zone,
//! and opening hours are looked up by it.
//!
//! "From the first instant that exists, of two the earlier" is: once a local time not before the start has been seen.
//! "Until the first that exists, of two the later" is: until the end's own local time is seen for the last time, or, if it
//! never is, as long as a local time before it is still to be seen. So a running maximum of local times, and a minimum of
//! those to come, are all that is needed.

use docket_domain::calendar::{CalendarDraft, Day, HolidayDate};
use jiff::{
    Timestamp,
    civil::{Date, date},
    tz::{TimeZone, TimeZoneDatabase},
};
use std::sync::LazyLock;

static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

const DAY_MINUTES: i64 = 24 * 60;
/// Longest stretch of local time that comes twice, and some.
const LONGEST_REPEAT_MINUTES: usize = 200;
/// Length of a window in days.
pub const WINDOW_DAYS: i64 = 24;

/// Local times of a window, minute by minute.
pub struct Window {
    /// Where it starts, in minutes since 1970.
    pub start: i64,
    /// Each minute's local time, in local minutes since 1970.
    local: Vec<i64>,
    /// Greatest local time up to each minute, in local minutes since 1970.
    seen: Vec<i64>,
    /// Least local time from each minute on.
    to_come: Vec<i64>,
}

pub fn zone(name: &str) -> TimeZone {
    DATABASE.get(name).unwrap()
}

fn local_minutes(zone: &TimeZone, minute: i64) -> i64 {
    let local = zone.to_datetime(Timestamp::from_second(minute * 60).unwrap());
    let days = days_since_1970(local.date());
    days * DAY_MINUTES + i64::from(local.hour()) * 60 + i64::from(local.minute())
}

pub fn days_since_1970(day: Date) -> i64 {
    i64::from((day - date(1970, 1, 1)).get_days())
}

impl Window {
    pub fn new(zone: &TimeZone, start: i64) -> Self {
        // Two days more on either side, so that what is seen and to come is right at the ends.
        let margin = 2 * DAY_MINUTES;
        let minutes = WINDOW_DAYS * DAY_MINUTES;
        let local: Vec<i64> = (-margin..minutes + margin)
            .map(|minute| local_minutes(zone, start + minute))
            .collect();
        let mut seen = local.clone();
        for index in 1..seen.len() {
            seen[index] = seen[index].max(seen[index - 1]);
        }
        let mut to_come = local.clone();
        for index in (1..to_come.len()).rev() {
            to_come[index - 1] = to_come[index - 1].min(to_come[index]);
        }
        let inner = margin as usize..(margin + minutes) as usize;
        Self {
            start,
            local: local[inner.clone()].to_vec(),
            seen: seen[inner.clone()].to_vec(),
            to_come: to_come[inner].to_vec(),
        }
    }

    /// The second after the last.
    pub fn end_second(&self) -> i64 {
        (self.start + self.seen.len() as i64) * 60
    }

    /// Which minutes a calendar is open.
    pub fn open(&self, draft: &CalendarDraft) -> Open {
        let mut minutes = vec![false; self.seen.len()];
        let first = self.seen[0] / DAY_MINUTES - 2;
        let last = self.seen[self.seen.len() - 1] / DAY_MINUTES + 2;
        for day in first..=last {
            for (start, end) in hours_of(draft, day) {
                let start = day * DAY_MINUTES + start;
                let end = day * DAY_MINUTES + end;
                let from = self.seen.partition_point(|seen| *seen < start);
                let to = self.last(end);
                if from < to {
                    minutes[from..to].fill(true);
                }
            }
        }
        Open::new(self.start, minutes)
    }

    /// The minute at which a local time ends what lasts until then.
    fn last(&self, end: i64) -> usize {
        let least = self.to_come.partition_point(|to_come| *to_come < end);
        let most = (least + LONGEST_REPEAT_MINUTES).min(self.local.len());
        let again = self.local[least..most].iter().rposition(|local| *local == end);
        least + again.unwrap_or(0)
    }

    pub fn always(&self) -> Open {
        Open::new(self.start, vec![true; self.seen.len()])
    }
}

fn day_of(day: i64) -> Date {
    use jiff::ToSpan;
    date(1970, 1, 1).checked_add(day.days()).unwrap()
}

/// What opens on a date, in minutes since its midnight, perhaps past the next; and whether the date has hours of its own.
fn opens_on(draft: &CalendarDraft, day: i64) -> (Vec<(i64, i64)>, bool) {
    let date = day_of(day);
    let minutes = |time: docket_domain::calendar::DayTime| i64::from(time.minutes());
    if let Some(own) = draft.dates.iter().find(|own| own.date == date) {
        let spans = own.spans.iter();
        return (
            spans
                .map(|span| (minutes(span.start), minutes(span.end)))
                .collect(),
            true,
        );
    }
    let is_holiday = draft.holidays.iter().any(|holiday| match holiday.date {
        HolidayDate::Once(on) => on == date,
        HolidayDate::Yearly { month, day } => (month, day) == (date.month(), date.day()),
    });
    if is_holiday {
        return (Vec::new(), true);
    }
    let spans = draft
        .week
        .iter()
        .filter(|entry| entry.day == Day::from(date.weekday()));
    let spans = spans.map(|entry| (minutes(entry.span.start), minutes(entry.span.end)));
    (spans.collect(), false)
}

fn hours_of(draft: &CalendarDraft, day: i64) -> Vec<(i64, i64)> {
    let (own, is_of_its_own) = opens_on(draft, day);
    let mut hours: Vec<(i64, i64)> = own
        .iter()
        .map(|(start, end)| (*start, (*end).min(DAY_MINUTES)))
        .collect();
    if !is_of_its_own {
        let (yesterday, _) = opens_on(draft, day - 1);
        let late = yesterday.iter().filter(|(_, end)| *end > DAY_MINUTES);
        hours.extend(late.map(|(_, end)| (0, end - DAY_MINUTES)));
    }
    hours
}

/// Which minutes are open.
pub struct Open {
    start: i64,
    minutes: Vec<bool>,
}

impl Open {
    fn new(start: i64, minutes: Vec<bool>) -> Self {
        Self { start, minutes }
    }

    pub fn is_open_at(&self, second: i64) -> bool {
        let index = second.div_euclid(60) - self.start;
        usize::try_from(index)
            .ok()
            .and_then(|index| self.minutes.get(index))
            == Some(&true)
    }

    /// Counts open seconds of `[from, to)`, by the second until a minute begins, then by the minute. Stops when `wanted`
    /// are counted and says when that was.
    pub fn count(&self, from: i64, to: i64, wanted: i64) -> (i64, Option<i64>) {
        let mut counted = 0;
        let mut second = from;
        if wanted <= 0 {
            return (0, Some(from));
        }
        while second < to {
            let step = if second % 60 == 0 && second + 60 <= to {
                60
            } else {
                1
            };
            if self.is_open_at(second) {
                if counted + step >= wanted {
                    return (wanted, Some(second + wanted - counted));
                }
                counted += step;
            }
            second += step;
        }
        (counted, None)
    }
}
