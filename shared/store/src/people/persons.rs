//! People as stored, and the identities by which they are found.

use crate::{
    StoreError,
    audit::chain_beside,
    keys::ItemKey,
    parts::People,
    table::{
        Role, Write,
        item::{Item, item_with, key_of, n, number_in, s, value_in},
    },
};
use docket_domain::{
    PersonId,
    audit::ChangedBy,
    people::person::{Identity, Person},
};

impl People<'_> {
    /// A person.
    pub async fn get(self, id: PersonId) -> Result<Option<Person>, StoreError> {
        match self.0.get_item(&ItemKey::Person(id)).await? {
            Some(item) => person_in(item).map(Some),
            None => Ok(None),
        }
    }

    /// These people, in any order, leaving out those that are not there; perhaps as they were a moment ago.
    pub async fn get_many(self, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
        people_in(self.0.get_items(&keys(ids)).await?)
    }

    /// The same as they are now: who has just written for the first time is among them.
    pub async fn as_of_now(self, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
        people_in(self.0.get_items_strongly(&keys(ids)).await?)
    }

    /// The same without those that can't be read, which are told: they hold nobody up.
    pub async fn readable_now(self, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
        let items = self.0.get_items_strongly(&keys(ids)).await?;
        let read = items.into_iter().filter_map(|item| match people_in(vec![item]) {
            Ok(people) => Some(people),
            Err(error) => {
                tracing::error!(%error, "a person can't be read");
                None
            }
        });
        Ok(read.flatten().collect())
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

    /// The parts that store a new person, with the event that says so.
    pub fn new_writes(self, person: &Person, by: &ChangedBy) -> Result<Vec<Write>, StoreError> {
        let mut writes = self.writes(None, person, by)?;
        writes[0] = writes[0].clone().when_new();
        let identities = person.identities.iter();
        writes.extend(identities.map(|identity| self.identity_write(person.id, identity)));
        writes.extend(self.0.agents().role_writes(None, person));
        Ok(writes)
    }

    /// The parts that store a changed person, who was read as they were before, with the event that says what changed. Whoever
    /// does not work here any more takes no new tickets from this moment on; what follows from that,
    /// `desk.agents().settle` does.
    pub async fn changed_writes(
        self,
        before: &Person,
        after: &Person,
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let next = Person {
            v: before.v + 1,
            ..after.clone()
        };
        let mut writes = self.writes(Some(before), &next, by)?;
        writes[0] = writes[0].clone().when("v = :read").with(":read", n(before.v));
        let is_added = |identity: &&Identity| !before.identities.contains(identity);
        let added = after.identities.iter().filter(is_added);
        writes.extend(added.map(|identity| self.identity_write(before.id, identity)));
        writes.extend(self.0.agents().role_writes(Some(before), after));
        if before.role.is_staff() && !after.role.is_staff() {
            writes.extend(self.0.agents().leaving_writes(before.id, by).await?);
        }
        Ok(writes)
    }

    /// The parts that leave of a person that there was one, and let nothing lead to them any more.
    pub async fn forgotten_writes(self, before: &Person, by: &ChangedBy) -> Result<Vec<Write>, StoreError> {
        let after = before.forgotten(by.at);
        let mut writes = self.changed_writes(before, &after, by).await?;
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let keys = before
            .identities
            .iter()
            .map(|identity| key_of(tenant, &ItemKey::Identity(identity.digest())));
        writes.extend(keys.map(|key| Write::delete(table, Role::State, key)));
        Ok(writes)
    }

    /// The record, and the event.
    fn writes(
        self,
        before: Option<&Person>,
        after: &Person,
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let event = self.0.append(before, after, by)?;
        let mut item = item_with(tenant, &ItemKey::Person(after.id), "person", after)?;
        item.insert("v".to_owned(), n(after.v));
        event.note_in(self.0, &mut item);
        Ok(vec![Write::put(table, Role::State, item), event.write()])
    }

    fn identity_write(self, id: PersonId, identity: &Identity) -> Write {
        let mut item = key_of(&self.0.settings.tenant, &ItemKey::Identity(identity.digest()));
        item.insert("person_id".to_owned(), n(id));
        item.insert("kind".to_owned(), s(identity_kind(identity)));
        Write::put(&self.0.settings.tickets_table, Role::State, item).when_new()
    }
}

fn keys(ids: &[PersonId]) -> Vec<ItemKey> {
    ids.iter().map(|id| ItemKey::Person(*id)).collect()
}

fn people_in(items: Vec<Item>) -> Result<Vec<Person>, StoreError> {
    items.into_iter().map(person_in).collect()
}

fn person_in(mut item: Item) -> Result<Person, StoreError> {
    let chain = chain_beside(&item)?;
    let person: Person = value_in(&mut item, "person")?;
    Ok(Person { chain, ..person })
}

fn identity_kind(identity: &Identity) -> &'static str {
    match identity {
        Identity::Email(_) => "email",
        Identity::Phone(_) => "phone",
        Identity::Channel(..) => "channel",
        Identity::External(_) => "external",
    }
}
