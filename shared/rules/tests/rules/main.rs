//! Rules as they run on a ticket: real conditions, real decisions, no store.

mod automations;
mod case;
mod macros;
mod routing;
mod triggers;
