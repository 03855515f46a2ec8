//! The margin of a list, which holds time and nothing else; and the sections that rows fall into by it.

use crate::{
    language::{day, exact, reader, weekday_and_time},
    words,
};
use docket_domain::{
    Timestamp,
    sla::{ClockState, Metric},
    ticket::Ticket,
};
use jiff::{Zoned, tz::TimeZone};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// So long something over is told in hours.
const HOURS_TOLD_MS: i64 = 100 * HOUR_MS;
/// So far ahead a day is told by its name.
const NAMED_DAYS_MS: i64 = 6 * DAY_MS;

/// Now, where the reader is.
#[derive(Clone, Debug)]
pub struct Here {
    /// Now.
    pub now: Timestamp,
    /// Where.
    pub zone: TimeZone,
}

impl Here {
    /// Where the reader of the answer is.
    pub fn of(now: Timestamp) -> Self {
        let zone = reader().zone;
        Self { now, zone }
    }

    fn zoned(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.zone.clone())
    }

    /// An instant, exactly.
    pub fn exact(&self, at: Timestamp) -> String {
        exact(&self.zoned(at))
    }

    fn is_today(&self, at: Timestamp) -> bool {
        self.zoned(at).date() == self.zoned(self.now).date()
    }
}

/// A section of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// A promise is broken.
    Overdue,
    /// Due within the hour.
    WithinTheHour,
    /// Due on the reader's day.
    Today,
    /// Due after it.
    Later,
    /// No clock runs.
    NoClock,
}

impl Section {
    /// That of something that is due at a time, if at any.
    pub fn of(due_at: Option<Timestamp>, here: &Here) -> Self {
        let Some(at) = due_at else { return Self::NoClock };
        match at.as_millisecond() - here.now.as_millisecond() {
            ..=0 => Self::Overdue,
            left if left <= HOUR_MS => Self::WithinTheHour,
            _ if here.is_today(at) => Self::Today,
            _ => Self::Later,
        }
    }

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Overdue => t!("Overdue"),
            Self::WithinTheHour => t!("Within the hour"),
            Self::Today => t!("Later today"),
            Self::Later => t!("Tomorrow and after"),
            Self::NoClock => t!("No clock runs"),
        }
    }

    /// The class of an alarm, if it is one.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Overdue => "late",
            Self::WithinTheHour => "soon",
            Self::Today | Self::Later | Self::NoClock => "",
        }
    }
}

/// What stands in the margin of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Margin {
    /// A few characters: how much time is left, or how far it is over.
    pub words: String,
    /// Which clock, and the exact time.
    pub exact: String,
    /// `late`, `soon` or nothing.
    pub tone: &'static str,
}

/// The margin of a ticket.
pub fn margin(ticket: &Ticket, here: &Here) -> Margin {
    if let Some(until) = ticket.snoozed_until {
        return Margin {
            words: ahead(until, here),
            exact: t!("Snoozed until {at}", at = here.exact(until)),
            tone: "",
        };
    }
    let states: Vec<&ClockState> = Metric::ALL
        .iter()
        .filter_map(|metric| ticket.clocks.as_ref()?.newest(*metric))
        .filter(|state| !state.course.has_ended())
        .collect();
    let running = states
        .iter()
        .filter_map(|state| Some((state.due_at?, words::metric(state.metric))));
    let Some((at, name)) = running.min_by_key(|(at, _)| *at) else {
        let is_paused = states.iter().any(|state| state.is_paused());
        return Margin {
            words: if is_paused {
                t!("paused").to_owned()
            } else {
                String::new()
            },
            ..Margin::default()
        };
    };
    let left = at.as_millisecond() - here.now.as_millisecond();
    match left {
        ..=0 => Margin {
            words: format!("\u{2212}{}", over(-left)),
            exact: t!("{clock} overdue, was due {at}", clock = name, at = here.exact(at)),
            tone: "late",
        },
        left => Margin {
            words: ahead(at, here),
            exact: t!("{clock} due {at}", clock = name, at = here.exact(at)),
            tone: if left <= HOUR_MS { "soon" } else { "" },
        },
    }
}

fn over(ms: i64) -> String {
    match ms {
        _ if ms < HOUR_MS => t!("{minutes} m", minutes = ms / MINUTE_MS),
        _ if ms < DAY_MS => match ms % HOUR_MS / MINUTE_MS {
            0 => t!("{hours} h", hours = ms / HOUR_MS),
            minutes => {
                let minutes = format!("{minutes:02}");
                t!("{hours} h {minutes}", hours = ms / HOUR_MS, minutes)
            }
        },
        _ if ms < HOURS_TOLD_MS => t!("{hours} h", hours = ms / HOUR_MS),
        _ => t!("{days} d", days = ms / DAY_MS),
    }
}

