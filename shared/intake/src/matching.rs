//! Which ticket a mail belongs to, and whether its sender may append to it.

use crate::{Delivery, IntakeError, Receipt};
use docket_domain::{
    TicketNumber,
    comment::AuthorRole,
    configuration::{Mailbox, Setup},
    intake::{Append, Dmarc, Evidence, HoldReason, Standing, may_append},
    person::Identity,
    ticket::{Status, Ticket},
};
use docket_mail::{InboundMail, ReplyKey, Verdict};

/// What becomes of a mail.
pub(crate) enum Match {
    /// A comment on this ticket.
    Append {
        ticket: Box<Ticket>,
        role: AuthorRole,
        /// Its own id and those it refers to, if nobody knew them: they lead to its ticket from now on.
        new_ids: Vec<String>,
    },
    /// A ticket of its own.
    New {
        follows: Option<TicketNumber>,
        /// Whether it refers to an id that leads to a ticket.
        answers_us: bool,
        /// As above. An id that leads to another ticket goes on doing so, whoever names it.
        new_ids: Vec<String>,
    },
    /// Held.
    Hold(HoldReason, String),
}

/// Our mailbox that an address belongs to: its own, or one of its signed reply addresses.
pub(crate) fn mailbox_of<'a>(address: &str, setup: &'a Setup) -> Option<&'a Mailbox> {
    let address = address.trim().trim_start_matches('<').trim_end_matches('>');
    if let Some(mailbox) = setup.mailbox(address) {
        return Some(mailbox);
    }
    let (local, domain) = address.rsplit_once('@')?;
    let (local, _) = local.rsplit_once('+')?;
    setup.mailbox(&format!("{local}@{domain}"))
}

/// The sender's address, in the form by which people are found.
pub(crate) fn sender(delivery: &Delivery<'_>, mail: &InboundMail) -> Option<(String, String)> {
    sender_of(mail, delivery.receipt)
}

/// The sender's address and name, as the mail has them, else the envelope.
pub(crate) fn sender_of(mail: &InboundMail, receipt: &Receipt) -> Option<(String, String)> {
    let named = mail
        .from
        .as_ref()
        .or(mail.sender.as_ref())
        .or(mail.reply_to.as_ref());
    if let Some(mailbox) = named.filter(|mailbox| mailbox.address.contains('@')) {
        return Some((mailbox.address.clone(), mailbox.name.clone().unwrap_or_default()));
    }
    let envelope = receipt
        .mail_from
        .as_deref()
        .filter(|address| address.contains('@'))?;
    Some((envelope.to_owned(), String::new()))
}

/// The DMARC verdict, as far as the table needs it.
pub(crate) fn dmarc(delivery: &Delivery<'_>) -> Dmarc {
    // Whoever lets a mail in vouches for it.
    if delivery.release.is_some() {
        return Dmarc::Pass;
    }
    match delivery.receipt.verdicts.dmarc {
        Verdict::Pass => Dmarc::Pass,
        Verdict::Fail => Dmarc::Fail,
        Verdict::Gray | Verdict::ProcessingFailed | Verdict::Missing => Dmarc::Unknown,
    }
}

