//! What is due: one query for each shard, which reads what is due and nothing else.

use crate::{
    Store, StoreError,
    error::NameOperation,
    keys::{DUE_SHARDS, DueKind, GuardKey, ItemKey, due_pk, due_shard, due_sk, sortable_time},
    parts::Due,
    table::{
        item::{Item, key_of, n, number_in, s, text_in},
        page::Query,
    },
    tickets::reading::head_in,
};
use aws_sdk_dynamodb::{
    error::SdkError,
    operation::update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
};
use docket_domain::{Tenant, TicketNumber, Timestamp, outbox::wait_after, ticket::Ticket};
use serde::{Deserialize, Serialize};

/// How long a shard is left to the message that fires it, in seconds: a turn of it and its wait in the queue. A message
/// that is lost holds its shard up no longer than this.
pub const SHARD_HELD_SECONDS: i64 = 120;

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

impl DueEntry {
    /// Where it stands.
    pub fn place(&self, tenant: &Tenant) -> DuePlace {
        DuePlace {
            due_sk: self.due_sk.clone(),
            pk: self.key.pk(tenant),
            sk: self.key.sk(),
        }
    }
}

/// Where an entry stands in its shard. The sort key alone does not say: two pieces of work of one ticket can have the
/// same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuePlace {
    /// Sort key in the index.
    pub due_sk: String,
    /// Partition key of the item.
    pub pk: String,
    /// Its sort key.
    pub sk: String,
}

impl DuePlace {
    fn start_key(&self, shard: u8) -> Item {
        let attributes = [
            ("due_pk", due_pk(shard)),
            ("due_sk", self.due_sk.clone()),
            ("PK", self.pk.clone()),
            ("SK", self.sk.clone()),
        ];
        attributes.map(|(name, value)| (name.to_owned(), s(value))).into()
    }
}

/// What is due in a shard, from some place on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DuePage {
    /// The entries, the oldest first.
    pub entries: Vec<DueEntry>,
    /// Where to go on, unless that was all.
    pub rest: Option<DuePlace>,
}

impl Store {
    /// Pushes an entry of the index forward that can't be fired, doubling the wait each time, so that it keeps nobody busy
    /// until somebody has mended it. The item itself may be unreadable: only its place is touched.
    pub async fn push_stuck(&self, entry: &DueEntry) -> Result<(), StoreError> {
        let Some(item) = self.get_item(&entry.key).await? else {
            return Ok(());
        };
        let redrives: u32 = number_in(&item, "redrives").unwrap_or(0);
        let wait = wait_after(redrives + 1);
        let next = self.now().checked_add(wait).unwrap_or(Timestamp::MAX);
        let rest = entry.due_sk.split_once('#').map_or("", |(_, rest)| rest);
        let output = self
            .clients
            .dynamo
            .update_item()
            .table_name(&self.settings.tickets_table)
            .set_key(Some(key_of(&self.settings.tenant, &entry.key)))
            .update_expression("SET due_sk = :next, redrives = :count")
            .condition_expression("due_sk = :was")
            .expression_attribute_values(":next", s(format!("{}#{rest}", sortable_time(next))))
            .expression_attribute_values(":count", n(redrives + 1))
            .expression_attribute_values(":was", s(&entry.due_sk))
            .send()
            .await;
        done_unless_condition_failed(output).map(drop)
    }
}

