//! `infra/template.yaml` against the house rules, the code, and the samples of what reaches functions.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

#[path = "infrastructure/broken_copies.rs"]
mod broken_copies;
#[path = "infrastructure/deployment.rs"]
mod deployment;
#[path = "infrastructure/local_wiring.rs"]
mod local_wiring;
#[path = "infrastructure/samples.rs"]
mod samples;
