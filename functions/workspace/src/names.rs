//! The names behind the ids on a page.

use crate::{directions::isolated, failure::Failure};
use docket_desk::Desk;
use docket_domain::{GroupId, PersonId, configuration::Group, people::person::Person};
use std::collections::{BTreeMap, BTreeSet};

/// People and groups by id.
#[derive(Clone, Debug, Default)]
pub struct Names {
    people: BTreeMap<PersonId, Person>,
    groups: BTreeMap<GroupId, String>,
}

impl Names {
    /// Names of these people and of these groups.
    pub async fn read(desk: &Desk, people: BTreeSet<PersonId>, groups: &[Group]) -> Result<Self, Failure> {
        let ids: Vec<_> = people.into_iter().collect();
        Ok(Self::of(desk.people().get_many(&ids).await?, groups))
    }

    /// The same of people at hand.
    pub fn of(people: Vec<Person>, groups: &[Group]) -> Self {
        Self {
            people: people.into_iter().map(|person| (person.id, person)).collect(),
            groups: groups
                .iter()
                .map(|group| (group.id, group.name.clone()))
                .collect(),
        }
    }

    /// A person, if known.
    pub fn known(&self, id: PersonId) -> Option<&Person> {
        self.people.get(&id)
    }

    /// A person's name.
    pub fn person(&self, id: PersonId) -> String {
        if id.is_of_the_desk() {
            return t!("The desk").to_owned();
        }
        self.known(id)
            .map_or_else(|| t!("Person {id}", id), |person| person.name.clone())
    }

    /// A person's name for a sentence of ours.
    pub fn told(&self, id: PersonId) -> String {
        isolated(&self.person(id)).into_owned()
    }

    /// A group's name for a sentence of ours.
    pub fn told_group(&self, id: GroupId) -> String {
        isolated(&self.group(id)).into_owned()
    }

    /// A group's name.
    pub fn group(&self, id: GroupId) -> String {
        self.groups
            .get(&id)
            .cloned()
            .unwrap_or_else(|| t!("Group {id}", id))
    }
}
