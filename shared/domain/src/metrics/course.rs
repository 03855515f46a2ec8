//! The course of a clock as turnings: it runs, pauses, ends.

use crate::{
    Timestamp,
    sla::{Cycle, Happening, Run, Signal, counted},
    ticket::Status,
};

/// What becomes of a clock at a turning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turning {
    /// It runs, or runs on.
    Activate,
    /// It stands still.
    Pause,
    /// It has ended.
    Fulfil,
}

/// A turning, and the runs of the clock that were over by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// What becomes of the clock.
    pub turning: Turning,
    /// When.
    pub at: Timestamp,
    /// What had counted by then.
    pub counted: Vec<Run>,
}

/// The turnings of a cycle. It is activated when it starts, even if it stands still at once.
pub(super) fn of_cycle(cycle: &Cycle, pauses: &[Run]) -> Vec<Stretch> {
    let ended_at = cycle.ended_at.filter(|_| cycle.course.has_ended());
    turnings(cycle.started_at, &counted(&cycle.runs, pauses), ended_at)
}

/// The turnings of a clock that started, has counted so, and may have ended.
fn turnings(started_at: Timestamp, counted: &[Run], ended_at: Option<Timestamp>) -> Vec<Stretch> {
    let mut turnings = Vec::new();
    let mut put = |turning, at, counted: &[Run]| {
        let counted = counted.to_vec();
        turnings.push(Stretch { turning, at, counted });
    };
    if counted.first().is_none_or(|first| first.start > started_at) {
        put(Turning::Activate, started_at, &[]);
        if ended_at != Some(started_at) {
            put(Turning::Pause, started_at, &[]);
        }
    }
    for (place, run) in counted.iter().enumerate() {
        put(Turning::Activate, run.start, &counted[..place]);
        if let Some(end) = run.end.filter(|end| ended_at != Some(*end)) {
            put(Turning::Pause, end, &counted[..=place]);
        }
    }
    if let Some(ended_at) = ended_at {
        put(Turning::Fulfil, ended_at, counted);
    }
    turnings
}

/// The turnings of a clock that runs in some statuses of an unsolved ticket and ends when it is solved, each time.
pub(super) fn in_statuses(running: &[Status], happenings: &[Happening]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut runs: Vec<Run> = Vec::new();
    let mut is_running = false;
    for happening in happenings {
        let at = happening.at;
        let (to, was_unsolved) = match happening.signal {
            Signal::Created(_) => (Status::New, false),
            Signal::StatusMoved { from, to } => (to, from.is_unsolved()),
            _ => continue,
        };
        let runs_on = running.contains(&to);
        if is_running
            && !runs_on
            && let Some(run) = runs.last_mut()
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
            let counted = runs.clone();
            stretches.push(Stretch { turning, at, counted });
        }
        if !is_running && runs_on {
            runs.push(Run { start: at, end: None });
        }
        is_running = runs_on;
    }
    stretches
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

    fn told(turnings: &[Stretch]) -> Vec<(Turning, i64)> {
        turnings
            .iter()
            .map(|turn| (turn.turning, turn.at.as_second()))
            .collect()
    }

    #[test]
    fn a_clock_turns_at_each_pause_and_at_its_end() {
        let counted = [run(0, Some(10)), run(20, Some(30))];
        let turnings = turnings(at(0), &counted, Some(at(30)));
        assert_eq!(
            told(&turnings),
            [
                (Turning::Activate, 0),
                (Turning::Pause, 10),
                (Turning::Activate, 20),
                (Turning::Fulfil, 30),
            ]
        );
        assert_eq!(turnings[1].counted, [run(0, Some(10))]);
        assert_eq!(turnings[3].counted, counted);
    }

    #[test]
    fn a_clock_that_ends_in_a_pause_or_at_once_is_told_whole() {
        assert_eq!(
            told(&turnings(at(0), &[run(0, Some(10))], Some(at(15)))),
            [
                (Turning::Activate, 0),
                (Turning::Pause, 10),
                (Turning::Fulfil, 15)
            ]
        );
        assert_eq!(
            told(&turnings(at(0), &[], Some(at(0)))),
            [(Turning::Activate, 0), (Turning::Fulfil, 0)]
        );
        assert_eq!(
            told(&turnings(at(0), &[run(5, None)], None)),
            [
                (Turning::Activate, 0),
                (Turning::Pause, 0),
                (Turning::Activate, 5)
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
        let turnings = in_statuses(&[Status::New, Status::Open], &history);
        assert_eq!(
            told(&turnings),
            [
                (Turning::Activate, 0),
                (Turning::Pause, 20),
                (Turning::Fulfil, 30),
                (Turning::Activate, 40),
                (Turning::Fulfil, 50),
            ]
        );
        assert_eq!(turnings[4].counted, [run(0, Some(20)), run(40, Some(50))]);
    }
}
