//! The index of the search on a desk's own store: what it is made from ([`documents`]), how it is kept ([`KeptIndex`]: splits in the
//! bucket, named by a manifest that is changed by compare-and-swap), how it follows what changes ([`SearchFollower`]), and how it is asked
//! together with what changed a moment ago ([`Finder`]).

mod around;
mod audit;
pub mod documents;
mod error;
mod facets;
mod finder;
mod follower;
mod heads;
mod in_bucket;
mod kept;
mod names;
mod opened;
mod places;
mod recent;
mod renamed;
mod splits_at_hand;
mod views;

pub use audit::audit_part;
pub use error::IndexError;
pub use finder::{FindError, Finder};
pub use follower::SearchFollower;
pub use kept::KeptIndex;
pub use opened::Opened;
pub use splits_at_hand::SplitsAtHand;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is kept at hand is whole at any time: a panic of somebody else leaves nothing half done in it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