/// Decides what becomes of a mail.
pub(crate) async fn find(delivery: &Delivery<'_>, mail: &InboundMail) -> Result<Match, IntakeError> {
    let Some((address, _)) = sender(delivery, mail) else {
        return Ok(Match::Hold(
            HoldReason::Unreadable,
            "it names no sender".to_owned(),
        ));
    };
    let mut new_ids = Vec::new();
    if let Some(own) = &mail.message_id
        && delivery
            .desk
            .tickets_of_mail_id(own, &delivery.mailbox)
            .await?
            .is_empty()
    {
        new_ids.push(own.clone());
    }
    let Some((evidence, ticket)) = evidence(delivery, mail, &mut new_ids).await? else {
        let hint = docket_mail::subject_ticket_hint(&mail.subject).map(TicketNumber);
        let follows = match hint {
            Some(number) => delivery.desk.ticket(number).await?.map(|ticket| ticket.number),
            None => None,
        };
        return Ok(Match::New {
            follows,
            answers_us: false,
            new_ids,
        });
    };
    let person = delivery.desk.find_person(&Identity::email(&address)).await?;
    let standing = match &person {
        Some(person) if person.id == ticket.requester => Standing::Participant,
        Some(person) if person.role.is_staff() => Standing::Agent,
        _ => Standing::Stranger,
    };
    let role = match standing {
        Standing::Participant => AuthorRole::Requester,
        Standing::Agent => AuthorRole::Agent,
        Standing::Stranger => AuthorRole::ThirdParty,
    };
    let follows = Some(ticket.number);
    let linked = |new_ids| Match::New {
        follows,
        answers_us: true,
        new_ids,
    };
    Ok(match may_append(evidence, standing, dmarc(delivery)) {
        Append::Suspend => Match::Hold(HoldReason::UnverifiedAgent, String::new()),
        Append::LinkedTicket => linked(new_ids),
        Append::Comment | Append::ThirdPartyNote if ticket.status == Status::Closed => linked(new_ids),
        Append::Comment | Append::ThirdPartyNote => Match::Append {
            ticket: Box::new(ticket),
            role,
            new_ids,
        },
    })
}

/// The strongest evidence for a ticket: a reply address we signed, then a mail id we know, the nearest first. The ids that
/// lead nowhere are put into `new_ids`.
async fn evidence(
    delivery: &Delivery<'_>,
    mail: &InboundMail,
    new_ids: &mut Vec<String>,
) -> Result<Option<(Evidence, Ticket)>, IntakeError> {
    let desk = delivery.desk;
    let written = mail
        .to
        .iter()
        .chain(&mail.cc)
        .map(|mailbox| mailbox.address.as_str());
    let addresses: Vec<&str> = delivery
        .receipt
        .recipients
        .iter()
        .map(String::as_str)
        .chain(written)
        .collect();
    if addresses.iter().any(|address| address.contains('+')) {
        let keys: Vec<ReplyKey> = desk
            .reply_keys()
            .await?
            .into_iter()
            .filter_map(|key| ReplyKey::new(key.id, key.secret.expose().as_bytes()).ok())
            .collect();
        let tenant = desk.settings.tenant.as_str();
        let mailboxes: Vec<&str> = delivery
            .setup
            .mailboxes
            .iter()
            .map(|mailbox| mailbox.address.as_str())
            .collect();
        for address in addresses {
            let number = docket_mail::verify(&keys, tenant, &mailboxes, address).map(TicketNumber);
            if let Some(number) = number
                && let Some(ticket) = desk.ticket(number).await?
            {
                return Ok(Some((Evidence::SignedAddress, ticket)));
            }
        }
    }
    for id in mail.in_reply_to.iter().chain(mail.references.iter().rev()) {
        let numbers = desk.tickets_of_mail_id(id, &delivery.mailbox).await?;
        if numbers.is_empty() && !new_ids.contains(id) {
            new_ids.push(id.clone());
        }
        for number in numbers {
            if let Some(ticket) = desk.ticket(number).await? {
                return Ok(Some((Evidence::KnownMailId, ticket)));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::GroupId;

    #[test]
    fn a_reply_address_belongs_to_its_mailbox() {
        let mailbox = Mailbox {
            address: "support@in.example.com".into(),
            name: "Support".into(),
        };
        let setup = Setup {
            v: 1,
            default_group: GroupId(1),
            mailboxes: vec![mailbox],
            channels: vec![],
        };
        for address in [
            "Support@in.example.com",
            "<support@IN.example.com>",
            "support+12.1.abc@in.example.com",
        ] {
            assert!(mailbox_of(address, &setup).is_some(), "{address}");
        }
        for address in [
            "other@in.example.com",
            "support@example.com",
            "sup+port@in.example.com",
            "support",
        ] {
            assert!(mailbox_of(address, &setup).is_none(), "{address}");
        }
    }
}
