//! Times, statuses and sizes in words.

use crate::language::{day, day_and_time, day_of_year, exact as exactly, number, reader, zoned};
use docket_domain::{
    Timestamp,
    people::staff::Role,
    sla::{ClockState, Course, Metric, Step},
    ticket::{Priority, Status, Ticket, TicketType},
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

/// A ticket's subject, or that it is gone.
pub fn subject(subject: &str) -> String {
    if subject.is_empty() {
        t!("Subject erased").to_owned()
    } else {
        subject.to_owned()
    }
}

/// A past instant.
pub fn ago(at: Timestamp, now: Timestamp) -> Moment {
    let passed = milliseconds(at, now);
    let words = match passed {
        _ if passed < MINUTE_MS => t!("just now").to_owned(),
        _ if passed < HOUR_MS => tn!("{count} min ago", "{count} min ago", passed / MINUTE_MS),
        _ if passed < DAY_MS => tn!("{count} h ago", "{count} h ago", passed / HOUR_MS),
        _ if passed < 7 * DAY_MS => tn!("{count} d ago", "{count} d ago", passed / DAY_MS),
        _ if zoned(at).year() == zoned(now).year() => day(&zoned(at)),
        _ => day_of_year(&zoned(at)),
    };
    moment(words, at)
}

/// An instant, past or to come, told exactly. Where nobody knows the reader's zone it says which one it is told in.
pub fn exact(at: Timestamp) -> Moment {
    let words = day_and_time(&zoned(at));
    match reader().is_zone_known {
        true => moment(words, at),
        false => moment(format!("{words} UTC"), at),
    }
}

/// The day by which a task is due: it is that day wherever it is read.
pub fn due_day(at: Timestamp) -> String {
    day_of_year(&at.to_zoned(jiff::tz::TimeZone::UTC))
}

fn moment(words: String, at: Timestamp) -> Moment {
    Moment {
        words,
        exact: exactly(&zoned(at)),
        iso: at.to_string(),
    }
}

/// A length of time, rounded down to one unit.
pub fn span(ms: i64) -> String {
    match ms {
        _ if ms < MINUTE_MS => t!("under 1 min").to_owned(),
        _ if ms < HOUR_MS => t!("{minutes} min", minutes = ms / MINUTE_MS),
        _ if ms < 2 * DAY_MS => t!("{hours} h", hours = ms / HOUR_MS),
        _ => t!("{days} d", days = ms / DAY_MS),
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

/// What a promise is called.
pub fn metric(metric: Metric) -> &'static str {
    match metric {
        Metric::FirstReply => t!("First reply"),
        Metric::NextReply => t!("Next reply"),
        Metric::PeriodicUpdate => t!("Update"),
        Metric::Resolution => t!("Resolution"),
    }
}

/// The promise that is due next; at rest where no clock runs.
pub fn next_promise(ticket: &Ticket, now: Timestamp) -> Promise {
    let open: Vec<&ClockState> = Metric::ALL
        .iter()
        .filter_map(|metric| ticket.clocks.as_ref()?.newest(*metric))
        .filter(|state| !state.course.has_ended())
        .collect();
    let running = open
        .iter()
        .filter(|state| state.since.is_some())
        .filter_map(|state| Some((state.due_at?, *state)));
    match running.min_by_key(|(at, _)| *at) {
        Some((at, state)) => {
            let mut promise = due(state, at, now);
            let (clock, at) = (metric(state.metric), &promise.exact);
            promise.exact = t!("{clock} due {at}", clock, at);
            promise
        }
        None if open.iter().any(|state| state.is_paused()) => rest(t!("paused")),
        None => rest(""),
    }
}

/// How one clock stands; nothing where nothing is promised.
pub fn clock_state(state: &ClockState, now: Timestamp) -> Option<Promise> {
    let target_ms = state.target_seconds? * 1000;
    let target = span(target_ms);
    if state.course == Course::Fulfilled {
        let took = span(state.elapsed_ms);
        return Some(if state.elapsed_ms <= target_ms {
            rest(&t!("Kept: {took} of {target}", took, target))
        } else {
            Promise {
                tone: "late",
                ..rest(&t!("Broken: {took} instead of {target}", took, target))
            }
        });
    }
    if state.course.has_ended() {
        return Some(rest(t!("No longer waited for")));
    }
    Some(match state.due_at.filter(|_| state.since.is_some()) {
        Some(at) => {
            let promise = due(state, at, now);
            let mut letters = promise.words.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase());
            Promise {
                words: first.into_iter().chain(letters).collect(),
                ..promise
            }
        }
        None => match target_ms - state.elapsed_ms {
            left @ 0.. => rest(&t!("Paused with {time} left", time = span(left))),
            over => Promise {
                tone: "late",
                ..rest(&t!("Paused, overdue by {time}", time = span(-over)))
            },
        },
    })
}

fn due(state: &ClockState, at: Timestamp, now: Timestamp) -> Promise {
    let left = at.as_millisecond() - now.as_millisecond();
    let has_warned = state.fired.iter().any(|step| matches!(step, Step::Warning(_)));
    let warns = has_warned || state.next_at.is_some_and(|at| at <= now);
    let (words, tone) = if left <= 0 {
        (t!("overdue {time}", time = span(-left)), "late")
    } else {
        let tone = if warns { "warn" } else { "calm" };
        (t!("due in {time}", time = span(left)), tone)
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
        Status::New => t!("New"),
        Status::Open => t!("Open"),
        Status::Pending => t!("Pending"),
        Status::Hold => t!("On hold"),
        Status::Solved => t!("Solved"),
        Status::Closed => t!("Closed"),
    }
}

/// A priority as people read it.
pub fn priority(priority: Option<Priority>) -> &'static str {
    match priority {
        None => t!("None"),
        Some(Priority::Low) => t!("Low"),
        Some(Priority::Normal) => t!("Normal"),
        Some(Priority::High) => t!("High"),
        Some(Priority::Urgent) => t!("Urgent"),
    }
}

