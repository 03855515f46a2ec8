//! Literals that mean something: durations, instants, time zones.

use cel::IdedExpr;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::{Checker, Typed};
use crate::error::{ConditionError, Problem};

impl Checker<'_> {
    /// The text of an argument that must be written out.
    pub(super) fn written(&mut self, tree: &IdedExpr, what: &str) -> Result<String, ConditionError> {
        let typed: Typed = self.value(tree)?;
        typed.literal().map(str::to_owned).ok_or_else(|| {
            let message = format!("{what} must be written out as a text, so that it is checked when saved");
            self.refusal(tree, Problem::Type, message)
        })
    }

    pub(super) fn duration(&mut self, tree: &IdedExpr) -> Result<SignedDuration, ConditionError> {
        let text = self.written(tree, "a duration")?;
        read_duration(&text).ok_or_else(|| {
            let message =
                format!("{text:?} is no duration; write such as \"90m\", \"36h\", \"3d\" or \"1h30m\"");
            self.refusal(tree, Problem::Literal, message)
        })
    }

    pub(super) fn timestamp(&mut self, tree: &IdedExpr) -> Result<Timestamp, ConditionError> {
        let text = self.written(tree, "a timestamp")?;
        text.parse().map_err(|_| {
            let message = format!("{text:?} is no timestamp; write such as \"2026-01-31T12:00:00Z\"");
            self.refusal(tree, Problem::Literal, message)
        })
    }

    pub(super) fn time_zone(&mut self, tree: &IdedExpr) -> Result<TimeZone, ConditionError> {
        let text = self.written(tree, "a time zone")?;
        read_time_zone(&text).ok_or_else(|| {
            let message =
                format!("{text:?} is no time zone; write such as \"Europe/Berlin\", \"UTC\" or \"+02:00\"");
            self.refusal(tree, Problem::Literal, message)
        })
    }
}

fn read_time_zone(text: &str) -> Option<TimeZone> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return TimeZone::get(text).ok(),
    };
    let (hours, minutes) = digits.split_once(':')?;
    let two = |part: &str| (part.len() == 2).then(|| part.parse::<u8>().ok()).flatten();
    let seconds =
        i32::from(two(hours)?) * 3600 + i32::from(two(minutes).filter(|minutes| *minutes < 60)?) * 60;
    Offset::from_seconds(sign * seconds).ok().map(TimeZone::fixed)
}

/// Reads durations as CEL writes them, `1h30m` or `1.5h`, and days of 24 hours besides.
fn read_duration(text: &str) -> Option<SignedDuration> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(SignedDuration::ZERO);
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(digits);
        let (unit, length) = unit_nanoseconds(after)?;
        total = total.checked_add(scaled(number, unit)?)?;
        rest = &after[length..];
    }
    if text.is_empty() || (total == 0 && !text.contains('0')) {
        return None;
    }
    let total = if negative { -total } else { total };
    let seconds = i64::try_from(total / 1_000_000_000).ok()?;
    let nanoseconds = i32::try_from(total % 1_000_000_000).ok()?;
    Some(SignedDuration::new(seconds, nanoseconds))
}

/// Nanoseconds of the unit a text starts with, and the bytes of its name.
fn unit_nanoseconds(text: &str) -> Option<(i128, usize)> {
    const UNITS: [(&str, i128); 7] = [
        ("ns", 1),
        ("us", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
        ("d", 86_400_000_000_000),
    ];
    let unit = UNITS.iter().find(|(name, _)| text.starts_with(name))?;
    Some((unit.1, unit.0.len()))
}

/// A decimal number times a unit, cut to whole nanoseconds.
fn scaled(number: &str, unit: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || whole.len() > 18 || fraction.len() > 9 {
        return None;
    }
    let read = |digits: &str| {
        if digits.is_empty() {
            Some(0)
        } else {
            digits.parse::<i128>().ok()
        }
    };
    let tenths = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    Some(read(whole)? * unit + read(fraction)? * unit / tenths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_cel_writes_them_and_in_days() {
        let seconds = |text: &str| read_duration(text).map(|duration| duration.as_secs_f64());
        assert_eq!(seconds("90m"), Some(5400.0));
        assert_eq!(seconds("1h30m"), Some(5400.0));
        assert_eq!(seconds("1.5h"), Some(5400.0));
        assert_eq!(seconds("3d"), Some(259_200.0));
        assert_eq!(seconds("-2s"), Some(-2.0));
        assert_eq!(seconds("250ms"), Some(0.25));
        assert_eq!(seconds("0"), Some(0.0));
        assert_eq!(seconds("0s"), Some(0.0));
        for wrong in [
            "",
            "-",
            "3",
            "3 d",
            "d",
            ".h",
            "1.2.3h",
            "3w",
            "1h30",
            "99999999999999999999d",
        ] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
