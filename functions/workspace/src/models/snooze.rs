//! Snoozing a ticket for a while: what can be chosen, and until when that is. Mornings are at eight where the reader is, and each choice
//! says when.

use crate::{
    language::{reader, zoned},
    words::{self, Moment},
};
use docket_domain::{Timestamp, ticket::Ticket};
use jiff::{
    SignedDuration,
    civil::{Date, Weekday},
};
use serde::Deserialize;

/// The hour of the reader's day at which what is snoozed until a day comes back.
const MORNING_HOUR: i8 = 8;
/// A short while.
const SHORT: SignedDuration = SignedDuration::from_hours(3);

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub csrf: String,
    /// `hours`, `tomorrow`, `monday`, `date` or `wake`.
    pub until: String,
    /// The day, where that is `date`.
    pub date: String,
}

/// The state and the choices, as shown.
pub struct SnoozeForm {
    /// Until when it is snoozed.
    pub until: Option<Moment>,
    /// Word and label of each choice.
    pub choices: Vec<(&'static str, String)>,
    /// The first day that can be chosen.
    pub first_day: String,
}

impl SnoozeForm {
    /// Those of a ticket; nothing for one that can't be snoozed any more.
    pub fn of(ticket: &Ticket, now: Timestamp) -> Option<Self> {
        let label = |name: &str, at: Option<Timestamp>| match at {
            Some(at) => format!("{name}, {}", words::exact(at).words),
            None => name.to_owned(),
        };
        let choices = vec![
            ("hours", t!("For 3 hours").to_owned()),
            ("tomorrow", label(t!("Tomorrow"), tomorrow(now))),
            ("monday", label(t!("Monday"), monday(now))),
        ];
        ticket.status.is_unsolved().then(|| Self {
            until: ticket.snoozed_until.map(words::exact),
            choices,
            first_day: day(now)
                .tomorrow()
                .map_or_else(|_| String::new(), |day| day.to_string()),
        })
    }
}

impl Asked {
    /// What is asked for: until when it is snoozed, or that this ends.
    ///
    /// # Errors
    /// In words for the person, what is wrong with it.
    pub fn wish(&self, now: Timestamp) -> Result<Option<Timestamp>, &'static str> {
        let until = match self.until.as_str() {
            "wake" => return Ok(None),
            "hours" => now.checked_add(SHORT).ok(),
            "tomorrow" => tomorrow(now),
            "monday" => monday(now),
            "date" => {
                let date: Date = self
                    .date
                    .parse()
                    .map_err(|_| t!("Not saved: choose a day first."))?;
                morning_of(date)
            }
            _ => return Err(t!("Not saved: there is no such choice.")),
        };
        until.map(Some).ok_or(t!("Not saved: there is no such day."))
    }
}

fn day(now: Timestamp) -> Date {
    zoned(now).date()
}

fn tomorrow(now: Timestamp) -> Option<Timestamp> {
    morning_of(day(now).tomorrow().ok()?)
}

/// The next Monday after today.
fn monday(now: Timestamp) -> Option<Timestamp> {
    morning_of(day(now).nth_weekday(1, Weekday::Monday).ok()?)
}

fn morning_of(date: Date) -> Option<Timestamp> {
    let morning = date.at(MORNING_HOUR, 0, 0, 0);
    morning
        .to_zoned(reader().zone)
        .ok()
        .map(|morning| morning.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn until(choice: &str, date: &str, now: &str) -> Result<Option<Timestamp>, &'static str> {
        let asked = Asked {
            until: choice.into(),
            date: date.into(),
            ..Asked::default()
        };
        asked.wish(at(now))
    }

    #[test]
    fn each_choice_has_its_time() {
        let sunday = "2026-03-08T23:59:00Z";
        for (choice, date, expected) in [
            ("hours", "", "2026-03-09T02:59:00Z"),
            ("tomorrow", "", "2026-03-09T08:00:00Z"),
            ("monday", "", "2026-03-09T08:00:00Z"),
            ("date", "2026-04-01", "2026-04-01T08:00:00Z"),
        ] {
            assert_eq!(until(choice, date, sunday), Ok(Some(at(expected))), "{choice}");
        }
        assert_eq!(until("wake", "", sunday), Ok(None));
    }

    #[test]
    fn on_a_monday_the_next_one_is_meant() {
        let monday = until("monday", "", "2026-03-09T06:00:00Z");
        assert_eq!(monday, Ok(Some(at("2026-03-16T08:00:00Z"))));
    }

    #[test]
    fn what_is_no_choice_is_refused() {
        assert!(until("", "", "2026-03-09T06:00:00Z").is_err());
        assert!(until("date", "", "2026-03-09T06:00:00Z").is_err());
        assert!(until("date", "2026-02-30", "2026-03-09T06:00:00Z").is_err());
    }
}
