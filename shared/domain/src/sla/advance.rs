//! The clocks after one more event, from what the head keeps.

use super::{
    ClockState, Clocks, Course, Effect, Happening, Metric, Phase, Signal, Step, Terms, Turn, effect,
};
use crate::Timestamp;
use jiff::SignedDuration;

/// The clocks cannot be carried on from the head alone; [`Clocks::renewed`] can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NeedsHistory {
    /// Another version of the policy or the calendar holds.
    #[error("another version of the policy or the calendar has come into force")]
    Terms,
    /// A new target was reached before the clock last stood still.
    #[error("the new target was reached before the clock last stood still")]
    Target,
    /// It is about a cycle that the head no longer keeps, or could keep again.
    #[error("a cycle is needed that is no longer at hand")]
    Cycle,
    /// What followed from an answer is taken back.
    #[error("an answer was lost")]
    Answer,
    /// What followed from a merge is taken back.
    #[error("a merge was undone")]
    Merge,
}

impl Clocks {
    /// The clocks of a ticket without events.
    pub fn none(terms: &Terms) -> Self {
        Self::blank(terms)
    }

    /// The clocks after one more event: the same as recomputed from the whole history with it.
    pub fn advance(mut self, happening: &Happening, terms: &Terms) -> Result<Self, NeedsHistory> {
        if self.in_force != terms.in_force() {
            return Err(NeedsHistory::Terms);
        }
        if matches!(happening.signal, Signal::AnswerLost { .. }) {
            return Err(NeedsHistory::Answer);
        }
        if happening.signal == Signal::MergeUndone {
            return Err(NeedsHistory::Merge);
        }
        let was_answered = self.is_answered;
        let was_over = self.is_over;
        self.note(happening);
        let happening = Happening {
            at: self.at,
            ..*happening
        };
        for metric in Metric::ALL {
            if terms.promise(metric).is_none() {
                continue;
            }
            let phase = if was_over {
                Phase::Over
            } else {
                self.phase(metric, was_answered)
            };
            let effect = effect(metric, Turn::of(happening.signal), phase);
            self.carry_out(metric, effect, &happening, terms)?;
        }
        match happening.signal {
            Signal::PrioritySet(_) | Signal::Created(_) => self.retarget_all(terms)?,
            Signal::Fired { .. } | Signal::Voided { .. } => self.mark(happening.signal)?,
            _ => {}
        }
        for state in &mut self.states {
            state.settle(terms);
        }
        self.tidy();
        if self.has_room_again() {
            return Err(NeedsHistory::Cycle);
        }
        Ok(self)
    }

    fn phase(&self, metric: Metric, was_answered: bool) -> Phase {
        match self.newest(metric).map(|state| state.course) {
            Some(Course::Running) => Phase::Running,
            Some(Course::Suspended) => Phase::Suspended,
            Some(Course::Fulfilled | Course::Dropped) => Phase::Done,
            Some(Course::Over) => Phase::Over,
            None if metric == Metric::NextReply && was_answered => Phase::Done,
            None => Phase::Idle,
        }
    }

    fn carry_out(
        &mut self,
        metric: Metric,
        effect: Effect,
        happening: &Happening,
        terms: &Terms,
    ) -> Result<(), NeedsHistory> {
        let at = happening.at;
        match effect {
            Effect::Nothing => Ok(()),
            Effect::Start => self.start(metric, happening, terms),
            Effect::Restart => {
                self.end(metric, Course::Fulfilled, at, terms);
                self.start(metric, happening, terms)
            }
            Effect::Fulfil => {
                self.end(metric, Course::Fulfilled, at, terms);
                Ok(())
            }
            Effect::Drop => {
                self.end(metric, Course::Dropped, at, terms);
                Ok(())
            }
            Effect::End => {
                self.end(metric, Course::Over, at, terms);
                Ok(())
            }
            Effect::Suspend => {
                if let Some(state) = self.newest_mut(metric) {
                    state.course = Course::Suspended;
                    state.stand_still(at, &terms.measure());
                }
                Ok(())
            }
            Effect::Resume => self.resume(metric, at, terms),
            Effect::AsPolicySays => {
                let pauses = self.is_pausing(terms);
                if let Some(state) = self.newest_mut(metric) {
                    if pauses {
                        state.stand_still(at, &terms.measure());
                    } else {
                        state.go_on(at, terms);
                    }
                }
                Ok(())
            }
        }
    }

