//! The pages against a desk in memory: what is shown, what is stored, and what nobody may do.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

mod answering;
mod attaching;
mod browser;
mod bulk;
mod copying;
mod directions;
mod escalating;
mod failing;
mod finding_back;
mod guarding;
mod listing;
mod mailed;
mod merged;
mod portal;
mod presence;
mod reacting;
mod removed;
mod searching;
mod seeing;
mod snoozing;
mod views_saved;
mod world;
