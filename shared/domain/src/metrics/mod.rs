//! What a ticket's history says of the work on it: how long things took, how often they happened, and the course of
//! each clock. Everything here is computed from events, whenever somebody asks; nothing of it is stored.

mod course;
mod events;
mod figures;

pub use events::{AppliedTarget, Kind, Measured, MetricEvent, metric_events};
pub use figures::{Elapsed, Figures, figures};

#[cfg(test)]
mod tests;
