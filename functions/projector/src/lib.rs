//! The projector: brings what is kept beside tickets up to date. A nudge names the tickets that changed, and these are read and
//! no more. Losing one costs time only: the sweep walks over what changed.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use docket_domain::{Tenant, TicketNumber};
use docket_lambda::batch::{BatchError, each_key};
use docket_projection::{Counters, ProjectionError, Projections};
use docket_store::{Store, queue::ChangedNudge};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

/// How long a message begins further tickets: half of the function's timeout.
const WORKING_TIME: Duration = Duration::from_secs(15);

/// Why tickets could not be taken in now.
#[derive(Debug, thiserror::Error)]
pub enum ProjectorError {
    /// The message is none of ours.
    #[error("the nudge can't be read")]
    Nudge(#[from] serde_json::Error),
    /// The nudge is of another tenant.
    #[error("the nudge is of tenant {0}, which this function does not serve")]
    OtherTenant(Tenant),
    /// A projection could not be brought up to date.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
}

/// Handles a batch of queue `projections`: what its messages name is taken in together.
pub async fn handle(store: &Store, batch: SqsEvent) -> Result<SqsBatchResponse, BatchError> {
    let read = |message: &SqsMessage| {
        let nudge: ChangedNudge = serde_json::from_str(message.body.as_deref().unwrap_or_default())?;
        if nudge.tenant != store.settings.tenant {
            return Err(ProjectorError::OtherTenant(nudge.tenant));
        }
        Ok(((), nudge.changed))
    };
    each_key(batch, read, |(), changed| async move {
        let numbers: BTreeSet<TicketNumber> =
            changed.concat().into_iter().map(|(number, _)| number).collect();
        let numbers: Vec<TicketNumber> = numbers.into_iter().collect();
        Projections::new(store, &Counters)
            .working_until(Instant::now() + WORKING_TIME)
            .take_named(&numbers)
            .await?;
        // What was cut, or is done elsewhere, stands with the lease: whoever has it next takes it in, the sweep at the latest.
        Ok::<_, ProjectorError>(())
    })
    .await
}
