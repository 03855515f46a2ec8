//! One mail out.

use crate::{DeliveryError, budget, reply, settle};
use docket_aws::{Desk, Queue, store::Write};
use docket_domain::{
    OutboxId,
    delivery::{Claim, MailResult, OutboxItem, Outcome, State},
    work::Work,
};

/// Sends a mail unless it is done, in hand, or not to be sent yet.
pub(crate) async fn send(desk: &Desk, id: OutboxId) -> Result<(), DeliveryError> {
    let Some(item) = desk.outbox_item(id).await? else {
        tracing::warn!(outbox = %id, "a nudge names outgoing work {id}, which is not there");
        return Ok(());
    };
    if !matches!(item.work, Work::Mail { .. }) {
        return Ok(());
    }
    let now = desk.now();
    let asks_for_evidence = matches!(item.state, State::InDoubt { resend_at } if resend_at <= now);
    let evidence_is_complete = !asks_for_evidence || desk.is_drained(Queue::Feedback).await?;
    match item.claim_mail(now, evidence_is_complete) {
        Claim::Leave => Ok(()),
        Claim::WaitForEvidence(to) => desk
            .move_outbox(&item, &to, vec![])
            .await
            .map(drop)
            .map_err(Into::into),
        Claim::Doubt(to) => report(desk, &item, &to, Outcome::InDoubt).await,
        Claim::GiveUp(to) => report(desk, &item, &to, Outcome::Failed).await,
        Claim::Send(claimed) => {
            let also = match budget::claim_parts(desk, &item).await? {
                Ok(also) => also,
                Err(over) => {
                    let withheld = item.withheld(&over.to_string());
                    return report(desk, &item, &withheld, Outcome::Withheld).await;
                }
            };
            // Of two who claim at once, one goes on. One that lost only against another mail to the same address is
            // nudged again by the sweep.
            if desk.move_outbox(&item, &claimed, also).await? {
                hand_over(desk, &claimed).await
            } else {
                Ok(())
            }
        }
    }
}

async fn hand_over(desk: &Desk, claimed: &OutboxItem) -> Result<(), DeliveryError> {
    let result = match reply::compose(desk, claimed).await? {
        Ok(mail) => {
            desk.send_mail(claimed.id, &mail.source, &mail.recipients, mail.raw)
                .await
        }
        Err(why) => MailResult::Refused(why),
    };
    let to = claimed.settle_mail(&result, desk.now());
    match &result {
        MailResult::Accepted(ses_id) => {
            let ids = known_ids(desk, claimed, ses_id);
            let double = claimed.possibly_double;
            let told = double.then(|| (Outcome::PossiblyDouble, "sent again after a doubt".to_owned()));
            settle(desk, claimed, &to, told, ids).await?;
        }
        MailResult::Unknown(why) => {
            settle(desk, claimed, &to, Some((Outcome::InDoubt, why.clone())), vec![]).await?;
        }
        MailResult::Refused(why) | MailResult::NotAccepted(why) => {
            let told = (to.state == State::Failed).then(|| (Outcome::Failed, why.clone()));
            settle(desk, claimed, &to, told, vec![]).await?;
        }
    }
    match &result {
        MailResult::Accepted(_) => {
            tracing::info!(outbox = %claimed.id, "mail {} was handed over", claimed.id)
        }
        MailResult::Unknown(why) => {
            tracing::warn!(outbox = %claimed.id, why, "whether mail {} was handed over is not known", claimed.id);
        }
        MailResult::Refused(why) | MailResult::NotAccepted(why) => {
            tracing::warn!(outbox = %claimed.id, state = ?to.state, why, "mail {} was not handed over", claimed.id);
        }
    }
    Ok(())
}

async fn report(
    desk: &Desk,
    item: &OutboxItem,
    to: &OutboxItem,
    outcome: Outcome,
) -> Result<(), DeliveryError> {
    let why = to.detail.clone().unwrap_or_default();
    settle(desk, item, to, Some((outcome, why)), vec![]).await?;
    Ok(())
}

/// The parts by which answers to a mail that SES took find its ticket: under the local part of its id, whatever the region.
/// None for a mail to agents: what they answer is not meant for the customer.
pub(crate) fn known_ids(desk: &Desk, item: &OutboxItem, ses_id: &str) -> Vec<Write> {
    match &item.work {
        Work::Mail { mailbox, .. } if !item.work.is_for_agents() => {
            let id = format!("{ses_id}@amazonses.com");
            desk.mail_id_writes([id.as_str()], mailbox, item.id.ticket)
        }
        Work::Mail { .. } | Work::Call { .. } | Work::RuleCall { .. } | Work::Webhook { .. } => vec![],
    }
}
