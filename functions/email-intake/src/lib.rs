//! Mail intake: a mail that SES stored becomes a ticket, a comment, or a held contact with its reason. None is dropped,
//! none is counted twice, and one bad mail never holds up its neighbours.
//!
//! A mail may come twice: the queue delivers at least once, the sweep nudges what is still in the spool. The original is
//! copied to where it stays before a commit names it, and leaves the spool only when every mailbox has committed:
//! what is left there nobody has taken in, or its batch did not end (`afterwards.rs`). What becomes of it at each mailbox is decided in
//! `shared/intake`.

mod afterwards;
mod arrival;
mod take;

use afterwards::Afterwards;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use docket_desk::{Desk, Queue, StoreError};
use docket_domain::contact::intake::{ALONE_FROM_ATTEMPT, MOST_ATTEMPTS};
use docket_intake::{IntakeError, Place, mailboxes};
use docket_lambda::batch::{BatchError, each_message};

/// Why a mail could not be taken in now.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// The message is none of ours.
    #[error("the notice can't be read")]
    Notice(#[from] serde_json::Error),
    /// The notice names an object that is neither in the spool nor was taken in.
    #[error("mail {0} is not in the spool and was not taken in")]
    NotThere(String),
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be taken in at a mailbox.
    #[error(transparent)]
    Intake(#[from] IntakeError),
}

impl TakeError {
    /// Whether another try is of no use.
    fn is_final(&self) -> bool {
        match self {
            // What fails around it is the desk's own: its set-up, the spool.
            Self::Store(_) => false,
            Self::Intake(error) => error.is_final(),
            Self::Notice(_) | Self::NotThere(_) => false,
        }
    }
}

/// Handles a batch of queue `inbound` or `inbound-single`.
pub async fn handle(desk: &Desk, batch: SqsEvent) -> Result<SqsBatchResponse, BatchError> {
    let afterwards = Afterwards::default();
    let left = &afterwards;
    let mut response =
        each_message(batch, |message| async move { take_in(desk, message, left).await }).await?;
    afterwards.finish(desk, &mut response).await;
    Ok(response)
}

/// The mailboxes of places, as they are noted.
fn named(places: &[Place]) -> Vec<String> {
    places.iter().map(|place| place.mailbox.clone()).collect()
}

/// Takes in one mail. Attempts are counted before it is parsed: one that kills its function is tried alone from the
/// third attempt, and held at the fifth.
async fn take_in(desk: &Desk, message: SqsMessage, afterwards: &Afterwards) -> Result<(), TakeError> {
    let body = message.body.unwrap_or_default();
    let message_id = message.message_id.unwrap_or_default();
    let Some(arrival) = arrival::read(&body)? else {
        return Ok(());
    };
    let is_alone = message
        .event_source_arn
        .is_some_and(|arn| arn.contains("inbound-single") || arn.contains("InboundSingle"));
    let mailboxes = match &arrival.receipt {
        Some(receipt) => named(&mailboxes(receipt, &*desk.setup().await?)),
        None => vec![],
    };
    let attempt = desk.count_attempt(&arrival.ses_id, &mailboxes).await?;
    if (ALONE_FROM_ATTEMPT..MOST_ATTEMPTS).contains(&attempt.nth) && !is_alone {
        desk.queues().send_text(Queue::InboundSingle, body).await?;
        return Ok(desk.uncount_attempt(&arrival.ses_id).await?);
    }
    let result = take::take_mail(desk, &arrival, &attempt, (afterwards, &message_id)).await;
    if let Err(error) = &result {
        if error.is_final() {
            // What can never work counts against the mail, as a crash does: it ends held, where somebody sees it.
            let ses_id = &arrival.ses_id;
            tracing::error!(%ses_id, attempt = attempt.nth, %error, "mail {ses_id} can't be taken in as it is; it is held at attempt {MOST_ATTEMPTS}");
        } else {
            desk.uncount_attempt(&arrival.ses_id).await?;
        }
    }
    result
}
