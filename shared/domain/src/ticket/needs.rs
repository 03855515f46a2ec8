//! What a decision lacks: whoever asked for it fetches that and asks again.

use crate::{Digest, GroupId, PersonId};
use std::collections::{BTreeMap, BTreeSet};

/// What a decision needs to know and was not handed. It is asked for all at once where that can be told from the ticket and
/// the command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The ticket's events so far.
    pub history: bool,
    /// Whether these people work here.
    pub staff: BTreeSet<PersonId>,
    /// The members of these groups.
    pub members: BTreeSet<GroupId>,
    /// The texts of comments that the save adds, or that earlier ones did: then with the version that they came with.
    pub texts: BTreeMap<Digest, Option<u64>>,
    /// The name of the agent who commands.
    pub agent: Option<PersonId>,
}

impl Needs {
    /// Nothing but the ticket's events so far.
    pub fn history() -> Self {
        Self {
            history: true,
            ..Self::default()
        }
    }

    /// Nothing but whether somebody works here.
    pub fn staff(person: PersonId) -> Self {
        Self {
            staff: BTreeSet::from([person]),
            ..Self::default()
        }
    }

    /// Whether nothing is lacking.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}
