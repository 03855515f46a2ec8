//! People and the identities by which they are found.

use crate::parts::People;
use docket_domain::{
    OrganizationId, PersonId,
    audit::ChangedBy,
    people::{
        account::MERGED_ONE_AFTER_ANOTHER,
        organization::Claim,
        person::{Identity, Person, Undeliverable},
    },
};
use docket_store::{
    StoreError,
    table::{Committed, MOST_TRIES, Write},
};

/// Whose identities are.
#[derive(Clone, Debug)]
pub struct LookedUp {
    /// The first that is somebody's, and whose.
    pub known: Option<(Identity, Person)>,
    /// Those that are nobody's.
    pub nobodys: Vec<Identity>,
}

impl People<'_> {
    /// The person behind the first of these identities that is known; otherwise a new one with all of them, and the
    /// parts of a transaction that store them. Of two who make the same person at once, the second loses. Somebody new whose
    /// address is of an organization's domain belongs to it.
    pub async fn find_or_make(
        self,
        identities: Vec<Identity>,
        name: &str,
        locale: Option<&str>,
        by: &ChangedBy,
    ) -> Result<(Person, Vec<Write>), StoreError> {
        for identity in &identities {
            if let Some(person) = self.find(identity).await? {
                return Ok((person, vec![]));
            }
        }
        self.make(identities, name, locale, by).await
    }

    /// Somebody new with these identities, which are nobody's, and the parts that store them.
    pub async fn make(
        self,
        identities: Vec<Identity>,
        name: &str,
        locale: Option<&str>,
        by: &ChangedBy,
    ) -> Result<(Person, Vec<Write>), StoreError> {
        let email = identities.iter().find_map(|identity| match identity {
            Identity::Email(address) => Claim::domain_of(address),
            _ => None,
        });
        let organization = match email {
            Some(domain) => self.desk.organizations().claimant(&domain).await?,
            None => None,
        };
        let id = PersonId(self.desk.next_number(docket_store::keys::Counter::People).await?);
        self.make_as(id, organization, (identities, name, locale), by)
    }

    /// The same, where their number is drawn, and it is known to which organization their domain belongs.
    pub fn make_as(
        self,
        id: PersonId,
        organization: Option<OrganizationId>,
        (identities, name, locale): (Vec<Identity>, &str, Option<&str>),
        by: &ChangedBy,
    ) -> Result<(Person, Vec<Write>), StoreError> {
        let mut person = Person::first_seen(id, name, identities, by.at);
        person.locale = locale.map(str::to_owned);
        person.organization = organization;
        let writes = self.new_writes(&person, by)?;
        Ok((person, writes))
    }

    /// The first of these identities that is somebody's, with whose it is, and those that are nobody's.
    pub async fn look_up(self, identities: Vec<Identity>) -> Result<LookedUp, StoreError> {
        let (mut known, mut nobodys) = (None, Vec::new());
        for identity in identities {
            match self.find(&identity).await? {
                Some(person) => drop(known.get_or_insert((identity, person))),
                None => nobodys.push(identity),
            }
        }
        Ok(LookedUp { known, nobodys })
    }

    /// Who somebody is now: the one into whom they were merged, and so on.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn now(self, id: PersonId) -> Result<Option<Person>, StoreError> {
        let mut person = self.get(id).await?;
        for _ in 0..MERGED_ONE_AFTER_ANOTHER {
            match person.as_ref().and_then(|person| person.merged_into) {
                Some(into) => person = self.get(into).await?,
                None => break,
            }
        }
        Ok(person)
    }

    /// The records through which somebody is followed from this one on: it is the first, and the one that they are now the last.
    pub(crate) async fn followed(self, first: PersonId) -> Result<Vec<PersonId>, StoreError> {
        let mut chain = vec![first];
        let mut last = first;
        for _ in 0..MERGED_ONE_AFTER_ANOTHER {
            let person = self.get(last).await?;
            let into = person.and_then(|person| person.merged_into);
            match into.filter(|into| !chain.contains(into)) {
                Some(into) => last = into,
                None => break,
            }
            chain.push(last);
        }
        Ok(chain)
    }

    /// Somebody who is known, with what a contact tells of them, and the parts that store what is new.
    pub async fn learn(
        self,
        before: Person,
        identities: Vec<Identity>,
        name: &str,
        by: &ChangedBy,
    ) -> Result<(Person, Vec<Write>), StoreError> {
        let mut person = before.clone();
        person.learn(identities, name);
        if person == before {
            return Ok((person, vec![]));
        }
        person.updated_at = by.at;
        let writes = self.changed_writes(&before, &person, by).await?;
        Ok((person, writes))
    }

    /// The same for people of whom a save may bring many: whoever is new is stored at once, in a transaction of their own, so that
    /// the save has room for the rest.
    pub async fn find_or_store(
        self,
        identity: Identity,
        (name, locale): (&str, Option<&str>),
        by: &ChangedBy,
    ) -> Result<Person, StoreError> {
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let found = self.find_or_make(vec![identity.clone()], name, locale, by);
            let (person, writes) = found.await?;
            if writes.is_empty() {
                return Ok(person);
            }
            if let Committed::Done(_) = self.desk.commit_writes(vec![], writes).await? {
                return Ok(person);
            }
        }
        Err(StoreError::contended("somebody new"))
    }

    /// Changes whoever has this address, or somebody new who gets it; decided again where somebody else was first.
    pub async fn change(
        self,
        by: ChangedBy,
        address: &str,
        change: impl Fn(&mut Person),
    ) -> Result<(), StoreError> {
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let identities = vec![Identity::email(address)];
            let found = self.find_or_make(identities, "", None, &by);
            let (before, is_new) = found.await.map(|(person, writes)| (person, !writes.is_empty()))?;
            let mut after = before.clone();
            change(&mut after);
            if after == before && !is_new {
                return Ok(());
            }
            after.updated_at = by.at;
            let writes = if is_new {
                self.new_writes(&after, &by)?
            } else {
                self.changed_writes(&before, &after, &by).await?
            };
            if let Committed::Done(_) = self.desk.commit_writes(vec![], writes).await? {
                if before.role.is_staff() && !after.role.is_staff() {
                    self.desk.settle_agent_soon(after.id).await;
                }
                return Ok(());
            }
        }
        Err(StoreError::contended(format!(
            "the person with the address {address}"
        )))
    }

    /// Changes somebody who is known; decided again where somebody else was first. Nothing is done where nothing is another, or nobody is
    /// there.
    ///
    /// # Errors
    /// When the world failed, or others are always first.
    pub async fn change_known(
        self,
        id: PersonId,
        by: &ChangedBy,
        change: impl Fn(&mut Person),
    ) -> Result<(), StoreError> {
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let Some(before) = self.get(id).await? else {
                return Ok(());
            };
            let mut after = before.clone();
            change(&mut after);
            if after == before {
                return Ok(());
            }
            after.updated_at = by.at;
            let writes = self.changed_writes(&before, &after, by).await?;
            if let Committed::Done(_) = self.desk.commit_writes(vec![], writes).await? {
                return Ok(());
            }
        }
        Err(StoreError::contended(format!("person {id}")))
    }

    /// Whether mail to one of these addresses is mail to them; each address has why it is named.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn is_at_one_of(
        self,
        person: PersonId,
        addresses: &[(String, String)],
    ) -> Result<bool, StoreError> {
        if addresses.is_empty() {
            return Ok(false);
        }
        let people = self.get_many(&[person]).await?;
        let email = people.first().and_then(|person| person.email.as_deref());
        let is_theirs =
            |(address, _): &(String, String)| email.is_some_and(|email| email.eq_ignore_ascii_case(address));
        Ok(addresses.iter().any(is_theirs))
    }

    /// The parts that mark addresses as ones to which mail goes nowhere, each with the reason. Only those of the people to
    /// whom a mail went.
    pub async fn undeliverable_writes(
        self,
        recipients: &[PersonId],
        dead: &[(String, String)],
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = Vec::new();
        if dead.is_empty() {
            return Ok(writes);
        }
        let mut people: Vec<Person> = Vec::new();
        for person in self.get_many(recipients).await? {
            let person = match person.merged_into {
                Some(into) => self.now(into).await?,
                None => Some(person),
            };
            let is_new = |person: &Person| people.iter().all(|known| known.id != person.id);
            if let Some(person) = person.filter(is_new) {
                people.push(person);
            }
        }
        for before in people {
            let mut person = before.clone();
            let is_theirs = |(address, _): &&(String, String)| {
                let email = person.email.as_ref();
                email.is_some_and(|email| email.eq_ignore_ascii_case(address))
            };
            if let Some((address, why)) = dead.iter().find(is_theirs) {
                person.updated_at = by.at;
                person.undeliverable = Some(Undeliverable {
                    address: address.to_lowercase(),
                    at: by.at,
                    why: why.clone(),
                });
                writes.extend(self.changed_writes(&before, &person, by).await?);
            }
        }
        Ok(writes)
    }
}
