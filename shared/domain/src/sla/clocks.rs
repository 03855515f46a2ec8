//! All clocks of a ticket: recomputed from its history, and what they have to do now.

use super::{
    ClockState, Happening, InForce, Measure, Metric, Signal, Step, Terms, Turn, cycles, milliseconds, pauses,
};
use crate::{
    Timestamp,
    ticket::{Priority, Status},
};
use serde::{Deserialize, Serialize};

/// Most older cycles whose breach is still to be recorded that a head keeps: it has 2 KB. Each is a breach that the sweep
/// has not come to; more than four within its minute are a program that writes to itself.
pub const MOST_OLDER_CYCLES: usize = 4;

/// The clocks of a ticket, as its head keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    /// Which versions hold.
    pub in_force: InForce,
    /// Version of the last event.
    pub v: u64,
    /// Time of the last event.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub at: Timestamp,
    /// The ticket's status.
    pub status: Status,
    /// Its priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Whether an agent has answered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_answered: bool,
    /// Whether it was closed or merged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_over: bool,
    /// Whether older cycles whose breach is still to be recorded were left out: they come back from the history once there
    /// is room for them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_cut: bool,
    /// The newest cycle of each clock that is promised something, and older ones whose breach is still to be recorded;
    /// by metric and age.
    pub states: Vec<ClockState>,
}

/// Something that a clock does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firing {
    /// Which clock.
    pub metric: Metric,
    /// Which cycle: version of the event that started it.
    pub instance: u64,
    /// Which step.
    pub step: Step,
    /// When the step was due.
    pub due_at: Timestamp,
    /// Which versions hold.
    #[serde(flatten)]
    pub in_force: InForce,
}

impl Clocks {
    /// Computes all clocks from a ticket's whole history, as if the terms had always held; only what has ended is judged
    /// by the priority of then.
    pub fn recompute(happenings: &[Happening], terms: &Terms) -> Self {
        let mut clocks = Self::recompute_all(happenings, terms);
        clocks.tidy();
        clocks
    }

    fn recompute_all(happenings: &[Happening], terms: &Terms) -> Self {
        let pauses = pauses(&terms.policy().pausing, happenings);
        let mut clocks = Self::blank(terms);
        for happening in happenings {
            clocks.note(happening);
        }
        for metric in Metric::ALL {
            if terms.promise(metric).is_some() {
                let cycles = cycles(metric, happenings);
                let states = cycles
                    .iter()
                    .map(|cycle| ClockState::of_cycle(cycle, &pauses, terms));
                clocks.states.extend(states);
            }
        }
        clocks
    }

    /// Computes the clocks anew for a policy or calendar that has come into force, or without an answer that was lost: what
    /// runs, as if it had always held; what had ended stays as it was judged, unless it ended with that answer.
    pub fn renewed(&self, happenings: &[Happening], terms: &Terms) -> Self {
        let mut clocks = Self::recompute_all(happenings, terms);
        let is_cut_of_these = self.is_cut && self.in_force == clocks.in_force;
        let lost = self.lost_since(happenings);
        let had_lost = |state: &ClockState| lost.iter().any(|(v, at)| state.has_had(*v, *at));
        clocks.states.retain_mut(|state| {
            if !state.course.has_ended() {
                return true;
            }
            match self.find(state.metric, state.instance) {
                Some(known) if known.course.has_ended() && known.ended_at == state.ended_at => {
                    state.judge_like(known);
                    state.settle(terms);
                    true
                }
                Some(_) => true,
                // What was left out under other terms is judged by none.
                None => state.instance > self.v || is_cut_of_these || had_lost(state),
            }
        });
        clocks.tidy();
        clocks
    }

    /// Version and time of the answers that were lost since these clocks.
    fn lost_since(&self, happenings: &[Happening]) -> Vec<(u64, Timestamp)> {
        let since = happenings.iter().filter(|happening| happening.v > self.v);
        let lost = since.filter_map(|happening| match happening.signal {
            Signal::AnswerLost { answer } => happenings.iter().find(|other| other.v == answer),
            _ => None,
        });
        lost.map(|answer| (answer.v, answer.at)).collect()
    }

    /// A cycle that the head keeps.
    pub fn find(&self, metric: Metric, instance: u64) -> Option<&ClockState> {
        let wanted = |state: &&ClockState| (state.metric, state.instance) == (metric, instance);
        self.states.iter().find(wanted)
    }

