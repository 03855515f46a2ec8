//! What clocks see of a ticket's events.
//!
//! Clocks do not read events but signals: a new kind of event needs one line here, and what clocks react to can be
//! tested without it.

use super::{Metric, Step, Warning, policy::STANDARD_WARNING_PERCENT};
use crate::{
    Timestamp,
    contact::{comment::AuthorRole, tells::CallOutcome},
    ticket::{Actor, Fact, Priority, Status, TicketEvent, fact},
};
use std::collections::BTreeMap;

/// What an event means to the clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The ticket began, with this priority.
    Created(Option<Priority>),
    /// The requester wrote, themselves and for agents to read.
    RequesterWrote,
    /// An agent wrote, themselves and for the requester to read.
    AgentAnswered,
    /// An answer will not reach the requester after all: nothing follows from it any more.
    AnswerLost {
        /// Version of the event with which it was written.
        answer: u64,
    },
    /// The status moved.
    StatusMoved {
        /// From.
        from: Status,
        /// To.
        to: Status,
    },
    /// The priority is another.
    PrioritySet(Priority),
    /// The ticket went into another.
    Merged,
    /// It came back from there: as if it had not gone.
    MergeUndone,
    /// A clock took a step.
    Fired {
        /// Which clock.
        metric: Metric,
        /// Which cycle: version of the event that started it; the newest, where nothing is said.
        instance: Option<u64>,
        /// Which step.
        step: Step,
    },
    /// A breach was declared void by somebody, for a reason. The breach stays in the history.
    Voided {
        /// Which clock.
        metric: Metric,
        /// Which cycle: version of the event that started it.
        instance: u64,
        /// The due time of the breach; a breach that comes due later is another one.
        due_at: Timestamp,
    },
    /// Nothing.
    Nothing,
}

impl Signal {
    /// What an event means to the clocks. What happened in another system means nothing to ours: an open ticket begins for them
    /// when it comes.
    pub fn of_event(event: &TicketEvent) -> Self {
        let Actor::Import(_) = event.actor else {
            return Self::of(&event.fact);
        };
        match &event.fact {
            Fact::Imported(imported) if imported.is_open() => Self::Created(imported.priority),
            Fact::StatusChanged { from, to, .. } if to.is_unsolved() => {
                Self::StatusMoved { from: *from, to: *to }
            }
            _ => Self::Nothing,
        }
    }

    /// What a comment means to the clocks. What was said on the phone is said, whoever may read it.
    fn of_comment(added: &fact::CommentAdded) -> Self {
        if let Some(call) = added.call() {
            return match call.outcome {
                CallOutcome::Answered => Self::AgentAnswered,
                CallOutcome::AnswerDue => Self::RequesterWrote,
                CallOutcome::NotReached => Self::Nothing,
            };
        }
        match (added.role, added.public, &added.automatic) {
            (AuthorRole::Requester | AuthorRole::Participant, true, None) => Self::RequesterWrote,
            (AuthorRole::Agent, true, None) if !added.reaches_nobody => Self::AgentAnswered,
            _ => Self::Nothing,
        }
    }

