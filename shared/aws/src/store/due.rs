//! What is due: one query for each shard, which reads what is due and nothing else.

use super::{
    item::{key_of, n, number_in, s, text_in, value_in},
    page::Query,
};
use crate::{
    Desk, StoreError,
    error::Named,
    keys::{DUE_SHARDS, DueKind, ItemKey, due_pk, due_shard, due_sk, sortable_time},
};
use aws_sdk_dynamodb::{error::SdkError, operation::update_item::UpdateItemError};
use docket_domain::{TicketNumber, Timestamp, delivery::wait_after, ticket::Ticket};

/// An entry of the index `due`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueEntry {
    /// The item.
    pub key: ItemKey,
    /// When it was due.
    pub due_at: Timestamp,
    /// Its sort key in the index, as read.
    pub due_sk: String,
}

impl Desk {
    /// The entries of one shard due at `now`, the oldest first, at most `limit`.
    pub async fn due(&self, shard: u8, now: Timestamp, limit: usize) -> Result<Vec<DueEntry>, StoreError> {
        // '~' follows every character of the rest of the key.
        let to = format!("{}#~", sortable_time(now));
        let query = Query::index("due", due_pk(shard), limit).range("due_sk <= :to", vec![(":to", to)]);
        let mut entries = Vec::new();
        for item in self.query(query).await? {
            let (Some(pk), Some(sk), Some(due_sk)) = (
                text_in(&item, "PK"),
                text_in(&item, "SK"),
                text_in(&item, "due_sk"),
            ) else {
                continue;
            };
            let due_at = due_sk.split('#').next().and_then(|ms| ms.parse().ok());
            let due_at = due_at.and_then(|ms| Timestamp::from_millisecond(ms).ok());
            if let (Some((_, key)), Some(due_at)) = (ItemKey::parse_ticket_item(pk, sk), due_at) {
                entries.push(DueEntry {
                    key,
                    due_at,
                    due_sk: due_sk.to_owned(),
                });
            }
        }
        Ok(entries)
    }

    /// When the longest due entry of all shards was due; nothing when nothing is.
    pub async fn oldest_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let (now, mut oldest) = (self.now(), None);
        for shard in 0..DUE_SHARDS {
            let first = self.due(shard, now, 1).await?;
            oldest = first.iter().map(|entry| entry.due_at).chain(oldest).min();
        }
        Ok(oldest)
    }

    /// A head with its place in `due` and how often the sweep has pushed it, read strongly.
    pub async fn due_head(&self, number: TicketNumber) -> Result<Option<(Ticket, String, u32)>, StoreError> {
        let Some(mut item) = self.get_item(&ItemKey::Head(number)).await? else {
            return Ok(None);
        };
        let due_sk = text_in(&item, "due_sk").unwrap_or_default().to_owned();
        let redrives = number_in(&item, "redrives").unwrap_or(0);
        Ok(Some((value_in(&mut item, "head")?, due_sk, redrives)))
    }

    /// Pushes a head's place in `due` forward, doubling the wait each time, but not past its next promise.
    /// Where it stands there is no part of the head: the next commit sets it anew. False: it has changed since.
    pub async fn push_head(
        &self,
        ticket: &Ticket,
        due_sk_read: &str,
        redrives: u32,
    ) -> Result<bool, StoreError> {
        let tenant = &self.settings.tenant;
        let wait = self
            .now()
            .checked_add(wait_after(redrives + 1))
            .unwrap_or(Timestamp::MAX);
        let next = ticket.next_own_timer_at().map_or(wait, |own| own.min(wait));
        let output = self
            .clients
            .dynamo
            .update_item()
            .table_name(&self.settings.tickets_table)
            .set_key(Some(key_of(tenant, &ItemKey::Head(ticket.number))))
            .update_expression("SET due_pk = :pk, due_sk = :next, redrives = :count")
            .condition_expression("due_sk = :was AND v = :v")
            .expression_attribute_values(":pk", s(due_pk(due_shard(tenant, ticket.number))))
            .expression_attribute_values(":next", s(due_sk(next, DueKind::Head, tenant, ticket.number)))
            .expression_attribute_values(":count", n(redrives + 1))
            .expression_attribute_values(":was", s(due_sk_read))
            .expression_attribute_values(":v", n(ticket.v))
            .send()
            .await;
        done_unless_condition_failed(output)
    }
}

/// Whether a conditional update was done; an error only if the call failed.
pub(super) fn done_unless_condition_failed<T, R: std::fmt::Debug + Send + Sync + 'static>(
    output: Result<T, SdkError<UpdateItemError, R>>,
) -> Result<bool, StoreError> {
    match output {
        Err(error)
            if error
                .as_service_error()
                .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
        {
            Ok(false)
        }
        output => output.map(|_| true).named("UpdateItem"),
    }
}
