//! Durations: `30m`, `4h`, `2d`, `1h30m`.

use super::text_value;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

const UNITS: [(char, i64); 4] = [('d', 24 * 3600), ('h', 3600), ('m', 60), ('s', 1)];

/// A duration in whole seconds: `90s`, `30m`, `4h`, `2d`, or several in that order, such as `1h30m`. A day is 24 hours
/// of whatever is counted: with a calendar that opens eight hours a day, `1d` takes three of its days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Duration {
    /// How long, in seconds; not negative.
    pub seconds: i64,
}

text_value!(
    Duration,
    "Duration",
    r"^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$",
    "How long: days (of 24 hours), hours, minutes and seconds, the largest first.",
    ["30m", "4h", "2d", "1h30m"]
);

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.seconds == 0 {
            return f.write_str("0m");
        }
        let mut rest = self.seconds;
        for (letter, length) in UNITS {
            if rest >= length {
                write!(f, "{}{letter}", rest / length)?;
                rest %= length;
            }
        }
        Ok(())
    }
}

impl FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no duration; write 30m, 4h, 2d or 1h30m");
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("{text} has no unit; write {text}m, {text}h or {text}d"));
        }
        let mut rest = text;
        let mut seconds: i64 = 0;
        for (letter, length) in UNITS {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if digits > 0 && rest[digits..].starts_with(letter) {
                let number: i64 = rest[..digits].parse().map_err(|_| wrong())?;
                let part = number.checked_mul(length).ok_or_else(wrong)?;
                seconds = seconds.checked_add(part).ok_or_else(wrong)?;
                rest = &rest[digits + 1..];
            }
        }
        if text.is_empty() || !rest.is_empty() {
            return Err(wrong());
        }
        Ok(Self { seconds })
    }
}

/// How long something is waited for: a duration, or `never`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Wait {
    /// It does not happen.
    Never,
    /// It happens after so long.
    After(Duration),
}

text_value!(
    Wait,
    "Wait",
    r"^(never|([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?)$",
    "After how long: days (of 24 hours), hours, minutes and seconds, the largest first; or `never`.",
    ["2d", "never"]
);

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::After(duration) => duration.fmt(f),
        }
    }
}

impl FromStr for Wait {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "never" {
            return Ok(Self::Never);
        }
        text.parse()
            .map(Self::After)
            .map_err(|error| format!("{error}, or never"))
    }
}

impl From<Option<i64>> for Wait {
    fn from(seconds: Option<i64>) -> Self {
        seconds.map_or(Self::Never, |seconds| Self::After(Duration { seconds }))
    }
}

impl Wait {
    /// Seconds; nothing for never.
    pub fn seconds(self) -> Option<i64> {
        match self {
            Self::Never => None,
            Self::After(duration) => Some(duration.seconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_duration_is_numbers_with_units() {
        for (text, seconds) in [
            ("90s", 90),
            ("30m", 1800),
            ("4h", 14_400),
            ("2d", 172_800),
            ("1h30m", 5400),
        ] {
            assert_eq!(text.parse(), Ok(Duration { seconds }), "{text}");
        }
        for wrong in [
            "",
            "h",
            "4",
            "4 h",
            "-4h",
            "4w",
            "30m1h",
            "1h1h",
            "4hx",
            "99999999999999999999d",
            "ü",
        ] {
            assert!(wrong.parse::<Duration>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_number_without_a_unit_is_told_the_units() {
        assert_eq!(
            "4".parse::<Duration>().unwrap_err(),
            "4 has no unit; write 4m, 4h or 4d"
        );
    }

    #[test]
    fn a_wait_may_be_never() {
        assert_eq!("never".parse(), Ok(Wait::Never));
        assert_eq!("2d".parse::<Wait>().unwrap().seconds(), Some(172_800));
        assert!("newer".parse::<Wait>().unwrap_err().ends_with("or never"));
    }

    proptest! {
        #[test]
        fn a_duration_reads_back_as_it_was_written(seconds in 0_i64..400_000_000) {
            let duration = Duration { seconds };
            prop_assert_eq!(duration.to_string().parse(), Ok(duration));
        }
    }
}
