//! Delivery: mail goes out, and what became of mail and calls comes back in.
//!
//! Sending is settled by evidence. Before a mail is handed to SES its outbox item says so, under a lease; what the
//! answer proves is written after. An answer that is lost leaves a doubt, which SES's own Send event settles, whichever
//! way it comes first.

mod budget;
mod content;
mod feedback;
mod reply;
mod send;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use docket_aws::{
    Desk, Nudge, StoreError,
    queues::CallResult,
    store::{BlobError, Change, Committed, MOST_TRIES, Write},
};
use docket_domain::{
    OutboxId,
    delivery::{OutboxItem, Outcome},
    ticket::{Actor, Command, Refusal},
};
use docket_lambda::batch::{BatchError, each_message};

/// Why a message could not be dealt with now.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The message is none of ours.
    #[error("the message can't be read")]
    Message(#[from] serde_json::Error),
    /// The nudge names no work.
    #[error("the nudge names no outgoing work")]
    NoWork,
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Text or files can't be had.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The domain said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Handles a batch of queue `delivery` (nudges) or `feedback` (SES's events and results of calls); a message says by its
/// form which it is.
pub async fn handle(desk: &Desk, batch: SqsEvent) -> Result<SqsBatchResponse, BatchError> {
    each_message(batch, |message| async move {
        let body: serde_json::Value = serde_json::from_str(message.body.as_deref().unwrap_or_default())?;
        take(desk, body).await
    })
    .await
}

async fn take(desk: &Desk, body: serde_json::Value) -> Result<(), DeliveryError> {
    if body.get("eventType").is_some() {
        return feedback::take_event(desk, serde_json::from_value(body)?).await;
    }
    if body.get("call").is_some() {
        let result: CallResult = serde_json::from_value(body)?;
        return feedback::settle_call(desk, &result).await;
    }
    let nudge: Nudge = serde_json::from_value(body)?;
    send::send(desk, nudge.outbox_id().ok_or(DeliveryError::NoWork)?).await
}

/// Stores a new state of a piece of work together with what the agents are told. False: somebody else was first.
async fn settle(
    desk: &Desk,
    read: &OutboxItem,
    to: &OutboxItem,
    report: Option<(Outcome, String)>,
    also: Vec<Write>,
) -> Result<bool, DeliveryError> {
    for _ in 0..MOST_TRIES {
        let mut writes = vec![desk.outbox_change(read, to)?];
        writes.extend(also.iter().cloned());
        let committed = match &report {
            None => desk.commit_writes(vec![], writes).await?,
            Some((outcome, detail)) => {
                let change = reported(desk, read.id, *outcome, detail).await?;
                desk.commit(Change { writes, ..change }).await?
            }
        };
        match committed {
            Committed::Done(_) | Committed::Duplicate(_) => return Ok(true),
            // The work itself may have moved on; or only the ticket has.
            Committed::Lost => match desk.outbox_item(read.id).await? {
                Some(now) if now == *read => {}
                _ => return Ok(false),
            },
        }
    }
    Err(StoreError::Contended {
        what: format!("outgoing work {}", read.id),
        tries: MOST_TRIES,
    }
    .into())
}

/// A change of the ticket by which the agents are told what became of its work.
async fn reported(
    desk: &Desk,
    id: OutboxId,
    outcome: Outcome,
    detail: &str,
) -> Result<Change, DeliveryError> {
    let ticket = desk.ticket(id.ticket).await?.ok_or(Refusal::Missing)?;
    let cause = format!("outgoing work {id}");
    let command = Command::ReportDelivery {
        outbox: id,
        outcome,
        detail: bounded(detail),
    };
    let events = desk
        .decide::<DeliveryError>(&ticket, command, &Actor::System, &cause)
        .await?;
    Ok(Change::new(ticket, events))
}

/// The first 300 characters: details go into events.
fn bounded(detail: &str) -> String {
    detail.chars().take(300).collect()
}
