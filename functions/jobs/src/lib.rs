//! Jobs: the rows of bulk calls, some with each message, by the very code that answers single calls (`api::take_up`); and in the same
//! way the incidents of a problem that was solved, and the people of an organization that becomes part of another.
//!
//! A message may come twice, or late, or while another worker is at the same job: each row, and each incident, has a guard of its own in its own
//! transaction, somebody who went over goes no more, and of two who record the same rows one wins, whose message goes on. A message
//! that is lost is found by the sweep.

use api::TakenUp;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use docket_desk::{Desk, IncidentsNudge, JobNudge, MembersNudge, Queue, StoreError};
use docket_lambda::batch::{BatchError, each_message};
use serde::Deserialize;
use std::time::Duration;
use tokio::time::Instant;

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
    Members(MembersNudge),
}

/// How long a message goes on with members: half of the function's timeout.
const WORKING_TIME: Duration = Duration::from_secs(30);

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
            Message::Members(nudge) => Ok(go_on_with_members(desk, &nudge).await?),
        }
    })
    .await
}

/// People go over until none is left, or for as long as a message may take.
async fn go_on_with_members(desk: &Desk, nudge: &MembersNudge) -> Result<(), StoreError> {
    let until = Instant::now() + WORKING_TIME;
    while Box::pin(desk.go_on_with_members(nudge.organization)).await? {
        if Instant::now() >= until {
            return desk.nudge_members(nudge.organization).await;
        }
    }
    Ok(())
}
