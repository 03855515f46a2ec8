//! Names of the desk's people and groups, and the ids that stand for them.

use docket_domain::{GroupId, PersonId};
use std::collections::{BTreeMap, BTreeSet};

/// Who and what a file may name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskNames {
    /// Groups.
    pub groups: BTreeMap<String, GroupId>,
    /// Agents, by mail address in lower case.
    pub agents: BTreeMap<String, PersonId>,
    /// Whoever has a mail address, agents too, by it in lower case.
    pub people: BTreeMap<String, PersonId>,
    /// Mailboxes, by address.
    pub mailboxes: BTreeSet<String>,
}

impl DeskNames {
    /// The name of a group.
    pub fn group(&self, id: GroupId) -> Option<&str> {
        let found = self.groups.iter().find(|(_, other)| **other == id);
        found.map(|(name, _)| name.as_str())
    }

    /// The address of an agent.
    pub fn agent(&self, id: PersonId) -> Option<&str> {
        let found = self.agents.iter().find(|(_, other)| **other == id);
        found.map(|(address, _)| address.as_str())
    }

    /// Somebody's address.
    pub fn person(&self, id: PersonId) -> Option<&str> {
        let found = self.people.iter().find(|(_, other)| **other == id);
        found.map(|(address, _)| address.as_str())
    }
}
