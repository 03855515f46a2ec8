//! Promises: how long a clock has run, when it warns and when it is due.
//!
//! A [`Policy`] promises targets by metric and priority. A ticket's events, seen as [`Happening`]s, give each clock its
//! [`Cycle`]s by one table ([`effect`]); the one formula ([`counted`], [`elapsed`], [`reached_at`]) gives its numbers.
//! [`Clocks`] are what the ticket's head keeps of that: computed from the whole history ([`Clocks::recompute`]) or carried
//! on by one event ([`Clocks::advance`]), with the same result. [`prove`] lists every interval that led to a number.
//!
//! Rules that are not obvious:
//!
//! - The next-reply clock begins only after the first reply: before, the first-reply clock measures the same wait.
//! - Warnings and escalations are counted by the clock itself: an escalation an hour after the breach comes after an hour
//!   of the clock, not at night and not in a pause.
//! - A breach that came before the clock stopped or paused is recorded even when the sweep comes later; warnings and
//!   escalations are not given while it stands still.
//! - What ends at the very instant it is due has kept its promise.
//! - What has ended is judged by the priority and policy of then.

mod advance;
mod book;
mod clocks;
mod cycle;
mod formula;
mod metric;
mod named_people;
mod policy;
mod policy_check;
mod proof;
mod signal;
mod state;
mod steps;
mod table;
mod terms;

pub use advance::NeedsHistory;
pub use book::{
    Book, BookError, LONGEST_WAIT_SECONDS, MOST_CALENDARS, MOST_POLICIES, MOST_REMINDERS,
    SHORTEST_WAIT_SECONDS, TimerRules,
};
pub use clocks::{Clocks, Firing, MOST_OLDER_CYCLES};
pub use cycle::{Course, Cycle, Mark, Run, cycles, pauses, runs};
pub use formula::{counted, elapsed, reached_at};
pub use metric::{BadStep, Metric, Step, Warning};
pub use policy::{Action, Escalation, Hours, Policy, PolicyDraft, Promise, Recipient, choose_policy};
pub use policy_check::{
    LONGEST_CONDITION_BYTES, LONGEST_DESCRIPTION, LONGEST_TARGET_SECONDS, LONGEST_TITLE, LONGEST_WEBHOOK,
    MOST_ACTIONS, MOST_ESCALATIONS, MOST_WARNINGS, PolicyError,
};
pub use proof::{ClockProof, MOST_PIECES, Piece, PieceKind, Proof, prove};
pub use signal::{Happening, Signal, happenings};
pub use state::ClockState;
pub use steps::{StepTimes, steps_of};
pub use table::{Effect, Phase, Turn, effect};
pub use terms::{InForce, Measure, MissingCalendar, Terms};

pub(crate) use signal::whole_milliseconds;
use state::milliseconds;
