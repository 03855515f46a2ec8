//! The sweep, once a minute: whatever is due fires, and whatever the fast path lost is nudged again.
//!
//! The index `due` holds one entry for each ticket (the least of its timers) and for each piece of outgoing work not
//! done, so a sweep reads what is due and half a unit for each of 64 shards, however many tickets are open; and one that
//! comes three days late finds all the same. An entry may be stale: firing checks the ticket itself.
//!
//! A sweep fires some entries of each shard, many shards at once. What is more goes through queue `timers`, whose
//! messages name a shard and the entry to go on from.

mod fan_out;
mod fire;
mod ledger;
mod projections;
mod recompute;
mod shard;
mod spool;
mod tally;

use crate::{
    shard::{Bounds, fire_shard},
    tally::Tally,
};
use aws_lambda_events::sqs::SqsEvent;
use docket_desk::{Desk, StoreError};
use docket_domain::ticket::Refusal;
use docket_intake::IntakeError;
use docket_lambda::batch::each_message;
use docket_projection::ProjectionError;
use docket_store::{keys::DUE_SHARDS, queue::ShardNudge};
use futures_util::stream::{self, StreamExt};
use std::time::Duration;
use tokio::time::Instant;

/// Most entries of one shard that a sweep itself fires: 1,600 in all, some seconds of its memory's share of a processor.
const MOST_ENTRIES: usize = 25;
/// Shards that a sweep looks at at the same time.
const SHARDS_AT_ONCE: usize = 16;
/// Entries of one shard that a sweep fires at the same time: with the shards, 64 in all.
const AT_ONCE: usize = 4;
/// How long an invocation begins further entries: half of the function's timeout. The other half is for what is under way,
/// for handing on and for the spool.
const WORKING_TIME: Duration = Duration::from_secs(30);

/// Why a sweep, or a part of it, failed.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The message is none of ours.
    #[error("the message can't be read")]
    Message(#[from] serde_json::Error),
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The domain said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// An hour of the ledger could not be counted anew.
    #[error(transparent)]
    Ledger(#[from] IntakeError),
    /// A projection could not be brought up to date.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// An entry met a mistake of ours.
    #[error("firing it panicked")]
    Panicked,
    /// The queue did not take everything.
    #[error("{lost} of {of} shards could not be handed on")]
    NotHandedOn {
        /// How many.
        lost: usize,
        /// Of how many.
        of: usize,
    },
    /// Parts failed; the others were done.
    #[error("{failed} of {due} entries that were due failed, the first: {first}")]
    Partly {
        /// How many.
        failed: usize,
        /// Of how many.
        due: usize,
        /// The first failure.
        first: String,
    },
}

impl SweepError {
    /// Whether the entry can't be fired as it is, however often it is tried.
    fn is_final(&self) -> bool {
        match self {
            Self::Store(error) => error.is_final(),
            Self::Refused(_) => true,
            Self::Message(_)
            | Self::Ledger(_)
            | Self::Projection(_)
            | Self::Panicked
            | Self::NotHandedOn { .. }
            | Self::Partly { .. } => false,
        }
    }
}

/// Handles the clock's tick, or a batch of queue `timers`.
pub async fn handle(desk: &Desk, payload: serde_json::Value) -> Result<serde_json::Value, SweepError> {
    let until = Instant::now() + WORKING_TIME;
    if payload.get("Records").is_none() {
        sweep(desk, until).await?;
        return Ok(serde_json::Value::Null);
    }
    let batch: SqsEvent = serde_json::from_value(payload)?;
    let response = each_message(batch, |message| async move {
        let mut nudge: ShardNudge = serde_json::from_str(message.body.as_deref().unwrap_or_default())?;
        nudge.shard %= DUE_SHARDS;
        fan_out::go_through(desk, nudge, until).await
    })
    .await;
    match response {
        Ok(response) => Ok(serde_json::to_value(response)?),
        Err(error) => Err(SweepError::Partly {
            failed: 1,
            due: 1,
            first: error.to_string(),
        }),
    }
}

/// One sweep over everything. A failure in one place does not keep it from the others.
async fn sweep(desk: &Desk, until: Instant) -> Result<(), SweepError> {
    let (mut tally, rest) = fire_shards(desk, until).await;
    let handed_on = noted(fan_out::hand_on(desk, rest).await, &mut tally).unwrap_or(0);
    let spool_oldest_seconds = noted(spool::redrive(desk).await, &mut tally).unwrap_or(0);
    let rebalanced_hours = noted(ledger::rebalance(desk).await, &mut tally).unwrap_or(0);
    let search_lag_seconds = match projections::look_after_search(desk).await {
        Ok(lag) => lag,
        Err(error) => {
            tracing::warn!(%error, "the index of the search could not be looked after; the next sweep will");
            None
        }
    };
    let projections_lag_seconds = noted(projections::catch_up(desk).await, &mut tally).flatten();
    // Alarms are counted from this line.
    tracing::info!(
        due = tally.due,
        failed = tally.failed,
        handed_on,
        lag_seconds = tally.lag_seconds,
        spool_oldest_seconds = spool_oldest_seconds,
        in_doubt_oldest_seconds = tally.in_doubt_oldest_seconds,
        rebalanced_hours,
        projections_lag_seconds,
        search_lag_seconds,
        "the sweep found {} due and handed {handed_on} shards on",
        tally.due
    );
    tally.finish()
}

/// The sweep's own turn of each shard, and where each has more.
async fn fire_shards(desk: &Desk, until: Instant) -> (Tally, Vec<ShardNudge>) {
    let bounds = Bounds {
        entries: MOST_ENTRIES,
        at_once: AT_ONCE,
        until,
    };
    let turns: Vec<_> = (0..DUE_SHARDS)
        .map(|shard| fire_shard(desk, ShardNudge { shard, after: None }, &bounds))
        .collect();
    let mut turns = stream::iter(turns).buffer_unordered(SHARDS_AT_ONCE);
    let (mut tally, mut rest) = (Tally::default(), Vec::new());
    while let Some(turn) = turns.next().await {
        if let Some(turn) = noted(turn, &mut tally) {
            tally.add(turn.tally);
            rest.extend(turn.rest);
        }
    }
    (tally, rest)
}

fn noted<T>(result: Result<T, SweepError>, tally: &mut Tally) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::error!(%error, "a part of the sweep failed");
            tally.fail(&error);
            None
        }
    }
}
