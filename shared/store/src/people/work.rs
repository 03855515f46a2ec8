//! What is still to be done about a person: an item beside their record, which the index `due` names until it is done.

use crate::{
    StoreError,
    keys::{DueKind, ItemKey, due_pk, due_shard, due_sk},
    parts::People,
    people::traces::TracedUntil,
    table::{
        Committed, Role, Write,
        item::{item_with, key_of, s, text_in, value_in},
    },
};
use docket_domain::{PersonId, TicketNumber, Timestamp, ticket::Actor};
use serde::{Deserialize, Serialize};

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum PersonTask {
    /// Their tickets become those of the one into whom they were merged.
    Give {
        /// That one.
        to: PersonId,
    },
    /// The tickets that went there come back.
    TakeBack {
        /// From whom.
        from: PersonId,
        /// Behind which place among that one's tickets it goes on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
        /// Whether those are looked at that were deleted.
        #[serde(default)]
        is_deleted: bool,
    },
    /// They are forgotten.
    Forget {
        /// Whether what they asked is gone; then what they wrote on others' tickets is looked for.
        #[serde(default)]
        own_are_gone: bool,
        /// How far that was looked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<TracedUntil>,
        /// The mail addresses by which contacts of theirs are found that were held.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        addresses: Vec<String>,
    },
}

/// What is still to be done about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonWork {
    /// What.
    #[serde(flatten)]
    pub task: PersonTask,
    /// Who asked for it.
    pub by: Actor,
    /// When.
    pub asked_at: Timestamp,
}

impl People<'_> {
    /// What is still to be done about somebody, and where it stands in the index `due`.
    pub async fn work(self, person: PersonId) -> Result<Option<(PersonWork, String)>, StoreError> {
        let Some(mut item) = self.0.get_item(&ItemKey::PersonWork(person)).await? else {
            return Ok(None);
        };
        let due_sk = text_in(&item, "due_sk").unwrap_or_default().to_owned();
        Ok(Some((value_in(&mut item, "work")?, due_sk)))
    }

    /// The part that has something done from a time on, instead of what was to be done.
    pub fn work_write(
        self,
        person: PersonId,
        work: &PersonWork,
        from: Timestamp,
    ) -> Result<Write, StoreError> {
        let tenant = &self.0.settings.tenant;
        let mut item = item_with(tenant, &ItemKey::PersonWork(person), "work", work)?;
        // Shards are of numbers, whatever is numbered.
        let number = TicketNumber(person.0);
        item.insert("due_pk".to_owned(), s(due_pk(due_shard(tenant, number))));
        item.insert(
            "due_sk".to_owned(),
            s(due_sk(from, DueKind::Person, tenant, number)),
        );
        Ok(Write::put(&self.0.settings.tickets_table, Role::State, item))
    }

    /// Notes how far it is, and when it goes on; nothing: it is done. False: somebody else noted something since it was read.
    pub async fn work_went_on(
        self,
        person: PersonId,
        due_sk_read: &str,
        next: Option<(&PersonWork, Timestamp)>,
    ) -> Result<bool, StoreError> {
        let write = match next {
            Some((work, at)) => self.work_write(person, work, at)?,
            None => {
                let key = key_of(&self.0.settings.tenant, &ItemKey::PersonWork(person));
                Write::delete(&self.0.settings.tickets_table, Role::State, key)
            }
        };
        let write = write.when("due_sk = :was").with(":was", s(due_sk_read));
        let committed = self.0.commit_writes(vec![], vec![write]).await?;
        Ok(matches!(committed, Committed::Done(_)))
    }
}
