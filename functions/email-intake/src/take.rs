//! One mail, for each mailbox it came to.

use crate::{TakeError, notice::Notice};
use docket_aws::{Desk, keys::GuardKey};
use docket_intake::{Delivery, Opened, Place, Receipt, deliver, mailboxes};

/// Takes a mail in for every mailbox, then lets it leave the spool. `is_poisonous`: earlier attempts never came back.
pub(crate) async fn take_mail(desk: &Desk, notice: &Notice, is_poisonous: bool) -> Result<(), TakeError> {
    let Some(spooled) = desk.spooled(&notice.ses_id).await? else {
        return was_taken(desk, notice).await;
    };
    let receipt = match &notice.receipt {
        Some(receipt) => receipt.clone(),
        None => Receipt::on_top_of(&spooled.raw),
    };
    let setup = desk.setup().await?;
    let stored_at = desk.keep_mail(&spooled).await?;
    let opened = Opened::read(&spooled.raw, &receipt, is_poisonous);
    for place in mailboxes(&receipt, &setup) {
        let Place {
            mailbox,
            written_to,
            is_ours,
        } = place;
        let delivery = Delivery {
            desk,
            setup: &setup,
            ses_id: &notice.ses_id,
            stored_at: &stored_at,
            receipt: &receipt,
            mailbox,
            written_to,
            release: None,
        };
        deliver(&delivery, &opened, is_ours).await?;
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
    for Place { mailbox, .. } in mailboxes(receipt, &setup) {
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
