//! Groups and their members.

use super::{
    Committed, MOST_TRIES, SetupChange,
    item::{item_with, key_of, n, s, text_in, value_in},
    page::Query,
    write::{Role, Write},
};
use crate::{
    Desk, StoreError,
    keys::{ItemKey, group_pk},
};
use docket_domain::{
    GroupId, PersonId,
    assignment::{Availability, DEFAULT_CAPACITY},
    configuration::Group,
};
use std::sync::Arc;

/// Most members of a group.
pub const MOST_MEMBERS: usize = 1_000;
/// Most groups of a desk, archived ones included.
pub const MOST_GROUPS: u64 = 100;

/// What became of a change of who belongs to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipChange {
    /// It stands.
    Done,
    /// It was so before.
    Unchanged,
    /// There is no such group, or it takes no more tickets.
    NoGroup,
    /// There is no such person, or they do not work here.
    NoAgent,
    /// The group has as many members as it can have.
    Full,
}

impl Desk {
    /// Groups, by id; archived ones, too.
    pub async fn groups(&self) -> Result<Vec<Group>, StoreError> {
        let keys: Vec<_> = (1..=MOST_GROUPS).map(|id| ItemKey::Group(GroupId(id))).collect();
        let mut groups = Vec::new();
        for mut item in self.get_items(&keys).await? {
            groups.push(value_in::<Group>(&mut item, "group")?);
        }
        groups.sort_by_key(|group| group.id);
        Ok(groups)
    }

    /// A group.
    pub async fn group(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        match self.get_item(&ItemKey::Group(id)).await? {
            Some(mut item) => value_in(&mut item, "group").map(Some),
            None => Ok(None),
        }
    }

    /// The ids of a group's members.
    pub async fn members(&self, group: GroupId) -> Result<Vec<PersonId>, StoreError> {
        let query = Query::partition(group_pk(&self.settings.tenant, group), MOST_MEMBERS)
            .range("begins_with(SK, :member)", vec![(":member", "M#".to_owned())]);
        let items = self.query(query).await?;
        Ok(items
            .iter()
            .filter_map(|item| text_in(item, "SK")?.strip_prefix("M#")?.parse().ok())
            .collect())
    }

    /// Makes a group without members; its number is the next one. Nothing: there are as many groups as there can be.
    pub async fn create_group(&self, make: impl Fn(GroupId) -> Group) -> Result<Option<Group>, StoreError> {
        for _ in 0..MOST_TRIES {
            let last = self.groups().await?.last().map_or(0, |group| group.id.0);
            if last >= MOST_GROUPS {
                return Ok(None);
            }
            let group = make(GroupId(last + 1));
            let write = self.group_write(&group)?.when_new();
            if let Committed::Done(_) = self.commit_writes(vec![], vec![write]).await? {
                return Ok(Some(group));
            }
        }
        Err(contended("the list of groups"))
    }

    /// Changes a group as it is now; decides again when somebody else was first. Nothing: there is no such group. What
    /// waits in it is looked at anew.
    pub async fn change_group<T, E>(
        &self,
        id: GroupId,
        change: impl Fn(&mut Group) -> Result<T, E>,
    ) -> Result<Option<SetupChange<Group, T, E>>, StoreError> {
        for _ in 0..MOST_TRIES {
            let Some(before) = self.group(id).await? else {
                return Ok(None);
            };
            let mut group = before.clone();
            let result = match change(&mut group) {
                Ok(result) => result,
                Err(error) => return Ok(Some(SetupChange::Refused(error))),
            };
            group.id = id;
            group.v = before.v + 1;
            group.updated_at = Some(self.now());
            let write = self.group_write(&group)?;
            // Groups of before they could be changed have no version.
            let write = match before.v {
                0 => write.when("attribute_exists(PK) AND attribute_not_exists(v)"),
                v => write.when("v = :read").with(":read", n(v)),
            };
            if let Committed::Done(_) = self.commit_writes(vec![], vec![write]).await? {
                // A nudge that is lost costs time only: the sweep looks after what waits.
                if let Err(error) = self.nudge_groups(&[id], "the group was changed").await {
                    tracing::warn!(group = %id, %error, "group {id} was changed; nobody was nudged");
                }
                return Ok(Some(SetupChange::Done(Arc::new(group), result)));
            }
        }
        Err(contended(&format!("group {id}")))
    }

