//! Who works here: a list beside the people's records, written in the transactions that change a role.

use crate::{
    Store, StoreError,
    keys::{ItemKey, staff_pk},
    parts::Agents,
    table::{
        Role, Write,
        item::{key_of, n, text_in},
        page::Query,
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_domain::{
    PersonId,
    audit::ChangedBy,
    people::{
        person::Person,
        staff::{self, MOST_STAFF},
    },
};

/// People looked at in one go while the list is made.
const LOOKED_AT_ONCE: u64 = 1_000;
/// Memberships that one transaction ends; it takes a hundred parts.
const MOST_LEFT_AT_ONCE: usize = 90;

impl Store {
    /// The part by which somebody becomes an admin, or is none any more. Of two who take each other's role away at once, the
    /// second finds nobody but themselves and loses.
    fn admin_write(&self, person: PersonId, becomes: bool) -> Write {
        let (tenant, table) = (&self.settings.tenant, &self.settings.tickets_table);
        let key = key_of(tenant, &ItemKey::Admins);
        let me = AttributeValue::Ns(vec![person.to_string()]);
        if becomes {
            return Write::update(table, Role::State, key, "ADD admins :me").with(":me", me);
        }
        Write::update(table, Role::State, key, "DELETE admins :me")
            .when("size(admins) > :one")
            .with(":me", me)
            .with(":one", n(1))
    }
}

impl Agents<'_> {
    /// Agents and admins, by id.
    pub async fn all(self) -> Result<Vec<Person>, StoreError> {
        if self.0.get_item(&ItemKey::StaffListed).await?.is_none() {
            self.make_list().await?;
        }
        let query = Query::partition(staff_pk(&self.0.settings.tenant), MOST_STAFF)
            .range("begins_with(SK, :person)", vec![(":person", "P#".to_owned())]);
        let items = self.0.query(query).await?;
        let id = |item| text_in(item, "SK")?.strip_prefix("P#")?.parse().ok();
        let ids: Vec<PersonId> = items.iter().filter_map(id).collect();
        let mut staff = self.0.people().get_many(&ids).await?;
        staff.retain(|person| person.role.is_staff());
        staff.sort_by_key(|person| person.id);
        Ok(staff)
    }

    /// Makes the list of a desk that is older than the list. A repeat does no harm.
    async fn make_list(self) -> Result<(), StoreError> {
        let last = self.0.people().last_number().await?;
        let mut first = 1;
        while first <= last {
            let until = last.min(first + LOOKED_AT_ONCE - 1);
            let ids: Vec<_> = (first..=until).map(PersonId).collect();
            for person in self.0.people().get_many(&ids).await? {
                let writes = self.role_writes(None, &person);
                if !writes.is_empty() {
                    self.0.commit_writes(vec![], writes).await?;
                }
            }
            first = until + 1;
        }
        self.0.commit_writes(vec![], vec![self.listed_write()]).await?;
        Ok(())
    }

    /// The part that says that whoever works here is on the list.
    pub fn listed_write(self) -> Write {
        let item = key_of(&self.0.settings.tenant, &ItemKey::StaffListed);
        Write::put(&self.0.settings.tickets_table, Role::State, item)
    }

    /// The parts that keep the list of those who work here, and that of the admins, as a person's role says.
    pub(crate) fn role_writes(self, before: Option<&Person>, after: &Person) -> Vec<Write> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let worked = before.is_some_and(|before| before.role.is_staff());
        let item = key_of(tenant, &ItemKey::Staff(after.id));
        let mut writes = match (worked, after.role.is_staff()) {
            (false, true) => vec![Write::put(table, Role::State, item)],
            (true, false) => vec![Write::delete(table, Role::State, item)],
            _ => vec![],
        };
        let was_admin = before.is_some_and(|before| before.role == staff::Role::Admin);
        let is_admin = after.role == staff::Role::Admin;
        if was_admin != is_admin {
            writes.push(self.0.admin_write(after.id, is_admin));
        }
        writes
    }

    /// Ends memberships of somebody who does not work here any more.
    pub async fn end_memberships(self, person: Person, by: &ChangedBy) -> Result<(), StoreError> {
        let mut person = person;
        while !person.role.is_staff() && !person.groups.is_empty() {
            let mut after = Person {
                updated_at: by.at,
                ..person.clone()
            };
            let left = after
                .groups
                .split_off(after.groups.len().saturating_sub(MOST_LEFT_AT_ONCE));
            let mut writes = self.0.people().changed_writes(&person, &after, by).await?;
            writes.extend(left.into_iter().map(|group| {
                let item = key_of(&self.0.settings.tenant, &ItemKey::Member(group, person.id));
                Write::delete(&self.0.settings.tickets_table, Role::State, item)
            }));
            // Whoever was first may have changed anything: look again.
            self.0.commit_writes(vec![], writes).await?;
            match self.0.people().get(person.id).await? {
                Some(now) => person = now,
                None => break,
            }
        }
        Ok(())
    }
}
