//! The clocks of an invented history against what counting gives.

use crate::{
    oracle::{Case, check_instant},
    oracle_story::{Told, moment, told},
    random::Random,
    story::{Story, second},
};
use docket_domain::{
    Timestamp,
    sla::{
        ClockState, Clocks, Course, Happening, Metric, NeedsHistory, PieceKind, Promise, Step, Warning,
        cycles, pauses, prove,
    },
};

/// Checks all clocks of a history; says how many events could not be carried on without it.
pub fn check_clocks(number: u64, case: &Case, story: &Story, random: &mut Random) -> usize {
    let pauses = pauses(&case.terms.policy().pausing, &story.happenings);
    let told = told(story);
    for metric in Metric::ALL {
        let expected: Vec<&Told> = told.iter().filter(|told| told.metric == metric).collect();
        let found = cycles(metric, &story.happenings);
        let starts = |index: usize| story.happenings[index].v;
        assert_eq!(
            found
                .iter()
                .map(|cycle| (cycle.instance, cycle.course))
                .collect::<Vec<_>>(),
            expected
                .iter()
                .map(|told| (starts(told.start), told.course))
                .collect::<Vec<_>>(),
            "case {number}: cycles of {metric:?} in {:?}",
            story.happenings
        );
        for (cycle, told) in found.iter().zip(expected) {
            let state = ClockState::of_cycle(cycle, &pauses, &case.terms);
            check_cycle(number, case, story, told, &state, random);
        }
    }
    check_proof(number, case, story, random);
    check_folding(number, case, &story.happenings)
}

/// Seconds counted from the start of a cycle until `to`, or when `wanted` were counted.
fn count(case: &Case, story: &Story, told: &Told, to: i64, wanted: i64) -> (i64, Option<i64>) {
    let mut counted = 0;
    for index in told.start..story.happenings.len() {
        let from = story.happenings[index].at.as_second();
        let next = story.happenings.get(index + 1).map(|next| next.at.as_second());
        let until = next.unwrap_or(to).min(to);
        if counts_after(case, story, told, index) {
            let (more, reached) = case.open.count(from, until, wanted - counted);
            if reached.is_some() {
                return (wanted, reached);
            }
            counted += more;
        }
    }
    (counted, None)
}

fn counts_after(case: &Case, story: &Story, told: &Told, index: usize) -> bool {
    let pausing = &case.terms.policy().pausing;
    told.runs_after(story, index) && !pausing.contains(&moment(story, index).status)
}

fn check_cycle(
    number: u64,
    case: &Case,
    story: &Story,
    told: &Told,
    state: &ClockState,
    random: &mut Random,
) {
    let end = case.window.end_second();
    let last = story.happenings.len() - 1;
    let last_at = story.happenings[last].at.as_second();
    let at = random.between(last_at, end - 1);
    assert_eq!(
        state.elapsed_ms_at(second(at), &case.terms.measure()),
        1000 * count(case, story, told, at, i64::MAX).0,
        "case {number}: {told:?} at {at} in {:?}",
        story.happenings
    );
    let target = case.terms.target_seconds(told.metric, told.priority(story));
    assert_eq!(state.target_seconds, target, "case {number}: {told:?}");
    let due_at = target.and_then(|target| count(case, story, told, end, target).1);
    check_instant(number, "due", state.due_at, due_at, end);
    if let (Some(target), Some(promise)) = (target, case.terms.promise(told.metric)) {
        let next_at = next_step(case, story, told, promise, target, due_at);
        check_instant(number, "next step", state.next_at, next_at, end);
    }
}

