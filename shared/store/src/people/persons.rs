//! People as stored, and the identities by which they are found.

use crate::{
    StoreError,
    audit::chain_beside,
    keys::{ItemKey, deleted_people_pk},
    parts::People,
    table::{
        Role, ViewPage, Write,
        item::{Item, item_with, key_of, n, number_in, s, value_in},
        page::Query,
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

    /// The version of somebody's record, which may be one that can't be read; nothing where there is none.
    pub async fn version(self, id: PersonId) -> Result<Option<u64>, StoreError> {
        let item = self.0.get_item(&ItemKey::Person(id)).await?;
        Ok(item.and_then(|item| number_in(&item, "v")))
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
        let mut writes = self.record_writes(None, person, by)?;
        writes[0] = writes[0].clone().when_new();
        let identities = person.held_identities().iter();
        writes.extend(identities.map(|identity| self.identity_write(person.id, identity).when_new()));
        writes.extend(self.membership_writes(None, person, by.at));
        writes.extend(self.0.agents().role_writes(None, person));
        Ok(writes)
    }

    /// The parts that store a changed person, who was read as they were before, with the event that says what changed. Whoever
    /// does not work here any more takes no new tickets from this moment on; what follows from that,
    /// `desk.agents().settle` does. What a person is not found by any more is free.
    pub async fn changed_writes(
        self,
        before: &Person,
        after: &Person,
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = self.version_writes(before, after, by)?;
        let (held, holds) = (before.held_identities(), after.held_identities());
        let added = holds.iter().filter(|identity| !held.contains(identity));
        writes.extend(added.map(|identity| self.identity_write(before.id, identity).when_new()));
        let freed = held.iter().filter(|identity| !holds.contains(identity));
        writes.extend(freed.map(|identity| self.freed_identity_write(identity)));
        writes.extend(self.membership_writes(Some(before), after, by.at));
        writes.extend(self.listing_write(before, after).await?);
        writes.extend(self.0.agents().role_writes(Some(before), after));
        if before.role.is_staff() && !after.role.is_staff() {
            writes.extend(self.0.agents().leaving_writes(before.id, by).await?);
        }
        Ok(writes)
    }

    /// The parts that store two people, each before and after, between whom identities go over.
    pub async fn exchange_writes(
        self,
        [one, other]: [(&Person, &Person); 2],
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = Vec::new();
        for (before, after) in [one, other] {
            writes.extend(self.version_writes(before, after, by)?);
            writes.extend(self.membership_writes(Some(before), after, by.at));
            writes.extend(self.listing_write(before, after).await?);
        }
        for ((from, from_after), (to, to_after)) in [(one, other), (other, one)] {
            for identity in from.held_identities() {
                if from_after.held_identities().contains(identity) {
                    continue;
                }
                if to_after.held_identities().contains(identity) {
                    let write = self.identity_write(to.id, identity);
                    writes.push(write.when("person_id = :from").with(":from", n(from.id)));
                } else {
                    writes.push(self.freed_identity_write(identity));
                }
            }
        }
        Ok(writes)
    }

    /// The parts that leave of a person that there was one, and let nothing lead to them any more.
    pub async fn forgotten_writes(self, before: &Person, by: &ChangedBy) -> Result<Vec<Write>, StoreError> {
        self.changed_writes(before, &before.forgotten(by.at), by).await
    }

    fn version_writes(
        self,
        before: &Person,
        after: &Person,
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let next = Person {
            v: before.v + 1,
            ..after.clone()
        };
        let mut writes = self.record_writes(Some(before), &next, by)?;
        writes[0] = writes[0].clone().when("v = :read").with(":read", n(before.v));
        Ok(writes)
    }

    /// The part by which lists count somebody, or count them no more.
    async fn listing_write(self, before: &Person, after: &Person) -> Result<Option<Write>, StoreError> {
        match (before.is_listed(), after.is_listed()) {
            (true, false) => self.0.set_aside_write(before.id).await,
            (false, true) => Ok(Some(self.0.stands_again_write(before.id))),
            _ => Ok(None),
        }
    }

    /// The record, and the event.
    fn record_writes(
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
        if after.deleted_at.is_some() && after.forgotten_at.is_none() {
            item.insert("view_pk".to_owned(), s(deleted_people_pk(tenant)));
            item.insert("view_sk".to_owned(), s(format!("{:012}", after.id.0)));
        }
        Ok(vec![Write::put(table, Role::State, item), event.write()])
    }

    fn identity_write(self, id: PersonId, identity: &Identity) -> Write {
        let mut item = key_of(&self.0.settings.tenant, &ItemKey::Identity(identity.digest()));
        item.insert("person_id".to_owned(), n(id));
        item.insert("kind".to_owned(), s(identity_kind(identity)));
        Write::put(&self.0.settings.tickets_table, Role::State, item)
    }

    fn freed_identity_write(self, identity: &Identity) -> Write {
        let key = key_of(&self.0.settings.tenant, &ItemKey::Identity(identity.digest()));
        Write::delete(&self.0.settings.tickets_table, Role::State, key)
    }

    /// People who were deleted and not forgotten, by id, with the places of the first and the last in the order in which they were
    /// looked for, and whether there are more.
    pub async fn deleted(self, asked: &ViewPage) -> Result<PeopleRows, StoreError> {
        let partition = deleted_people_pk(&self.0.settings.tenant);
        let (places, has_more) = self.0.places_in_view(&[partition], asked).await?;
        let ids: Vec<PersonId> = places.iter().filter_map(|place| place.parse().ok()).collect();
        let mut people = self.get_many(&ids).await?;
        people.retain(|person| person.deleted_at.is_some() && person.forgotten_at.is_none());
        people.sort_by_key(|person| ids.iter().position(|id| *id == person.id));
        Ok(PeopleRows {
            people,
            first: places.first().cloned(),
            last: places.last().cloned(),
            has_more,
        })
    }

    /// How many of them there are, at most so many.
    pub async fn count_of_deleted(self, most: usize) -> Result<usize, StoreError> {
        let partition = deleted_people_pk(&self.0.settings.tenant);
        self.0.count(Query::index("view", partition, most)).await
    }
}

/// A page of people who stand at places.
#[derive(Clone, Debug, Default)]
pub struct PeopleRows {
    /// The people.
    pub people: Vec<Person>,
    /// The place of the first, in the order in which they were looked for.
    pub first: Option<String>,
    /// The place of the last.
    pub last: Option<String>,
    /// Whether there are more behind it.
    pub has_more: bool,
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
