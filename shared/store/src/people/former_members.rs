//! The list of members of an organization that was deleted. It has no limit, so it goes in steps, which the index `due` names until it
//! is gone. People's records keep the organization's id, which leads nowhere. Where it was merged into another one, its people go over
//! instead (`organization_merges.rs`).

use crate::{
    StoreError,
    keys::{DueKind, ItemKey, due_pk, due_shard, due_sk},
    parts::Organizations,
    table::{
        Role, Write,
        item::{Item, key_of, n, number_in, s, text_in},
    },
};
use docket_domain::{OrganizationId, TicketNumber, Timestamp, job::JobId};
use jiff::SignedDuration;

/// Members that one transaction takes off the list; it takes a hundred parts.
const AT_ONCE: usize = 90;
/// Transactions of one pass: some seconds.
const MOST_STEPS: usize = 10;
/// How long whoever read the organization before it was deleted may still store a member: longer than any function runs.
const MAY_COME_WITHIN: SignedDuration = SignedDuration::from_mins(16);
/// The attribute that says when it was deleted, in milliseconds.
const DELETED_AT: &str = "deleted_at";
/// The attribute that says by which merge its people go over to another.
const MERGE: &str = "merge";

/// What is left to do about the members of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationWork {
    /// By which merge they go over to another; nothing where they only leave its list.
    pub merge: Option<JobId>,
    /// When it was deleted; nothing while it stands.
    pub deleted_at: Option<Timestamp>,
    /// Where it stands in the index `due`.
    pub(crate) due_sk: String,
}

impl OrganizationWork {
    /// Until when somebody who read the organization before it was deleted may come: nobody knows while it stands.
    pub fn last_at(&self) -> Option<Timestamp> {
        let deleted_at = self.deleted_at?;
        Some(deleted_at.checked_add(MAY_COME_WITHIN).unwrap_or(Timestamp::MAX))
    }
}

impl Organizations<'_> {
    /// What is left to do about the members of an organization.
    pub async fn work(self, id: OrganizationId) -> Result<Option<OrganizationWork>, StoreError> {
        let item = self.0.get_item(&ItemKey::OrganizationWork(id)).await?;
        Ok(item.map(|item| OrganizationWork {
            merge: text_in(&item, MERGE).and_then(JobId::parse),
            deleted_at: number_in(&item, DELETED_AT).and_then(|ms| Timestamp::from_millisecond(ms).ok()),
            due_sk: text_in(&item, "due_sk").unwrap_or_default().to_owned(),
        }))
    }

    /// The part that has the list gone through, from when the organization was deleted.
    pub(crate) fn clearing_write(self, id: OrganizationId, deleted_at: Timestamp) -> Write {
        self.work_write(id, None, Some(deleted_at), deleted_at)
    }

    /// The part that has something done about the members from a time on.
    pub(crate) fn work_write(
        self,
        id: OrganizationId,
        merge: Option<&JobId>,
        deleted_at: Option<Timestamp>,
        next_at: Timestamp,
    ) -> Write {
        let tenant = &self.0.settings.tenant;
        let mut item = key_of(tenant, &ItemKey::OrganizationWork(id));
        if let Some(deleted_at) = deleted_at {
            item.insert(DELETED_AT.to_owned(), n(deleted_at.as_millisecond()));
        }
        if let Some(merge) = merge {
            item.insert(MERGE.to_owned(), s(merge.as_str()));
        }
        // Shards are of numbers, whatever is numbered.
        let number = TicketNumber(id.0);
        item.insert("due_pk".to_owned(), s(due_pk(due_shard(tenant, number))));
        let place = due_sk(next_at, DueKind::Organization, tenant, number);
        item.insert("due_sk".to_owned(), s(place));
        Write::put(&self.0.settings.tickets_table, Role::State, item)
    }

    /// The part after which nothing is left to do about the members.
    pub(crate) fn work_done_write(self, id: OrganizationId) -> Write {
        let key = key_of(&self.0.settings.tenant, &ItemKey::OrganizationWork(id));
        Write::delete(&self.0.settings.tickets_table, Role::State, key)
    }

    /// Goes on with the list of members of an organization that was deleted, where something of it may be left.
    ///
    /// # Errors
    /// When the world failed; what is gone is gone, and the rest stays due.
    pub async fn clear_members(self, id: OrganizationId) -> Result<(), StoreError> {
        let Some(work) = self.work(id).await?.filter(|work| work.merge.is_none()) else {
            return Ok(());
        };
        let now = self.0.now();
        let deleted_at = work.deleted_at.unwrap_or(now);
        let last_at = work.last_at().unwrap_or(now);
        let mut is_left = true;
        for _ in 0..MOST_STEPS {
            is_left = self.clear_some(id).await?;
            if !is_left {
                break;
            }
        }
        let write = match is_left {
            true => self.work_write(id, None, Some(deleted_at), now),
            false if now < last_at => self.work_write(id, None, Some(deleted_at), last_at),
            false => self.work_done_write(id),
        };
        // Whoever went through it meanwhile has noted how far it is.
        let write = write.when("due_sk = :was").with(":was", s(work.due_sk));
        self.0.commit_writes(vec![], vec![write]).await?;
        Ok(())
    }

    /// Takes some off the list; whether there may be more.
    async fn clear_some(self, id: OrganizationId) -> Result<bool, StoreError> {
        let items = self.0.query(self.members_query(id, AT_ONCE)).await?;
        let table = &self.0.settings.tickets_table;
        let key = |item: &Item| {
            let keys = ["PK", "SK"].map(|name| Some((name.to_owned(), item.get(name)?.clone())));
            keys.into_iter().collect::<Option<Item>>()
        };
        let keys: Vec<Item> = items.iter().filter_map(key).collect();
        let writes = keys.into_iter().map(|key| Write::delete(table, Role::State, key));
        let writes: Vec<Write> = writes.collect();
        if !writes.is_empty() {
            self.0.commit_writes(vec![], writes).await?;
        }
        Ok(items.len() >= AT_ONCE)
    }
}
