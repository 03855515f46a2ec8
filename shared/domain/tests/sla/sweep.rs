//! Sweeps over an invented history: steps are taken once, never early, and no breach is lost, however late the sweep is.

use crate::{
    oracle::Case,
    random::Random,
    story::{Story, second},
};
use docket_domain::sla::{
    Clocks, Course, Firing, Happening, MOST_OLDER_CYCLES, Signal, Step, cycles, pauses, reached_at,
};
use jiff::SignedDuration;

/// Lets sweeps go over a history, some late; says how many steps were taken.
pub fn check_sweeps(number: u64, case: &Case, story: &Story, random: &mut Random) -> usize {
    let mut history: Vec<Happening> = Vec::new();
    let mut clocks = Clocks::none(&case.terms);
    let mut fired: Vec<Firing> = Vec::new();
    let mut is_full = false;
    let longest_wait = random.pick(&[60, 3_600, 2 * 86_400]);
    for (index, happening) in story.happenings.iter().enumerate() {
        take(
            number,
            case,
            &mut history,
            &mut clocks,
            happening.signal,
            happening.at.as_second(),
        );
        is_full |= clocks.states.len() >= 4 + MOST_OLDER_CYCLES;
        let next = story.happenings.get(index + 1).map(|next| next.at.as_second());
        let mut now = happening.at.as_second();
        loop {
            now += random.between(1, longest_wait);
            if now >= next.unwrap_or(case.window.end_second()) {
                break;
            }
            sweep(number, case, &mut history, &mut clocks, &mut fired, now);
            if random.percent(5) {
                void_last(number, case, &mut history, &mut clocks, &fired, now);
            }
        }
    }
    let end = case.window.end_second();
    sweep(number, case, &mut history, &mut clocks, &mut fired, end);
    assert!(
        clocks.next_timer_at().is_none_or(|at| at > second(end)),
        "case {number}"
    );
    if !is_full {
        check_breaches(number, case, &history, &fired, end);
    }
    fired.len()
}

fn sweep(
    number: u64,
    case: &Case,
    history: &mut Vec<Happening>,
    clocks: &mut Clocks,
    fired: &mut Vec<Firing>,
    now: i64,
) {
    let due = clocks.due(&case.terms, second(now));
    let is_expected = clocks.next_timer_at().is_some_and(|at| at <= second(now));
    assert_eq!(
        is_expected,
        !due.is_empty(),
        "case {number}: the timer and what is due"
    );
    assert!(due.is_sorted_by_key(|firing| firing.due_at), "case {number}");
    for firing in due {
        assert!(
            firing.due_at <= second(now),
            "case {number}: {firing:?} early at {now}"
        );
        let again = fired.iter().any(|other| {
            let is_same =
                (other.metric, other.instance, other.step) == (firing.metric, firing.instance, firing.step);
            is_same && !may_come_again(history, &firing)
        });
        assert!(!again, "case {number}: {firing:?} again");
        take(number, case, history, clocks, firing.signal(), now);
        fired.push(firing);
    }
}

/// Declares the last breach void.
fn void_last(
    number: u64,
    case: &Case,
    history: &mut Vec<Happening>,
    clocks: &mut Clocks,
    fired: &[Firing],
    now: i64,
) {
    if let Some(breach) = fired.iter().rfind(|firing| firing.step == Step::Breach) {
        let signal = Signal::Voided {
            metric: breach.metric,
            instance: breach.instance,
            due_at: breach.due_at,
        };
        take(number, case, history, clocks, signal, now);
    }
}

/// Whether a breach was declared void, so that a later one, and what follows it, is another.
fn may_come_again(history: &[Happening], firing: &Firing) -> bool {
    history.iter().any(|event| match event.signal {
        Signal::Voided {
            metric,
            instance,
            due_at,
        } => (metric, instance) == (firing.metric, firing.instance) && due_at < firing.due_at,
        _ => false,
    })
}

fn take(
    number: u64,
    case: &Case,
    history: &mut Vec<Happening>,
    clocks: &mut Clocks,
    signal: Signal,
    at: i64,
) {
    let happening = Happening {
        v: history.len() as u64 + 1,
        at: second(at),
        signal,
    };
    history.push(happening);
    let recomputed = Clocks::recompute(history, &case.terms);
    let renewed = clocks.renewed(history, &case.terms);
    if let Ok(advanced) = clocks.clone().advance(&happening, &case.terms) {
        assert_eq!(advanced, recomputed, "case {number}: after {history:?}");
        assert_eq!(renewed, recomputed, "case {number}: after {history:?}");
    }
    *clocks = recomputed;
}

/// Every cycle that was due before it ended has its breach, and no other has, if the priority stayed the same.
fn check_breaches(number: u64, case: &Case, history: &[Happening], fired: &[Firing], end: i64) {
    let priority_changed = history
        .iter()
        .any(|event| matches!(event.signal, Signal::PrioritySet(_)));
    let is_over = cycles_over(history);
    let pauses = pauses(&case.terms.policy().pausing, history);
    for promise in &case.terms.policy().promises {
        for cycle in cycles(promise.metric, history) {
            let is_fired = fired.iter().any(|firing| {
                (firing.metric, firing.instance, firing.step) == (cycle.metric, cycle.instance, Step::Breach)
            });
            let counted = docket_domain::sla::counted(&cycle.runs, &pauses);
            let due_at = case
                .terms
                .target_seconds(cycle.metric, cycle.priority)
                .map(SignedDuration::from_secs)
                .and_then(|target| reached_at(&counted, &case.terms.measure(), target));
            let should = due_at.is_some_and(|due_at| {
                due_at <= second(end) && cycle.ended_at.is_none_or(|ended_at| due_at < ended_at)
            });
            if !priority_changed && !is_over && cycle.course != Course::Over {
                assert_eq!(is_fired, should, "case {number}: {cycle:?} due {due_at:?}");
            }
        }
    }
}

fn cycles_over(history: &[Happening]) -> bool {
    use docket_domain::ticket::Status;
    history.iter().any(|event| {
        let closes = matches!(
            event.signal,
            Signal::StatusMoved {
                to: Status::Closed,
                ..
            }
        );
        closes || event.signal == Signal::Merged
    })
}
