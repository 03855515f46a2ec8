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
mod settle;
mod signing_key;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use docket_desk::{BlobError, Desk, Nudge, StoreError};
use docket_domain::ticket::Refusal;
use docket_lambda::batch::{BatchError, each_message};
use docket_store::queue::CallResult;

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

/// The first 300 characters: details go into events.
fn bounded(detail: &str) -> String {
    detail.chars().take(300).collect()
}
