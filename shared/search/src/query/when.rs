//! Times in queries: days, instants, and how long ago.

use docket_domain::Timestamp;
use jiff::{
    Span,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use std::fmt;

/// A time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A whole day in the time zone of whoever asks.
    Day(Date),
    /// A second: times of the API are cut to them.
    Second(Timestamp),
    /// An instant that was told with a fraction of a second.
    Instant(Timestamp),
    /// A second in the time zone of whoever asks.
    Local(DateTime),
    /// So long before now.
    Ago(u16, Unit),
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is called what it is")]
pub enum Unit {
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    Years,
}

impl Unit {
    const ALL: &[(Self, &str)] = &[
        (Self::Minutes, "minute"),
        (Self::Hours, "hour"),
        (Self::Days, "day"),
        (Self::Weeks, "week"),
        (Self::Months, "month"),
        (Self::Years, "year"),
    ];

    fn find(word: &str) -> Option<Self> {
        let singular = word.strip_suffix('s').unwrap_or(word);
        let found = Self::ALL.iter().find(|(_, name)| *name == singular)?;
        Some(found.0)
    }

    fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(unit, _)| *unit == self);
        found.map_or("minute", |(_, name)| name)
    }

    fn span(self, count: u16) -> Result<Span, jiff::Error> {
        let count = i64::from(count);
        match self {
            Self::Minutes => Span::new().try_minutes(count),
            Self::Hours => Span::new().try_hours(count),
            Self::Days => Span::new().try_days(count),
            Self::Weeks => Span::new().try_weeks(count),
            Self::Months => Span::new().try_months(count),
            Self::Years => Span::new().try_years(count),
        }
    }
}

impl When {
    /// Reads a time: `2026-01-31`, `2026-01-31T12:00:00Z`, `2026-01-31T12:00`, `4hours`, `7 days ago`.
    pub(super) fn read(text: &str) -> Option<Self> {
        Self::read_ago(text).or_else(|| Self::read_absolute(text))
    }

    fn read_absolute(text: &str) -> Option<Self> {
        let begins_with_day = text.as_bytes().get(..10).is_some_and(|day| {
            let is_in_form = |(at, byte): (usize, &u8)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            };
            day.iter().enumerate().all(is_in_form)
        });
        if !begins_with_day {
            return None;
        }
        if text.len() == 10 {
            return text.parse().ok().map(Self::Day);
        }
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Some(if text.contains(['.', ',']) {
                Self::Instant(instant)
            } else {
                Self::Second(instant)
            });
        }
        let has_zone = text.get(10..)?.contains(['Z', 'z', '+', '-', '[']);
        let local: DateTime = text.parse().ok().filter(|_| !has_zone)?;
        Some(Self::Local(local.with().subsec_nanosecond(0).build().ok()?))
    }

    fn read_ago(text: &str) -> Option<Self> {
        let text: String = text.to_lowercase().split_whitespace().collect();
        let text = text.strip_suffix("ago").unwrap_or(&text);
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = text.split_at(digits);
        Some(Self::Ago(count.parse().ok()?, Unit::find(unit)?))
    }

    /// The first and the last millisecond that are this time; nothing where the calendar does not reach.
    pub(crate) fn bounds(self, now: Timestamp, zone: &TimeZone) -> Option<(i64, i64)> {
        match self {
            Self::Day(day) => {
                let start = |day: Date| Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond());
                Some((start(day)?, start(day.tomorrow().ok()?)? - 1))
            }
            Self::Second(at) => Some(second_of(at)),
            Self::Instant(at) => Some((at.as_millisecond(), at.as_millisecond())),
            Self::Local(at) => Some(second_of(at.to_zoned(zone.clone()).ok()?.timestamp())),
            Self::Ago(count, unit) => {
                let then = now
                    .to_zoned(zone.clone())
                    .checked_sub(unit.span(count).ok()?)
                    .ok()?;
                let at = then.timestamp().as_millisecond();
                Some((at, at))
            }
        }
    }
}

fn second_of(at: Timestamp) -> (i64, i64) {
    let start = at.as_millisecond().div_euclid(1_000) * 1_000;
    (start, start + 999)
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Second(at) => at.fmt(f),
            Self::Instant(at) => write!(f, "{at:.9}"),
            Self::Local(at) => at.fmt(f),
            Self::Ago(count, unit) => write!(f, "{count}{}s", unit.name()),
        }
    }
}
