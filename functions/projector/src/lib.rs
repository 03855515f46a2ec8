//! The projector: brings what is kept beside tickets up to date. A nudge names the tickets that changed, and these are read and
//! no more. Losing one costs time only: the sweep walks over what changed.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use docket_lambda::batch::{BatchError, each_message};
use docket_projection::{Counters, ProjectionError, Projections};
use docket_store::{Store, queue::ChangedNudge};

/// Why tickets could not be taken in now.
#[derive(Debug, thiserror::Error)]
pub enum ProjectorError {
    /// The message is none of ours.
    #[error("the nudge can't be read")]
    Nudge(#[from] serde_json::Error),
    /// A projection could not be brought up to date.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
}

/// Handles a batch of queue `projections`.
pub async fn handle(store: &Store, batch: SqsEvent) -> Result<SqsBatchResponse, BatchError> {
    each_message(batch, |message| async move {
        let nudge: ChangedNudge = serde_json::from_str(message.body.as_deref().unwrap_or_default())?;
        let numbers: Vec<_> = nudge.changed.iter().map(|(number, _)| *number).collect();
        Projections::new(store, &Counters).take_named(&numbers).await?;
        Ok::<_, ProjectorError>(())
    })
    .await
}
