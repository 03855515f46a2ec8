//! One mail at one mailbox.

use crate::{
    IntakeError, contact,
    hold::hold,
    matching::{self, Match},
};
use docket_aws::{
    Desk,
    keys::GuardKey,
    store::{Committed, Guard, MOST_TRIES},
};
use docket_domain::{Digest, configuration::Setup, intake::HoldReason};
use docket_mail::{InboundMail, Verdict, Verdicts};

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

/// A mail at one of our mailboxes.
pub struct Delivery<'a> {
    /// The desk.
    pub desk: &'a Desk,
    /// Its set-up.
    pub setup: &'a Setup,
    /// The id that the receiving service gave the mail.
    pub ses_id: &'a str,
    /// Where the original stays.
    pub stored_at: &'a str,
    /// What it says of it.
    pub receipt: &'a Receipt,
    /// The mailbox's address; the recipient's where there is no such mailbox.
    pub mailbox: String,
}

impl Delivery<'_> {
    pub(crate) fn transport_guard(&self) -> Guard {
        Guard::new(GuardKey::Transport(self.ses_id.to_owned(), self.mailbox.clone()))
    }

    pub(crate) fn cause(&self) -> String {
        format!("mail {}", self.ses_id)
    }
}

/// The mailboxes a mail came to, each once, and whether it is one of ours. A mail without any recipient still comes to
/// one place: where it is held.
pub fn mailboxes(receipt: &Receipt, setup: &Setup) -> Vec<(String, bool)> {
    let mut found: Vec<(String, bool)> = Vec::new();
    for recipient in &receipt.recipients {
        let entry = match matching::mailbox_of(recipient, setup) {
            Some(mailbox) => (mailbox.address.clone(), true),
            None => (recipient.to_lowercase(), false),
        };
        if !found.contains(&entry) {
            found.push(entry);
        }
    }
    if found.is_empty() {
        found.push((String::new(), false));
    }
    found
}

/// Takes a mail in at a mailbox, or holds it. Doing so again changes nothing.
pub async fn deliver(
    delivery: &Delivery<'_>,
    parsed: &Result<InboundMail, (HoldReason, String)>,
    is_ours: bool,
) -> Result<(), IntakeError> {
    let verdicts = &delivery.receipt.verdicts;
    if verdicts.virus == Verdict::Fail {
        return hold(delivery, HoldReason::Virus, "").await;
    }
    let mail = match parsed {
        Ok(mail) => mail,
        Err((reason, detail)) => return hold(delivery, *reason, detail).await,
    };
    if verdicts.spam == Verdict::Fail {
        return hold(delivery, HoldReason::Spam, "").await;
    }
    if !is_ours {
        let detail = if delivery.mailbox.is_empty() {
            "nobody knows whom it was for"
        } else {
            ""
        };
        return hold(delivery, HoldReason::UnknownMailbox, detail).await;
    }
    for _ in 0..MOST_TRIES {
        let committed = match matching::find(delivery, mail).await? {
            Match::Hold(reason, detail) => return hold(delivery, reason, &detail).await,
            Match::Append { ticket, role } => contact::append(delivery, mail, ticket, role).await?,
            Match::New { follows } => contact::create(delivery, mail, follows).await?,
        };
        match committed {
            Committed::Done(ticket) => {
                let (ses_id, number) = (delivery.ses_id, ticket.number);
                tracing::info!(%ses_id, %number, "mail {ses_id} is on ticket {number}");
                return Ok(());
            }
            Committed::Duplicate(_) => return Ok(()),
            Committed::Lost => {}
        }
    }
    Err(IntakeError::Contended(delivery.ses_id.to_owned()))
}

/// Both guards of a mail.
pub(crate) fn guards(delivery: &Delivery<'_>, mail: &InboundMail) -> Vec<Guard> {
    let mut guards = vec![delivery.transport_guard()];
    if let Some(key) = docket_mail::logical_key(&delivery.mailbox, mail) {
        guards.push(Guard::new(GuardKey::Logical(Digest::of(&key))));
    }
    guards
}