    /// What the clocks have to do at `now`, in the order in which it was due. Each is done once its
    /// [`Signal::Fired`](super::Signal::Fired) stands in the history.
    pub fn due(&self, terms: &Terms, now: Timestamp) -> Vec<Firing> {
        let mut due: Vec<Firing> = self
            .states
            .iter()
            .filter(|state| state.next_at.is_some_and(|at| at <= now))
            .flat_map(|state| {
                let pending = state.pending(terms).into_iter().filter(|(at, _)| *at <= now);
                pending.map(|(due_at, step)| Firing {
                    metric: state.metric,
                    instance: state.instance,
                    step,
                    due_at,
                    in_force: self.in_force,
                })
            })
            .collect();
        due.sort_by_key(|firing| (firing.due_at, firing.step, firing.metric, firing.instance));
        due
    }

    /// When the clocks take their next step.
    pub fn next_timer_at(&self) -> Option<Timestamp> {
        self.states.iter().filter_map(|state| state.next_at).min()
    }

    /// The least due time of a promise that is not fulfilled, broken or not.
    pub fn next_due_at(&self) -> Option<Timestamp> {
        let running = self.states.iter().filter(|state| !state.course.has_ended());
        running.filter_map(|state| state.due_at).min()
    }

    /// The newest cycle of a clock.
    pub fn newest(&self, metric: Metric) -> Option<&ClockState> {
        self.states.iter().rfind(|state| state.metric == metric)
    }

    pub(super) fn blank(terms: &Terms) -> Self {
        Self {
            in_force: terms.in_force(),
            v: 0,
            at: Timestamp::MIN,
            status: Status::New,
            priority: None,
            is_answered: false,
            is_over: false,
            is_cut: false,
            states: Vec::new(),
        }
    }

    /// Takes in what a signal says of the ticket itself.
    pub(super) fn note(&mut self, happening: &Happening) {
        self.v = happening.v;
        self.at = self.at.max(happening.at);
        match happening.signal {
            Signal::Created(priority) => self.priority = priority,
            Signal::PrioritySet(priority) => self.priority = Some(priority),
            Signal::StatusMoved { to, .. } => self.status = to,
            Signal::AgentAnswered => self.is_answered = true,
            _ => {}
        }
        self.is_over |= matches!(Turn::of(happening.signal), Turn::Closed | Turn::Merged);
    }

    /// Puts the states in order and leaves out older cycles that have nothing to do. A closed or merged ticket has nothing
    /// to do at all.
    pub(super) fn tidy(&mut self) {
        if self.is_over {
            self.states.iter_mut().for_each(|state| state.next_at = None);
        }
        self.states.sort_by_key(|state| (state.metric, state.instance));
        let newest: Vec<(Metric, u64)> = Metric::ALL
            .iter()
            .filter_map(|metric| Some((*metric, self.newest(*metric)?.instance)))
            .collect();
        let is_newest = |state: &ClockState| newest.contains(&(state.metric, state.instance));
        self.states
            .retain(|state| is_newest(state) || state.next_at.is_some());
        while self.states.len() > newest.len() + MOST_OLDER_CYCLES {
            let older = self
                .states
                .iter()
                .enumerate()
                .filter(|(_, state)| !is_newest(state));
            let Some((oldest, _)) = older.min_by_key(|(_, state)| state.instance) else {
                break;
            };
            self.states.remove(oldest);
            self.is_cut = true;
        }
    }

    /// Whether there is room for older cycles that were left out.
    pub(super) fn has_room_again(&self) -> bool {
        let clocks = Metric::ALL
            .iter()
            .filter(|metric| self.newest(**metric).is_some());
        self.is_cut && self.states.len() < clocks.count() + MOST_OLDER_CYCLES
    }
}

impl Firing {
    /// What it means to the clocks once it stands in the history.
    pub fn signal(&self) -> Signal {
        Signal::Fired {
            metric: self.metric,
            instance: Some(self.instance),
            step: self.step,
        }
    }
}

impl ClockState {
    /// Takes over what counted and what was promised.
    fn judge_like(&mut self, known: &Self) {
        self.target_seconds = known.target_seconds;
        self.elapsed_ms = known.elapsed_ms;
        self.due_at = known.due_at;
    }

    /// Whether an event fell into the cycle.
    fn has_had(&self, v: u64, at: Timestamp) -> bool {
        self.instance < v && self.ended_at.is_none_or(|ended_at| at <= ended_at)
    }

    /// Stops it at `at`.
    pub(super) fn stand_still(&mut self, at: Timestamp, measure: &Measure) {
        if let Some(since) = self.since.take() {
            self.elapsed_ms += milliseconds(measure.length(since, at));
            self.due_at = self.due_at.filter(|due_at| *due_at <= at);
        }
    }
}
