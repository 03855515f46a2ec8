//! One mail, for each mailbox it came to.

use crate::{TakeError, notice::Notice};
use docket_aws::{Desk, keys::GuardKey, spool::SpooledMail};
use docket_domain::intake::HoldReason;
use docket_intake::{Delivery, Receipt, deliver, mailboxes};
use docket_mail::ses_headers;

/// Takes a mail in for every mailbox, then lets it leave the spool. `is_poisonous`: earlier attempts never came back.
pub(crate) async fn take_mail(desk: &Desk, notice: &Notice, is_poisonous: bool) -> Result<(), TakeError> {
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
async fn was_taken(desk: &Desk, notice: &Notice) -> Result<(), TakeError> {
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
            return Err(TakeError::NotThere(notice.ses_id.clone()));
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
