//! The cycles of a clock: from what starts it to what stops it.

use super::{Effect, Happening, Metric, Phase, Signal, Step, Turn, effect};
use crate::{
    Timestamp,
    ticket::{Priority, Status},
};
use serde::{Deserialize, Serialize};

/// From an instant until before another, or until further notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The first instant.
    pub start: Timestamp,
    /// The instant after the last; nothing while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
}

/// How a cycle stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Course {
    /// It runs, or is paused by the policy.
    Running,
    /// It waits for the ticket to be reopened.
    Suspended,
    /// What it measures has happened.
    Fulfilled,
    /// It ended unfulfilled when the ticket was solved: nobody waits any more.
    Dropped,
    /// It ended unfulfilled when the ticket was closed or merged.
    Over,
}

impl Course {
    /// Whether it has ended.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Fulfilled | Self::Dropped | Self::Over)
    }
}

/// A step that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Which.
    pub step: Step,
    /// When it was recorded.
    pub at: Timestamp,
}

/// One cycle of a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// Of which clock.
    pub metric: Metric,
    /// Version of the event that started it: it tells cycles apart.
    pub instance: u64,
    /// When it started.
    pub started_at: Timestamp,
    /// When it runs, in order; pauses of the policy are not taken away.
    pub runs: Vec<Run>,
    /// How it stands.
    pub course: Course,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The ticket's priority, as it was when the cycle ended if it has: what is over is judged by what held then.
    pub priority: Option<Priority>,
    /// Steps taken; without those of a breach that was declared void.
    pub marks: Vec<Mark>,
    /// Due time of the last breach that was declared void.
    pub voided_due_at: Option<Timestamp>,
}

/// The cycles of a clock, in order.
pub fn cycles(metric: Metric, happenings: &[Happening]) -> Vec<Cycle> {
    let mut clock = Walk::new(metric);
    for happening in happenings {
        clock.take(happening);
    }
    clock.cycles
}

/// The intervals in which a clock runs, of all its cycles.
pub fn runs(metric: Metric, happenings: &[Happening]) -> Vec<Run> {
    let cycles = cycles(metric, happenings);
    cycles.into_iter().flat_map(|cycle| cycle.runs).collect()
}

/// The intervals in which the ticket has one of the statuses that pause.
pub fn pauses(pausing: &[Status], happenings: &[Happening]) -> Vec<Run> {
    let mut pauses: Vec<Run> = Vec::new();
    for happening in happenings {
        let to = match happening.signal {
            Signal::Created(_) => Status::New,
            Signal::StatusMoved { to, .. } => to,
            _ => continue,
        };
        if let Some(open) = pauses.last_mut().filter(|pause| pause.end.is_none()) {
            open.end = Some(happening.at);
        }
        if pausing.contains(&to) {
            pauses.push(Run {
                start: happening.at,
                end: None,
            });
        }
    }
    pauses
}

/// A clock while its history is walked.
struct Walk {
    metric: Metric,
    phase: Phase,
    is_solved: bool,
    priority: Option<Priority>,
    cycles: Vec<Cycle>,
}

impl Walk {
    fn new(metric: Metric) -> Self {
        Self {
            metric,
            phase: Phase::Idle,
            is_solved: false,
            priority: None,
            cycles: Vec::new(),
        }
    }

    fn take(&mut self, happening: &Happening) {
        let at = happening.at;
        match happening.signal {
            Signal::Created(priority) => self.set_priority(priority),
            Signal::PrioritySet(priority) => self.set_priority(Some(priority)),
            Signal::StatusMoved { to, .. } => self.is_solved = !to.is_unsolved(),
            _ => {}
        }
        match effect(self.metric, Turn::of(happening.signal), self.phase) {
            Effect::Nothing | Effect::AsPolicySays => {}
            Effect::Start => self.start(happening.v, at),
            Effect::Restart => {
                self.end(Course::Fulfilled, at);
                self.start(happening.v, at);
            }
            Effect::Fulfil => self.end(Course::Fulfilled, at),
            Effect::Drop => self.end(Course::Dropped, at),
            Effect::Suspend => self.suspend(at),
            Effect::Resume => self.resume(at),
            Effect::End => {
                self.end(Course::Over, at);
                self.phase = Phase::Over;
            }
        }
        self.mark(happening);
    }

    fn set_priority(&mut self, priority: Option<Priority>) {
        self.priority = priority;
        if let Some(cycle) = self.cycles.last_mut().filter(|cycle| !cycle.course.has_ended()) {
            cycle.priority = priority;
        }
    }

    fn start(&mut self, v: u64, at: Timestamp) {
        let cycle = Cycle {
            metric: self.metric,
            instance: v,
            started_at: at,
            runs: Vec::new(),
            course: Course::Suspended,
            ended_at: None,
            priority: self.priority,
            marks: Vec::new(),
            voided_due_at: None,
        };
        self.cycles.push(cycle);
        self.phase = Phase::Suspended;
        if !self.is_solved {
            self.resume(at);
        }
    }

    fn resume(&mut self, at: Timestamp) {
        self.phase = Phase::Running;
        let priority = self.priority;
        if let Some(cycle) = self.cycles.last_mut() {
            cycle.course = Course::Running;
            cycle.ended_at = None;
            cycle.priority = priority;
            cycle.runs.push(Run { start: at, end: None });
        }
    }

    fn suspend(&mut self, at: Timestamp) {
        self.phase = Phase::Suspended;
        if let Some(cycle) = self.cycles.last_mut() {
            cycle.course = Course::Suspended;
            stop(cycle, at);
        }
    }

    fn end(&mut self, course: Course, at: Timestamp) {
        self.phase = Phase::Done;
        let open = self.cycles.last_mut().filter(|cycle| !cycle.course.has_ended());
        if let Some(cycle) = open {
            cycle.course = course;
            cycle.ended_at = Some(at);
            stop(cycle, at);
        }
    }

    fn mark(&mut self, happening: &Happening) {
        match happening.signal {
            Signal::Fired {
                metric,
                instance,
                step,
            } if metric == self.metric => {
                let cycle = match instance {
                    Some(instance) => self.cycles.iter_mut().find(|cycle| cycle.instance == instance),
                    None => self.cycles.last_mut(),
                };
                if let Some(cycle) = cycle.filter(|cycle| !cycle.marks.iter().any(|mark| mark.step == step)) {
                    let at = happening.at;
                    cycle.marks.push(Mark { step, at });
                }
            }
            Signal::Voided {
                metric,
                instance,
                due_at,
            } if metric == self.metric => {
                let cycle = self.cycles.iter_mut().find(|cycle| cycle.instance == instance);
                if let Some(cycle) = cycle {
                    cycle.marks.retain(|mark| matches!(mark.step, Step::Warning(_)));
                    cycle.voided_due_at = Some(due_at);
                }
            }
            _ => {}
        }
    }
}

fn stop(cycle: &mut Cycle, at: Timestamp) {
    if let Some(run) = cycle.runs.last_mut().filter(|run| run.end.is_none()) {
        run.end = Some(at);
    }
}
