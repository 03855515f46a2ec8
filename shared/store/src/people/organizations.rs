//! Organizations, and what leads to them: names, domains and foreign ids, each of which only one can have.

use crate::{
    StoreError,
    audit::chain_beside,
    keys::{Counter, ItemKey},
    parts::Organizations,
    table::{
        Role, Write,
        item::{Item, item_with, key_of, n, number_in, value_in},
    },
};
use docket_domain::{
    OrganizationId, PersonId,
    audit::ChangedBy,
    people::{
        organization::{Claim, Organization},
        person::Person,
    },
};
use std::collections::{BTreeMap, BTreeSet};

fn keys(ids: &[OrganizationId]) -> Vec<ItemKey> {
    ids.iter().map(|id| ItemKey::Organization(*id)).collect()
}

fn organizations_in(items: Vec<Item>) -> Result<Vec<Organization>, StoreError> {
    let organizations: Result<Vec<Organization>, StoreError> =
        items.into_iter().map(organization_in).collect();
    let mut organizations = organizations?;
    organizations.sort_by_key(|organization| organization.id);
    Ok(organizations)
}

impl Organizations<'_> {
    /// An organization.
    pub async fn get(self, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
        match self.0.get_item(&ItemKey::Organization(id)).await? {
            Some(item) => organization_in(item).map(Some),
            None => Ok(None),
        }
    }

    /// These organizations by id, leaving out those that are not there.
    pub async fn get_many(self, ids: &[OrganizationId]) -> Result<Vec<Organization>, StoreError> {
        organizations_in(self.0.get_items(&keys(ids)).await?)
    }

    /// The same as they are now.
    pub async fn as_of_now(self, ids: &[OrganizationId]) -> Result<Vec<Organization>, StoreError> {
        organizations_in(self.0.get_items_strongly(&keys(ids)).await?)
    }

    /// The same without those that can't be read, which are told: they hold nobody up.
    pub async fn readable_now(self, ids: &[OrganizationId]) -> Result<Vec<Organization>, StoreError> {
        let items = self.0.get_items_strongly(&keys(ids)).await?;
        let read = items.into_iter().filter_map(|item| match organization_in(item) {
            Ok(organization) => Some(organization),
            Err(error) => {
                tracing::error!(%error, "an organization can't be read");
                None
            }
        });
        Ok(read.collect())
    }

    /// Whose claim this is: one read, and the record may be gone by the time it is asked for.
    pub async fn claimant(self, claim: &Claim) -> Result<Option<OrganizationId>, StoreError> {
        let item = self.0.get_item(&claim_key(claim)).await?;
        Ok(item
            .and_then(|item| number_in(&item, "organization_id"))
            .map(OrganizationId))
    }

    /// The organization that has the claim.
    pub async fn find(self, claim: &Claim) -> Result<Option<Organization>, StoreError> {
        match self.claimant(claim).await? {
            Some(id) => self.get(id).await,
            None => Ok(None),
        }
    }

    /// The first claim of an organization that another one has already.
    pub async fn claim_of_another(self, organization: &Organization) -> Result<Option<Claim>, StoreError> {
        for claim in organization.claims() {
            if self
                .claimant(&claim)
                .await?
                .is_some_and(|id| id != organization.id)
            {
                return Ok(Some(claim));
            }
        }
        Ok(None)
    }

    /// To which organizations people belong that are there, leaving out those of none.
    pub async fn of_people(
        self,
        people: &[PersonId],
    ) -> Result<BTreeMap<PersonId, Organization>, StoreError> {
        let mut people = self.0.people().get_many(people).await?;
        people.retain(|person| person.organization.is_some());
        let ids: BTreeSet<_> = people.iter().filter_map(|person| person.organization).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let there = self.get_many(&ids).await?;
        let known = people.into_iter().filter_map(|person| {
            let theirs = there
                .iter()
                .find(|theirs| Some(theirs.id) == person.organization)?;
            Some((person.id, theirs.clone()))
        });
        Ok(known.collect())
    }

    /// Takes organizations that are there no longer off the people read.
    pub async fn forget_missing(self, people: &mut [Person]) -> Result<(), StoreError> {
        let ids: BTreeSet<_> = people.iter().flat_map(Person::organizations).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let there = self.get_many(&ids.into_iter().collect::<Vec<_>>()).await?;
        for person in people {
            let mut theirs = person.organizations();
            let all = theirs.len();
            theirs.retain(|id| there.iter().any(|organization| organization.id == *id));
            if theirs.len() < all {
                person.set_organizations(theirs);
            }
        }
        Ok(())
    }

    /// The parts that store a new organization, with the event that says so. Of two with the same name, domain or foreign id
    /// at once, the second loses.
    pub fn new_writes(self, organization: &Organization, by: &ChangedBy) -> Result<Vec<Write>, StoreError> {
        let [write, event] = self.writes(None, organization, by)?;
        let claims = organization.claims();
        let claims = claims
            .iter()
            .map(|claim| self.claim_write(organization.id, claim));
        Ok([write.when_new(), event].into_iter().chain(claims).collect())
    }

    /// The parts that store a changed organization whose version was read, with the event that says what changed; what it
    /// claims no longer is free. None where it becomes part of another: what it was given now would go with it.
    pub fn changed_writes(
        self,
        read: &Organization,
        changed: &Organization,
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let next = Organization {
            v: read.v + 1,
            ..changed.clone()
        };
        let [write, event] = self.writes(Some(read), &next, by)?;
        let (before, after) = (read.claims(), next.claims());
        let mut writes = vec![write.when("v = :read").with(":read", n(read.v)), event];
        writes.push(self.stays_check(next.id));
        let given_up = before.iter().filter(|claim| !holds(&after, claim));
        writes.extend(given_up.map(|claim| self.freed_claim_write(claim)));
        let added = after.iter().filter(|claim| !holds(&before, claim));
        writes.extend(added.map(|claim| self.claim_write(next.id, claim)));
        Ok(writes)
    }

    /// The parts that take away an organization whose version was read, and free what it claims; none where it takes part in a merge that
    /// is not over. Its people keep its id, which leads nowhere, and leave its list in [steps](Self::clear_members): their number has
    /// no limit.
    pub fn deleted_writes(self, read: &Organization, by: &ChangedBy) -> Result<Vec<Write>, StoreError> {
        let mut writes = self.gone_writes(read, by)?;
        writes.push(self.clearing_write(read.id, by.at));
        writes.push(self.gone_from_merges_write(read.id, by.at));
        Ok(writes)
    }

    /// The parts that store two organizations, each before and after, of which the second takes over what the first claims no more.
    pub(crate) fn handed_over_writes(
        self,
        [(from, from_after), (to, to_after)]: [(&Organization, &Organization); 2],
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = Vec::new();
        for (before, after) in [(from, from_after), (to, to_after)] {
            if before == after {
                // What somebody gives it meanwhile would not go over.
                let key = key_of(&self.0.settings.tenant, &ItemKey::Organization(before.id));
                let table = &self.0.settings.tickets_table;
                let same = Write::check(table, Role::State, key, "v = :read");
                writes.push(same.with(":read", n(before.v)));
                continue;
            }
            let next = Organization {
                v: before.v + 1,
                ..after.clone()
            };
            let [write, event] = self.writes(Some(before), &next, by)?;
            writes.push(write.when("v = :read").with(":read", n(before.v)));
            writes.push(event);
        }
        let (kept, takes) = (from_after.claims(), to_after.claims());
        for claim in from.claims().iter().filter(|claim| !holds(&kept, claim)) {
            writes.push(match holds(&takes, claim) {
                true => {
                    let mut item = key_of(&self.0.settings.tenant, &claim_key(claim));
                    item.insert("organization_id".to_owned(), n(to.id));
                    Write::put(&self.0.settings.tickets_table, Role::State, item)
                        .when("organization_id = :from")
                        .with(":from", n(from.id))
                }
                false => self.freed_claim_write(claim),
            });
        }
        Ok(writes)
    }

    /// The parts that take the record away, and free what it claims.
    pub(crate) fn gone_writes(self, read: &Organization, by: &ChangedBy) -> Result<Vec<Write>, StoreError> {
        let key = key_of(&self.0.settings.tenant, &ItemKey::Organization(read.id));
        let write = Write::delete(&self.0.settings.tickets_table, Role::State, key)
            .when("v = :read")
            .with(":read", n(read.v));
        let event = self.0.append_removal(read, by)?.write();
        let claims = read.claims();
        let freed = claims.iter().map(|claim| self.freed_claim_write(claim));
        let absent = self.0.absent_write(Counter::Organizations, read.id.0);
        Ok([write, event, absent].into_iter().chain(freed).collect())
    }

    /// The record, and the event.
    fn writes(
        self,
        before: Option<&Organization>,
        after: &Organization,
        by: &ChangedBy,
    ) -> Result<[Write; 2], StoreError> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let event = self.0.append(before, after, by)?;
        let mut item = item_with(tenant, &ItemKey::Organization(after.id), "organization", after)?;
        item.insert("v".to_owned(), n(after.v));
        event.note_in(self.0, &mut item);
        Ok([Write::put(table, Role::State, item), event.write()])
    }

    fn claim_write(self, id: OrganizationId, claim: &Claim) -> Write {
        let mut item = key_of(&self.0.settings.tenant, &claim_key(claim));
        item.insert("organization_id".to_owned(), n(id));
        Write::put(&self.0.settings.tickets_table, Role::State, item).when_new()
    }

    fn freed_claim_write(self, claim: &Claim) -> Write {
        let key = key_of(&self.0.settings.tenant, &claim_key(claim));
        Write::delete(&self.0.settings.tickets_table, Role::State, key)
    }
}

fn organization_in(mut item: Item) -> Result<Organization, StoreError> {
    let chain = chain_beside(&item)?;
    let organization: Organization = value_in(&mut item, "organization")?;
    Ok(Organization {
        chain,
        ..organization
    })
}

fn claim_key(claim: &Claim) -> ItemKey {
    ItemKey::Claim(claim.kind(), claim.digest())
}

/// Whether the claim is among these, whatever its case.
fn holds(claims: &[Claim], claim: &Claim) -> bool {
    let key = claim_key(claim);
    claims.iter().any(|other| claim_key(other) == key)
}
