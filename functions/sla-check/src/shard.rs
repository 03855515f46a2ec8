//! A turn of one shard of the index `due`: its entries fire, the oldest first and several at once, until they, the bound
//! or the time is over.

use crate::{SweepError, fire, tally::Tally};
use docket_desk::Desk;
use docket_lambda::batch::catch;
use docket_store::{
    queue::ShardNudge,
    tickets::{DueEntry, DuePage},
};
use futures_util::stream::{self, StreamExt};
use tokio::time::Instant;

/// How far a turn goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Most entries.
    pub(crate) entries: usize,
    /// How many of them fire at the same time.
    pub(crate) at_once: usize,
    /// When no further one begins.
    pub(crate) until: Instant,
}

impl Bounds {
    fn time_is_over(&self) -> bool {
        Instant::now() >= self.until
    }
}

/// What became of a turn.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    /// Over the entries that it came to.
    pub(crate) tally: Tally,
    /// From where another one has to go on.
    pub(crate) rest: Option<ShardNudge>,
}

/// What became of an entry: how long it was in doubt, in seconds.
type FireResult = Result<i64, SweepError>;

/// Fires what is due in a shard from a place on. Entries that fail stay due, and those behind them have their turn all the
/// same.
pub(crate) async fn fire_shard(desk: &Desk, from: ShardNudge, bounds: &Bounds) -> Result<Turn, SweepError> {
    if bounds.time_is_over() {
        return Ok(Turn {
            rest: Some(from),
            ..Turn::default()
        });
    }
    let page = desk
        .due()
        .in_shard(from.shard, desk.now(), from.after.as_ref(), bounds.entries)
        .await?;
    let fires: Vec<_> = page
        .entries
        .iter()
        .enumerate()
        .map(|(at, entry)| fire_in_time(desk, at, entry, bounds))
        .collect();
    let mut fires = stream::iter(fires).buffer_unordered(bounds.at_once);
    let mut tally = Tally::default();
    let mut reached = page.entries.len();
    while let Some((at, outcome)) = fires.next().await {
        match outcome {
            None => reached = reached.min(at),
            Some(outcome) => note(desk, &page.entries[at], outcome, &mut tally),
        }
    }
    drop(fires);
    Ok(Turn {
        tally,
        rest: rest(desk, from, page, reached),
    })
}

/// Fires the entry at this position, unless the time is over. A panic is a failure of this entry alone.
async fn fire_in_time(
    desk: &Desk,
    at: usize,
    entry: &DueEntry,
    bounds: &Bounds,
) -> (usize, Option<FireResult>) {
    if bounds.time_is_over() {
        return (at, None);
    }
    let outcome = catch(Box::pin(fire::fire(desk, entry, bounds.until))).await;
    (at, Some(outcome.unwrap_or(Err(SweepError::Panicked))))
}

fn note(desk: &Desk, entry: &DueEntry, outcome: FireResult, tally: &mut Tally) {
    let lag_seconds = desk.now().as_second() - entry.due_at.as_second();
    tally.count(lag_seconds, *outcome.as_ref().unwrap_or(&0));
    if let Err(error) = outcome {
        let due = &entry.due_sk;
        let what = if error.is_final() {
            "can never be fired as it is: it is pushed behind"
        } else {
            "failed and stays due"
        };
        tracing::error!(%error, %due, "{due} {what}");
        tally.fail(&error);
    }
}

/// Where to go on: behind the last entry that the turn came to.
fn rest(desk: &Desk, from: ShardNudge, page: DuePage, reached: usize) -> Option<ShardNudge> {
    let shard = from.shard;
    if reached == page.entries.len() {
        return page.rest.map(|place| ShardNudge {
            shard,
            after: Some(place),
        });
    }
    let last = reached.checked_sub(1).map(|at| &page.entries[at]);
    Some(ShardNudge {
        shard,
        after: last
            .map(|entry| entry.place(&desk.settings.tenant))
            .or(from.after),
    })
}
