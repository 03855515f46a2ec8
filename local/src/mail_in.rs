//! Mail from outside, taken in as SES would take it: whoever hands it over, by HTTP or by SMTP, it goes one way.

use crate::stack::LocalDesk;
use axum::body::Bytes;
use docket_desk::Queue;
use docket_store::blob::SPOOL_PREFIX;
use embedded_aws::{Fate, Inbound, InboundError, Verdicts};

/// Who sent a mail, and whom it is for, by what the hosts said to each other and not by its headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The sender; empty for the null sender.
    pub mail_from: String,
    /// The recipients.
    pub recipients: Vec<String>,
}

/// Why a mail was not taken in, or may not be there any more.
#[derive(Debug, thiserror::Error)]
pub enum MailInError {
    /// It was not.
    #[error(transparent)]
    Inbound(#[from] InboundError),
    /// Whether it is kept nobody knows.
    #[error("the mail can't be kept: the disk does not take it")]
    Disk(#[source] std::io::Error),
}

impl LocalDesk {
    /// Takes a mail in; gives SES's id for it. Once this has answered, a power cut takes neither the mail nor its receipt. It waits for
    /// the disk: call it off the threads of a runtime.
    pub fn receive_mail(
        &self,
        envelope: Envelope,
        raw: Bytes,
        verdicts: Verdicts,
    ) -> Result<String, MailInError> {
        let id = self.aws.receive_mail(&Inbound {
            bucket: self.desk.settings.bucket.clone(),
            prefix: SPOOL_PREFIX.to_owned(),
            queue_url: self.desk.queue_url(Queue::Inbound).to_owned(),
            raw,
            mail_from: envelope.mail_from,
            recipients: envelope.recipients,
            verdicts,
            receipt: Fate::Once,
        })?;
        self.aws.sync().map_err(MailInError::Disk)?;
        Ok(id)
    }
}
