//! The help desk's rules: what a ticket is, how it may change, and what work follows from a change.
//!
//! Nothing here does IO, reads a clock, makes a random number or writes a log line. A step of the desk
//! is *load, decide, commit*; this crate is the decide, so every automatic decision can be repeated from
//! its inputs: [`ticket::decide`] turns a command into events, [`ticket::evolve`] turns events into the
//! ticket's head, [`outbox`] and [`nudge`] name the work that follows.
//!
//! The stages [`contact::intake`], [`triage`], [`assignment`], [`sla`] and [`outbox`] know tickets, ids and time,
//! and do not know each other.

pub mod assignment;
pub mod audit;
pub mod calendar;
pub mod configuration;
pub mod contact;
pub mod draft;
pub mod field;
pub mod ids;
pub mod job;
pub mod ledger;
pub mod metrics;
pub mod notification;
pub mod nudge;
pub mod outbox;
pub mod people;
pub mod record;
pub mod rule;
pub mod sla;
pub mod ticket;
pub mod triage;
pub mod view;

pub use ids::{
    CalendarId, Digest, GroupId, OrganizationId, OutboxId, PersonId, PolicyId, RuleId, SkillId, Tenant,
    TicketNumber, ViewId,
};
pub use jiff::Timestamp;
