//! People and the identities by which they are found.

use super::{
    Committed, MOST_TRIES,
    item::{item_with, key_of, n, number_in, s, value_in},
    write::{Role, Write},
};
use crate::{Desk, StoreError, keys::ItemKey};
use docket_domain::{
    PersonId, Timestamp,
    people::{
        organization::Claim,
        person::{Identity, Person, Undeliverable},
    },
};

impl Desk {
    /// A person.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        match self.get_item(&ItemKey::Person(id)).await? {
            Some(mut item) => value_in(&mut item, "person").map(Some),
            None => Ok(None),
        }
    }

    /// These people, in any order, leaving out those that are not there.
    pub async fn people(&self, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
        let keys: Vec<_> = ids.iter().map(|id| ItemKey::Person(*id)).collect();
        let mut people = Vec::with_capacity(ids.len());
        for mut item in self.get_items(&keys).await? {
            people.push(value_in(&mut item, "person")?);
        }
        Ok(people)
    }

    /// Whose identity this is.
    pub async fn find_person(&self, identity: &Identity) -> Result<Option<Person>, StoreError> {
        let Some(item) = self.get_item(&ItemKey::Identity(identity.digest())).await? else {
            return Ok(None);
        };
        match number_in(&item, "person_id") {
            Some(id) => self.person(PersonId(id)).await,
            None => Ok(None),
        }
    }

    /// The person behind the first of these identities that is known; otherwise a new one with all of them, and the
    /// parts of a transaction that store them. Of two who make the same person at once, the second loses. Somebody new whose
    /// address is of an organization's domain belongs to it.
    pub async fn find_or_make_person(
        &self,
        identities: Vec<Identity>,
        name: &str,
        locale: Option<&str>,
        now: Timestamp,
    ) -> Result<(Person, Vec<Write>), StoreError> {
        for identity in &identities {
            if let Some(person) = self.find_person(identity).await? {
                return Ok((person, vec![]));
            }
        }
        let id = PersonId(self.next_number(crate::keys::Counter::People).await?);
        let mut person = Person::first_seen(id, name, identities, now);
        person.locale = locale.map(str::to_owned);
        if let Some(domain) = person.email.as_deref().and_then(Claim::domain_of) {
            person.organization = self.claimant(&domain).await?;
        }
        let writes = self.new_person_writes(&person)?;
        Ok((person, writes))
    }

    /// The parts that store a new person.
    pub fn new_person_writes(&self, person: &Person) -> Result<Vec<Write>, StoreError> {
        let (tenant, table) = (&self.settings.tenant, &self.settings.tickets_table);
        let mut item = item_with(tenant, &ItemKey::Person(person.id), "person", person)?;
        item.insert("v".to_owned(), n(person.v));
        let mut writes = vec![Write::put(table, Role::State, item).when_new()];
        writes.extend(
            person
                .identities
                .iter()
                .map(|identity| self.identity_write(person.id, identity)),
        );
        writes.extend(self.role_writes(None, person));
        Ok(writes)
    }

    /// The parts that store a changed person, who was read as they were before.
    pub fn changed_person_writes(&self, before: &Person, after: &Person) -> Result<Vec<Write>, StoreError> {
        let (tenant, table) = (&self.settings.tenant, &self.settings.tickets_table);
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
        writes.extend(self.role_writes(Some(before), after));
        Ok(writes)
    }

    /// Changes whoever has this address, or somebody new who gets it; decided again where somebody else was first.
    pub async fn change_person(&self, address: &str, change: impl Fn(&mut Person)) -> Result<(), StoreError> {
        for _ in 0..MOST_TRIES {
            let identities = vec![Identity::email(address)];
            let found = self.find_or_make_person(identities, "", None, self.now());
            let (before, is_new) = found.await.map(|(person, writes)| (person, !writes.is_empty()))?;
            let mut after = before.clone();
            change(&mut after);
            if after == before && !is_new {
                return Ok(());
            }
            after.updated_at = self.now();
            let writes = if is_new {
                self.new_person_writes(&after)?
            } else {
                self.changed_person_writes(&before, &after)?
            };
            if let Committed::Done(_) = self.commit_writes(vec![], writes).await? {
                if before.role.is_staff() && !after.role.is_staff() {
                    self.settle_agent_soon(after.id).await;
                }
                return Ok(());
            }
        }
        Err(StoreError::Contended {
            what: format!("the person with the address {address}"),
            tries: MOST_TRIES,
        })
    }

    /// The parts that mark addresses as ones to which mail goes nowhere, each with the reason. Only those of the people to
    /// whom a mail went.
    pub async fn undeliverable_writes(
        &self,
        recipients: &[PersonId],
        dead: &[(String, String)],
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = Vec::new();
        if dead.is_empty() {
            return Ok(writes);
        }
        for before in self.people(recipients).await? {
            let mut person = before.clone();
            let is_theirs = |(address, _): &&(String, String)| {
                let email = person.email.as_ref();
                email.is_some_and(|email| email.eq_ignore_ascii_case(address))
            };
            if let Some((address, why)) = dead.iter().find(is_theirs) {
                person.undeliverable = Some(Undeliverable {
                    address: address.to_lowercase(),
                    at: self.now(),
                    why: why.clone(),
                });
                writes.extend(self.changed_person_writes(&before, &person)?);
            }
        }
        Ok(writes)
    }

    fn identity_write(&self, id: PersonId, identity: &Identity) -> Write {
        let mut item = key_of(&self.settings.tenant, &ItemKey::Identity(identity.digest()));
        item.insert("person_id".to_owned(), n(id));
        item.insert("kind".to_owned(), s(identity_kind(identity)));
        Write::put(&self.settings.tickets_table, Role::State, item).when_new()
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
