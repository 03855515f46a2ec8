//! Times, statuses and sizes in words.

use docket_domain::{
    Timestamp,
    sla::Clock,
    ticket::{Priority, Status, Ticket},
};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// An instant as a page shows it: words, and the exact time for whoever wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Relative to now.
    pub words: String,
    /// The exact time.
    pub exact: String,
    /// The same for programs.
    pub iso: String,
}

/// A past instant.
pub fn ago(at: Timestamp, now: Timestamp) -> Moment {
    let passed = milliseconds(at, now);
    let words = match passed {
        _ if passed < MINUTE_MS => "just now".to_owned(),
        _ if passed < HOUR_MS => format!("{} min ago", passed / MINUTE_MS),
        _ if passed < DAY_MS => format!("{} h ago", passed / HOUR_MS),
        _ if passed < 7 * DAY_MS => format!("{} d ago", passed / DAY_MS),
        _ if at.strftime("%Y").to_string() == now.strftime("%Y").to_string() => {
            at.strftime("%-d %b").to_string()
        }
        _ => at.strftime("%-d %b %Y").to_string(),
    };
    moment(words, at)
}

/// An instant, past or to come, told exactly.
pub fn exact(at: Timestamp) -> Moment {
    moment(at.strftime("%-d %b, %H:%M UTC").to_string(), at)
}

fn moment(words: String, at: Timestamp) -> Moment {
    Moment {
        words,
        exact: at.strftime("%-d %b %Y, %H:%M UTC").to_string(),
        iso: at.to_string(),
    }
}

/// A length of time, rounded down to one unit.
pub fn span(ms: i64) -> String {
    match ms {
        _ if ms < MINUTE_MS => "under 1 min".to_owned(),
        _ if ms < HOUR_MS => format!("{} min", ms / MINUTE_MS),
        _ if ms < 2 * DAY_MS => format!("{} h", ms / HOUR_MS),
        _ => format!("{} d", ms / DAY_MS),
    }
}

/// How a promise stands: words, and a tone that a style sheet colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// What is said.
    pub words: String,
    /// Exact time, where there is one.
    pub exact: String,
    /// `calm`, `warn`, `late` or `rest`.
    pub tone: &'static str,
}

/// The promise that is due next; at rest where no clock runs.
pub fn next_promise(ticket: &Ticket, now: Timestamp) -> Promise {
    let running = [
        (&ticket.first_reply, "First reply"),
        (&ticket.resolution, "Resolution"),
    ]
    .into_iter()
    .filter_map(|(clock, what)| clock.as_ref().map(|clock| (clock, what)))
    .filter_map(|(clock, what)| clock.due_at().map(|at| (at, clock, what)))
    .min_by_key(|(at, ..)| *at);
    match running {
        Some((at, clock, what)) => {
            let mut promise = due(clock, at, now);
            promise.exact = format!("{what} due {}", promise.exact);
            promise
        }
        None if ticket.status.pauses_clocks() && ticket.resolution.is_some() => rest("paused"),
        None => rest(""),
    }
}

/// How one clock stands.
pub fn clock_state(clock: &Clock, now: Timestamp) -> Promise {
    let target = span(clock.target_ms);
    if clock.fulfilled {
        let took = span(clock.elapsed_ms);
        return if clock.elapsed_ms <= clock.target_ms {
            rest(&format!("Kept: {took} of {target}"))
        } else {
            Promise {
                tone: "late",
                ..rest(&format!("Broken: {took} instead of {target}"))
            }
        };
    }
    match clock.due_at() {
        Some(at) => {
            let promise = due(clock, at, now);
            let mut letters = promise.words.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase());
            Promise {
                words: first.into_iter().chain(letters).collect(),
                ..promise
            }
        }
        None => match clock.target_ms - clock.elapsed_ms {
            left @ 0.. => rest(&format!("Paused with {} left", span(left))),
            over => Promise {
                tone: "late",
                ..rest(&format!("Paused, overdue by {}", span(-over)))
            },
        },
    }
}

fn due(clock: &Clock, at: Timestamp, now: Timestamp) -> Promise {
    let left = at.as_millisecond() - now.as_millisecond();
    let warns = clock.warned || clock.warn_at().is_some_and(|at| at <= now);
    let (words, tone) = if left <= 0 {
        (format!("overdue {}", span(-left)), "late")
    } else if warns {
        (format!("due in {}", span(left)), "warn")
    } else {
        (format!("due in {}", span(left)), "calm")
    };
    Promise {
        words,
        exact: moment(String::new(), at).exact,
        tone,
    }
}

