//! The one table of what starts, stops, suspends and resumes each clock.

use super::{Metric, Signal};
use crate::ticket::Status;

/// What happened, as far as a clock's course depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The ticket began.
    Created,
    /// The requester wrote.
    RequesterWrote,
    /// An agent answered.
    AgentAnswered,
    /// From one unsolved status to another.
    Moved,
    /// Solved.
    Solved,
    /// No longer solved.
    Reopened,
    /// Closed for good.
    Closed,
    /// Went into another ticket.
    Merged,
    /// Nothing that a clock's course depends on.
    Nothing,
}

impl Turn {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Created,
        Self::RequesterWrote,
        Self::AgentAnswered,
        Self::Moved,
        Self::Solved,
        Self::Reopened,
        Self::Closed,
        Self::Merged,
        Self::Nothing,
    ];

    /// What a signal is to a clock's course.
    pub fn of(signal: Signal) -> Self {
        match signal {
            Signal::Created(_) => Self::Created,
            Signal::RequesterWrote => Self::RequesterWrote,
            Signal::AgentAnswered => Self::AgentAnswered,
            Signal::Merged => Self::Merged,
            Signal::StatusMoved {
                to: Status::Closed, ..
            } => Self::Closed,
            Signal::StatusMoved { from, to } => match (from.is_unsolved(), to.is_unsolved()) {
                (true, true) => Self::Moved,
                (true, false) => Self::Solved,
                (false, true) => Self::Reopened,
                (false, false) => Self::Nothing,
            },
            Signal::PrioritySet(_)
            | Signal::AnswerLost { .. }
            | Signal::MergeUndone
            | Signal::Fired { .. }
            | Signal::Voided { .. }
            | Signal::Nothing => Self::Nothing,
        }
    }
}

/// Where a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It has not begun.
    Idle,
    /// It runs, or is paused by the policy.
    Running,
    /// It waits for the ticket to be reopened.
    Suspended,
    /// What it measures has happened, or no longer matters.
    Done,
    /// The ticket is closed or merged; it never runs again.
    Over,
}

impl Phase {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Idle, Self::Running, Self::Suspended, Self::Done, Self::Over];
}

/// What becomes of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    Nothing,
    /// A new cycle begins.
    Start,
    /// What it measures has happened.
    Fulfil,
    /// What it measures has happened, and a new cycle begins.
    Restart,
    /// It pauses or goes on as the policy says of the new status.
    AsPolicySays,
    /// It waits for the ticket to be reopened.
    Suspend,
    /// The same cycle goes on.
    Resume,
    /// The cycle ends unfulfilled: nobody waits any more.
    Drop,
    /// The clock ends for good.
    End,
}

/// What a turn does to a clock in a phase.
///
/// | metric | starts | stops | suspended | goes on |
/// | --- | --- | --- | --- | --- |
/// | first reply | created | agent answers | solved | reopened |
/// | next reply | requester writes after an answer | agent answers; solved | – | – |
/// | periodic update | agent answers, each time anew | agent answers | solved | reopened |
/// | resolution | created | solved | – | reopened |
///
/// All pause in the statuses the policy names, and end when the ticket is closed or merged.
pub fn effect(metric: Metric, turn: Turn, phase: Phase) -> Effect {
    match (metric, turn, phase) {
        (_, _, Phase::Over) => Effect::Nothing,
        (_, Turn::Closed | Turn::Merged, _) => Effect::End,
        (_, Turn::Moved, Phase::Running) => Effect::AsPolicySays,
        (Metric::FirstReply | Metric::Resolution, Turn::Created, Phase::Idle) => Effect::Start,
        (Metric::FirstReply, Turn::AgentAnswered, Phase::Running | Phase::Suspended) => Effect::Fulfil,
        (Metric::NextReply, Turn::AgentAnswered, Phase::Idle | Phase::Running | Phase::Suspended) => {
            Effect::Fulfil
        }
        (Metric::NextReply, Turn::RequesterWrote, Phase::Done) => Effect::Start,
        (Metric::NextReply, Turn::Solved, Phase::Running) => Effect::Drop,
        (Metric::PeriodicUpdate, Turn::AgentAnswered, _) => Effect::Restart,
        (Metric::Resolution, Turn::Solved, Phase::Running) => Effect::Fulfil,
        (Metric::Resolution, Turn::Reopened, Phase::Done) => Effect::Resume,
        (Metric::FirstReply | Metric::PeriodicUpdate, Turn::Solved, Phase::Running) => Effect::Suspend,
        (
            Metric::FirstReply | Metric::NextReply | Metric::PeriodicUpdate,
            Turn::Reopened,
            Phase::Suspended,
        ) => Effect::Resume,
        _ => Effect::Nothing,
    }
}
