//! The API driven over HTTP on the embedded AWS: what a client sends, and what it gets.

#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of test functions")]

mod support;

mod access;
mod agent_settings;
mod audits;
mod errors;
mod identities;
mod links;
mod lists;
mod mailboxes;
mod memberships;
mod merging;
mod metrics;
mod organizations;
mod people;
mod records;
mod repeats;
mod reported;
mod requests;
mod routing;
mod rules;
mod schedules;
mod skills;
mod sla_proof;
mod slas;
mod tickets;
mod uploads;
