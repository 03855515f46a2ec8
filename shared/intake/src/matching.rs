//! Which ticket a mail belongs to, and whether its sender may append to it.

use crate::{Delivery, IntakeError, Receipt, mailboxes};
use docket_desk::GuardKey;
use docket_domain::{
    TicketNumber,
    configuration::{Mailbox, Setup},
    contact::{
        comment::AuthorRole,
        intake::{Append, Dmarc, Evidence, HoldReason, Standing, may_append},
    },
    people::person::Identity,
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

/// Our mailbox that an address belongs to (its own, an alias, or a signed reply address of either), and the address
/// itself in lower case without the signature.
pub(crate) fn mailbox_of<'a>(address: &str, setup: &'a Setup) -> Option<(&'a Mailbox, String)> {
    let address = address.trim().trim_start_matches('<').trim_end_matches('>');
    let address = address.to_lowercase();
    if let Some(mailbox) = setup.mailbox(&address) {
        return Some((mailbox, address));
    }
    let (local, domain) = address.rsplit_once('@')?;
    let (local, _) = local.rsplit_once('+')?;
    let plain = format!("{local}@{domain}");
    setup.mailbox(&plain).map(|mailbox| (mailbox, plain))
}

/// Who a mail is from, as the desk sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Author {
    pub address: String,
    pub name: String,
    /// Whether the sender's domain vouches for the address. A form's domain vouches for the form alone.
    pub dmarc: Dmarc,
    /// The contact form that sent the mail for them.
    pub contact_form: Option<String>,
    /// Whether they sent the mail themselves, rather than through a form or an agent.
    pub is_sender: bool,
}

