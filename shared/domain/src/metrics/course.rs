//! The course of a clock as turnings: it runs, pauses, ends.

use crate::{
    Timestamp,
    sla::{Cycle, Happening, Run, Signal, counted},
    ticket::Status,
};

/// What becomes of a clock at a turning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turning {
    /// It runs, or runs on.
    Activate,
    /// It stands still.
    Pause,
    /// It has ended.
    Fulfil,
}

/// The course of a clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Course {
    /// What counted, in order.
    pub runs: Vec<Run>,
    /// Its turnings, in order: what became of it, when, and how many runs were over by then.
    pub turns: Vec<(Turning, Timestamp, usize)>,
}

/// The course of a cycle. It is activated when it starts, even if it stands still at once.
pub(super) fn of_cycle(cycle: &Cycle, pauses: &[Run]) -> Course {
    let ended_at = cycle.ended_at.filter(|_| cycle.course.has_ended());
    course(cycle.started_at, counted(&cycle.runs, pauses), ended_at)
}

/// The course of a clock that started, has counted so, and may have ended.
fn course(started_at: Timestamp, runs: Vec<Run>, ended_at: Option<Timestamp>) -> Course {
    let mut turns = Vec::new();
    if runs.first().is_none_or(|first| first.start > started_at) {
        turns.push((Turning::Activate, started_at, 0));
        if ended_at != Some(started_at) {
            turns.push((Turning::Pause, started_at, 0));
        }
    }
    for (place, run) in runs.iter().enumerate() {
        turns.push((Turning::Activate, run.start, place));
        if let Some(end) = run.end.filter(|end| ended_at != Some(*end)) {
            turns.push((Turning::Pause, end, place + 1));
        }
    }
    if let Some(ended_at) = ended_at {
        turns.push((Turning::Fulfil, ended_at, runs.len()));
    }
    Course { runs, turns }
}

/// The course of a clock that runs in some statuses of an unsolved ticket and ends when it is solved, each time.
pub(super) fn in_statuses(running: &[Status], happenings: &[Happening]) -> Course {
    let mut course = Course::default();
    let (mut is_running, mut is_unsolved) = (false, false);
    for happening in happenings {
        let at = happening.at;
        let (to, was_unsolved) = match happening.signal {
            Signal::Created(_) => (Status::New, false),
            Signal::StatusMoved { from, to } => (to, from.is_unsolved()),
            // What went into another ticket is measured there.
            Signal::Merged => (Status::Closed, is_unsolved),
            _ => continue,
        };
        let runs_on = running.contains(&to);
        if is_running
            && !runs_on
            && let Some(run) = course.runs.last_mut()
        {
            run.end = Some(at);
        }
        let turning = match (is_running, runs_on, to.is_unsolved()) {
            (false, true, _) => Some(Turning::Activate),
            (true, false, true) => Some(Turning::Pause),
            (_, _, false) if was_unsolved => Some(Turning::Fulfil),
            _ => None,
        };
        if let Some(turning) = turning {
            course.turns.push((turning, at, course.runs.len()));
        }
        if !is_running && runs_on {
            course.runs.push(Run { start: at, end: None });
        }
        (is_running, is_unsolved) = (runs_on, to.is_unsolved());
    }
    course
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn run(start: i64, end: Option<i64>) -> Run {
        let end = end.map(at);
        Run {
            start: at(start),
            end,
        }
    }

    fn told(course: &Course) -> Vec<(Turning, i64, usize)> {
        let turns = course.turns.iter();
        turns
            .map(|(turning, at, over)| (*turning, at.as_second(), *over))
            .collect()
    }

    #[test]
    fn a_clock_turns_at_each_pause_and_at_its_end() {
        let course = course(at(0), vec![run(0, Some(10)), run(20, Some(30))], Some(at(30)));
        assert_eq!(
            told(&course),
            [
                (Turning::Activate, 0, 0),
                (Turning::Pause, 10, 1),
                (Turning::Activate, 20, 1),
                (Turning::Fulfil, 30, 2),
            ]
        );
    }

    #[test]
    fn a_clock_that_ends_in_a_pause_or_at_once_is_told_whole() {
        assert_eq!(
            told(&course(at(0), vec![run(0, Some(10))], Some(at(15)))),
            [
                (Turning::Activate, 0, 0),
                (Turning::Pause, 10, 1),
                (Turning::Fulfil, 15, 1)
            ]
        );
        assert_eq!(
            told(&course(at(0), vec![], Some(at(0)))),
            [(Turning::Activate, 0, 0), (Turning::Fulfil, 0, 0)]
        );
        assert_eq!(
            told(&course(at(0), vec![run(5, None)], None)),
            [
                (Turning::Activate, 0, 0),
                (Turning::Pause, 0, 0),
                (Turning::Activate, 5, 0)
            ]
        );
    }

    #[test]
    fn a_clock_of_statuses_runs_in_them_and_ends_with_each_solution() {
        let moved = |second, from, to| Happening {
            v: 2,
            at: at(second),
            signal: Signal::StatusMoved { from, to },
        };
        let created = Happening {
            v: 1,
            at: at(0),
            signal: Signal::Created(None),
        };
        let history = [
            created,
            moved(10, Status::New, Status::Open),
            moved(20, Status::Open, Status::Hold),
            moved(30, Status::Hold, Status::Solved),
            moved(40, Status::Solved, Status::Open),
            moved(50, Status::Open, Status::Solved),
            moved(60, Status::Solved, Status::Closed),
        ];
        let course = in_statuses(&[Status::New, Status::Open], &history);
        assert_eq!(
            told(&course),
            [
                (Turning::Activate, 0, 0),
                (Turning::Pause, 20, 1),
                (Turning::Fulfil, 30, 1),
                (Turning::Activate, 40, 1),
                (Turning::Fulfil, 50, 2),
            ]
        );
        assert_eq!(course.runs, [run(0, Some(20)), run(40, Some(50))]);
    }
}
