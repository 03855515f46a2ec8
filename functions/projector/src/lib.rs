//! The projector: brings what is kept beside tickets up to date. A nudge names the tickets that changed, and these are read and
//! no more. Losing one costs time only: the sweep walks over what changed.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use docket_lambda::batch::{BatchError, each_key};
use docket_projection::{Counters, ProjectionError, Projections};
use docket_store::{
    Store,
    queue::{BadNudge, ChangedNudge},
};
use std::time::{Duration, Instant};

/// How long a message begins further tickets: half of the function's timeout.
const WORKING_TIME: Duration = Duration::from_secs(15);

/// Why tickets could not be taken in now.
#[derive(Debug, thiserror::Error)]
pub enum ProjectorError {
    /// The message is none of ours.
    #[error(transparent)]
    Nudge(#[from] BadNudge),
    /// A projection could not be brought up to date.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
}

/// Handles a batch of queue `projections`: what its messages name is taken in together.
pub async fn handle(store: &Store, batch: SqsEvent) -> Result<SqsBatchResponse, BatchError> {
    let read = |message: &SqsMessage| {
        let nudge = ChangedNudge::read(&store.settings.tenant, message.body.as_deref())?;
        Ok::<_, ProjectorError>(((), nudge.changed))
    };
    each_key(batch, read, |(), changed| async move {
        let numbers = ChangedNudge::numbers(&changed);
        Projections::new(store, &Counters)
            .working_until(Instant::now() + WORKING_TIME)
            .take_named(&numbers)
            .await?;
        // What was cut, or is done elsewhere, stands with the lease: whoever has it next takes it in, the sweep at the latest.
        Ok::<_, ProjectorError>(())
    })
    .await
}
