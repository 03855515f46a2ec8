//! The index of the search, as far as those have to know it who do not build it.

use crate::Followed;
use docket_store::{keys::ChangedClass, projections::SEARCH};

/// The index of the search.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search;

impl Followed for Search {
    fn name(&self) -> &'static str {
        SEARCH
    }

    fn scheme(&self) -> u64 {
        3
    }

    fn follows(&self) -> &'static [ChangedClass] {
        &[
            // Before the tickets that they are found on.
            ChangedClass::People,
            ChangedClass::Organizations,
            ChangedClass::Tickets,
        ]
    }
}
