//! Promises.

mod clock;

pub use clock::{Clock, Due, default_targets, due};
