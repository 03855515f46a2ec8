//! A time of a local day.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A time of a local day in whole minutes since its midnight: `00:00` to `48:00`. What lies past `24:00` is on the next
/// day: `30:00` is six in the morning after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayTime(u16);

/// A text that is no time of a day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time from 00:00 to 48:00, such as 09:30")]
pub struct BadDayTime(String);

impl DayTime {
    /// `00:00`, where the day begins.
    pub const MIDNIGHT: Self = Self(0);
    /// `24:00`, where the day ends.
    pub const NEXT_MIDNIGHT: Self = Self(24 * 60);
    /// `48:00`, where the next day ends.
    pub const LAST: Self = Self(48 * 60);

    /// The time so many minutes after midnight; nothing beyond `48:00`.
    pub fn from_minutes(minutes: u16) -> Option<Self> {
        (minutes <= Self::LAST.0).then_some(Self(minutes))
    }

    /// Minutes since midnight.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// The same time as it is called on the next day; nothing for a time before `24:00`.
    pub(super) fn on_next_day(self) -> Option<Self> {
        self.0.checked_sub(Self::NEXT_MIDNIGHT.0).map(Self)
    }
}

impl fmt::Display for DayTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for DayTime {
    type Err = BadDayTime;

    fn from_str(text: &str) -> Result<Self, BadDayTime> {
        let two_digits = |part: &str| {
            let is_well_formed = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<u16>().ok().filter(|_| is_well_formed)
        };
        text.split_once(':')
            .and_then(|(hours, minutes)| Some((two_digits(hours)?, two_digits(minutes)?)))
            .filter(|(_, minutes)| *minutes < 60)
            .and_then(|(hours, minutes)| Self::from_minutes(hours * 60 + minutes))
            .ok_or_else(|| BadDayTime(text.to_owned()))
    }
}

impl TryFrom<String> for DayTime {
    type Error = BadDayTime;
    fn try_from(text: String) -> Result<Self, BadDayTime> {
        text.parse()
    }
}

impl From<DayTime> for String {
    fn from(time: DayTime) -> Self {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_reads_back_as_it_was_written() {
        for text in ["00:00", "09:30", "24:00", "30:15", "48:00"] {
            assert_eq!(text.parse::<DayTime>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_text_that_is_no_time_is_named() {
        for text in ["", "9:00", "09:60", "48:01", "09-00", "+9:00", "09:00:00"] {
            assert_eq!(text.parse::<DayTime>(), Err(BadDayTime(text.to_owned())));
        }
    }
}
