//! The API driven over HTTP on the embedded AWS: what a client sends, and what it gets.

#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of test functions")]

mod support;

mod account;
mod agent_settings;
mod audits;
mod errors;
mod exports;
mod field_values;
mod fields;
mod forms;
mod histories;
mod imports;
mod jobs;
mod linked;
mod links;
mod lists;
mod mailboxes;
mod merging;
mod metrics;
mod organizations;
mod people;
mod repeats;
mod reported;
mod routing;
mod rules;
mod rules_many;
mod satisfaction;
mod schedules;
mod skills;
mod sla_proof;
mod slas;
mod tags;
mod tickets;
mod uploads;
mod views;
mod views_running;
mod views_shown;
