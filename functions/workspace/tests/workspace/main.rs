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
mod keeping;
mod listing;
mod living;
mod long;
mod mailed;
mod merged;
mod notified;
mod palette;
mod portal;
mod presence;
mod properties;
mod provider;
mod reacting;
mod removed;
mod searching;
mod seeing;
mod sessions;
mod signing_in;
mod signing_in_attacks;
mod snoozing;
mod told_once;
mod undoing;
mod views_saved;
mod visitor;
mod world;