    fn is_pausing(&self, terms: &Terms) -> bool {
        terms.policy().pausing.contains(&self.status)
    }

    fn newest_mut(&mut self, metric: Metric) -> Option<&mut ClockState> {
        self.states.iter_mut().rfind(|state| state.metric == metric)
    }

    fn start(&mut self, metric: Metric, happening: &Happening, terms: &Terms) -> Result<(), NeedsHistory> {
        let state = ClockState {
            metric,
            instance: happening.v,
            started_at: happening.at,
            course: Course::Suspended,
            ended_at: None,
            target_seconds: None,
            elapsed_ms: 0,
            since: None,
            due_at: None,
            next_at: None,
            fired: Vec::new(),
            voided_due_at: None,
        };
        // Right after the older cycles of its clock: the newest is the last of them.
        let place = self.states.partition_point(|other| other.metric <= metric);
        self.states.insert(place, state);
        if self.status.is_unsolved() {
            return self.resume(metric, happening.at, terms);
        }
        self.retarget_all(terms)
    }

    fn resume(&mut self, metric: Metric, at: Timestamp, terms: &Terms) -> Result<(), NeedsHistory> {
        let target_seconds = terms.target_seconds(metric, self.priority);
        let pauses = self.is_pausing(terms);
        let Some(state) = self.newest_mut(metric) else {
            return Ok(());
        };
        state.course = Course::Running;
        state.ended_at = None;
        state.retarget(target_seconds, terms)?;
        if !pauses {
            state.go_on(at, terms);
        }
        Ok(())
    }

    fn end(&mut self, metric: Metric, course: Course, at: Timestamp, terms: &Terms) {
        let open = self.newest_mut(metric).filter(|state| !state.course.has_ended());
        if let Some(state) = open {
            state.course = course;
            state.ended_at = Some(at);
            state.stand_still(at, &terms.measure());
        }
    }

    fn retarget_all(&mut self, terms: &Terms) -> Result<(), NeedsHistory> {
        let priority = self.priority;
        for state in self.states.iter_mut().filter(|state| !state.course.has_ended()) {
            state.retarget(terms.target_seconds(state.metric, priority), terms)?;
        }
        Ok(())
    }

    fn mark(&mut self, signal: Signal) -> Result<(), NeedsHistory> {
        match signal {
            Signal::Fired {
                metric,
                instance,
                step,
            } => {
                let newest = self.newest(metric).map(|state| state.instance);
                let instance = instance.or(newest);
                if let Some(state) = self.find_mut(metric, instance)
                    && !state.fired.contains(&step)
                {
                    state.fired.push(step);
                }
            }
            Signal::Voided {
                metric,
                instance,
                due_at,
            } => {
                let state = self.find_mut(metric, Some(instance)).ok_or(NeedsHistory::Cycle)?;
                state.fired.retain(|step| matches!(step, Step::Warning(_)));
                state.voided_due_at = Some(due_at);
            }
            _ => {}
        }
        Ok(())
    }

    fn find_mut(&mut self, metric: Metric, instance: Option<u64>) -> Option<&mut ClockState> {
        let wanted = |state: &&mut ClockState| state.metric == metric && Some(state.instance) == instance;
        self.states.iter_mut().find(wanted)
    }
}

impl ClockState {
    /// Lets it count from `at`.
    fn go_on(&mut self, at: Timestamp, terms: &Terms) {
        if self.since.is_none() {
            self.since = Some(at);
            self.foresee(terms);
        }
    }

    /// Gives it another target.
    fn retarget(&mut self, target_seconds: Option<i64>, terms: &Terms) -> Result<(), NeedsHistory> {
        if self.target_seconds == target_seconds {
            return Ok(());
        }
        if self.elapsed_ms > 0 && target_seconds.is_some_and(|seconds| seconds * 1000 <= self.elapsed_ms) {
            return Err(NeedsHistory::Target);
        }
        self.target_seconds = target_seconds;
        self.due_at = None;
        self.foresee(terms);
        Ok(())
    }

    /// Finds when it is due, if it runs and was not due before.
    fn foresee(&mut self, terms: &Terms) {
        if let (Some(since), Some(seconds), None) = (self.since, self.target_seconds, self.due_at) {
            let left = SignedDuration::from_millis(seconds * 1000 - self.elapsed_ms);
            self.due_at = terms.measure().add(since, left);
        }
    }
}
