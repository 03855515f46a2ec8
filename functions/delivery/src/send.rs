//! One mail out.

use crate::{
    DeliveryError, bounded, budget,
    items::Items,
    reply,
    settle::{Settling, settle},
};
use docket_desk::{BlobError, Desk, Queue, Write};
use docket_domain::{
    OutboxId, PersonId, Timestamp,
    outbox::{DeliveryOutcome, MailPurpose, MailResult, NextStep, OutboxItem, State, Work},
    people::person::Person,
    ticket::Ticket,
};

/// Sends a mail unless it is done, in hand, or not to be sent yet.
pub(crate) async fn send(desk: &Desk, items: &Items, id: OutboxId) -> Result<(), DeliveryError> {
    let Some(item) = items.get(desk, id).await? else {
        tracing::warn!(outbox = %id, "a nudge names outgoing work {id}, which is not there");
        return Ok(());
    };
    if !matches!(item.work, Work::Mail { .. }) {
        return Ok(());
    }
    let now = desk.now();
    let asks_for_evidence = matches!(item.state, State::InDoubt { resend_at } if resend_at <= now);
    let evidence_is_complete = !asks_for_evidence || desk.queues().is_drained(Queue::Feedback).await?;
    match item.claim_mail(now, evidence_is_complete) {
        NextStep::Leave => Ok(()),
        NextStep::WaitForEvidence(to) => desk
            .outbox()
            .advance(&item, &to, vec![])
            .await
            .map(drop)
            .map_err(Into::into),
        NextStep::Doubt(to) => report(desk, &item, to, DeliveryOutcome::InDoubt).await,
        NextStep::GiveUp(to) => report(desk, &item, to, DeliveryOutcome::Failed).await,
        NextStep::Send(claimed) => claim(desk, &item, claimed).await,
    }
}

/// Composes a mail, claims it and hands it over. It is claimed only once it is ready: what can't be composed just now was
/// never begun, and what was claimed without an answer was handed over.
async fn claim(desk: &Desk, item: &OutboxItem, claimed: OutboxItem) -> Result<(), DeliveryError> {
    let (ticket, allowed, mail) = match prepare(desk, item, &claimed).await {
        Ok(Prepared::Mail(ticket, allowed, mail)) => (ticket, allowed, mail),
        Ok(Prepared::Withheld(why)) => return withhold(desk, item, &why).await,
        Ok(Prepared::Never(why)) => return give_up(desk, item, &why).await,
        Err(DeliveryError::Blob(BlobError::Missing(key))) => {
            return give_up(
                desk,
                item,
                &format!("what it was to say is lost: object {key} is not there"),
            )
            .await;
        }
        Err(DeliveryError::Store(error) | DeliveryError::Blob(BlobError::Store(error)))
            if error.is_final() =>
        {
            return give_up(desk, item, &format!("it can't be composed: {error}")).await;
        }
        Err(error) => return Err(error),
    };
    let also = match allowed.claim_parts(desk, item, &ticket).await? {
        Ok(also) => also,
        Err(over) => return withhold(desk, item, &over).await,
    };
    // Of two who claim at once, one goes on. One that lost only against another mail to the same address is nudged again by
    // the sweep.
    if desk.outbox().advance(item, &claimed, also).await? {
        hand_over(desk, claimed, mail).await
    } else {
        Ok(())
    }
}

/// A mail before it is claimed.
enum Prepared {
    /// It can go out, about this ticket.
    Mail(Box<Ticket>, budget::Allowed, reply::Composed),
    /// It is not to go out any more.
    Withheld(budget::Withheld),
    /// There will never be such a mail.
    Never(String),
}

/// Looks whether a mail is still to go out, and composes it, from one reading of its ticket and one of the people it names.
async fn prepare(desk: &Desk, item: &OutboxItem, claimed: &OutboxItem) -> Result<Prepared, DeliveryError> {
    let Some(file) = desk.tickets().file(item.id.ticket).await? else {
        return Ok(Prepared::Never("the ticket is not there".to_owned()));
    };
    if file.ticket.is_deleted_for_good() {
        return Ok(Prepared::Never("the ticket was deleted for good".to_owned()));
    }
    if let Work::Mail {
        purpose: MailPurpose::Reply { comment_v, .. } | MailPurpose::RuleReply { comment_v },
        ..
    } = &item.work
    {
        let mut comments = file.comments.iter();
        if comments.any(|comment| comment.v == *comment_v && !comment.public) {
            return Ok(Prepared::Never("the comment is for agents only now".to_owned()));
        }
    }
    let (work, people) = recipients_now(desk, &item.work).await?;
    let to_them = |item: &OutboxItem| OutboxItem {
        work: work.clone(),
        ..item.clone()
    };
    let allowed = match budget::allowed(desk, &to_them(item), &file, &people).await? {
        Ok(allowed) => allowed,
        Err(why) => return Ok(Prepared::Withheld(why)),
    };
    Ok(
        match reply::compose(desk, &to_them(claimed), &file, &people).await? {
            Ok(mail) => Prepared::Mail(Box::new(file.ticket), allowed, mail),
            Err(why) => Prepared::Never(why),
        },
    )
}

