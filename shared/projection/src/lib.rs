//! Projections: what is kept beside the tickets so that nobody has to look at all of them.
//!
//! A projection follows the tickets in two ways. A nudge names those that changed, and only these are read. What a lost nudge left is
//! healed by a walk over the index `changed`, from a watermark that overlaps by more than its keys are rounded by. Both are
//! done under a lease, one at a time, and what was taken in of a ticket is kept with the version it was taken in at: so the same
//! ticket twice, or an older one late, changes nothing. A projection can be built anew beside the one in force, and put in
//! its place.

mod beside;
mod counters;
mod notifications;
mod search;
mod turn;
mod walk;

pub use beside::{Difference, Projection};
pub use counters::Counters;
pub use search::Search;
pub use walk::{Pass, Projections};

use docket_store::{Store, StoreError, keys::ChangedClass, table::Lease};

/// What is kept beside tickets, and other things that change, as far as whoever only looks after it has to know it.
pub trait Followed: Send + Sync {
    /// Its name, under which is kept how far it is: never another.
    fn name(&self) -> &'static str;

    /// The number of what it makes of a ticket: another one has everything built anew.
    fn scheme(&self) -> u64;

    /// What it follows, in the order in which it is built.
    fn follows(&self) -> &'static [ChangedClass];
}

/// Whoever brings it up to date.
pub trait Follower: Followed {
    /// How many things are taken in at once at most.
    fn at_once(&self) -> usize;

    /// Takes these in as they are now, into a generation, while the lease is held. A number that nothing has is passed over; what
    /// was taken in already changes nothing.
    fn take(
        &self,
        store: &Store,
        lease: &Lease,
        generation: u64,
        of: (ChangedClass, &[u64]),
    ) -> impl Future<Output = Result<(), ProjectionError>> + Send;
}

/// Why a projection could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What it keeps is damaged or lost: it has to be built anew.
    #[error("what projection {0} keeps can't be used and has to be built anew: {1}")]
    Damaged(&'static str, String),
    /// The lease ran out, and somebody else has it.
    #[error("projection {0} is brought up to date by somebody else now")]
    LeaseLost(&'static str),
}