    /// Makes an agent a member of a group: their record and the group's list change together.
    pub async fn add_member(&self, group: GroupId, agent: PersonId) -> Result<MembershipChange, StoreError> {
        let known = self.group(group).await?;
        if known.is_none_or(|group| group.is_archived) {
            return Ok(MembershipChange::NoGroup);
        }
        if self.members(group).await?.len() >= MOST_MEMBERS {
            return Ok(MembershipChange::Full);
        }
        self.change_membership(group, agent, true).await
    }

    /// Takes an agent out of a group. Tickets that they have stay theirs.
    pub async fn remove_member(
        &self,
        group: GroupId,
        agent: PersonId,
    ) -> Result<MembershipChange, StoreError> {
        self.change_membership(group, agent, false).await
    }

    async fn change_membership(
        &self,
        group: GroupId,
        agent: PersonId,
        belongs: bool,
    ) -> Result<MembershipChange, StoreError> {
        for _ in 0..MOST_TRIES {
            let person = self.person(agent).await?.filter(|person| person.role.is_staff());
            let Some(before) = person else {
                return Ok(MembershipChange::NoAgent);
            };
            let mut person = before.clone();
            // Desks from before have admins whose record names a group whose list does not have them.
            let is_listed = self.get_item(&ItemKey::Member(group, agent)).await?.is_some();
            if person.groups.contains(&group) == belongs && is_listed == belongs {
                return Ok(MembershipChange::Unchanged);
            }
            person.groups.retain(|known| *known != group);
            if belongs {
                person.groups.push(group);
                person.groups.sort();
            }
            person.updated_at = self.now();
            let item = key_of(&self.settings.tenant, &ItemKey::Member(group, agent));
            let table = &self.settings.tickets_table;
            let member = if belongs {
                Write::put(table, Role::State, item)
            } else {
                Write::delete(table, Role::State, item)
            };
            let mut writes = self.changed_person_writes(&before, &person)?;
            writes.extend([member, self.membership_write(agent)]);
            if let Committed::Done(_) = self.commit_writes(vec![], writes).await? {
                self.settle_agent_soon(agent).await;
                return Ok(MembershipChange::Done);
            }
        }
        Err(contended(&format!("agent {agent}")))
    }

    fn group_write(&self, group: &Group) -> Result<Write, StoreError> {
        let (tenant, table) = (&self.settings.tenant, &self.settings.tickets_table);
        let mut item = item_with(tenant, &ItemKey::Group(group.id), "group", group)?;
        item.insert("v".to_owned(), n(group.v));
        Ok(Write::put(table, Role::State, item))
    }

    /// The parts that store a new group and its first members.
    pub(crate) fn group_writes(&self, group: &Group, members: &[PersonId]) -> Result<Vec<Write>, StoreError> {
        let (tenant, table) = (&self.settings.tenant, &self.settings.tickets_table);
        let mut new = self.group_write(group)?.when_new();
        new.role = Role::Guard;
        let mut writes = vec![new];
        for member in members {
            let item = key_of(tenant, &ItemKey::Member(group.id, *member));
            writes.push(Write::put(table, Role::State, item));
            let mut item = key_of(tenant, &ItemKey::AgentLoad(*member));
            item.insert("agent_id".to_owned(), n(member));
            item.insert("load_units".to_owned(), n(0));
            item.insert("capacity_units".to_owned(), n(DEFAULT_CAPACITY));
            item.insert("availability".to_owned(), s(Availability::Online.as_str()));
            writes.push(Write::put(table, Role::State, item));
        }
        Ok(writes)
    }
}

fn contended(what: &str) -> StoreError {
    StoreError::Contended {
        what: what.to_owned(),
        tries: MOST_TRIES,
    }
}
