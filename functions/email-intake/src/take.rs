//! One mail, for each mailbox it came to.

use crate::{TakeError, afterwards::Afterwards, arrival::Arrival, named};
use docket_desk::{Desk, GuardKey};
use docket_domain::{
    contact::intake::MOST_ATTEMPTS,
    ledger::{LedgerEntry, LedgerLine},
};
use docket_intake::{Delivered, Delivery, Opened, Place, Receipt, deliver, mailboxes};
use docket_store::table::MailAttempt;

/// Takes a mail in for every mailbox, and lets it leave the spool: with its batch, at once where its last batch may not have ended. At
/// the last attempt it is held unread: the earlier ones never came back, or failed for good.
pub(crate) async fn take_mail(
    desk: &Desk,
    arrival: &Arrival,
    attempt: &MailAttempt,
    (afterwards, message_id): (&Afterwards, &str),
) -> Result<(), TakeError> {
    let Some(spooled) = desk.spool().get(&arrival.ses_id).await? else {
        return was_taken(desk, arrival).await;
    };
    let accepted_at = attempt.seen.first_at;
    let receipt = match &arrival.receipt {
        Some(receipt) => receipt.clone(),
        None => Receipt::on_top_of(&spooled.raw),
    };
    let setup = desk.setup().await?;
    let stored_at = desk.spool().keep(&spooled).await?;
    let is_poisonous = attempt.nth >= MOST_ATTEMPTS;
    let opened = Opened::read(&spooled.raw, &receipt, is_poisonous);
    // Without its notice a mail to several mailboxes does not say whom it was for: what was noted then holds.
    let noted = &attempt.seen.mailboxes;
    let places = match &arrival.receipt {
        None if !noted.is_empty() => noted
            .iter()
            .map(|mailbox| Place::noted(mailbox, &setup))
            .collect(),
        _ => mailboxes(&receipt, &setup),
    };
    if *noted != named(&places) {
        desk.note_mailboxes(&arrival.ses_id, &named(&places)).await?;
    }
    if attempt.is_new {
        let line = LedgerLine::mail(LedgerEntry::Accepted);
        afterwards.count(line, places.len() as u64, accepted_at);
    }
    for place in places {
        let delivery = Delivery {
            desk,
            setup: &setup,
            ses_id: &arrival.ses_id,
            stored_at: &stored_at,
            accepted_at: Some(accepted_at),
            receipt: &receipt,
            drawn: attempt.drawn.get(&place.mailbox).copied(),
            place,
            release: None,
        };
        if deliver(&delivery, &opened).await? == Delivered::Repeated {
            afterwards.count(LedgerLine::mail(LedgerEntry::Repeated), 1, accepted_at);
        }
    }
    if attempt.nth > 1 {
        desk.spool().leave(&[&arrival.ses_id]).await?;
    } else {
        afterwards.leaves(&arrival.ses_id, message_id);
    }
    Ok(())
}

/// A mail that is not in the spool was taken in, or the notice is wrong.
async fn was_taken(desk: &Desk, arrival: &Arrival) -> Result<(), TakeError> {
    let Some(receipt) = &arrival.receipt else {
        return Ok(());
    };
    let setup = desk.setup().await?;
    for Place { mailbox, .. } in mailboxes(receipt, &setup) {
        if desk
            .guard(&GuardKey::Transport(arrival.ses_id.clone(), mailbox))
            .await?
            .is_none()
        {
            return Err(TakeError::NotThere(arrival.ses_id.clone()));
        }
    }
    Ok(())
}
