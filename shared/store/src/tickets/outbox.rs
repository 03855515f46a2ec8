//! Outgoing work as stored: each item is in the index `due` until it is done.

use crate::{
    Store, StoreError,
    keys::{DueKind, ItemKey, due_pk, due_shard, due_sk},
    parts::Outbox,
    table::{
        Committed, Role, Write,
        item::{Item, item_with, n, s, text_in, value_in},
    },
};
use docket_domain::{
    OutboxId, PersonId,
    outbox::{OutboxItem, State, wait_after},
    people::person::{Identity, Person},
};
use std::collections::BTreeSet;

impl Store {
    /// The part of a transaction that notes on a mail from whom it came back: whose addresses these are among its recipients.
    /// `ses_id` says which of its attempts did.
    pub async fn returned_writes(
        &self,
        item: &OutboxItem,
        ses_id: &str,
        addresses: &[&str],
    ) -> Result<Vec<Write>, StoreError> {
        let people = self.people().get_many(&item.work.recipients()).await?;
        let has_one = |person: &&Person| {
            let mut emails = addresses.iter().map(|address| Identity::email(address));
            emails.any(|email| person.identities.contains(&email))
        };
        let from: Vec<PersonId> = people.iter().filter(has_one).map(|person| person.id).collect();
        let returned = item.returned(ses_id, &from);
        let write = returned
            .map(|to| self.outbox().change_write(item, &to))
            .transpose()?;
        Ok(write.into_iter().collect())
    }
}

impl Outbox<'_> {
    /// A piece of outgoing work.
    pub async fn get(self, id: OutboxId) -> Result<Option<OutboxItem>, StoreError> {
        match self.0.get_item(&ItemKey::Outbox(id)).await? {
            Some(mut item) => value_in(&mut item, "outbox").map(Some),
            None => Ok(None),
        }
    }

    /// These pieces of outgoing work as they are now, in any order, leaving out those that are not there and those that can't be read:
    /// whoever needs one of these asks for it alone.
    pub async fn get_many(self, ids: &[OutboxId]) -> Result<Vec<OutboxItem>, StoreError> {
        let keys: Vec<ItemKey> = ids.iter().copied().map(ItemKey::Outbox).collect();
        let items = self.0.get_items_strongly(&keys).await?;
        Ok(items
            .into_iter()
            .filter_map(|mut item| value_in(&mut item, "outbox").ok())
            .collect())
    }

    /// Which of these stand, as of now, whether or not they can be read.
    pub async fn standing(self, ids: &[OutboxId]) -> Result<BTreeSet<OutboxId>, StoreError> {
        let keys: Vec<ItemKey> = ids.iter().copied().map(ItemKey::Outbox).collect();
        let items = self.0.get_items_strongly(&keys).await?;
        let id = |item: Item| {
            let (pk, sk) = (text_in(&item, "PK")?, text_in(&item, "SK")?);
            match ItemKey::parse_ticket_item(pk, sk) {
                Some((_, ItemKey::Outbox(id))) => Some(id),
                _ => None,
            }
        };
        Ok(items.into_iter().filter_map(id).collect())
    }

    /// The part of a transaction that stores the item; give it a condition.
    pub(crate) fn write(self, outbox: &OutboxItem) -> Result<Write, StoreError> {
        let tenant = &self.0.settings.tenant;
        let mut item = item_with(tenant, &ItemKey::Outbox(outbox.id), "outbox", outbox)?;
        item.insert("attempt".to_owned(), n(outbox.attempt));
        item.insert("stage".to_owned(), s(stage(&outbox.state)));
        if let Some(at) = outbox.next_due_at {
            item.insert(
                "due_pk".to_owned(),
                s(due_pk(due_shard(tenant, outbox.id.ticket))),
            );
            let sk = due_sk(at, DueKind::Outbox, tenant, outbox.id.ticket);
            item.insert("due_sk".to_owned(), s(sk));
        }
        Ok(Write::put(&self.0.settings.tickets_table, Role::State, item))
    }

    /// The part of a transaction that moves an item from what was read to what it is to be.
    pub fn change_write(self, read: &OutboxItem, to: &OutboxItem) -> Result<Write, StoreError> {
        Ok(self
            .write(to)?
            .when("attempt = :attempt AND stage = :stage")
            .with(":attempt", n(read.attempt))
            .with(":stage", s(stage(&read.state))))
    }

    /// Moves an item, with other parts that go with it. False: somebody else was first.
    pub async fn advance(
        self,
        read: &OutboxItem,
        to: &OutboxItem,
        also: Vec<Write>,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![self.change_write(read, to)?];
        writes.extend(also);
        Ok(matches!(
            self.0.commit_writes(vec![], writes).await?,
            Committed::Done(_)
        ))
    }

    /// Pushes an item's next look forward without touching its state, doubling the wait each time, so that a backlog
    /// is not nudged every minute. False: it has changed since.
    pub async fn push(self, read: &OutboxItem) -> Result<bool, StoreError> {
        let tenant = &self.0.settings.tenant;
        let Some(was) = read.next_due_at else {
            return Ok(false);
        };
        let next = self
            .0
            .now()
            .checked_add(wait_after(read.redrives + 1))
            .unwrap_or(was);
        let sk = |at| due_sk(at, DueKind::Outbox, tenant, read.id.ticket);
        let output = self
            .0
            .clients
            .dynamo
            .update_item()
            .table_name(&self.0.settings.tickets_table)
            .set_key(Some(crate::table::item::key_of(
                tenant,
                &ItemKey::Outbox(read.id),
            )))
            .update_expression("SET due_sk = :next, outbox.next_due_at = :at, outbox.redrives = :count")
            .condition_expression("due_sk = :was AND attempt = :attempt AND stage = :stage")
            .expression_attribute_values(":next", s(sk(next)))
            .expression_attribute_values(":at", s(next.to_string()))
            .expression_attribute_values(":count", n(read.redrives + 1))
            .expression_attribute_values(":was", s(sk(was)))
            .expression_attribute_values(":attempt", n(read.attempt))
            .expression_attribute_values(":stage", s(stage(&read.state)))
            .send()
            .await;
        crate::tickets::due::done_unless_condition_failed(output)
    }
}

fn stage(state: &State) -> &'static str {
    match state {
        State::Pending => "pending",
        State::Sending { .. } => "sending",
        State::InDoubt { .. } => "in_doubt",
        State::Sent => "sent",
        State::Failed => "failed",
    }
}
