//! Calendars and clocks, tested from outside: against an oracle that counts, against published vectors, by properties,
//! and bug by bug.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod bugs;
mod collection;
mod desk;
mod grid;
mod holiday_files;
mod holiday_rules;
mod invent;
mod lost_answers;
mod oracle;
mod oracle_clocks;
mod oracle_story;
mod properties;
mod random;
mod rules;
mod story;
mod sweep;
mod table;
mod vectors;
mod vectors_dst;
mod vectors_gems;

/// The zones of the design: whole, half and quarter hours, changes of half an hour, at midnight, and a day left out.
pub const ZONES: [&str; 12] = [
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Europe/Dublin",
    "UTC",
];