fn rest(words: &str) -> Promise {
    Promise {
        words: words.to_owned(),
        exact: String::new(),
        tone: "rest",
    }
}

fn milliseconds(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_millisecond() - from.as_millisecond()).max(0)
}

/// A status as people read it.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::New => "New",
        Status::Open => "Open",
        Status::Pending => "Pending",
        Status::Hold => "On hold",
        Status::Solved => "Solved",
        Status::Closed => "Closed",
    }
}

/// A priority as people read it.
pub fn priority(priority: Option<Priority>) -> &'static str {
    match priority {
        None => "None",
        Some(Priority::Low) => "Low",
        Some(Priority::Normal) => "Normal",
        Some(Priority::High) => "High",
        Some(Priority::Urgent) => "Urgent",
    }
}

/// A size.
pub fn size(bytes: u64) -> String {
    match bytes {
        _ if bytes < 1_000 => format!("{bytes} bytes"),
        _ if bytes < 1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const NOW: &str = "2026-03-02T12:00:00Z";

    #[test]
    fn a_past_instant_is_told_in_the_largest_whole_unit() {
        for (then, expected) in [
            ("2026-03-02T12:00:00Z", "just now"),
            ("2026-03-02T11:59:01Z", "just now"),
            ("2026-03-02T11:59:00Z", "1 min ago"),
            ("2026-03-02T11:00:01Z", "59 min ago"),
            ("2026-03-02T11:00:00Z", "1 h ago"),
            ("2026-03-01T12:00:00Z", "1 d ago"),
            ("2026-02-23T12:00:01Z", "6 d ago"),
            ("2026-02-23T12:00:00Z", "23 Feb"),
            ("2025-12-31T12:00:00Z", "31 Dec 2025"),
            ("2026-03-02T12:00:09Z", "just now"),
        ] {
            assert_eq!(ago(at(then), at(NOW)).words, expected, "{then}");
        }
        assert_eq!(ago(at(NOW), at(NOW)).exact, "2 Mar 2026, 12:00 UTC");
    }

    fn clock(hours: i64) -> Clock {
        let start = at("2026-03-02T08:00:00Z");
        Clock::started(start, hours * 3600, 80, Some(start), start)
    }

    #[test]
    fn a_running_clock_is_calm_then_warns_then_is_late() {
        let state = |now: &str| {
            let promise = clock_state(&clock(8), at(now));
            (promise.words, promise.tone)
        };
        assert_eq!(state("2026-03-02T11:00:00Z"), ("Due in 5 h".to_owned(), "calm"));
        assert_eq!(state("2026-03-02T14:24:00Z"), ("Due in 1 h".to_owned(), "warn"));
        assert_eq!(
            state("2026-03-02T15:59:30Z"),
            ("Due in under 1 min".to_owned(), "warn")
        );
        assert_eq!(state("2026-03-02T18:00:00Z"), ("Overdue 2 h".to_owned(), "late"));
    }

    #[test]
    fn a_finished_clock_says_whether_the_promise_was_kept() {
        let mut kept = clock(8);
        kept.fulfil(at("2026-03-02T10:00:00Z"));
        assert_eq!(clock_state(&kept, at(NOW)).words, "Kept: 2 h of 8 h");
        let mut broken = clock(1);
        broken.fulfil(at("2026-03-02T10:00:00Z"));
        assert_eq!(clock_state(&broken, at(NOW)).words, "Broken: 2 h instead of 1 h");
    }

    #[test]
    fn a_paused_clock_says_what_is_left() {
        let mut paused = clock(8);
        paused.pause(at("2026-03-02T10:00:00Z"));
        assert_eq!(clock_state(&paused, at(NOW)).words, "Paused with 6 h left");
    }

    #[test]
    fn the_list_shows_the_promise_that_is_due_first() {
        let mut ticket = Ticket::blank(docket_domain::TicketNumber(1));
        ticket.first_reply = Some(clock(8));
        ticket.resolution = Some(clock(72));
        let promise = next_promise(&ticket, at(NOW));
        assert_eq!(promise.words, "due in 4 h");
        assert_eq!(promise.exact, "First reply due 2 Mar 2026, 16:00 UTC");
        let later = at(NOW).checked_add(SignedDuration::from_hours(1)).unwrap();
        for clock in [&mut ticket.first_reply, &mut ticket.resolution] {
            clock.as_mut().unwrap().pause(later);
        }
        ticket.status = Status::Pending;
        assert_eq!(next_promise(&ticket, later).words, "paused");
    }

    #[test]
    fn sizes_are_told_in_three_steps() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_001), "2 KB");
        assert_eq!(size(2_340_000), "2.3 MB");
    }
}
