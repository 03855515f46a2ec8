//! Queue `timers`: what is more than a sweep fires is handed on by shard, and each message goes through one shard, turn
//! by turn. A shard is held while a message goes through it, so that a backlog is not multiplied by the minute.

use crate::{
    SweepError,
    shard::{Bounds, fire_shard},
};
use docket_desk::{Desk, Queue};
use docket_store::{queue::ShardNudge, tickets::SHARD_HELD_SECONDS};
use futures_util::stream::{self, StreamExt};
use tokio::time::Instant;

/// Most entries of one turn. Small enough that all shards of a burst have a turn within a minute.
const MOST_ENTRIES: usize = 500;
/// Entries that fire at the same time, each with two calls of the table.
const AT_ONCE: usize = 32;
/// Shards that are claimed at the same time.
const CLAIMS_AT_ONCE: usize = 16;

/// Hands shards on, each unless a message goes through it already. How many were handed on comes back.
pub(crate) async fn hand_on(desk: &Desk, shards: Vec<ShardNudge>) -> Result<usize, SweepError> {
    let claims: Vec<_> = shards.into_iter().map(|shard| claim(desk, shard)).collect();
    let claims = stream::iter(claims).buffer_unordered(CLAIMS_AT_ONCE);
    let mut claimed: Vec<ShardNudge> = claims.filter_map(std::future::ready).collect().await;
    claimed.sort_by_key(|nudge| nudge.shard);
    let sent = desk.queues().send_all(Queue::Timers, &claimed).await;
    let lost: Vec<u8> = match &sent {
        Ok(lost) => lost.iter().map(|at| claimed[*at].shard).collect(),
        Err(_) => claimed.iter().map(|nudge| nudge.shard).collect(),
    };
    for shard in &lost {
        hold(desk, *shard, 0).await;
    }
    sent?;
    match lost.len() {
        0 => Ok(claimed.len()),
        lost => Err(SweepError::NotHandedOn {
            lost,
            of: claimed.len(),
        }),
    }
}

async fn claim(desk: &Desk, nudge: ShardNudge) -> Option<ShardNudge> {
    let shard = nudge.shard;
    let is_free = desk.due().claim_shard(shard).await.unwrap_or_else(|error| {
        // A message too many costs some reads, one too few a minute.
        tracing::warn!(%error, shard, "shard {shard} can't be claimed and is handed on all the same");
        true
    });
    is_free.then_some(nudge)
}

/// One message: a turn of its shard, and another message if there is more. What failed in it stays due and is found by the
/// next sweep, so the message is done all the same.
pub(crate) async fn go_through(desk: &Desk, from: ShardNudge, until: Instant) -> Result<(), SweepError> {
    let shard = from.shard;
    let bounds = Bounds {
        entries: MOST_ENTRIES,
        at_once: AT_ONCE,
        until,
    };
    let turn = fire_shard(desk, from, &bounds).await?;
    let tally = turn.tally;
    // The alarm of late timers counts this line as well.
    tracing::info!(
        shard,
        due = tally.due,
        failed = tally.failed,
        lag_seconds = tally.lag_seconds,
        in_doubt_oldest_seconds = tally.in_doubt_oldest_seconds,
        "a turn of shard {shard} found {} due",
        tally.due
    );
    match turn.rest {
        Some(rest) => {
            hold(desk, shard, SHARD_HELD_SECONDS).await;
            desk.queues().send(Queue::Timers, &rest).await?;
        }
        None => hold(desk, shard, 0).await,
    }
    Ok(())
}

/// Holding fails softly: it spares work and keeps nothing right.
async fn hold(desk: &Desk, shard: u8, seconds: i64) {
    if let Err(error) = desk.due().hold_shard(shard, seconds).await {
        tracing::warn!(%error, shard, "shard {shard} can't be held for {seconds} s");
    }
}