/// Who wrote a mail. Nothing: it names nobody.
pub(crate) fn author(delivery: &Delivery<'_>, mail: &InboundMail) -> Option<Author> {
    let (address, name) = sender_of(mail, delivery.receipt)?;
    let dmarc = dmarc(delivery);
    let writer = mail.reply_to.as_ref().filter(|writer| {
        writer.address.contains('@')
            && !writer.address.eq_ignore_ascii_case(&address)
            && mailbox_of(&writer.address, delivery.setup).is_none()
    });
    let mailbox = delivery.setup.mailbox(&delivery.mailbox);
    match writer.filter(|_| mailbox.is_some_and(|mailbox| mailbox.is_contact_form(&address))) {
        Some(writer) => Some(Author {
            address: writer.address.clone(),
            name: writer.name.clone().unwrap_or_default(),
            // A person who lets it in vouches for it.
            dmarc: match dmarc {
                Dmarc::Pass if delivery.release.is_none() => Dmarc::Unknown,
                other => other,
            },
            contact_form: Some(address),
            is_sender: false,
        }),
        None => Some(Author {
            address,
            name,
            dmarc,
            contact_form: None,
            is_sender: true,
        }),
    }
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
fn dmarc(delivery: &Delivery<'_>) -> Dmarc {
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
    let Some(author) = author(delivery, mail) else {
        return Ok(Match::Hold(
            HoldReason::Unreadable,
            "it names no sender".to_owned(),
        ));
    };
    let mut new_ids = Vec::new();
    if let Some(own) = &mail.message_id
        && delivery
            .desk
            .tickets()
            .of_mail_id(own, &delivery.mailbox, false)
            .await?
            .is_empty()
    {
        new_ids.push(own.clone());
    }
    let Some((evidence, ticket)) = evidence(delivery, mail, &mut new_ids).await? else {
        let hint = docket_mail::subject_ticket_hint(&mail.subject).map(TicketNumber);
        let follows = match (beside(delivery).await?, hint) {
            (Some(number), _) => Some(number),
            (None, Some(number)) => delivery
                .desk
                .tickets()
                .get(number)
                .await?
                .map(|ticket| ticket.number),
            (None, None) => None,
        };
        return Ok(Match::New {
            follows,
            answers_us: false,
            new_ids,
        });
    };
    let identity = Identity::email(&author.address);
    let person = delivery.desk.people().find(&identity).await?;
    let (standing, role) = match &person {
        Some(person) if person.id == ticket.requester => (Standing::Participant, AuthorRole::Requester),
        Some(person) if person.role.is_staff() => (Standing::Agent, AuthorRole::Agent),
        Some(person) if ticket.ccs.contains(&person.id) => (Standing::Participant, AuthorRole::Participant),
        _ => (Standing::Stranger, AuthorRole::ThirdParty),
    };
    let follows = Some(ticket.number);
    let linked = |new_ids| Match::New {
        follows,
        answers_us: true,
        new_ids,
    };
    Ok(match may_append(evidence, standing, author.dmarc) {
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

/// The other mailboxes that the same mail came to.
fn other_places(delivery: &Delivery<'_>) -> Vec<String> {
    let places = mailboxes(delivery.receipt, delivery.setup).into_iter();
    let others = places.filter(|place| place.is_ours && place.mailbox != delivery.mailbox);
    others.map(|place| place.mailbox).collect()
}

/// The ticket that the same mail is on at another mailbox.
async fn beside(delivery: &Delivery<'_>) -> Result<Option<TicketNumber>, IntakeError> {
    for mailbox in other_places(delivery) {
        let there = GuardKey::Transport(delivery.ses_id.to_owned(), mailbox);
        let taken = delivery.desk.guard(&there).await?;
        if let Some(number) = taken.and_then(|taken| taken.answer.ticket) {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

/// The strongest evidence for a ticket: a reply address we signed, then a mail id we know, the nearest first. The ids that
/// lead nowhere are put into `new_ids`. A mail to several mailboxes is a contact for each: what it says of one mailbox's
/// ticket counts there alone.
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
    let only_here = !other_places(delivery).is_empty();
    let is_for_here = |address: &&str| {
        let place = mailbox_of(address, delivery.setup);
        !only_here || place.is_some_and(|(mailbox, _)| mailbox.address == delivery.mailbox)
    };
    let recipients = delivery.receipt.recipients.iter().map(String::as_str);
    let addresses: Vec<&str> = recipients.chain(written).filter(is_for_here).collect();
    if addresses.iter().any(|address| address.contains('+')) {
        let keys: Vec<ReplyKey> = desk
            .reply_keys()
            .await?
            .into_iter()
            .filter_map(|key| ReplyKey::new(key.id, key.secret.expose().as_bytes()).ok())
            .collect();
        let tenant = desk.settings.tenant.as_str();
        let mailboxes: Vec<&str> = delivery.setup.mail_addresses().collect();
        for address in addresses {
            let number = docket_mail::verify(&keys, tenant, &mailboxes, address).map(TicketNumber);
            if let Some(number) = number
                && let Some(ticket) = desk.tickets().get(number).await?
            {
                return Ok(Some((Evidence::SignedAddress, ticket)));
            }
        }
    }
    for id in mail.in_reply_to.iter().chain(mail.references.iter().rev()) {
        let numbers = desk
            .tickets()
            .of_mail_id(id, &delivery.mailbox, only_here)
            .await?;
        // One that leads to another mailbox's ticket goes on doing so.
        if numbers.is_empty() && !only_here && !new_ids.contains(id) {
            new_ids.push(id.clone());
        }
        for number in numbers {
            if let Some(ticket) = desk.tickets().get(number).await? {
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
            aliases: vec!["help@in.example.com".into()],
            ..Mailbox::default()
        };
        let setup = Setup {
            v: 1,
            default_group: GroupId(1),
            mailboxes: vec![mailbox],
            last_mailbox_id: 0,
            channels: vec![],
        };
        for (address, plain) in [
            ("Support@in.example.com", "support@in.example.com"),
            ("<support@IN.example.com>", "support@in.example.com"),
            ("support+12.1.abc@in.example.com", "support@in.example.com"),
            ("HELP@in.example.com", "help@in.example.com"),
            ("help+12.1.abc@in.example.com", "help@in.example.com"),
        ] {
            let found =
                mailbox_of(address, &setup).map(|(mailbox, written)| (mailbox.address.as_str(), written));
            assert_eq!(
                found,
                Some(("support@in.example.com", plain.to_owned())),
                "{address}"
            );
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
