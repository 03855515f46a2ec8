//! The one formula: `elapsed(a, b) = |(Run − Pause) ∩ Calendar ∩ [a, b)|`, and `due = min { t : elapsed(start, t) ≥ target }`.

use super::{Measure, Run};
use crate::Timestamp;
use jiff::SignedDuration;

/// What is left of `runs` without `pauses`: both in order, each without overlaps.
pub fn counted(runs: &[Run], pauses: &[Run]) -> Vec<Run> {
    let mut counted = Vec::new();
    for run in runs {
        let run_end = run.end.unwrap_or(Timestamp::MAX);
        let mut start = run.start;
        for pause in pauses {
            let pause_end = pause.end.unwrap_or(Timestamp::MAX);
            if pause_end < start || pause.start >= run_end {
                continue;
            }
            if pause.start > start {
                let end = Some(pause.start);
                counted.push(Run { start, end });
            }
            start = start.max(pause_end);
        }
        if start < run_end {
            let end = run.end;
            counted.push(Run { start, end });
        }
    }
    counted
}

/// How much time counts within `[from, to)`.
pub fn elapsed(counted: &[Run], measure: &Measure, from: Timestamp, to: Timestamp) -> SignedDuration {
    counted
        .iter()
        .map(|run| {
            let end = run.end.unwrap_or(Timestamp::MAX).min(to);
            measure.length(run.start.max(from), end)
        })
        .sum()
}

/// The first instant by which so much time has counted since the start; nothing while that is not foreseeable.
pub fn reached_at(counted: &[Run], measure: &Measure, length: SignedDuration) -> Option<Timestamp> {
    let mut left = length;
    for run in counted {
        let Some(end) = run.end else {
            return measure.add(run.start, left);
        };
        let passed = measure.length(run.start, end);
        if passed >= left {
            return measure.add(run.start, left);
        }
        left = left.saturating_sub(passed);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(start: i64, end: i64) -> Run {
        let at = |second| Timestamp::from_second(second).unwrap();
        Run {
            start: at(start),
            end: (end < 1000).then(|| at(end)),
        }
    }

    #[test]
    fn pauses_are_cut_out_of_runs() {
        let runs = [run(10, 20), run(30, 1000)];
        assert_eq!(
            counted(&runs, &[run(0, 12), run(15, 16), run(19, 32), run(40, 50)]),
            [run(12, 15), run(16, 19), run(32, 40), run(50, 1000)]
        );
        assert_eq!(counted(&runs, &[]), runs);
        assert_eq!(counted(&runs, &[run(5, 1000)]), []);
    }

    #[test]
    fn a_target_is_reached_in_the_run_that_completes_it() {
        let runs = [run(10, 20), run(30, 40)];
        let reached =
            |seconds| reached_at(&runs, &Measure::RoundTheClock, SignedDuration::from_secs(seconds));
        assert_eq!(reached(10).map(|at| at.as_second()), Some(20));
        assert_eq!(reached(11).map(|at| at.as_second()), Some(31));
        assert_eq!(reached(21), None);
    }
}
