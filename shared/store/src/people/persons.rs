//! People as stored, and the identities by which they are found.

use crate::{
    StoreError,
    keys::ItemKey,
    parts::People,
    table::{
        Role, Write,
        item::{item_with, key_of, n, number_in, s, value_in},
    },
};
use docket_domain::{
    PersonId,
    people::person::{Identity, Person},
};

impl People<'_> {
    /// A person.
    pub async fn get(self, id: PersonId) -> Result<Option<Person>, StoreError> {
        match self.0.get_item(&ItemKey::Person(id)).await? {
            Some(mut item) => value_in(&mut item, "person").map(Some),
            None => Ok(None),
        }
    }

    /// These people, in any order, leaving out those that are not there.
    pub async fn get_many(self, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
        let keys: Vec<_> = ids.iter().map(|id| ItemKey::Person(*id)).collect();
        let mut people = Vec::with_capacity(ids.len());
        for mut item in self.0.get_items(&keys).await? {
            people.push(value_in(&mut item, "person")?);
        }
        Ok(people)
    }

    /// Whose identity this is.
    pub async fn find(self, identity: &Identity) -> Result<Option<Person>, StoreError> {
        let Some(item) = self.0.get_item(&ItemKey::Identity(identity.digest())).await? else {
            return Ok(None);
        };
        match number_in(&item, "person_id") {
            Some(id) => self.get(PersonId(id)).await,
            None => Ok(None),
        }
    }

    /// The parts that store a new person.
    pub fn new_writes(self, person: &Person) -> Result<Vec<Write>, StoreError> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let mut item = item_with(tenant, &ItemKey::Person(person.id), "person", person)?;
        item.insert("v".to_owned(), n(person.v));
        let mut writes = vec![Write::put(table, Role::State, item).when_new()];
        writes.extend(
            person
                .identities
                .iter()
                .map(|identity| self.identity_write(person.id, identity)),
        );
        writes.extend(self.0.agents().role_writes(None, person));
        Ok(writes)
    }

    /// The parts that store a changed person, who was read as they were before.
    pub fn changed_writes(self, before: &Person, after: &Person) -> Result<Vec<Write>, StoreError> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let next = Person {
            v: before.v + 1,
            ..after.clone()
        };
        let mut item = item_with(tenant, &ItemKey::Person(before.id), "person", &next)?;
        item.insert("v".to_owned(), n(next.v));
        let write = Write::put(table, Role::State, item)
            .when("v = :read")
            .with(":read", n(before.v));
        let is_added = |identity: &&Identity| !before.identities.contains(identity);
        let added = after.identities.iter().filter(is_added);
        let identities = added.map(|identity| self.identity_write(before.id, identity));
        let mut writes: Vec<Write> = std::iter::once(write).chain(identities).collect();
        writes.extend(self.0.agents().role_writes(Some(before), after));
        Ok(writes)
    }

    fn identity_write(self, id: PersonId, identity: &Identity) -> Write {
        let mut item = key_of(&self.0.settings.tenant, &ItemKey::Identity(identity.digest()));
        item.insert("person_id".to_owned(), n(id));
        item.insert("kind".to_owned(), s(identity_kind(identity)));
        Write::put(&self.0.settings.tickets_table, Role::State, item).when_new()
    }
}

fn identity_kind(identity: &Identity) -> &'static str {
    match identity {
        Identity::Email(_) => "email",
        Identity::Phone(_) => "phone",
        Identity::Channel(..) => "channel",
        Identity::External(_) => "external",
    }
}
