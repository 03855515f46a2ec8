//! A mail as it is opened: what the receiving service says of it, and what can be read of it.

use docket_domain::contact::intake::HoldReason;
use docket_mail::{InboundMail, Verdicts, ses_headers};

/// What the receiving service says of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The envelope's sender, empty for the null return path; nothing when it is not known.
    pub mail_from: Option<String>,
    /// The envelope's recipients.
    pub recipients: Vec<String>,
    /// What it found out.
    pub verdicts: Verdicts,
}

impl Receipt {
    /// What SES wrote on top of a mail, for one whose receipt is lost. What is missing counts as not passed.
    pub fn on_top_of(raw: &[u8]) -> Self {
        let headers = ses_headers(raw).unwrap_or_default();
        Self {
            mail_from: headers.mail_from,
            recipients: headers.recipients,
            verdicts: headers.verdicts,
        }
    }
}

/// A mail, as far as it is read.
pub enum Opened {
    /// All of it.
    Mail(Box<InboundMail>),
    /// Only what it says on its face, and why.
    Shut {
        /// Why.
        reason: HoldReason,
        /// More, in words.
        detail: String,
        /// Sender, subject and id.
        face: Box<InboundMail>,
    },
}

impl Opened {
    /// Reads a mail. `is_poisonous`: earlier attempts never came back, so it is not read again.
    pub fn read(raw: &[u8], receipt: &Receipt, is_poisonous: bool) -> Self {
        let (reason, detail) = if is_poisonous {
            (
                HoldReason::Poisonous,
                "it could not be taken in: its function never came back, or failed each time".to_owned(),
            )
        } else {
            match docket_mail::read(raw, receipt.mail_from.as_deref()) {
                Ok(mail) => return Self::Mail(Box::new(mail)),
                Err(refusal) => (HoldReason::Unreadable, refusal.to_string()),
            }
        };
        let face = Box::new(docket_mail::peek(raw));
        Self::Shut { reason, detail, face }
    }

    /// What it says on its face.
    pub(crate) fn face(&self) -> &InboundMail {
        match self {
            Self::Mail(mail) => mail,
            Self::Shut { face, .. } => face,
        }
    }
}
