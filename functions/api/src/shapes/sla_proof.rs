//! The proof of a ticket's promises: what was promised, why, and every interval that led to each number.

use super::time;
use crate::slas::targets;
use docket_domain::{
    Timestamp,
    sla::{
        Book, ClockProof, Course, Cycle, Happening, InForce, Metric, Piece, Run, Step, StepTimes, Terms,
        cycles, pauses, prove, steps_of,
    },
    ticket::{Fact, TicketEvent},
};
use serde_json::{Value, json};

/// What the proof is made from.
pub(crate) struct Case<'a> {
    /// The ticket's events.
    pub events: &'a [TicketEvent],
    /// The same as the clocks see them.
    pub happenings: &'a [Happening],
    /// What holds, in the versions that hold.
    pub terms: Terms<'a>,
    /// What is in force now.
    pub book: &'a Book,
    /// Why this policy holds.
    pub reason: String,
    /// Until when it is told.
    pub until: Timestamp,
}

impl Case<'_> {
    /// Policy, calendar, clocks and what became of them.
    pub fn shown(&self) -> Value {
        let proof = prove(self.happenings, &self.terms, self.until);
        let paused = pauses(&self.terms.policy().pausing, self.happenings);
        let all: Vec<Cycle> = Metric::ALL
            .into_iter()
            .flat_map(|metric| cycles(metric, self.happenings))
            .collect();
        let clocks: Vec<Value> = proof
            .clocks
            .iter()
            .map(|clock| self.clock(clock, &all, &paused))
            .collect();
        json!({
            "until": time(self.until),
            "policy": self.policy(&proof.in_force),
            "calendar": self.calendar(&proof.in_force),
            "clocks": clocks,
            "applied": self.applied(),
        })
    }

    fn policy(&self, in_force: &InForce) -> Value {
        let policy = self.terms.policy();
        json!({
            "id": in_force.policy,
            "title": policy.title,
            "version": in_force.policy_version,
            "newest_version": self.book.policy(in_force.policy).map(|newest| newest.version),
            "condition": policy.condition,
            "pausing": policy.pausing,
            "reason": self.reason,
        })
    }

    fn calendar(&self, in_force: &InForce) -> Value {
        let Some(id) = in_force.calendar else {
            return Value::Null;
        };
        let newest = self.book.calendar(id);
        json!({
            "id": id,
            "version": in_force.calendar_version,
            "newest_version": newest.map(|newest| newest.version()),
            "name": newest.map(|newest| newest.draft().name.as_str()),
            "time_zone": newest.map(|newest| newest.draft().zone.as_str()),
        })
    }

    fn clock(&self, clock: &ClockProof, all: &[Cycle], paused: &[Run]) -> Value {
        let is_it = |cycle: &&Cycle| (cycle.metric, cycle.instance) == (clock.metric, clock.instance);
        let cycle = all.iter().find(is_it);
        let steps = cycle
            .map(|cycle| steps_of(cycle, paused, &self.terms))
            .unwrap_or_default();
        let steps: Vec<Value> = steps.iter().map(step).collect();
        let breaches = self.breaches(clock);
        json!({
            "metric": targets::name(clock.metric),
            "instance": clock.instance,
            "course": clock.course,
            "is_paused": clock.course == Course::Running && cycle.is_some_and(|cycle| is_paused(cycle, paused)),
            "is_breached": clock.steps.iter().any(|mark| mark.step == Step::Breach),
            "started_at": time(clock.started_at),
            "ended_at": clock.ended_at.map(time),
            "target_in_seconds": clock.target_seconds,
            "elapsed_in_seconds": clock.elapsed_seconds,
            "due_at": clock.due_at.map(time),
            "steps": steps,
            "breaches": breaches,
            "intervals": clock.pieces.iter().map(interval).collect::<Vec<_>>(),
            "intervals_left_out": clock.pieces_left_out,
        })
    }

    /// The breaches of a cycle that were recorded, each with what held then, and who declared it void.
    fn breaches(&self, clock: &ClockProof) -> Vec<Value> {
        let recorded = self.events.iter().filter_map(|event| match &event.fact {
            Fact::SlaBreached {
                metric,
                due_at,
                instance,
                in_force,
            } if *metric == clock.metric => {
                let of_cycle = instance.is_none_or(|instance| instance == clock.instance);
                of_cycle.then_some((event, *due_at, in_force))
            }
            _ => None,
        });
        recorded
            .map(|(event, due_at, in_force)| {
                json!({
                    "due_at": time(due_at),
                    "recorded_at": time(event.at),
                    "in_force": in_force,
                    "void": self.void(clock, event.v, due_at),
                })
            })
            .collect()
    }

    fn void(&self, clock: &ClockProof, after: u64, breach_due_at: Timestamp) -> Value {
        let void = self
            .events
            .iter()
            .filter(|event| event.v > after)
            .find_map(|event| match &event.fact {
                Fact::SlaBreachVoided {
                    metric,
                    instance,
                    due_at,
                    reason,
                } if (*metric, *instance, *due_at) == (clock.metric, clock.instance, breach_due_at) => {
                    Some(json!({ "at": time(event.at), "author_id": event.actor.person(), "reason": reason }))
                }
                _ => None,
            });
        void.unwrap_or(Value::Null)
    }

    /// Which policies came to hold after the ticket had begun.
    fn applied(&self) -> Vec<Value> {
        let applied = self.events.iter().filter_map(|event| match &event.fact {
            Fact::SlaPolicyApplied {
                policy,
                from,
                to,
                reason,
            } => Some(json!({
                "at": time(event.at),
                "policy": policy,
                "from": from,
                "to": to,
                "reason": reason,
            })),
            _ => None,
        });
        applied.collect()
    }
}

fn is_paused(cycle: &Cycle, paused: &[Run]) -> bool {
    let goes_on = |run: &Run| run.end.is_none();
    cycle.runs.iter().any(goes_on) && paused.iter().any(goes_on)
}

fn step(step: &StepTimes) -> Value {
    let kind = match step.step {
        Step::Warning(_) => "warning",
        Step::Breach => "breach",
        Step::Escalation(_) => "escalation",
    };
    json!({
        "step": step.step,
        "kind": kind,
        "due_at": step.due_at.map(time),
        "recorded_at": step.recorded_at.map(time),
    })
}

fn interval(piece: &Piece) -> Value {
    json!({
        "start": time(piece.start),
        "end": time(piece.end),
        "seconds": piece.end.duration_since(piece.start).as_secs(),
        "kind": piece.kind,
    })
}
