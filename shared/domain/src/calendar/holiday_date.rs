//! The date of a holiday.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// When a holiday is: once (`2026-12-24`) or every year (`12-25`). `02-29` is only in leap years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum HolidayDate {
    /// On this date.
    Once(Date),
    /// Every year in this month (1 to 12) on this day (1 to 31).
    Yearly {
        /// Month, 1 to 12.
        month: i8,
        /// Day of the month, 1 to 31.
        day: i8,
    },
}

/// A text that is no date of a holiday.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither a date such as 2026-12-24 nor a day of every year such as 12-25")]
pub struct BadHolidayDate(String);

impl HolidayDate {
    /// Every year on the month and day of a date.
    pub fn every_year(date: Date) -> Self {
        Self::Yearly {
            month: date.month(),
            day: date.day(),
        }
    }
}

/// A leap year, in which every month and day exists that exists at all.
const LEAP_YEAR: i16 = 2000;

impl FromStr for HolidayDate {
    type Err = BadHolidayDate;

    fn from_str(text: &str) -> Result<Self, BadHolidayDate> {
        let bad = || BadHolidayDate(text.to_owned());
        let is_made_of_digits = |length: usize| {
            let fits = |byte: u8| byte.is_ascii_digit() || byte == b'-';
            text.len() == length && text.bytes().all(fits)
        };
        if is_made_of_digits("12-25".len()) {
            let in_a_leap_year = format!("{LEAP_YEAR}-{text}").parse::<Date>();
            return in_a_leap_year.map(Self::every_year).map_err(|_| bad());
        }
        if is_made_of_digits("2026-12-24".len()) {
            return text.parse::<Date>().map(Self::Once).map_err(|_| bad());
        }
        Err(bad())
    }
}

impl fmt::Display for HolidayDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once(date) => date.fmt(f),
            Self::Yearly { month, day } => write!(f, "{month:02}-{day:02}"),
        }
    }
}

impl TryFrom<String> for HolidayDate {
    type Error = BadHolidayDate;
    fn try_from(text: String) -> Result<Self, BadHolidayDate> {
        text.parse()
    }
}

impl From<HolidayDate> for String {
    fn from(date: HolidayDate) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_reads_back_as_it_was_written() {
        for text in ["2026-12-24", "12-25", "02-29"] {
            assert_eq!(text.parse::<HolidayDate>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_day_that_no_year_has_is_refused() {
        for text in ["02-30", "13-01", "2025-02-29", "12/25", "", "christmas"] {
            assert_eq!(text.parse::<HolidayDate>(), Err(BadHolidayDate(text.to_owned())));
        }
    }
}
