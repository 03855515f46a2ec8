//! Groups and their members as stored.

use crate::{
    StoreError,
    keys::{ItemKey, group_pk},
    parts::Groups,
    table::{
        Role, Write,
        item::{item_with, key_of, n, s, text_in, value_in},
        page::Query,
    },
};
use docket_domain::{
    GroupId, PersonId,
    assignment::{Availability, DEFAULT_CAPACITY},
    configuration::Group,
};

/// Most members of a group.
pub const MOST_MEMBERS: usize = 1_000;

/// Most groups of a desk, archived ones included.
pub const MOST_GROUPS: u64 = 100;

impl Groups<'_> {
    /// Groups, by id; archived ones, too.
    pub async fn all(self) -> Result<Vec<Group>, StoreError> {
        let keys: Vec<_> = (1..=MOST_GROUPS).map(|id| ItemKey::Group(GroupId(id))).collect();
        let mut groups = Vec::new();
        for mut item in self.0.get_items(&keys).await? {
            groups.push(value_in::<Group>(&mut item, "group")?);
        }
        groups.sort_by_key(|group| group.id);
        Ok(groups)
    }

    /// A group.
    pub async fn get(self, id: GroupId) -> Result<Option<Group>, StoreError> {
        match self.0.get_item(&ItemKey::Group(id)).await? {
            Some(mut item) => value_in(&mut item, "group").map(Some),
            None => Ok(None),
        }
    }

    /// A group and the ids of its members, as they are at one moment.
    pub async fn with_members(self, group: GroupId) -> Result<(Option<Group>, Vec<PersonId>), StoreError> {
        let query = Query::partition(group_pk(&self.0.settings.tenant, group), MOST_MEMBERS + 2);
        let (mut found, mut members) = (None, Vec::new());
        for mut item in self.0.query(query).await? {
            let sk = text_in(&item, "SK").unwrap_or_default().to_owned();
            match sk.strip_prefix("M#") {
                Some(agent) => members.extend(agent.parse::<PersonId>().ok()),
                None if sk == "G" => found = Some(value_in(&mut item, "group")?),
                // The lease of whoever assigns in it.
                None => {}
            }
        }
        Ok((found, members))
    }

    /// The ids of a group's members.
    pub async fn members(self, group: GroupId) -> Result<Vec<PersonId>, StoreError> {
        let query = Query::partition(group_pk(&self.0.settings.tenant, group), MOST_MEMBERS)
            .range("begins_with(SK, :member)", vec![(":member", "M#".to_owned())]);
        let items = self.0.query(query).await?;
        Ok(items
            .iter()
            .filter_map(|item| text_in(item, "SK")?.strip_prefix("M#")?.parse().ok())
            .collect())
    }

    pub(crate) fn write(self, group: &Group) -> Result<Write, StoreError> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let mut item = item_with(tenant, &ItemKey::Group(group.id), "group", group)?;
        item.insert("v".to_owned(), n(group.v));
        Ok(Write::put(table, Role::State, item))
    }

    /// The part that stores a new group.
    pub fn new_write(self, group: &Group) -> Result<Write, StoreError> {
        Ok(self.write(group)?.when_new())
    }

    /// The parts that store a new group and its first members.
    pub fn first_writes(self, group: &Group, members: &[PersonId]) -> Result<Vec<Write>, StoreError> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let mut new = self.write(group)?.when_new();
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

    /// Whether somebody is on a group's list of members.
    pub async fn lists_member(self, group: GroupId, agent: PersonId) -> Result<bool, StoreError> {
        Ok(self.0.get_item(&ItemKey::Member(group, agent)).await?.is_some())
    }

    /// The part of a transaction that puts somebody on a group's list of members, or takes them off it.
    pub fn member_write(self, group: GroupId, agent: PersonId, belongs: bool) -> Write {
        let item = key_of(&self.0.settings.tenant, &ItemKey::Member(group, agent));
        let table = &self.0.settings.tickets_table;
        if belongs {
            Write::put(table, Role::State, item)
        } else {
            Write::delete(table, Role::State, item)
        }
    }

    /// The part that stores a changed group, which was read as it was before.
    pub fn changed_write(self, before: &Group, after: &Group) -> Result<Write, StoreError> {
        let write = self.write(after)?;
        // Groups of before they could be changed have no version.
        Ok(match before.v {
            0 => write.when("attribute_exists(PK) AND attribute_not_exists(v)"),
            v => write.when("v = :read").with(":read", n(v)),
        })
    }
}
