//! Mail about our mail: it came back, somebody complained, it was read.
//!
//! Such a notice may lie. It is believed only where it names a mail by the id that SES gave it, which nobody guesses, and
//! the ticket of that mail has it among what was sent.

use crate::{Delivery, IntakeError, understood::Understood};
use docket_desk::{Attempt, Desk, Guard, GuardKey, MOST_IDS, MailIds, StoreError, Try, Wish, Write};
use docket_domain::{
    Timestamp,
    audit::ChangedBy,
    outbox::{DeliveryOutcome, OutboxItem},
    ticket::{Actor, Command, Ticket},
};
use docket_mail::{Bounce, Notice, Permanence, ses_local_part};

/// What a mail is, beside a contact.
pub(crate) enum Returned {
    /// About a mail of ours.
    Ours(Box<About>),
    /// About a mail that nobody here knows.
    Stray,
    /// A contact.
    Contact,
}

/// A notice, and the mail of ours that it is about.
pub(crate) struct About {
    /// The mail's ticket.
    pub ticket: Ticket,
    item: OutboxItem,
    notice: Notice,
}

/// Whether a mail is about one of ours.
pub(crate) async fn about(delivery: &Delivery<'_>, mail: &Understood<'_>) -> Result<Returned, IntakeError> {
    let Some(notice) = &mail.notice else {
        return Ok(Returned::Contact);
    };
    let ids: Vec<&str> = match notice {
        Notice::Bounces(bounces) => bounces
            .iter()
            .filter_map(|bounce| bounce.original_message_id.as_deref())
            .collect(),
        Notice::Complaint(complaint) => complaint.original_message_id.as_deref().into_iter().collect(),
        Notice::Disposition(disposition) => disposition.original_message_id.as_deref().into_iter().collect(),
        Notice::AutomaticReply => return Ok(Returned::Contact),
    };
    // One report names the same mail for each of very many recipients.
    let mut named: Vec<&str> = Vec::new();
    for id in ids {
        if !named.contains(&id) && named.len() < MOST_IDS {
            named.push(id);
        }
    }
    let places = delivery.desk.tickets();
    let leads = places
        .of_mail_ids(named.iter().copied(), &delivery.place.mailbox)
        .await?;
    for id in named {
        if let Some((ticket, item)) = sent_as(delivery, &leads, id).await? {
            let notice = notice.clone();
            return Ok(Returned::Ours(Box::new(About { ticket, item, notice })));
        }
    }
    // What bears no sign of a machine may be a person's, whatever it looks like.
    Ok(
        if mail.mail.automatic.is_some() && !matches!(notice, Notice::Disposition(_)) {
            Returned::Stray
        } else {
            Returned::Contact
        },
    )
}

/// The ticket and the work behind a mail that SES gave this id.
async fn sent_as(
    delivery: &Delivery<'_>,
    leads: &MailIds,
    id: &str,
) -> Result<Option<(Ticket, OutboxItem)>, StoreError> {
    let Some(ses_id) = ses_local_part(id) else {
        return Ok(None);
    };
    let desk = delivery.desk;
    for number in leads.tickets(id, false) {
        let Some(file) = desk.tickets().file(number).await? else {
            continue;
        };
        let item = file
            .outbox
            .iter()
            .find(|item| item.ses_id.as_deref() == Some(ses_id));
        if let Some(item) = item.cloned() {
            return Ok(Some((file.ticket, item)));
        }
    }
    Ok(None)
}

/// Tells the ticket what became of its mail, and marks an address that is dead. Once for each notice.
pub(crate) async fn tell(delivery: &Delivery<'_>, about: &About) -> Result<(), IntakeError> {
    let About { ticket, item, notice } = about;
    let Some((outcome, detail)) = told(notice) else {
        return Ok(());
    };
    let desk = delivery.desk;
    let guard = Guard::new(GuardKey::Webhook("notice".to_owned(), delivery.ses_id.to_owned()));
    let attempt = Attempt::by(Actor::System, delivery.cause())
        .guarded(vec![guard])
        .having_read(ticket.clone());
    let mut want = |on: Try| {
        let detail = detail.clone();
        async move {
            // As it is at this try: others may have come back in the meantime.
            let item = desk.outbox().get(item.id).await?;
            let writes = match &item {
                Some(item) => returned(delivery, item, about, on.now).await?,
                None => vec![],
            };
            let command = Command::ReportDelivery {
                outbox: about.item.id,
                outcome,
                detail,
                is_answered: is_answered(desk, item.as_ref(), about, &on.ticket).await?,
            };
            Ok::<_, IntakeError>(Some(Wish {
                writes,
                ..Wish::from(command)
            }))
        }
    };
    let changed = desk.change(item.id.ticket, attempt, &mut want).await?;
    Ok(changed.stands()?)
}

