//! What the clocks of one ticket would have done under a policy that had always held.

use docket_domain::{
    Timestamp,
    sla::{Cycle, Happening, Metric, Promise, Run, Terms, Warning, counted, cycles, pauses, reached_at},
};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// What became of a promise, over all cycles of its clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// When the clock first warned.
    pub warned_at: Option<Timestamp>,
    /// When the promise was first broken.
    pub breached_at: Option<Timestamp>,
}

/// Judges the clocks that are promised something, until `now`. What is recorded of warnings and breaches is not asked: the
/// terms of then are not those that are tried. A metric whose clock never ran for a priority with a target is left out.
pub fn judge(happenings: &[Happening], terms: &Terms<'_>, now: Timestamp) -> BTreeMap<Metric, Judged> {
    let pauses = pauses(&terms.policy().pausing, happenings);
    let mut all: BTreeMap<Metric, Judged> = BTreeMap::new();
    for metric in Metric::ALL {
        let Some(promise) = terms.promise(metric) else {
            continue;
        };
        for cycle in cycles(metric, happenings) {
            if let Some(judged) = judge_cycle(&cycle, promise, &pauses, terms, now) {
                let so_far = all.entry(metric).or_default();
                so_far.warned_at = earliest(so_far.warned_at, judged.warned_at);
                so_far.breached_at = earliest(so_far.breached_at, judged.breached_at);
            }
        }
    }
    all
}

fn earliest(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

fn judge_cycle(
    cycle: &Cycle,
    promise: &Promise,
    pauses: &[Run],
    terms: &Terms<'_>,
    now: Timestamp,
) -> Option<Judged> {
    let target = terms.target_seconds(cycle.metric, cycle.priority)?;
    let counting = counted(&cycle.runs, pauses);
    // What ends at the very instant it is due has kept its promise.
    let has_come = |at: &Timestamp| *at <= now && cycle.ended_at.is_none_or(|ended_at| *at < ended_at);
    let reached = |length| reached_at(&counting, &terms.measure(), length).filter(has_come);
    let warnings = promise.warnings.iter().map(|warning| match warning {
        Warning::Percent(percent) => SignedDuration::from_millis(target * 10 * i64::from(*percent)),
        Warning::SecondsBefore(seconds) => SignedDuration::from_secs(target - seconds),
    });
    Some(Judged {
        warned_at: warnings.filter_map(reached).min(),
        breached_at: reached(SignedDuration::from_secs(target)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{
        sla::{Book, Signal},
        ticket::{Priority, Status},
    };

    fn at(text: &str) -> Timestamp {
        format!("2026-03-{text}:00Z").parse().unwrap()
    }

    /// Judges by the one policy of a file; each happening has its day and time in March 2026.
    fn judged(file: &str, happenings: &[(&str, Signal)], now: &str) -> Vec<(Metric, Judged)> {
        let written = docket_desk_file::parse(file).unwrap();
        let book = written
            .book(&Book::default(), None, &|_| Err(String::new()))
            .unwrap()
            .book;
        let numbered = happenings.iter().zip(1..);
        let happenings: Vec<Happening> = numbered
            .map(|((when, signal), v)| Happening {
                v,
                at: at(when),
                signal: *signal,
            })
            .collect();
        let terms = book.terms(&book.policies[0]).unwrap();
        judge(&happenings, &terms, at(now)).into_iter().collect()
    }

    const CREATED: Signal = Signal::Created(Some(Priority::Normal));

    fn verdict(warned: Option<&str>, breached: Option<&str>) -> Judged {
        Judged {
            warned_at: warned.map(at),
            breached_at: breached.map(at),
        }
    }

    const FOUR_HOURS: &str =
        "sla_policies: [{name: A, targets: {first_reply: {within: 4h, warn: [50%, 1h]}}}]";

    #[test]
    fn an_answer_in_time_was_warned_of_if_it_came_late() {
        let answered = |when| {
            judged(
                FOUR_HOURS,
                &[("02T08:00", CREATED), (when, Signal::AgentAnswered)],
                "09T00:00",
            )
        };
        assert_eq!(answered("02T10:00"), [(Metric::FirstReply, verdict(None, None))]);
        assert_eq!(
            answered("02T10:01"),
            [(Metric::FirstReply, verdict(Some("02T10:00"), None))]
        );
        assert_eq!(
            answered("02T12:00"),
            [(Metric::FirstReply, verdict(Some("02T10:00"), None))]
        );
        assert_eq!(
            answered("02T12:01"),
            [(Metric::FirstReply, verdict(Some("02T10:00"), Some("02T12:00")))]
        );
    }

    #[test]
    fn what_runs_is_judged_until_now() {
        let until = |now| judged(FOUR_HOURS, &[("02T08:00", CREATED)], now);
        assert_eq!(
            until("02T11:59"),
            [(Metric::FirstReply, verdict(Some("02T10:00"), None))]
        );
        assert_eq!(
            until("02T12:00"),
            [(Metric::FirstReply, verdict(Some("02T10:00"), Some("02T12:00")))]
        );
    }

    #[test]
    fn pauses_and_closed_hours_do_not_count() {
        let file = "calendars: {office: {zone: UTC, hours: {mon-fri: '09:00-17:00'}}}\nsla_policies: [{name: A, hours: \
                    office, targets: {first_reply: {within: 4h}}}]";
        let pending = Signal::StatusMoved {
            from: Status::New,
            to: Status::Pending,
        };
        let open = Signal::StatusMoved {
            from: Status::Pending,
            to: Status::Open,
        };
        // Monday from 08:00: counts 09:00 to 10:00 and again from 16:00, so it is due on Tuesday at 11:00.
        let history = [("02T08:00", CREATED), ("02T10:00", pending), ("02T16:00", open)];
        assert_eq!(
            judged(file, &history, "03T10:59"),
            [(Metric::FirstReply, verdict(None, None))]
        );
        assert_eq!(
            judged(file, &history, "03T11:00"),
            [(Metric::FirstReply, verdict(None, Some("03T11:00")))]
        );
    }

    #[test]
    fn a_breach_before_the_ticket_was_solved_and_closed_stays_one() {
        let file = "sla_policies: [{name: A, targets: {resolution: {within: 4h}}}]";
        let solved = Signal::StatusMoved {
            from: Status::New,
            to: Status::Solved,
        };
        let closed = Signal::StatusMoved {
            from: Status::Solved,
            to: Status::Closed,
        };
        let history = |at| [("02T08:00", CREATED), (at, solved), ("06T08:00", closed)];
        assert_eq!(
            judged(file, &history("02T13:00"), "09T00:00"),
            [(Metric::Resolution, verdict(None, Some("02T12:00")))]
        );
        assert_eq!(
            judged(file, &history("02T11:00"), "09T00:00"),
            [(Metric::Resolution, verdict(None, None))]
        );
    }

    #[test]
    fn a_priority_without_a_target_is_promised_nothing() {
        let file = "sla_policies: [{name: A, targets: {first_reply: {within: {urgent: 1h}}}}]";
        assert_eq!(judged(file, &[("02T08:00", CREATED)], "09T00:00"), []);
    }
}
