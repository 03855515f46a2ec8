//! One mail, for each mailbox it came to.

use crate::{
    IntakeError, contact,
    hold::hold,
    matching::{self, Match},
    notice::{Notice, Receipt},
};
use docket_aws::{
    Desk,
    keys::GuardKey,
    spool::SpooledMail,
    store::{Committed, Guard, MOST_TRIES},
};
use docket_domain::{Digest, configuration::Setup, intake::HoldReason};
use docket_mail::{InboundMail, Verdict, ses_headers};

/// A mail at one of our mailboxes.
pub(crate) struct Delivery<'a> {
    pub desk: &'a Desk,
    pub setup: &'a Setup,
    pub ses_id: &'a str,
    /// Where the original stays.
    pub stored_at: &'a str,
    pub receipt: &'a Receipt,
    /// The mailbox's address; the recipient's where there is no such mailbox.
    pub mailbox: String,
}

impl Delivery<'_> {
    pub fn transport_guard(&self) -> Guard {
        Guard::new(GuardKey::Transport(self.ses_id.to_owned(), self.mailbox.clone()))
    }

    pub fn cause(&self) -> String {
        format!("mail {}", self.ses_id)
    }
}

/// Takes a mail in for every mailbox, then lets it leave the spool. `is_poisonous`: earlier attempts never came back.
pub(crate) async fn take_mail(desk: &Desk, notice: &Notice, is_poisonous: bool) -> Result<(), IntakeError> {
    let Some(spooled) = desk.spooled(&notice.ses_id).await? else {
        return was_taken(desk, notice).await;
    };
    let receipt = match &notice.receipt {
        Some(receipt) => receipt.clone(),
        None => receipt_on_top(&spooled),
    };
    let setup = desk.setup().await?;
    let stored_at = desk.keep_mail(&spooled).await?;
    let parsed = if is_poisonous {
        Err((HoldReason::Poisonous, "its function never came back".to_owned()))
    } else {
        docket_mail::read(&spooled.raw, receipt.mail_from.as_deref())
            .map_err(|refusal| (HoldReason::Unreadable, refusal.to_string()))
    };
    for (mailbox, is_ours) in mailboxes(&receipt, &setup) {
        let delivery = Delivery {
            desk,
            setup: &setup,
            ses_id: &notice.ses_id,
            stored_at: &stored_at,
            receipt: &receipt,
            mailbox,
        };
        deliver(&delivery, &parsed, is_ours).await?;
    }
    desk.leave_spool(&notice.ses_id).await?;
    Ok(())
}

/// A mail that is not in the spool was taken in, or the notice is wrong.
async fn was_taken(desk: &Desk, notice: &Notice) -> Result<(), IntakeError> {
    let Some(receipt) = &notice.receipt else {
        return Ok(());
    };
    let setup = desk.setup().await?;
    for (mailbox, _) in mailboxes(receipt, &setup) {
        if desk
            .guard(&GuardKey::Transport(notice.ses_id.clone(), mailbox))
            .await?
            .is_none()
        {
            return Err(IntakeError::NotThere(notice.ses_id.clone()));
        }
    }
    Ok(())
}

/// What SES wrote on top of the mail, for one whose receipt was lost. What is missing counts as not passed.
fn receipt_on_top(spooled: &SpooledMail) -> Receipt {
    let headers = ses_headers(&spooled.raw).unwrap_or_default();
    Receipt {
        mail_from: headers.mail_from,
        recipients: headers.recipients,
        verdicts: headers.verdicts,
    }
}

/// The mailboxes a mail came to, each once, and whether it is one of ours. A mail without any recipient still comes to
/// one place: where it is held.
fn mailboxes(receipt: &Receipt, setup: &Setup) -> Vec<(String, bool)> {
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

async fn deliver(
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
