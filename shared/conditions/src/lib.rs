#![doc = include_str!("../README.md")]
//!
//! # For programmers
//!
//! [`Condition::parse_with`] checks a condition when it is saved; a stored condition is a valid one. [`Facts`] are
//! gathered once for a ticket and evaluated by many conditions through a [`ConditionSet`] or [`Prepared`]. An
//! [`Evaluation`] tells which names were read and their values, for the explanation of a decision.
//!
//! ```
//! use docket_conditions::{Condition, Facts};
//!
//! let error = Condition::parse(r#"ticket.status == "opne""#).unwrap_err();
//! assert_eq!(error.to_string(), r#"line 1, column 18: no status is "opne"; did you mean `open`?"#);
//!
//! let condition = Condition::parse(r#"ticket.status == "open" && "vip" in ticket.tags"#)?;
//! let facts: Facts = serde_json::from_str(
//!     r#"{
//!         "ticket": {
//!             "number": 7, "subject": "Printer", "channel": {"kind": "api"}, "status": "open", "tags": ["vip"],
//!             "created_at": "2026-01-29T14:30:00Z", "updated_at": "2026-01-29T14:30:00Z"
//!         },
//!         "requester": {},
//!         "now": "2026-01-30T16:30:00Z"
//!     }"#,
//! )?;
//! let evaluation = condition.evaluate(&facts)?;
//! assert!(evaluation.result);
//! assert_eq!(evaluation.read[1], ("ticket.tags".to_owned(), r#"["vip"]"#.to_owned()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate `cel` parses. It has no types and its interpreter no bounds, so the tree becomes a program of our own,
//! whose every name, literal and type was looked up once, and which borrows from the facts what it reads: no copy of
//! the facts is made. Input is hostile until checked: before the parser, which recurses, the source is
//! read without recursion and refused if it is nested too deeply; one megabyte of stack is enough in a debug build.
//!
//! This crate must not know rules, actions, the store or the clock: `now` and open calendars are facts.

mod check;
mod condition;
mod error;
mod facts;
mod guard;
pub mod limits;
mod names;
mod prepared;
mod program;
mod reads;
mod run;
mod set;
mod types;
mod words;

pub use condition::{Condition, Evaluation};
pub use error::{ConditionError, EvaluationError, Fault, Place, Problem};
pub use facts::{BotFacts, EventFacts, Facts, OrganizationFacts, RequesterFacts, TicketFacts};
pub use names::{Name, names};
pub use prepared::Prepared;
pub use set::{ConditionSet, RefusedCondition};
pub use words::{ActorKind, Attribute, EventKind, Vocabulary};
