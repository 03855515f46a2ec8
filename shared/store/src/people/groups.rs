//! Groups and their members as stored.

use crate::{
    StoreError,
    audit::chain_beside,
    keys::{ItemKey, group_pk},
    parts::Groups,
    people::Follows,
    table::{
        Role, Write,
        item::{Item, item_with, key_of, n, s, text_in, value_in},
        page::Query,
    },
};
use docket_domain::{GroupId, PersonId, Timestamp, audit::ChangedBy, configuration::Group};
use std::collections::BTreeMap;

/// Most members of a group.
pub const MOST_MEMBERS: usize = 1_000;

/// Most groups of a desk, archived ones included.
pub const MOST_GROUPS: u64 = 100;

/// The attribute of a member that says when they joined. Members of before it was noted have none.
const JOINED_AT: &str = "joined_at";

impl Groups<'_> {
    /// Groups, by id; archived ones, too.
    pub async fn all(self) -> Result<Vec<Group>, StoreError> {
        let keys: Vec<_> = (1..=MOST_GROUPS).map(|id| ItemKey::Group(GroupId(id))).collect();
        let mut groups = Vec::new();
        for item in self.0.get_items(&keys).await? {
            groups.push(group_in(item)?);
        }
        groups.sort_by_key(|group| group.id);
        Ok(groups)
    }

    /// A group.
    pub async fn get(self, id: GroupId) -> Result<Option<Group>, StoreError> {
        match self.0.get_item(&ItemKey::Group(id)).await? {
            Some(item) => group_in(item).map(Some),
            None => Ok(None),
        }
    }

    /// A group and the ids of its members, as they are at one moment.
    pub async fn with_members(self, group: GroupId) -> Result<(Option<Group>, Vec<PersonId>), StoreError> {
        // Before them in the partition stand the group's events.
        let query = Query::partition(group_pk(&self.0.settings.tenant, group), MOST_MEMBERS + 2).range(
            "SK BETWEEN :group AND :members",
            vec![(":group", "G".to_owned()), (":members", "M#~".to_owned())],
        );
        let (mut found, mut members) = (None, Vec::new());
        for item in self.0.query(query).await? {
            let sk = text_in(&item, "SK").unwrap_or_default().to_owned();
            match sk.strip_prefix("M#") {
                Some(agent) => members.extend(agent.parse::<PersonId>().ok()),
                None if sk == "G" => found = Some(group_in(item)?),
                // The lease of whoever assigns in it.
                None => {}
            }
        }
        Ok((found, members))
    }

    /// The ids of a group's members.
    pub async fn members(self, group: GroupId) -> Result<Vec<PersonId>, StoreError> {
        let items = self.member_items(group).await?;
        Ok(items.iter().filter_map(member_in).collect())
    }

    /// A group's members, each with when they joined it. Of who joined before that was noted, the group's own beginning is told.
    pub async fn memberships(self, group: &Group) -> Result<Vec<(PersonId, Timestamp)>, StoreError> {
        let items = self.member_items(group.id).await?;
        let joined = |item| Some((member_in(item)?, joined_in(item).unwrap_or(group.created_at)));
        Ok(items.iter().filter_map(joined).collect())
    }

    /// When somebody joined each of these groups, in one read; without those that are not there.
    pub async fn joined(
        self,
        agent: PersonId,
        groups: &[GroupId],
    ) -> Result<BTreeMap<GroupId, Timestamp>, StoreError> {
        let members = groups.iter().map(|group| ItemKey::Member(*group, agent));
        let groups = groups.iter().map(|group| ItemKey::Group(*group));
        let keys: Vec<ItemKey> = members.chain(groups).collect();
        let (mut noted, mut made) = (BTreeMap::new(), BTreeMap::new());
        for item in self.0.get_items(&keys).await? {
            if text_in(&item, "SK") == Some("G") {
                let group = group_in(item)?;
                made.insert(group.id, group.created_at);
            } else if let (Some(group), Some(at)) = (group_of(&item), joined_in(&item)) {
                noted.insert(group, at);
            }
        }
        made.extend(noted);
        Ok(made)
    }

    async fn member_items(self, group: GroupId) -> Result<Vec<Item>, StoreError> {
        let query = Query::partition(group_pk(&self.0.settings.tenant, group), MOST_MEMBERS)
            .range("begins_with(SK, :member)", vec![(":member", "M#".to_owned())]);
        self.0.query(query).await
    }

    fn writes(self, before: Option<&Group>, after: &Group, by: &ChangedBy) -> Result<[Write; 2], StoreError> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let event = self.0.append(before, after, by)?;
        let mut item = item_with(tenant, &ItemKey::Group(after.id), "group", after)?;
        item.insert("v".to_owned(), n(after.v));
        event.note_in(self.0, &mut item);
        let write = Write::put(table, Role::State, item);
        let write = match before {
            None => write.when_new(),
            Some(before) => write.when("v = :read").with(":read", n(before.v)),
        };
        Ok([write, event.write()])
    }

    /// The parts that store a new group, with the event that says so.
    pub fn new_writes(self, group: &Group, by: &ChangedBy) -> Result<Vec<Write>, StoreError> {
        Ok(self.writes(None, group, by)?.into())
    }

    /// The parts that store a new group and its first members.
    pub fn first_writes(
        self,
        group: &Group,
        members: &[PersonId],
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let [mut new, event] = self.writes(None, group, by)?;
        new.role = Role::Guard;
        let mut writes = vec![new, event];
        for member in members {
            writes.push(self.member_write(group.id, *member, Some(by.at)));
            writes.extend(
                self.0
                    .agents()
                    .membership_writes(*member, None, Follows::Nothing, by)?,
            );
        }
        Ok(writes)
    }

    /// Whether somebody is on a group's list of members.
    pub async fn lists_member(self, group: GroupId, agent: PersonId) -> Result<bool, StoreError> {
        Ok(self.0.get_item(&ItemKey::Member(group, agent)).await?.is_some())
    }

    /// The part of a transaction that puts somebody who joins now on a group's list of members, or takes them off it.
    pub fn member_write(self, group: GroupId, agent: PersonId, joins_at: Option<Timestamp>) -> Write {
        let mut item = key_of(&self.0.settings.tenant, &ItemKey::Member(group, agent));
        let table = &self.0.settings.tickets_table;
        match joins_at {
            Some(at) => {
                item.insert(JOINED_AT.to_owned(), s(at.to_string()));
                Write::put(table, Role::State, item)
            }
            None => Write::delete(table, Role::State, item),
        }
    }

    /// The parts that store a changed group, which was read as it was before, with the event that says what changed.
    pub fn changed_writes(
        self,
        before: &Group,
        after: &Group,
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        Ok(self.writes(Some(before), after, by)?.into())
    }
}

fn member_in(item: &Item) -> Option<PersonId> {
    text_in(item, "SK")?.strip_prefix("M#")?.parse().ok()
}

/// The group whose list of members an item is on.
fn group_of(item: &Item) -> Option<GroupId> {
    text_in(item, "PK")?.rsplit('#').next()?.parse().ok()
}

fn joined_in(item: &Item) -> Option<Timestamp> {
    text_in(item, JOINED_AT)?.parse().ok()
}

fn group_in(mut item: Item) -> Result<Group, StoreError> {
    let chain = chain_beside(&item)?;
    let group: Group = value_in(&mut item, "group")?;
    Ok(Group { chain, ..group })
}