/// A mail to whom its recipients are now, and those: whoever's record became part of another since is the one that it is part of.
async fn recipients_now(desk: &Desk, work: &Work) -> Result<(Work, Vec<Person>), DeliveryError> {
    let people = desk.people().as_of_now(&work.recipients()).await?;
    let merged: Vec<PersonId> = people
        .iter()
        .filter(|person| person.merged_into.is_some())
        .map(|person| person.id)
        .collect();
    let mut work = work.clone();
    if merged.is_empty() {
        return Ok((work, people));
    }
    for before in merged {
        let Some(now) = desk.people().now(before).await? else {
            continue;
        };
        if let Work::Mail { to, cc, .. } = &mut work {
            for id in std::iter::once(to).chain(cc) {
                if *id == before {
                    *id = now.id;
                }
            }
        }
    }
    let mut recipients = work.recipients();
    recipients.sort();
    recipients.dedup();
    let people = desk.people().as_of_now(&recipients).await?;
    Ok((work, people))
}

/// It is not to go out after all.
async fn withhold(desk: &Desk, item: &OutboxItem, why: &budget::Withheld) -> Result<(), DeliveryError> {
    let withheld = item.withheld(&why.to_string());
    report(desk, item, withheld, DeliveryOutcome::Withheld).await
}

/// There will never be such a mail.
async fn give_up(desk: &Desk, item: &OutboxItem, why: &str) -> Result<(), DeliveryError> {
    tracing::warn!(outbox = %item.id, why, "mail {} was not handed over", item.id);
    let failed = item.settle_mail(&MailResult::Refused(bounded(why)), desk.now());
    report(desk, item, failed, DeliveryOutcome::Failed).await
}

async fn hand_over(desk: &Desk, claimed: OutboxItem, mail: reply::Composed) -> Result<(), DeliveryError> {
    let id = claimed.id;
    let result = desk
        .mail()
        .send(id, &mail.source, &mail.recipients, mail.raw)
        .await;
    match &result {
        MailResult::Accepted(_) => tracing::info!(outbox = %id, "mail {id} was handed over"),
        MailResult::Unknown(why) => {
            tracing::warn!(outbox = %id, why, "whether mail {id} was handed over is not known");
        }
        MailResult::Refused(why) | MailResult::NotAccepted(why) => {
            tracing::warn!(outbox = %id, why, "mail {id} was not handed over");
        }
    }
    let was_claimed = claimed.clone();
    settle(desk, id, Some(claimed), |item, now| {
        // Evidence may have come in the meantime.
        if *item != was_claimed {
            return None;
        }
        Some(settling(desk, item, &result, now))
    })
    .await
}

/// What an answer of SES makes of a claimed mail.
fn settling(desk: &Desk, claimed: &OutboxItem, result: &MailResult, now: Timestamp) -> Settling {
    let quietly = Settling::quietly(claimed.settle_mail(result, now));
    let told = match result {
        MailResult::Accepted(_) if claimed.possibly_double => Some((
            DeliveryOutcome::PossiblyDouble,
            "sent again after a doubt".to_owned(),
        )),
        MailResult::Accepted(_) => None,
        MailResult::Unknown(why) => Some((DeliveryOutcome::InDoubt, why.clone())),
        MailResult::Refused(why) | MailResult::NotAccepted(why) => {
            (quietly.to.state == State::Failed).then(|| (DeliveryOutcome::Failed, why.clone()))
        }
    };
    let also = match result {
        MailResult::Accepted(ses_id) => known_ids(desk, claimed, ses_id),
        _ => vec![],
    };
    Settling {
        told,
        also,
        ..quietly
    }
}

async fn report(
    desk: &Desk,
    item: &OutboxItem,
    to: OutboxItem,
    outcome: DeliveryOutcome,
) -> Result<(), DeliveryError> {
    let read = item.clone();
    settle(desk, item.id, Some(item.clone()), |item, _| {
        (*item == read).then(|| Settling::telling(to.clone(), outcome))
    })
    .await
}

/// The parts by which answers to a mail that SES took find its ticket: under the local part of its id, whatever the region.
/// What agents answer to a mail for them is not meant for the customer, nor what somebody answers to whom something was forwarded: those
/// ids lead to a note.
pub(crate) fn known_ids(desk: &Desk, item: &OutboxItem, ses_id: &str) -> Vec<Write> {
    match &item.work {
        Work::Mail { .. } if item.work.is_forward() => {
            let id = format!("{ses_id}@amazonses.com");
            vec![desk.tickets().forward_id_write(&id, item.id.ticket)]
        }
        Work::Mail { mailbox, .. } if !item.work.is_for_agents() => {
            let id = format!("{ses_id}@amazonses.com");
            desk.tickets()
                .mail_id_writes([id.as_str()], mailbox, item.id.ticket)
        }
        Work::Mail { .. } => {
            let id = format!("{ses_id}@amazonses.com");
            vec![desk.tickets().notice_id_write(&id, item.id.ticket)]
        }
        Work::Call { .. } | Work::StatusCall { .. } | Work::RuleCall { .. } | Work::Webhook { .. } => vec![],
    }
}
