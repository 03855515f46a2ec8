//! Projections: what is kept beside the tickets so that nobody has to look at all of them.
//!
//! A projection follows the tickets in two ways. A nudge names those that changed, and only these are read. What a lost nudge left is
//! healed by a walk over the index `changed`, from a watermark that overlaps by more than its keys are rounded by. Both are
//! done under a lease, one at a time, and what was taken in of a ticket is kept with the version it was taken in at: so the same
//! ticket twice, or an older one late, changes nothing. A projection can be built anew beside the one in force, and put in
//! its place.

mod counters;
mod turn;
mod walk;

pub use counters::Counters;
pub use walk::{Pass, Projections};

use docket_domain::{TicketNumber, ticket::Ticket};
use docket_store::{Store, StoreError, projections::Kept, table::Write};
use serde::{Serialize, de::DeserializeOwned};

/// What follows the tickets.
pub trait Projection: Send + Sync {
    /// What it keeps of each ticket.
    type Of: Serialize + DeserializeOwned + Clone + Default + PartialEq + Send + Sync;

    /// Its name, under which it is kept: never another.
    fn name(&self) -> &'static str;

    /// The number of what it makes of a ticket: another one has everything built anew.
    fn scheme(&self) -> u64;

    /// What a ticket comes to.
    fn of(&self, ticket: &Ticket) -> Self::Of;

    /// Most parts that one ticket's change is, besides what is kept of it.
    fn most_parts(&self) -> usize;

    /// The parts of a transaction that follow from these changes.
    fn writes(&self, store: &Store, generation: u64, changes: &[Difference<Self::Of>]) -> Vec<Write>;
}

/// What a ticket came to, and comes to now.
#[derive(Clone, Debug)]
pub struct Difference<O> {
    /// The ticket.
    pub number: TicketNumber,
    /// What it came to; nothing taken in yet is the default.
    pub before: O,
    /// What it comes to.
    pub after: Kept<O>,
}

/// Why a projection could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lease ran out, and somebody else has it.
    #[error("projection {0} is brought up to date by somebody else now")]
    LeaseLost(&'static str),
}
