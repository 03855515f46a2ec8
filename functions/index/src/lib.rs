//! Keeps the index of the search. A nudge names the tickets that changed, and these are read and become a split; without any, what changed
//! since the watermark is looked for. Splits are merged, and what was merged is deleted, where there is time.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use docket_domain::TicketNumber;
use docket_lambda::batch::{BatchError, each_key};
use docket_projection::{Pass, ProjectionError, Projections};
use docket_search_index::{IndexError, KeptIndex, SearchFollower, SplitsAtHand, audit_part};
use docket_store::{
    Store,
    projections::SEARCH,
    queue::{BadNudge, ChangedNudge},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How long a message begins further work: half of the function's timeout.
const WORKING_TIME: Duration = Duration::from_secs(30);

/// Why the index could not be kept now.
#[derive(Debug, thiserror::Error)]
pub enum IndexingError {
    /// The message is none of ours.
    #[error(transparent)]
    Nudge(#[from] BadNudge),
    /// What changed could not be taken in.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// Splits could not be merged or swept.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// Handles a batch of queue `index`: what its messages name is taken in together.
pub async fn handle(
    store: &Store,
    at_hand: &Arc<SplitsAtHand>,
    batch: SqsEvent,
) -> Result<SqsBatchResponse, BatchError> {
    let read = |message: &SqsMessage| {
        let nudge = ChangedNudge::read(&store.settings.tenant, message.body.as_deref())?;
        Ok::<_, IndexingError>((nudge.audit, nudge.changed))
    };
    each_key(batch, read, |audit, changed| async move {
        let until = Instant::now() + WORKING_TIME;
        let looks = changed.iter().any(Vec::is_empty);
        let numbers = ChangedNudge::numbers(&changed);
        if audit {
            compare(store, at_hand, until).await?;
        }
        keep(store, at_hand, (&numbers, looks), until).await
    })
    .await
}

/// Compares a thirtieth of the index with the tickets, another each day, and takes in what differs: so a nudge
/// that was lost, a clock that was wrong, a day of the list of changes that lost an entry are made good within a month.
async fn compare(store: &Store, at_hand: &Arc<SplitsAtHand>, until: Instant) -> Result<(), IndexingError> {
    let generation = store
        .projection(SEARCH)
        .await
        .map_err(IndexError::from)?
        .generation;
    if generation == 0 {
        return Ok(());
    }
    let index = KeptIndex::new(store, at_hand, generation);
    let part = audit_part(store.now().as_second());
    let differing = index.differing(part, || Instant::now() >= until).await?;
    if differing.is_empty() {
        return Ok(());
    }
    tracing::warn!(
        tickets = differing.len(),
        "{} tickets were not in the index of the search as they are, and are taken in",
        differing.len()
    );
    let follower = SearchFollower {
        at_hand: at_hand.clone(),
    };
    let projections = Projections::new(store, &follower).working_until(until);
    projections.take_named(&differing).await?;
    Ok(())
}

/// Takes in these tickets, and whatever changed if that is to be looked for.
async fn follow(
    projections: &Projections<'_, SearchFollower>,
    (numbers, looks): (&[TicketNumber], bool),
) -> Result<Pass, ProjectionError> {
    let mut pass = Pass::Whole;
    if !numbers.is_empty() {
        pass = projections.take_named(numbers).await?;
    }
    if looks && pass == Pass::Whole {
        pass = projections.catch_up().await?;
    }
    Ok(pass)
}

/// Brings the index up to date; then merges and sweeps.
async fn keep(
    store: &Store,
    at_hand: &Arc<SplitsAtHand>,
    (numbers, looks): (&[TicketNumber], bool),
    until: Instant,
) -> Result<(), IndexingError> {
    let follower = SearchFollower {
        at_hand: at_hand.clone(),
    };
    let projections = Projections::new(store, &follower).working_until(until);
    let pass = match follow(&projections, (numbers, looks)).await {
        Err(ProjectionError::Damaged(_, problem)) => {
            tracing::error!(
                problem,
                "the index of the search can't be used, and is built anew"
            );
            match projections.rebuild().await {
                Err(ProjectionError::Damaged(..)) => projections.start_over().await?,
                built => built?,
            }
        }
        followed => followed?,
    };
    // Whoever is at it does the rest, too; what was cut is gone on with by the sweep's next nudge.
    if pass == Pass::Whole {
        let generation = store
            .projection(SEARCH)
            .await
            .map_err(IndexError::from)?
            .generation;
        let index = KeptIndex::new(store, at_hand, generation);
        let manifest = index.merge(|| Instant::now() >= until).await?;
        index.sweep(&manifest, looks).await?;
    }
    Ok(())
}