impl Due<'_> {
    /// The entries of one shard due at `now`, the oldest first, at most `limit`, after this place if one is given.
    pub async fn in_shard(
        self,
        shard: u8,
        now: Timestamp,
        after: Option<&DuePlace>,
        limit: usize,
    ) -> Result<DuePage, StoreError> {
        // '~' follows every character of the rest of the key.
        let to = format!("{}#~", sortable_time(now));
        // Whoever left the place may have a clock ahead of ours; the service refuses to begin outside of the range.
        if after.is_some_and(|place| place.due_sk > to) {
            return Ok(DuePage::default());
        }
        let query = Query::index("due", due_pk(shard), limit)
            .range("due_sk <= :to", vec![(":to", to)])
            .after(after.map(|place| place.start_key(shard)));
        let items = self.0.query(query).await?;
        let last = items.last().filter(|_| items.len() >= limit);
        let mut page = DuePage {
            rest: last.and_then(place_of),
            ..DuePage::default()
        };
        for item in items {
            let (Some(pk), Some(sk), Some(due_sk)) = (
                text_in(&item, "PK"),
                text_in(&item, "SK"),
                text_in(&item, "due_sk"),
            ) else {
                continue;
            };
            let due_at = due_sk.split('#').next().and_then(|ms| ms.parse().ok());
            let due_at = due_at.and_then(|ms| Timestamp::from_millisecond(ms).ok());
            if let (Some((_, key)), Some(due_at)) = (ItemKey::parse_due_item(pk, sk), due_at) {
                page.entries.push(DueEntry {
                    key,
                    due_at,
                    due_sk: due_sk.to_owned(),
                });
            }
        }
        Ok(page)
    }

    /// When the longest due entry of all shards was due; nothing when nothing is.
    pub async fn oldest(self) -> Result<Option<Timestamp>, StoreError> {
        let (now, mut oldest) = (self.0.now(), None);
        for shard in 0..DUE_SHARDS {
            let first = self.in_shard(shard, now, None, 1).await?;
            oldest = first.entries.iter().map(|entry| entry.due_at).chain(oldest).min();
        }
        Ok(oldest)
    }

    /// Whether a shard is free to be handed to a message; it is held for [`SHARD_HELD_SECONDS`] then, so that no two
    /// messages go through it at once.
    pub async fn claim_shard(self, shard: u8) -> Result<bool, StoreError> {
        let request = self
            .hold_request(shard, SHARD_HELD_SECONDS)
            .condition_expression("attribute_not_exists(PK) OR expires_at <= :now")
            .expression_attribute_values(":now", n(self.0.now().as_second()));
        done_unless_condition_failed(request.send().await)
    }

    /// Holds a shard for so many seconds from now, whoever held it; it is free when they are over.
    pub async fn hold_shard(self, shard: u8, seconds: i64) -> Result<(), StoreError> {
        let request = self.hold_request(shard, seconds);
        request.send().await.map(drop).named("UpdateItem")
    }

    fn hold_request(self, shard: u8, seconds: i64) -> UpdateItemFluentBuilder {
        let key = GuardKey::DueShard(shard);
        self.0
            .update_guard(&key)
            .update_expression("SET expires_at = :end")
            .expression_attribute_values(":end", n(self.0.now().as_second() + seconds))
    }

    /// A head with its place in `due` and how often the sweep has pushed it, read strongly.
    pub async fn head(self, number: TicketNumber) -> Result<Option<(Ticket, String, u32)>, StoreError> {
        let Some(item) = self.0.get_item(&ItemKey::Head(number)).await? else {
            return Ok(None);
        };
        let due_sk = text_in(&item, "due_sk").unwrap_or_default().to_owned();
        let redrives = number_in(&item, "redrives").unwrap_or(0);
        Ok(Some((head_in(item)?, due_sk, redrives)))
    }

    /// Pushes a head's place in `due` forward, doubling the wait each time, but not past its next promise.
    /// Where it stands there is no part of the head: the next commit sets it anew. False: it has changed since.
    pub async fn push_head(
        self,
        ticket: &Ticket,
        due_sk_read: &str,
        redrives: u32,
    ) -> Result<bool, StoreError> {
        let tenant = &self.0.settings.tenant;
        let wait = self
            .0
            .now()
            .checked_add(wait_after(redrives + 1))
            .unwrap_or(Timestamp::MAX);
        // An instant at which its assignment may be decided otherwise is not slept through.
        let changes_at = ticket.waiting.as_ref().and_then(|waiting| waiting.changes_at);
        let changes_at = changes_at.filter(|at| *at > self.0.now());
        let next = changes_at
            .into_iter()
            .chain(ticket.next_own_timer_at())
            .fold(wait, Timestamp::min);
        let output = self
            .0
            .clients
            .dynamo
            .update_item()
            .table_name(&self.0.settings.tickets_table)
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

fn place_of(item: &Item) -> Option<DuePlace> {
    let text = |name| text_in(item, name).map(str::to_owned);
    Some(DuePlace {
        due_sk: text("due_sk")?,
        pk: text("PK")?,
        sk: text("SK")?,
    })
}

/// Whether a conditional update was done; an error only if the call failed.
pub(crate) fn done_unless_condition_failed<T, R: std::fmt::Debug + Send + Sync + 'static>(
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
