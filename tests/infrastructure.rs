//! `infra/template.yaml` against the house rules, the code, and the samples of what reaches functions.

mod broken_copies;
mod deployment;
mod local_wiring;
mod samples;
