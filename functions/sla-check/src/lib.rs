//! The sweep, once a minute: whatever is due fires, and whatever the fast path lost is nudged again.
//!
//! The index `due` holds one entry for each ticket (the least of its timers) and for each piece of outgoing work not
//! done, so a sweep reads what is due and half a unit for each of 64 shards, however many tickets are open; and one that
//! comes three days late finds all the same. An entry may be stale: firing checks the ticket itself.

mod fire;
mod spool;

use aws_lambda_events::sqs::SqsEvent;
use docket_aws::{Desk, Queue, StoreError, keys::DUE_SHARDS};
use docket_domain::ticket::Refusal;
use docket_lambda::batch::each_message;
use serde::{Deserialize, Serialize};

/// Most entries of one shard that one sweep fires; what is left goes to queue `timers` as a shard to look at again.
const MOST_AT_ONCE: usize = 200;

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

/// A shard that holds more than one sweep fires.
#[derive(Debug, Serialize, Deserialize)]
struct BusyShard {
    shard: u8,
}

/// Handles the clock's tick, or a batch of queue `timers`.
pub async fn handle(desk: &Desk, payload: serde_json::Value) -> Result<serde_json::Value, SweepError> {
    if payload.get("Records").is_none() {
        sweep(desk).await?;
        return Ok(serde_json::Value::Null);
    }
    let batch: SqsEvent = serde_json::from_value(payload)?;
    let response = each_message(batch, |message| async move {
        let busy: BusyShard = serde_json::from_str(message.body.as_deref().unwrap_or_default())?;
        let mut tally = Tally::default();
        sweep_shard(desk, busy.shard % DUE_SHARDS, &mut tally).await;
        tally.finish()
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
async fn sweep(desk: &Desk) -> Result<(), SweepError> {
    let mut tally = Tally::default();
    for shard in 0..DUE_SHARDS {
        sweep_shard(desk, shard, &mut tally).await;
    }
    let mut spool_oldest_seconds = 0;
    match spool::redrive(desk).await {
        Ok(oldest) => spool_oldest_seconds = oldest,
        Err(error) => tally.note(Err(error)),
    }
    // Alarms are counted from this line.
    tracing::info!(
        due = tally.due,
        lag_seconds = tally.lag_seconds,
        spool_oldest_seconds = spool_oldest_seconds,
        in_doubt_oldest_seconds = tally.in_doubt_oldest_seconds,
        "the sweep found {} due",
        tally.due
    );
    tally.finish()
}

async fn sweep_shard(desk: &Desk, shard: u8, tally: &mut Tally) {
    let now = desk.now();
    let entries = match desk.due(shard, now, MOST_AT_ONCE).await {
        Ok(entries) => entries,
        Err(error) => return tally.note(Err(error.into())),
    };
    let is_full = entries.len() == MOST_AT_ONCE;
    for entry in entries {
        tally.due += 1;
        tally.lag_seconds = tally.lag_seconds.max(now.as_second() - entry.due_at.as_second());
        match fire::fire(desk, &entry).await {
            Ok(in_doubt_seconds) => {
                tally.in_doubt_oldest_seconds = tally.in_doubt_oldest_seconds.max(in_doubt_seconds)
            }
            Err(error) => tally.note(Err(error)),
        }
    }
    if is_full {
        tally.note(
            desk.send(Queue::Timers, &BusyShard { shard })
                .await
                .map_err(SweepError::from),
        );
    }
}

#[derive(Default)]
struct Tally {
    due: usize,
    lag_seconds: i64,
    in_doubt_oldest_seconds: i64,
    failed: usize,
    first: Option<String>,
}

impl Tally {
    fn note(&mut self, result: Result<(), SweepError>) {
        if let Err(error) = result {
            tracing::error!(%error, "an entry that was due failed and stays due");
            self.failed += 1;
            self.first.get_or_insert(error.to_string());
        }
    }

    fn finish(self) -> Result<(), SweepError> {
        match self.first {
            None => Ok(()),
            Some(first) => Err(SweepError::Partly {
                failed: self.failed,
                due: self.due,
                first,
            }),
        }
    }
}
