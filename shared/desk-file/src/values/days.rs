//! Days of the week: `mon`, `mon-fri`.

use super::text_value;
use docket_domain::calendar::Day;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A day of the week or several in a row, both included: `mon`, `mon-fri`, `sat-sun`; `monday-friday` is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Days {
    first: Day,
    last: Day,
}

text_value!(
    Days,
    "Days",
    r"^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$",
    "A day of the week, or the first and the last of several.",
    ["mon-fri", "sat"]
);

fn index(day: Day) -> usize {
    Day::ALL.iter().position(|other| *other == day).unwrap_or(0)
}

/// The short name of a day.
pub(crate) fn day_name(day: Day) -> &'static str {
    NAMES[index(day)]
}

impl Days {
    /// From a day to a day.
    pub(crate) fn from_to(first: Day, last: Day) -> Self {
        Self { first, last }
    }

    /// One by one, in order; past sunday comes monday.
    pub fn iter(self) -> impl Iterator<Item = Day> {
        let (first, last) = (index(self.first), index(self.last));
        let count = (last + 7 - first) % 7 + 1;
        (0..count).map(move |step| Day::ALL[(first + step) % 7])
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(day_name(self.first))?;
        if self.last != self.first {
            write!(f, "-{}", day_name(self.last))?;
        }
        Ok(())
    }
}

impl FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let day = |name: &str| {
            let name = name.trim().to_lowercase();
            let is_named = |day: &Day| day_name(*day) == name || format!("{day:?}").to_lowercase() == name;
            Day::ALL.into_iter().find(is_named)
        };
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        match (day(first), day(last)) {
            (Some(first), Some(last)) => Ok(Self { first, last }),
            _ => Err(format!(
                "{text:?} is no day; write {}, or several such as mon-fri",
                NAMES.join(", ")
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> Vec<&'static str> {
        text.parse::<Days>().unwrap().iter().map(day_name).collect()
    }

    #[test]
    fn days_are_one_or_a_row() {
        assert_eq!(days("wed"), ["wed"]);
        assert_eq!(days("mon-wed"), ["mon", "tue", "wed"]);
        assert_eq!(days("Saturday-monday"), ["sat", "sun", "mon"]);
        assert_eq!(days("mon-sun").len(), 7);
    }

    #[test]
    fn what_is_no_day_is_named() {
        for wrong in ["", "mo", "mon-", "mon-fri-sat", "weekdays"] {
            assert!(wrong.parse::<Days>().is_err(), "{wrong}");
        }
    }
}
