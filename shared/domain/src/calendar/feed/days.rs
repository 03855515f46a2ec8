//! Whole days, in the forms in which programs write them (RFC 5545, sections 3.3.4 to 3.3.6): dates, and times at midnight.

use super::{
    event::{Event, LONGEST_HOLIDAY_DAYS},
    lines::ContentLine,
    zones::Zones,
};
use ical::value::duration::IcalDuration;
use jiff::{
    ToSpan,
    civil::{Date, DateTime, Time},
};

/// Longest value in characters that is shown in words: a sensible one has twenty.
const LONGEST_SHOWN: usize = 60;
const SECONDS_A_DAY: i64 = 24 * 60 * 60;
/// The properties by which Outlook says that an event lasts whole days.
const WHOLE_DAYS: [&str; 2] = [
    "X-MICROSOFT-CDO-ALLDAYEVENT",
    "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT",
];

/// A date or a time, as it is written.
struct Written {
    at: DateTime,
    /// Whether a time of day is written.
    is_timed: bool,
    /// Whether it is a time in UTC.
    is_utc: bool,
}

/// When an event starts.
pub(super) struct Start {
    /// The first day.
    pub(super) day: Date,
    /// Whether it is written as another time, in UTC.
    pub(super) is_moved: bool,
    is_timed: bool,
}

/// The day that a value names.
pub(super) fn day(
    value: &str,
    line: &ContentLine,
    zones: &Zones,
    zone: Option<&str>,
) -> Result<Date, String> {
    let written = written(value, line)?;
    written
        .midnight(zones, zone)
        .ok_or_else(|| is_no_day(value, line))
}

impl Start {
    /// When an event starts.
    pub(super) fn of(event: &Event<'_>, zones: &Zones) -> Result<Self, String> {
        let line = event.property("DTSTART").ok_or("it has no DTSTART")?;
        let written = written(&line.value, line)?;
        let day = written
            .midnight(zones, line.parameter("TZID"))
            .ok_or_else(|| is_no_day(&line.value, line))?;
        Ok(Self {
            day,
            is_moved: written.at != day.to_datetime(Time::midnight()),
            is_timed: written.is_timed,
        })
    }

    /// How many days it lasts.
    pub(super) fn length(&self, event: &Event<'_>, zones: &Zones) -> Result<i32, String> {
        let days = match (event.property("DTEND"), event.property("DURATION")) {
            (Some(end), _) => i64::from((self.end(end, zones)? - self.day).get_days()),
            (None, Some(duration)) => whole_days(duration.value.trim())?,
            // A date lasts the day, a time no time at all (section 3.6.1).
            (None, None) => i64::from(!self.is_timed),
        };
        // Some programs write the first day as the end of an event of one day.
        let lasts_a_day = !self.is_timed && event.property("DTEND").is_some() || says_whole_days(event);
        match i32::try_from(days) {
            Ok(0) if lasts_a_day => Ok(1),
            Ok(0) => Err("it lasts no time".to_owned()),
            Ok(days) if (1..=LONGEST_HOLIDAY_DAYS).contains(&days) => Ok(days),
            _ if days < 0 => Err("it ends before it starts".to_owned()),
            _ => Err(format!("it lasts {days} days, more than {LONGEST_HOLIDAY_DAYS}")),
        }
    }

    /// The day after the last.
    fn end(&self, line: &ContentLine, zones: &Zones) -> Result<Date, String> {
        let written = written(&line.value, line)?;
        if let Some(day) = written.midnight(zones, line.parameter("TZID")) {
            return Ok(day);
        }
        // Some programs write the last minute or second of a day as its end, or a time beside a first day that has none.
        let is_last_minute = (written.at.hour(), written.at.minute()) == (23, 59);
        if is_last_minute || !self.is_timed {
            let next = written.at.date().checked_add(1.day());
            return next.map_err(|_| is_no_day(&line.value, line));
        }
        Err(is_no_day(&line.value, line))
    }
}

impl Written {
    /// The day that begins then. Of a time in UTC, by the clocks of the zone too.
    fn midnight(&self, zones: &Zones, zone: Option<&str>) -> Option<Date> {
        if self.at.time() == Time::midnight() {
            return Some(self.at.date());
        }
        if !self.is_utc {
            return None;
        }
        let local = zones.locals(zone, self.at);
        let mut midnights = local.iter().filter(|at| at.time() == Time::midnight());
        match (midnights.next(), midnights.next()) {
            (Some(midnight), None) => Some(midnight.date()),
            _ => None,
        }
    }
}

/// A value as it is shown to people.
fn shown(value: &str) -> String {
    value.trim().chars().take(LONGEST_SHOWN).collect()
}

fn is_no_day(value: &str, line: &ContentLine) -> String {
    format!("{} {:?} is not a whole day", line.name, shown(value))
}

/// `20261224`, `20261224T000000`, each also with a `Z`. A `Z` after a date says nothing.
fn written(value: &str, line: &ContentLine) -> Result<Written, String> {
    let value = value.trim();
    let kind = line.parameter("VALUE").unwrap_or("DATE");
    if !["DATE", "DATE-TIME"]
        .iter()
        .any(|known| kind.eq_ignore_ascii_case(known))
    {
        return Err(is_no_day(value, line));
    }
    let (digits, is_utc) = match value.strip_suffix(['Z', 'z']) {
        Some(digits) => (digits, true),
        None => (value, false),
    };
    let (date, time) = match digits.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (digits, None),
    };
    let are_digits =
        |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(date, 8) || time.is_some_and(|time| !are_digits(time, 6)) {
        return Err(is_no_day(value, line));
    }
    let time = time.unwrap_or("000000");
    let read = || {
        let date = Date::new(
            date[..4].parse().ok()?,
            date[4..6].parse().ok()?,
            date[6..].parse().ok()?,
        )
        .ok()?;
        // A leap second is the end of its minute.
        let second: i8 = time[4..].parse().ok()?;
        let time = Time::new(
            time[..2].parse().ok()?,
            time[2..4].parse().ok()?,
            second.min(59),
            0,
        )
        .ok()?;
        Some(date.to_datetime(time))
    };
    let at = read().ok_or_else(|| format!("{} {:?} is no date", line.name, shown(value)))?;
    Ok(Written {
        at,
        is_timed: digits.len() > 8,
        is_utc,
    })
}

fn whole_days(duration: &str) -> Result<i64, String> {
    let seconds = IcalDuration(duration.into()).seconds();
    seconds
        .filter(|seconds| seconds % SECONDS_A_DAY == 0)
        .map(|seconds| seconds / SECONDS_A_DAY)
        .ok_or_else(|| format!("its length {:?} is not in days", shown(duration)))
}

fn says_whole_days(event: &Event<'_>) -> bool {
    WHOLE_DAYS
        .iter()
        .any(|name| event.property(name).is_some_and(|line| line.is(name, "TRUE")))
}
