//! How far the open tickets follow the policies and calendars in force: one item, in the index `due` until they all do.

use crate::{
    StoreError,
    keys::{DueKind, ItemKey, due_pk, due_sk, number_at_end, view_pk},
    parts::{OperatorRules, Tickets},
    table::{
        Committed, Role, Write,
        item::{item_with, n, s, text_in, value_in},
        page::Query,
    },
};
use docket_domain::{TicketNumber, Timestamp, ticket::StatusClass};
use serde::{Deserialize, Serialize};

/// The shard of the index `due` in which the item stands.
const SHARD: u8 = 0;

/// A walk over the open tickets after policies or calendars changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recompute {
    /// The version of the whole that they are to follow.
    pub v: u64,
    /// The ticket after which to go on; from the first on without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<OpenPlace>,
    /// Tickets looked at so far.
    pub looked_at: u64,
    /// Of these, how many could not be put under them.
    #[serde(default)]
    pub failed: u64,
    /// How often it began again for them.
    #[serde(default)]
    pub passes: u64,
    /// Steps taken: tells one state of the walk from the next.
    pub step: u64,
}

/// Where a ticket stands in the index `view`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPlace {
    /// The partition.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

impl Recompute {
    /// A walk that begins.
    pub fn new(v: u64) -> Self {
        Self {
            v,
            after: None,
            looked_at: 0,
            failed: 0,
            passes: 0,
            step: 0,
        }
    }

    /// Begins again, for tickets that failed.
    pub fn begin_again(&mut self) {
        self.after = None;
        self.looked_at = 0;
        self.failed = 0;
        self.passes += 1;
    }
}

impl OperatorRules<'_> {
    /// The walk that was begun last, if there ever was one.
    pub async fn recompute(self) -> Result<Option<Recompute>, StoreError> {
        match self.0.get_item(&ItemKey::Recompute).await? {
            Some(mut item) => value_in(&mut item, "recompute").map(Some),
            None => Ok(None),
        }
    }

    /// The part of a transaction that stores a walk; it is due at a time, or at its end.
    pub(crate) fn recompute_write(
        self,
        walk: &Recompute,
        due_at: Option<Timestamp>,
    ) -> Result<Write, StoreError> {
        let tenant = &self.0.settings.tenant;
        let mut item = item_with(tenant, &ItemKey::Recompute, "recompute", walk)?;
        item.insert("walk_v".to_owned(), n(walk.v));
        item.insert("walk_step".to_owned(), n(walk.step));
        if let Some(at) = due_at {
            item.insert("due_pk".to_owned(), s(due_pk(SHARD)));
            let sk = due_sk(at, DueKind::Recompute, tenant, TicketNumber(0));
            item.insert("due_sk".to_owned(), s(sk));
        }
        Ok(Write::put(&self.0.settings.tickets_table, Role::State, item))
    }

    /// Takes a walk a step on, due again at a time, or at its end. False: another walk has begun, or somebody else took the
    /// step.
    pub async fn step_recompute(
        self,
        walk: &mut Recompute,
        due_at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let read = walk.step;
        walk.step += 1;
        let write = self
            .recompute_write(walk, due_at)?
            .when("walk_v = :walk AND walk_step = :step")
            .with(":walk", n(walk.v))
            .with(":step", n(read));
        let committed = self.0.commit_writes(vec![], vec![write]).await?;
        Ok(matches!(committed, Committed::Done(_)))
    }
}

impl Tickets<'_> {
    /// The numbers of unsolved tickets from a place on, at most `limit`, and where to go on unless that was all. A ticket
    /// that changes meanwhile may come twice or not at all.
    pub async fn open(
        self,
        after: Option<&OpenPlace>,
        limit: usize,
    ) -> Result<(Vec<TicketNumber>, Option<OpenPlace>), StoreError> {
        let groups = self.0.groups().all().await?;
        let groups = std::iter::once(None).chain(groups.iter().map(|group| Some(group.id)));
        let mut partitions: Vec<String> = groups
            .flat_map(|group| {
                let classes = StatusClass::ALL.into_iter();
                classes.map(move |class| view_pk(&self.0.settings.tenant, group, class.as_str()))
            })
            .collect();
        partitions.sort();
        let mut numbers = Vec::new();
        for pk in partitions {
            if after.is_some_and(|place| pk < place.pk) {
                continue;
            }
            let mut query = Query::index("view", pk.clone(), limit - numbers.len());
            if let Some(place) = after.filter(|place| place.pk == pk) {
                query = query.range("view_sk > :after", vec![(":after", place.sk.clone())]);
            }
            let items = self.0.query(query).await?;
            let last = items
                .last()
                .and_then(|item| text_in(item, "view_sk"))
                .map(str::to_owned);
            numbers.extend(
                items
                    .iter()
                    .filter_map(|item| number_at_end(text_in(item, "view_sk")?)),
            );
            if let Some(sk) = last.filter(|_| numbers.len() >= limit) {
                return Ok((numbers, Some(OpenPlace { pk, sk })));
            }
        }
        Ok((numbers, None))
    }
}
