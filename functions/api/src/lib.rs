//! `/api/v2`: the desk for programs, in the shapes of the Zendesk Support API v2 (developer.zendesk.com,
//! api-reference/ticketing, read November 2026), so that clients written for it work with another base address.
//!
//! A request passes three layers: `kit::format` takes `.json` off the path, `kit::call` finds out who calls, and a handler
//! reads or writes through [`docket_desk::Desk`]. What leaves is made in `shapes`, what comes in is read in
//! `kit::input`, lists are cut in `kit::paging`, and repeats of a write are told by `kit::idempotency`.
//!
//! # Where the desk differs from what the shapes suggest
//!
//! - A ticket's number is its id; a comment's and an audit's id is `number * 100,000 + v`, where `v` is the version
//!   of the ticket that added it (an audit's: the first of its versions).
//! - Lists are in the order of ids, which `sort_order=desc` and `sort=-id` turn round; tickets also by priority, status and last
//!   change. Another order is refused. By cursor a page may hold fewer rows than asked for, as ids have gaps.
//! - An audit is one save: the events of one commit. What has no counterpart elsewhere stands in it as an event whose type
//!   begins with `Docket`: why rules and assignment decided so, promises, what became of an answer on its way.
//! - A closed status follows only on a solved one; whoever solves a ticket that nobody has, has it; group and
//!   priority can be changed but not taken away.
//! - A file that waits for its comment has no record under `attachments` yet; its token holds for three days and stays
//!   good for further comments. Files are fetched with the same credentials as everything else, or by a link that works by
//!   itself for an hour.
//! - All targets of a policy count by the same hours; what starts and ends a clock is one table for all policies. A filter is
//!   kept as a condition, and a condition that no filter can say is shown under `docket`.
//! - A trigger without a condition on what happened runs at every change, as clients expect; each runs once in a save. An
//!   automation has one time, and runs once for each moment that it counts from. Texts of rules are Jinja. What else a rule
//!   can say stands under `docket`.
//! - What an agent can do, how much they take and when they work is set at `agents/{id}/settings`; skills are those of the
//!   configuration, shown at `routing/skills`.
//! - A holiday's id is its first day as a number; days of one name that follow each other are one holiday.
//! - A ticket's figures have its id. Waits count once they are over, so a figure changes with the ticket only.
//! - An organization that was deleted is nobody's any more.
//! - Customers call `requests`, `uploads` and `users/me`; a merge of two of them can be undone.

// The shapes are literals with many fields.
#![recursion_limit = "512"]

mod account;
mod agents;
mod app;
mod attachments;
mod comment_texts;
mod deleted_tickets;
mod exports;
mod fields;
mod filters;
mod group_memberships;
mod groups;
mod histories;
mod jobs;
mod kit;
mod ledger;
mod memberships;
mod organizations;
mod people;
mod recipient_addresses;
mod requests;
mod routing;
mod rules;
mod satisfaction;
mod schedules;
mod search;
mod shapes;
mod sideloads;
mod skips;
mod slas;
mod suspended_tickets;
mod tags;
mod ticket_lists;
mod ticket_metric_events;
mod ticket_metrics;
mod ticket_terms;
mod tickets;
mod uploads;
mod users;
mod views;

pub use app::app;
pub use jobs::{TakenUp, take_up};
