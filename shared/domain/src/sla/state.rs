//! One cycle of a clock as the ticket's head keeps it.

use super::{Course, Cycle, Measure, Metric, Run, Step, Terms, Warning, counted, elapsed, reached_at};
use crate::Timestamp;
use jiff::{
    SignedDuration,
    fmt::serde::timestamp::millisecond::{optional as milliseconds_or_none, required as whole_milliseconds},
};
use serde::{Deserialize, Serialize};

/// One cycle of a clock: how far it has come, and what it does next.
///
/// It is stored in the ticket's head, which has 2 KB for everything: names are short there and instants are milliseconds
/// since 1970, some 110 bytes in all. People and programs are shown the [proof](super::prove) instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockState {
    /// Of which clock.
    #[serde(rename = "m")]
    pub metric: Metric,
    /// Version of the event that started it: it tells cycles apart.
    #[serde(rename = "i")]
    pub instance: u64,
    /// When it started.
    #[serde(rename = "b", with = "whole_milliseconds")]
    pub started_at: Timestamp,
    /// How it stands.
    #[serde(rename = "c")]
    pub course: Course,
    /// When it ended.
    #[serde(rename = "x", default, with = "milliseconds_or_none")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// The target; nothing where the ticket's priority has none.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub target_seconds: Option<i64>,
    /// Milliseconds that had counted when it last stood still.
    #[serde(rename = "e")]
    pub elapsed_ms: i64,
    /// Since when it counts on; nothing while it stands still.
    #[serde(rename = "s", default, with = "milliseconds_or_none")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// When it is due, or was; nothing while it stands still and was not due before.
    #[serde(rename = "d", default, with = "milliseconds_or_none")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// When it takes its next step.
    #[serde(rename = "n", default, with = "milliseconds_or_none")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    /// Steps taken; without those of a breach that was declared void.
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    pub fired: Vec<Step>,
    /// Due time of the last breach that was declared void: that one does not come again.
    #[serde(rename = "v", default, with = "milliseconds_or_none")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voided_due_at: Option<Timestamp>,
}

impl ClockState {
    /// The state of a cycle, computed from its whole history.
    pub fn of_cycle(cycle: &Cycle, pauses: &[Run], terms: &Terms) -> Self {
        let measure = terms.measure();
        let counted = counted(&cycle.runs, pauses);
        let (past, since) = match counted.split_last() {
            Some((last, past)) if last.end.is_none() => (past, Some(last.start)),
            _ => (&counted[..], None),
        };
        let target_seconds = terms.target_seconds(cycle.metric, cycle.priority);
        let due_at = target_seconds
            .and_then(|seconds| reached_at(&counted, &measure, SignedDuration::from_secs(seconds)));
        let mut state = Self {
            metric: cycle.metric,
            instance: cycle.instance,
            started_at: cycle.started_at,
            course: cycle.course,
            ended_at: cycle.ended_at,
            target_seconds,
            elapsed_ms: milliseconds(elapsed(past, &measure, Timestamp::MIN, Timestamp::MAX)),
            since,
            due_at,
            next_at: None,
            fired: cycle.marks.iter().map(|mark| mark.step).collect(),
            voided_due_at: cycle.voided_due_at,
        };
        state.settle(terms);
        state
    }

    /// How long it has counted until `at`, in milliseconds; `at` is not before its last event.
    pub fn elapsed_ms_at(&self, at: Timestamp, measure: &Measure) -> i64 {
        let running = self.since.map(|since| measure.length(since, at));
        self.elapsed_ms + running.map_or(0, milliseconds)
    }

    /// Whether it stands still because the policy pauses it.
    pub fn is_paused(&self) -> bool {
        self.course == Course::Running && self.since.is_none()
    }

    /// Whether its breach was recorded and stands.
    pub fn is_breached(&self) -> bool {
        self.fired.contains(&Step::Breach)
    }

    /// Steps that it has not taken yet, with the time of each, in order.
    pub(super) fn pending(&self, terms: &Terms) -> Vec<(Timestamp, Step)> {
        let Some(promise) = terms.promise(self.metric) else {
            return Vec::new();
        };
        let mut pending: Vec<(Timestamp, Step)> = promise
            .steps()
            .filter(|step| !self.fired.contains(step))
            .filter_map(|step| Some((self.step_at(step, &terms.measure())?, step)))
            .collect();
        pending.sort();
        pending
    }

    /// When it takes a step. While it stands still, or has ended, it takes none but the breach that came before: a
    /// warning or an escalation that was due by then and not given is due when it goes on.
    fn step_at(&self, step: Step, measure: &Measure) -> Option<Timestamp> {
        let target_ms = self.target_seconds? * 1000;
        match step {
            Step::Breach => self.due_at.filter(|due_at| self.breaks(*due_at)),
            Step::Warning(_) if self.is_breached() => None,
            Step::Warning(Warning::Percent(percent)) => {
                self.reaches(target_ms / 100 * i64::from(percent), measure)
            }
            Step::Warning(Warning::SecondsBefore(seconds)) => {
                self.reaches(target_ms - seconds * 1000, measure)
            }
            Step::Escalation(_) if self.due_at.is_some_and(|due_at| !self.breaks(due_at)) => None,
            Step::Escalation(seconds) => self.reaches(target_ms + seconds * 1000, measure),
        }
    }

    /// Whether being due at that time is a breach: not where it ended by then, and not where that was declared void.
    fn breaks(&self, due_at: Timestamp) -> bool {
        self.course != Course::Over
            && self.ended_at.is_none_or(|ended_at| due_at < ended_at)
            && self.voided_due_at.is_none_or(|voided| due_at > voided)
    }

    /// When it will have counted so much, if it runs; at once, where it had when it last stood still.
    fn reaches(&self, elapsed_ms: i64, measure: &Measure) -> Option<Timestamp> {
        let since = self.since?;
        if elapsed_ms <= self.elapsed_ms {
            return Some(since);
        }
        measure.add(since, SignedDuration::from_millis(elapsed_ms - self.elapsed_ms))
    }

    /// Finds its next step.
    pub(super) fn settle(&mut self, terms: &Terms) {
        self.next_at = self.pending(terms).first().map(|(at, _)| *at);
    }
}

pub(super) fn milliseconds(length: SignedDuration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}
