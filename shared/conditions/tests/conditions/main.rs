//! Conditions as their authors see them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod absent;
mod accepted;
mod conformance;
mod documented;
mod explanations;
mod facts;
mod failures;
mod hostile;
mod random;
mod refused;
mod sets;
