//! The repository keeps to its own map: who may know whom, which folders there are, how long a file may be.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

#[path = "architecture/direction.rs"]
mod direction;
#[path = "architecture/files.rs"]
mod files;