/// Notes from whom the mail came back, and marks addresses that are dead.
async fn returned(
    delivery: &Delivery<'_>,
    item: &OutboxItem,
    about: &About,
    now: Timestamp,
) -> Result<Vec<Write>, StoreError> {
    let (Notice::Bounces(bounces), Some(ses_id)) = (&about.notice, &about.item.ses_id) else {
        return Ok(vec![]);
    };
    let desk = delivery.desk;
    let mut writes = vec![];
    let finals: Vec<&Bounce> = bounces
        .iter()
        .filter(|bounce| bounce.kind != Permanence::Temporary)
        .collect();
    if !finals.is_empty() {
        let addresses: Vec<&str> = finals.iter().filter_map(|b| b.address.as_deref()).collect();
        writes.extend(desk.returned_writes(item, ses_id, &addresses).await?);
    }
    let dead = dead(bounces);
    let recipients = item.work.recipients();
    let by = ChangedBy::system(delivery.cause(), now);
    writes.extend(
        desk.people()
            .undeliverable_writes(&recipients, &dead, &by)
            .await?,
    );
    Ok(writes)
}

/// The dead addresses, each with why.
fn dead(bounces: &[Bounce]) -> Vec<(String, String)> {
    let dead = bounces.iter().filter(|bounce| bounce.address_is_dead());
    dead.filter_map(|bounce| Some((bounce.address.clone()?, words(bounce))))
        .collect()
}

/// That the requester does not have an answer, where it came back from their address for good; nothing else is known.
async fn is_answered(
    desk: &Desk,
    item: Option<&OutboxItem>,
    about: &About,
    ticket: &Ticket,
) -> Result<Option<bool>, StoreError> {
    let Notice::Bounces(bounces) = &about.notice else {
        return Ok(None);
    };
    let is_this = |item: &&OutboxItem| item.ses_id == about.item.ses_id && item.answers(ticket.requester);
    if item.filter(is_this).is_none() {
        return Ok(None);
    }
    let finals = bounces
        .iter()
        .filter(|bounce| bounce.kind != Permanence::Temporary);
    let finals: Vec<(String, String)> = finals
        .filter_map(|bounce| Some((bounce.address.clone()?, words(bounce))))
        .collect();
    let is_lost = desk.people().is_at_one_of(ticket.requester, &finals).await?;
    Ok(is_lost.then_some(false))
}

fn told(notice: &Notice) -> Option<(DeliveryOutcome, String)> {
    match notice {
        Notice::Bounces(bounces) => {
            let is_final = bounces.iter().any(|bounce| bounce.kind != Permanence::Temporary);
            let outcome = if is_final {
                DeliveryOutcome::Bounced
            } else {
                DeliveryOutcome::Delayed
            };
            let each: Vec<String> = bounces.iter().take(3).map(words).collect();
            Some((outcome, each.join("; ")))
        }
        Notice::Complaint(_) => Some((
            DeliveryOutcome::Complained,
            "the recipient marked it as spam".to_owned(),
        )),
        Notice::Disposition(_) | Notice::AutomaticReply => None,
    }
}

/// A bounce in one line.
fn words(bounce: &Bounce) -> String {
    let mut words = bounce.reason.as_str().replace('_', " ");
    if let Some(status) = &bounce.status {
        words.push_str(&format!(" ({status})"));
    }
    if let Some(address) = &bounce.address {
        words = format!("{address}: {words}");
    }
    if !bounce.diagnostic.is_empty() {
        words.push_str(&format!(", \"{}\"", bounce.diagnostic));
    }
    words.chars().take(500).collect()
}