fn next_step(
    case: &Case,
    story: &Story,
    told: &Told,
    promise: &Promise,
    target: i64,
    due_at: Option<i64>,
) -> Option<i64> {
    let last = story.happenings.len() - 1;
    if !counts_after(case, story, told, last) {
        let ended_at = told.end.map(|end| story.happenings[end].at.as_second());
        let came_before = |due_at: &i64| ended_at.is_none_or(|ended_at| *due_at < ended_at);
        return due_at.filter(|due_at| told.course != Course::Over && came_before(due_at));
    }
    let since = (told.start..=last)
        .rfind(|index| *index == told.start || !counts_after(case, story, told, *index - 1))
        .map(|index| story.happenings[index].at.as_second())
        .unwrap();
    let end = case.window.end_second();
    let at = |wanted: i64| count(case, story, told, end, wanted).1.map(|at| at.max(since));
    promise
        .steps()
        .filter_map(|step| match step {
            Step::Breach => due_at,
            Step::Warning(Warning::Percent(percent)) => at(target / 100 * i64::from(percent)),
            Step::Warning(Warning::SecondsBefore(seconds)) => at(target - seconds),
            Step::Escalation(seconds) => at(target + seconds),
        })
        .min()
}

/// The proof's pieces add up, touch each other, and say what the grid says.
fn check_proof(number: u64, case: &Case, story: &Story, random: &mut Random) {
    let last_at = story.happenings[story.happenings.len() - 1].at.as_second();
    let until = random.between(last_at, case.window.end_second() - 1);
    let proof = prove(&story.happenings, &case.terms, second(until));
    let told = told(story);
    let promised: Vec<&Told> = told
        .iter()
        .filter(|told| case.terms.promise(told.metric).is_some())
        .collect();
    assert_eq!(proof.clocks.len(), promised.len(), "case {number}");
    for (clock, told) in proof.clocks.iter().zip(promised) {
        let counted = count(case, story, told, until, i64::MAX).0;
        assert_eq!(clock.elapsed_seconds, counted, "case {number}: proof of {told:?}");
        let pieces = clock
            .pieces
            .iter()
            .filter(|piece| piece.kind == PieceKind::Counted);
        let listed: i64 = pieces
            .map(|piece| piece.end.as_second() - piece.start.as_second())
            .sum();
        assert_eq!(listed, counted, "case {number}: pieces of {told:?}");
        for piece in &clock.pieces {
            let first = piece.start.as_second();
            let index = story
                .happenings
                .iter()
                .rposition(|event| event.at <= piece.start)
                .unwrap();
            let kind = match (
                counts_after(case, story, told, index),
                case.open.is_open_at(first),
            ) {
                (false, _) => PieceKind::Paused,
                (true, true) => PieceKind::Counted,
                (true, false) => PieceKind::OutOfHours,
            };
            assert_eq!(piece.kind, kind, "case {number}: {piece:?} of {told:?}");
            assert!(
                told.runs_after(story, index),
                "case {number}: {piece:?} of {told:?}"
            );
        }
        assert!(clock.pieces.windows(2).all(|pair| pair[0].end <= pair[1].start));
    }
}

/// Carrying the clocks on event by event gives what the whole history gives.
fn check_folding(number: u64, case: &Case, happenings: &[Happening]) -> usize {
    let mut needed_history = 0;
    let mut clocks = Clocks::none(&case.terms);
    for index in 0..happenings.len() {
        let known = &happenings[..=index];
        let recomputed = Clocks::recompute(known, &case.terms);
        assert_eq!(
            clocks.renewed(known, &case.terms).states,
            recomputed.states,
            "case {number}: renewed after {known:?}"
        );
        clocks = match clocks.advance(&happenings[index], &case.terms) {
            Ok(advanced) => {
                assert_eq!(advanced, recomputed, "case {number}: after {known:?}");
                advanced
            }
            Err(NeedsHistory::Target | NeedsHistory::Cycle | NeedsHistory::Answer) => {
                needed_history += 1;
                recomputed
            }
            Err(NeedsHistory::Terms) => unreachable!("the terms never change"),
            Err(NeedsHistory::Merge) => unreachable!("nothing is merged"),
        };
        let written = serde_json::to_string(&clocks).unwrap();
        assert_eq!(serde_json::from_str::<Clocks>(&written).unwrap(), clocks);
        assert!(clocks.next_timer_at().is_none_or(|at| at > Timestamp::MIN));
    }
    needed_history
}