    /// What a fact means to the clocks.
    pub fn of(fact: &Fact) -> Self {
        match fact {
            Fact::TicketCreated(fact::TicketCreated { priority, .. }) => Self::Created(*priority),
            Fact::CommentAdded(added) => Self::of_comment(added),
            Fact::DeliveryReported {
                outbox, is_answered, ..
            } => match is_answered {
                Some(true) => Self::AgentAnswered,
                Some(false) => Self::AnswerLost { answer: outbox.v },
                None => Self::Nothing,
            },
            Fact::StatusChanged { from, to, .. } => Self::StatusMoved { from: *from, to: *to },
            Fact::Triaged(fact::Triaged { priority, .. }) => Self::PrioritySet(*priority),
            Fact::PriorityChanged { to, .. } => Self::PrioritySet(*to),
            Fact::SlaWarned {
                metric,
                instance,
                step,
                ..
            } => Self::Fired {
                metric: *metric,
                instance: *instance,
                step: step.unwrap_or(Step::Warning(Warning::Percent(STANDARD_WARNING_PERCENT))),
            },
            Fact::SlaBreached { metric, instance, .. } => Self::Fired {
                metric: *metric,
                instance: *instance,
                step: Step::Breach,
            },
            Fact::SlaEscalated { firing, .. } => firing.signal(),
            Fact::SlaBreachVoided {
                metric,
                instance,
                due_at,
                ..
            } => Self::Voided {
                metric: *metric,
                instance: *instance,
                due_at: *due_at,
            },
            Fact::Merged(_) => Self::Merged,
            Fact::MergeUndone(_) => Self::MergeUndone,
            Fact::Assigned { .. }
            | Fact::AssignmentDeferred { .. }
            | Fact::SkillsRequired { .. }
            | Fact::HandedBack { .. }
            | Fact::Escalated { .. }
            | Fact::AssigneeChanged { .. }
            | Fact::GroupChanged { .. }
            | Fact::TypeChanged { .. }
            | Fact::SubjectChanged { .. }
            | Fact::ExternalIdChanged(_)
            | Fact::ReplyViaChanged { .. }
            | Fact::TagsChanged { .. }
            | Fact::CcsChanged { .. }
            | Fact::ReopenHeldBack { .. }
            | Fact::SlaFulfilled { .. }
            | Fact::SlaPolicyApplied { .. }
            | Fact::Snoozed { .. }
            | Fact::SnoozeEnded { .. }
            | Fact::CustomerReminded { .. }
            | Fact::Deleted { .. }
            | Fact::Restored {}
            | Fact::PermanentlyDeleted { .. }
            | Fact::CommentRedacted { .. }
            | Fact::CommentMadePrivate { .. }
            | Fact::RequesterMerged { .. }
            | Fact::PersonForgotten { .. }
            | Fact::Erased { .. }
            | Fact::SolutionConfirmed { .. }
            | Fact::SatisfactionRated { .. }
            | Fact::Skipped { .. }
            | Fact::FieldsChanged { .. }
            | Fact::FormChanged { .. }
            | Fact::CustomStatusChanged { .. }
            | Fact::DueChanged { .. }
            | Fact::SlaPolicySet { .. }
            | Fact::RuleRan(_)
            | Fact::RuleStopped(_)
            | Fact::AgentsNotified(_)
            | Fact::AutomationsPlanned { .. }
            | Fact::MergedIn(_)
            | Fact::MergedInUndone(_)
            | Fact::SplitOff(_)
            | Fact::SplitFrom(_)
            | Fact::ProblemChanged(_)
            | Fact::IncidentsQueued(_)
            | Fact::IncidentsSolved(_)
            | Fact::FollowersChanged(_)
            | Fact::Imported(_) => Self::Nothing,
        }
    }
}

/// An event as the clocks see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happening {
    /// Version of the ticket with it.
    pub v: u64,
    /// When, in whole milliseconds.
    pub at: Timestamp,
    /// What.
    pub signal: Signal,
}

impl From<&TicketEvent> for Happening {
    fn from(event: &TicketEvent) -> Self {
        Self {
            v: event.v,
            at: whole_milliseconds(event.at),
            signal: Signal::of_event(event),
        }
    }
}

/// A ticket's events, in version order, as the clocks see them. Time does not go back: an event that another machine's
/// clock dated before its predecessor happened with it. An answer that was lost later means nothing.
pub fn happenings<'e>(events: impl IntoIterator<Item = &'e TicketEvent>) -> Vec<Happening> {
    let mut latest = Timestamp::MIN;
    let mut happenings: Vec<Happening> = Vec::new();
    // Where each answer was sent last, by the version with which it was written.
    let mut sent: BTreeMap<u64, usize> = BTreeMap::new();
    for event in events {
        let mut happening = Happening::from(event);
        latest = latest.max(happening.at);
        happening.at = latest;
        match happening.signal {
            Signal::AgentAnswered => {
                sent.insert(answer_of(event), happenings.len());
            }
            Signal::AnswerLost { answer } => {
                if let Some(place) = sent.remove(&answer) {
                    happenings[place].signal = Signal::Nothing;
                }
            }
            Signal::MergeUndone => {
                let mut before = happenings.iter_mut().rev();
                if let Some(merged) = before.find(|happening| happening.signal == Signal::Merged) {
                    merged.signal = Signal::Nothing;
                }
            }
            _ => {}
        }
        happenings.push(happening);
    }
    happenings
}

/// Version of the event with which the answer of an event was written.
fn answer_of(event: &TicketEvent) -> u64 {
    match &event.fact {
        Fact::DeliveryReported { outbox, .. } => outbox.v,
        _ => event.v,
    }
}

pub(crate) fn whole_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
