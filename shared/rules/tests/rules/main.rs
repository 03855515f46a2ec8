//! Rules as they run on a ticket: real conditions, real decisions, no store.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod automations;
mod case;
mod macros;
mod past_tickets;
mod routing;
mod triggers;
