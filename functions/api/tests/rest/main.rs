//! The API driven over HTTP on the embedded AWS: what a client sends, and what it gets.

#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of test functions")]

mod support;

mod access;
mod account;
mod agent_settings;
mod audits;
mod conversation_log;
mod documented_paths;
mod errors;
mod exports;
mod exports_many;
mod exports_of_saves;
mod field_values;
mod fields;
mod forms;
mod histories;
mod identities;
mod imports;
mod jobs;
mod kept;
mod linked;
mod links;
mod lists;
mod lookups;
mod mailboxes;
mod memberships;
mod merging;
mod merging_people;
mod metrics;
mod organization_merges;
mod organizations;
mod people;
mod people_found;
mod records;
mod repeats;
mod reported;
mod requests;
mod requests_and_tickets;
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
mod views_own_fields;
mod views_running;
mod views_shown;
