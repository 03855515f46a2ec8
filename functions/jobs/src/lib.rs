//! Jobs: the rows of bulk calls, some with each message, by the very code that answers single calls (`api::take_up`); and in the same
//! way the incidents of a problem that was solved.
//!
//! A message may come twice, or late, or while another worker is at the same job: each row, and each incident, has a guard of its own in its own
//! transaction, and of two who record the same rows one wins, whose message goes on. A message that is lost is found by
//! the sweep.

use api::TakenUp;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use docket_desk::{Desk, IncidentsNudge, JobNudge, Queue, StoreError};
use docket_lambda::batch::{BatchError, each_message};
use serde::Deserialize;

/// Why a job did not get on now.
#[derive(Debug, thiserror::Error)]
pub enum JobsError {
    /// The message is none of ours.
    #[error("the nudge can't be read")]
    Nudge(#[from] serde_json::Error),
    /// The world failed, or the queue did not take the message that goes on.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a message asks for.
#[derive(Deserialize)]
#[serde(untagged)]
enum Message {
    Job(JobNudge),
    Incidents(IncidentsNudge),
}

/// Handles a batch of queue `jobs`.
pub async fn handle(desk: &Desk, batch: SqsEvent) -> Result<SqsBatchResponse, BatchError> {
    each_message(batch, |message| async move {
        let asked: Message = serde_json::from_str(message.body.as_deref().unwrap_or_default())?;
        match asked {
            Message::Job(nudge) => match Box::pin(api::take_up(desk, &nudge.job)).await? {
                TakenUp::GoesOn => Ok::<_, JobsError>(desk.jobs().nudge(&nudge.job).await?),
                TakenUp::Over | TakenUp::ByAnother => Ok(()),
            },
            Message::Incidents(nudge) => match Box::pin(desk.tickets().solve_incidents(&nudge)).await? {
                Some(next) => Ok(desk.queues().send(Queue::Jobs, &next).await?),
                None => Ok(()),
            },
        }
    })
    .await
}
