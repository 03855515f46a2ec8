//! Delivery: mail goes out, and what became of mail and calls comes back in.
//!
//! An agent's answer that could be recalled is saved here once its time is over; its mail goes out as any other.
//!
//! Sending is settled by evidence. Before a mail is handed to SES its outbox item says so, under a lease; what the
//! answer proves is written after. An answer that is lost leaves a doubt, which SES's own Send event settles, whichever
//! way it comes first.

mod budget;
mod content;
mod feedback;
mod items;
mod message;
mod reply;
mod send;
mod ses_event;
mod settle;
mod signing_key;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use docket_desk::{BlobError, Desk, StoreError};
use docket_domain::ticket::Refusal;
use docket_lambda::batch::{BatchError, each_message};
use items::Items;
use message::Message;

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

/// Handles a batch of queue `delivery` or `feedback`.
pub async fn handle(desk: &Desk, batch: SqsEvent) -> Result<SqsBatchResponse, BatchError> {
    let read = |message: &SqsMessage| Message::read(message.body.as_deref());
    let messages: Vec<Message> = batch
        .records
        .iter()
        .filter_map(|message| read(message).ok())
        .collect();
    let items = Items::of(desk, &messages).await;
    let items = &items;
    each_message(batch, |message| async move {
        match read(&message)? {
            Message::Nudge(id) => send::send(desk, items, id).await,
            Message::Answer(id) => desk
                .tickets()
                .save_answer(&id)
                .await
                .map(drop)
                .map_err(Into::into),
            Message::Event(event) => feedback::take_event(desk, items, *event).await,
            Message::Result(result) => feedback::settle_call(desk, items, &result).await,
        }
    })
    .await
}

/// The first 300 characters: details go into events.
fn bounded(detail: &str) -> String {
    detail.chars().take(300).collect()
}
