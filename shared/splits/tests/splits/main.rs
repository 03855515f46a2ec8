//! What splits promise, asked from outside.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod agreement;
mod alive;
mod around;
mod asked;
mod format;
mod manifest;
mod merging;
mod naive;
mod ranged;
mod support;
