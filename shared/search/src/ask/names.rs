//! The numbers of names.

use crate::{limits::MOST_OF_ONE_NAME, query::Name};
use std::collections::BTreeMap;

/// Names that stand in a query and the numbers that they are the names of: of each at most [`MOST_OF_ONE_NAME`], the first. A name
/// that is missing is nobody's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(BTreeMap<Name, Vec<u64>>);

impl Names {
    /// The numbers of a name.
    pub(super) fn of(&self, name: &Name) -> &[u64] {
        let numbers = self.0.get(name).map(Vec::as_slice).unwrap_or_default();
        numbers.get(..MOST_OF_ONE_NAME).unwrap_or(numbers)
    }
}

impl FromIterator<(Name, Vec<u64>)> for Names {
    fn from_iter<I: IntoIterator<Item = (Name, Vec<u64>)>>(names: I) -> Self {
        Self(names.into_iter().collect())
    }
}
