//! What projections keep: how far each is, what it has of each ticket, and the counts of views.

/// The name of the projection that keeps the counts of views, and with them what agents are told.
pub const COUNTERS: &str = "counters";
/// Name of the index of the search.
pub const SEARCH: &str = "search";

mod counts;
mod kept;
mod state;
mod taken_in;

pub use kept::{Kept, Seen};
pub use state::{Building, ProjectionState};
pub(crate) use taken_in::TakenIn;