fn ahead(at: Timestamp, here: &Here) -> String {
    match at.as_millisecond() - here.now.as_millisecond() {
        left if left < HOUR_MS => t!("{minutes} m", minutes = left.max(0) / MINUTE_MS),
        left if here.is_today(at) => t!("{hours} h", hours = left / HOUR_MS),
        left if left < NAMED_DAYS_MS => weekday_and_time(&here.zoned(at)),
        _ => day(&here.zoned(at)),
    }
}

/// How long ago, as short as a row has it.
pub fn since(at: Timestamp, here: &Here) -> String {
    match (here.now.as_millisecond() - at.as_millisecond()).max(0) {
        passed if passed < MINUTE_MS => t!("now").to_owned(),
        passed if passed < HOUR_MS => t!("{minutes} m", minutes = passed / MINUTE_MS),
        passed if passed < DAY_MS => t!("{hours} h", hours = passed / HOUR_MS),
        passed => t!("{days} d", days = passed / DAY_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{
        TicketNumber,
        sla::{Clocks, Happening, Policy, Signal, Terms},
    };

    fn here(now: &str) -> Here {
        Here {
            now: now.parse().unwrap(),
            zone: TimeZone::get("Europe/Berlin").unwrap(),
        }
    }

    /// A ticket of 08:00 UTC with the standard promises: its first reply is due at 16:00.
    fn ticket() -> Ticket {
        let policy = Policy::standard();
        let terms = Terms::round_the_clock(&policy);
        let created = Happening {
            v: 1,
            at: "2026-03-02T08:00:00Z".parse().unwrap(),
            signal: Signal::Created(None),
        };
        let mut ticket = Ticket::blank(TicketNumber(1));
        ticket.clocks = Some(Clocks::recompute(&[created], &terms));
        ticket
    }

    #[test]
    fn the_margin_tells_what_is_left_and_how_far_it_is_over() {
        for (now, words, tone, section) in [
            ("2026-03-01T20:00:00Z", "Mon 17:00", "", Section::Later),
            ("2026-03-02T08:00:00Z", "8 h", "", Section::Today),
            ("2026-03-02T14:59:59Z", "1 h", "", Section::Today),
            ("2026-03-02T15:00:00Z", "1 h", "soon", Section::WithinTheHour),
            ("2026-03-02T15:22:00Z", "38 m", "soon", Section::WithinTheHour),
            ("2026-03-02T16:00:00Z", "\u{2212}0 m", "late", Section::Overdue),
            ("2026-03-02T16:14:00Z", "\u{2212}14 m", "late", Section::Overdue),
            ("2026-03-02T18:10:00Z", "\u{2212}2 h 10", "late", Section::Overdue),
            ("2026-03-04T11:00:00Z", "\u{2212}43 h", "late", Section::Overdue),
            ("2026-03-12T16:00:00Z", "\u{2212}10 d", "late", Section::Overdue),
        ] {
            let (ticket, here) = (ticket(), here(now));
            let margin = margin(&ticket, &here);
            assert_eq!((margin.words.as_str(), margin.tone), (words, tone), "{now}");
            assert_eq!(Section::of(ticket.next_due_at(), &here), section, "{now}");
        }
        let exact = margin(&ticket(), &here("2026-03-02T16:14:00Z")).exact;
        assert_eq!(exact, "First reply overdue, was due 2 Mar 2026, 17:00 CET");
    }

    #[test]
    fn what_sleeps_tells_when_it_wakes() {
        let mut ticket = ticket();
        ticket.snoozed_until = Some("2026-03-09T08:00:00Z".parse().unwrap());
        let margin = margin(&ticket, &here("2026-03-02T15:00:00Z"));
        assert_eq!((margin.words.as_str(), margin.tone), ("9 Mar", ""));
        assert_eq!(margin.exact, "Snoozed until 9 Mar 2026, 09:00 CET");
    }

    #[test]
    fn a_ticket_without_a_clock_has_an_empty_margin() {
        let ticket = Ticket::blank(TicketNumber(1));
        let here = here("2026-03-02T15:00:00Z");
        assert_eq!(margin(&ticket, &here), Margin::default());
        assert_eq!(Section::of(None, &here), Section::NoClock);
    }
}
