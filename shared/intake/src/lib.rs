//! What becomes of a mail at one of our mailboxes: a ticket, a comment, or a held contact with its reason.
//!
//! A mail may come twice, and before or after the mail it answers. Two guards stand in the commit: the delivery (SES's id
//! and the mailbox) and the mail itself (mailbox, Message-ID, author, body).

mod comment;
mod contact;
mod deliver;
mod finding;
mod hold;
mod incident;
mod known;
mod matching;
mod opened;
mod passed_on;
mod places;
mod reaction;
mod recount;
mod release;
mod replay;
mod returned;
mod understood;

pub use deliver::{Delivered, Delivery, Release, deliver};
pub use opened::{Opened, Receipt};
pub use places::{Place, mailboxes};
pub use recount::{Rebalanced, Recount, balance, put_recount, recount, recountable, unbalanced};
pub use release::{Settled, discard, release};
pub use replay::{Replay, ReplayOutcome, replay};

use docket_desk::{BlobError, StoreError};

/// Why a mail could not be taken in, released or replayed now.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An object can't be had.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The domain said no.
    #[error(transparent)]
    Refused(#[from] docket_domain::ticket::Refusal),
    /// Too many others were first.
    #[error("mail {0} met others at every try")]
    Contended(String),
}

impl IntakeError {
    /// Whether another try is of no use: it counts against the mail.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Store(error) | Self::Blob(BlobError::Store(error)) => error.is_final(),
            // What can't be committed for another reason than the ticket's state is no matter of time.
            Self::Refused(refusal) => !matches!(refusal, docket_domain::ticket::Refusal::Closed),
            Self::Blob(BlobError::Missing(_)) | Self::Contended(_) => false,
        }
    }
}
