//! The steps of one cycle with their times, for whoever wants to see why it warned or was due when it did.

use super::{Cycle, Run, Step, Terms, Warning, counted, reached_at};
use crate::Timestamp;
use jiff::SignedDuration;

/// A step of a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepTimes {
    /// Which.
    pub step: Step,
    /// When the clock had counted so much, or will have if nothing stops it; nothing while that is not foreseeable, and
    /// where it ended before.
    pub due_at: Option<Timestamp>,
    /// When it was recorded.
    pub recorded_at: Option<Timestamp>,
}

/// The steps that a cycle takes by its policy, in the order of their meaning; none where its priority has no target.
pub fn steps_of(cycle: &Cycle, pauses: &[Run], terms: &Terms) -> Vec<StepTimes> {
    let target_seconds = terms.target_seconds(cycle.metric, cycle.priority);
    let (Some(promise), Some(target_seconds)) = (terms.promise(cycle.metric), target_seconds) else {
        return Vec::new();
    };
    let counting = counted(&cycle.runs, pauses);
    let steps = promise.steps().map(|step| StepTimes {
        step,
        due_at: reached_at(&counting, &terms.measure(), reaches(step, target_seconds)),
        recorded_at: cycle
            .marks
            .iter()
            .find(|mark| mark.step == step)
            .map(|mark| mark.at),
    });
    steps.collect()
}

/// How much the clock has counted when it takes a step.
fn reaches(step: Step, target_seconds: i64) -> SignedDuration {
    match step {
        Step::Warning(Warning::Percent(percent)) => {
            SignedDuration::from_millis(target_seconds * 1000 / 100 * i64::from(percent))
        }
        Step::Warning(Warning::SecondsBefore(seconds)) => SignedDuration::from_secs(target_seconds - seconds),
        Step::Breach => SignedDuration::from_secs(target_seconds),
        Step::Escalation(seconds) => SignedDuration::from_secs(target_seconds + seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        sla::{Course, Escalation, Mark, Metric, Policy, PolicyDraft},
        ticket::Priority,
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn each_step_has_the_time_at_which_the_clock_reaches_it() {
        let mut draft: PolicyDraft = Policy::standard().into();
        let promise = &mut draft.promises[0];
        promise.target_seconds.insert(Priority::Normal, 100);
        promise.warnings = vec![Warning::Percent(50), Warning::SecondsBefore(10)];
        promise.escalations = vec![Escalation {
            after_seconds: 30,
            actions: vec![],
        }];
        let policy = Policy::new(draft).unwrap();
        let terms = Terms::new(&policy, []).unwrap();
        let cycle = Cycle {
            metric: Metric::FirstReply,
            instance: 1,
            started_at: at(0),
            runs: vec![Run {
                start: at(0),
                end: Some(at(200)),
            }],
            course: Course::Fulfilled,
            ended_at: Some(at(200)),
            priority: None,
            marks: vec![Mark {
                step: Step::Breach,
                at: at(130),
            }],
            voided_due_at: None,
        };
        let pause = Run {
            start: at(60),
            end: Some(at(80)),
        };
        let told: Vec<_> = steps_of(&cycle, &[pause], &terms)
            .iter()
            .map(|step| (step.step.to_string(), step.due_at, step.recorded_at))
            .collect();
        let step =
            |name: &str, second, recorded: Option<i64>| (name.to_owned(), Some(at(second)), recorded.map(at));
        assert_eq!(
            told,
            [
                step("w50%", 50, None),
                step("w10s", 110, None),
                step("b", 120, Some(130)),
                step("e30s", 150, None)
            ]
        );
        let ended = Cycle {
            runs: vec![Run {
                start: at(0),
                end: Some(at(55)),
            }],
            ..cycle
        };
        let due: Vec<_> = steps_of(&ended, &[], &terms)
            .iter()
            .map(|step| step.due_at)
            .collect();
        assert_eq!(due, [Some(at(50)), None, None, None]);
    }
}
