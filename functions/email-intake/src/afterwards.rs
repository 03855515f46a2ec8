//! What the mails of a batch leave to do: together, after the last of them.
//!
//! A mail that is in the spool still was taken in all the same: whoever comes for it again finds that it was.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse};
use docket_desk::{Desk, Ledger};
use docket_domain::{
    Timestamp,
    ledger::{LedgerLine, hour_of},
};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is left to do.
#[derive(Default)]
pub(crate) struct Afterwards(Mutex<Left>);

#[derive(Default)]
struct Left {
    /// What the ledger counts.
    counted: Ledger,
    /// The mails that leave the spool, each with the message that brought it.
    taken: Vec<(String, String)>,
}

impl Afterwards {
    /// Counts contacts accepted at a time.
    pub fn count(&self, line: LedgerLine, count: u64, accepted_at: Timestamp) {
        let mut left = self.lock();
        left.counted
            .entry(hour_of(accepted_at))
            .or_default()
            .add(line, count);
    }

    /// Lets a mail leave the spool, which this message brought.
    pub fn leaves(&self, ses_id: &str, message_id: &str) {
        self.lock().taken.push((ses_id.to_owned(), message_id.to_owned()));
    }

    /// Does what is left. A mail that could not leave the spool comes again, which says nothing about the mail; that the ledger could not be added to is told, and a
    /// recount mends it.
    pub async fn finish(self, desk: &Desk, response: &mut SqsBatchResponse) {
        let left = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = desk.ledger().add(&left.counted).await {
            tracing::warn!(%error, "the ledger could not be added to");
        }
        let mut ids: Vec<&str> = left.taken.iter().map(|(ses_id, _)| ses_id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        let stayed = match desk.spool().leave(&ids).await {
            Ok(stayed) => stayed,
            Err(error) => {
                tracing::warn!(%error, "mails that were taken in could not leave the spool");
                ids.into_iter().map(str::to_owned).collect()
            }
        };
        for (ses_id, message_id) in left.taken {
            let is_noted = |failure: &BatchItemFailure| failure.item_identifier == message_id;
            if stayed.contains(&ses_id) && !response.batch_item_failures.iter().any(is_noted) {
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = message_id;
                response.batch_item_failures.push(failure);
                if let Err(error) = desk.uncount_attempt(&ses_id).await {
                    tracing::warn!(%ses_id, %error, "an attempt at mail {ses_id} could not be taken back");
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Left> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