/// A type of tickets as people read it.
pub fn ticket_type(kind: TicketType) -> &'static str {
    match kind {
        TicketType::Question => t!("Question"),
        TicketType::Incident => t!("Incident"),
        TicketType::Problem => t!("Problem"),
        TicketType::Task => t!("Task"),
    }
}

/// What somebody is here.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::EndUser => t!("Customer"),
        Role::Agent => t!("Agent"),
        Role::Admin => t!("Admin"),
    }
}

/// A size.
pub fn size(bytes: u64) -> String {
    match bytes {
        _ if bytes < 1_000 => tn!("{count} byte", "{count} bytes", bytes),
        _ if bytes < 1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => megabytes(bytes / 100_000),
    }
}

/// The same of more than can be taken, never rounded down.
pub fn size_up(bytes: u64) -> String {
    megabytes(bytes.div_ceil(100_000))
}

fn megabytes(tenths: u64) -> String {
    let whole = number(tenths / 10);
    match tenths % 10 {
        0 => t!("{whole} MB", whole),
        tenth => t!("{whole}.{tenth} MB", whole, tenth),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::sla::{Clocks, Happening, Policy, Signal, Terms};

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

    /// A ticket of 08:00 with the standard promises, after these events.
    fn ticket(events: &[(&str, Signal)]) -> Ticket {
        let policy = Policy::standard();
        let terms = Terms::round_the_clock(&policy);
        let begun = [("2026-03-02T08:00:00Z", Signal::Created(None))];
        let happenings: Vec<Happening> = begun
            .iter()
            .chain(events)
            .zip(1..)
            .map(|((time, signal), v)| Happening {
                v,
                at: at(time),
                signal: *signal,
            })
            .collect();
        let mut ticket = Ticket::blank(docket_domain::TicketNumber(1));
        ticket.clocks = Some(Clocks::recompute(&happenings, &terms));
        ticket
    }

    fn first_reply(ticket: &Ticket, now: &str) -> Promise {
        let clocks = ticket.clocks.as_ref().unwrap();
        clock_state(clocks.newest(Metric::FirstReply).unwrap(), at(now)).unwrap()
    }

    const PENDING: Signal = Signal::StatusMoved {
        from: Status::Open,
        to: Status::Pending,
    };

    #[test]
    fn a_running_clock_is_calm_then_warns_then_is_late() {
        let running = ticket(&[]);
        let state = |now: &str| {
            let promise = first_reply(&running, now);
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
        let kept = ticket(&[("2026-03-02T10:00:00Z", Signal::AgentAnswered)]);
        assert_eq!(first_reply(&kept, NOW).words, "Kept: 2 h of 8 h");
        let broken = ticket(&[("2026-03-02T17:00:00Z", Signal::AgentAnswered)]);
        assert_eq!(first_reply(&broken, NOW).words, "Broken: 9 h instead of 8 h");
    }

    #[test]
    fn a_paused_clock_says_what_is_left() {
        let paused = ticket(&[("2026-03-02T10:00:00Z", PENDING)]);
        assert_eq!(first_reply(&paused, NOW).words, "Paused with 6 h left");
    }

    #[test]
    fn the_list_shows_the_promise_that_is_due_first() {
        let promise = next_promise(&ticket(&[]), at(NOW));
        assert_eq!(promise.words, "due in 4 h");
        assert_eq!(promise.exact, "First reply due 2 Mar 2026, 16:00 UTC");
        let paused = ticket(&[("2026-03-02T10:00:00Z", PENDING)]);
        assert_eq!(next_promise(&paused, at(NOW)).words, "paused");
    }

    #[test]
    fn sizes_are_told_in_three_steps() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_001), "2 KB");
        assert_eq!(size(2_340_000), "2.3 MB");
    }
}
