//! Search as those who ask see it: a desk of a few tickets, people and organizations, and what each question finds.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod agreement;
mod client_queries;
mod customers;
mod desk;
mod heads;
mod index;
mod operators;
mod scheme;
mod scripts;
