//! Composing a mail from its ticket: what it says, from whom, threaded to the ids its recipient has seen.

use crate::{DeliveryError, content::content, signing_key::signing_key};
use docket_desk::{Desk, TicketFile};
use docket_domain::{
    PersonId,
    configuration::Mailbox as OurMailbox,
    contact::comment::AuthorRole,
    outbox::{MailPurpose, OutboxItem, Work},
    people::person::{Person, is_email},
};
use docket_mail::{Mailbox, OutboundMail};

/// A mail ready to be handed to SES.
pub(crate) struct Composed {
    pub source: String,
    pub recipients: Vec<String>,
    pub raw: Vec<u8>,
}

/// Composes the mail of an outbox item from its ticket, to those of these people whom it names. The inner error says why there
/// will never be one.
pub(crate) async fn compose(
    desk: &Desk,
    item: &OutboxItem,
    file: &TicketFile,
    people: &[Person],
) -> Result<Result<Composed, String>, DeliveryError> {
    let Work::Mail {
        purpose,
        mailbox: from,
        to,
        cc,
    } = &item.work
    else {
        return Ok(Err("it is not a mail".to_owned()));
    };
    let is_for_agents = item.work.is_for_agents();
    let asked = if let MailPurpose::FollowerNotice { .. } | MailPurpose::Notification { .. } = purpose {
        // Who works here no longer reads no tickets of ours.
        agents(people.iter().filter(|person| person.role.is_staff()))
    } else if is_for_agents {
        agents(people.iter())
    } else {
        recipients(people, *to, cc)
    };
    let (to, cc) = match asked {
        Ok(recipients) => recipients,
        Err(why) => return Ok(Err(why)),
    };
    let setup = desk.setup().await?;
    let nameless = OurMailbox {
        address: from.clone(),
        name: desk.settings.brand_name.clone(),
        ..OurMailbox::default()
    };
    // From an address that takes mail no more nobody could be answered: the first mailbox takes over.
    let mailbox = setup
        .mailbox(from)
        .or(setup.mailboxes.first())
        .unwrap_or(&nameless);
    let from = if mailbox.takes(from) {
        from
    } else {
        &mailbox.address
    };
    let content = match content(desk, mailbox, file, (item.id, purpose)).await? {
        Ok(content) => content,
        Err(why) => return Ok(Err(why)),
    };
    // What an agent answers to a mail that is for agents is not meant for the customer.
    let (reply_to, references) = if is_for_agents {
        (None, vec![])
    } else {
        match signed_address(desk, from, item).await? {
            Ok(address) => (Some(Mailbox::new(address)), thread(desk, file, item)),
            Err(why) => return Ok(Err(why)),
        }
    };
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let tag = item.id.tag(&desk.settings.tenant);
    let recipients = to.iter().chain(&cc).map(|to| to.address.clone()).collect();
    let mail = OutboundMail {
        from: Mailbox::named(mailbox.name.clone(), from.clone()),
        to,
        cc,
        reply_to,
        subject: content.subject,
        date: desk.now(),
        message_id: format!("{tag}@{domain}"),
        in_reply_to: references.last().cloned(),
        references,
        kind: content.kind,
        outbox: tag,
        text: content.text,
        html: content.html,
        attachments: content.attachments,
    };
    Ok(docket_mail::render(&mail)
        .map(|raw| Composed {
            source: from.clone(),
            recipients,
            raw,
        })
        .map_err(|error| error.to_string()))
}

/// To and Cc, each once. Somebody in copy who can't be reached is left out; without the requester there is no mail.
fn recipients(
    people: &[Person],
    to: PersonId,
    cc: &[PersonId],
) -> Result<(Vec<Mailbox>, Vec<Mailbox>), String> {
    let find = |id: PersonId| people.iter().find(|person| person.id == id);
    let requester = find(to);
    if let Some(why) = requester.and_then(Person::unreachable_because) {
        return Err(why);
    }
    let Some(requester) = requester.and_then(addressed) else {
        return Err("the recipient has no mail address".to_owned());
    };
    let mut copied: Vec<PersonId> = cc.iter().copied().filter(|id| *id != to).collect();
    copied.sort();
    copied.dedup();
    let copies = copied
        .iter()
        .filter_map(|id| find(*id))
        .filter(can_be_reached)
        .filter_map(addressed);
    Ok((vec![requester], copies.collect()))
}

/// A recipient with their name, unless the name is only their address.
fn addressed(person: &Person) -> Option<Mailbox> {
    let address = person.email.as_deref()?;
    let plain: String = person.name.chars().filter(|c| !c.is_control()).collect();
    Some(if plain.eq_ignore_ascii_case(address) {
        Mailbox::new(address)
    } else {
        Mailbox::named(plain, address)
    })
}

/// Agents who are told something, as far as they can be reached.
fn agents<'p>(people: impl Iterator<Item = &'p Person>) -> Result<(Vec<Mailbox>, Vec<Mailbox>), String> {
    let mut reachable = people.filter(can_be_reached).filter_map(addressed);
    let Some(first) = reachable.next() else {
        return Err("nobody who is to be told can be reached by mail".to_owned());
    };
    Ok((vec![first], reachable.collect()))
}

fn can_be_reached(person: &&Person) -> bool {
    let is_sendable = person.email.as_deref().is_some_and(is_email);
    is_sendable && person.unreachable_because().is_none()
}

async fn signed_address(
    desk: &Desk,
    from: &str,
    item: &OutboxItem,
) -> Result<Result<String, String>, DeliveryError> {
    let signed = signing_key(desk).await?.and_then(|key| {
        let (tenant, number) = (desk.settings.tenant.as_str(), item.id.ticket.0);
        let signed = match item.work.is_forward() {
            true => docket_mail::sign_forward(&key, tenant, from, number),
            false => docket_mail::sign(&key, tenant, from, number),
        };
        signed.map_err(|error| error.to_string())
    });
    Ok(signed)
}

/// The ids of the mails that the recipient has written or got on this ticket, in order, before this one: the requester what is public,
/// whoever something was forwarded to what they were forwarded and answered.
fn thread(desk: &Desk, file: &TicketFile, item: &OutboxItem) -> Vec<String> {
    let (v, recipients, is_forward) = (item.id.v, item.work.recipients(), item.work.is_forward());
    let domain = match desk.settings.region.as_str() {
        "us-east-1" => "email.amazonses.com".to_owned(),
        region => format!("{region}.amazonses.com"),
    };
    let theirs = file.comments.iter().filter(|comment| match is_forward {
        true => comment.role == AuthorRole::ThirdParty && recipients.contains(&comment.author),
        false => comment.role == AuthorRole::Requester && comment.public,
    });
    let theirs =
        theirs.filter_map(|comment| Some((comment.v, 0, comment.mail.as_ref()?.message_id.clone()?)));
    // An acknowledgement belongs to the ticket's first event, and answers its second, the comment.
    let ours = file
        .outbox
        .iter()
        .filter(|other| match is_forward {
            true => {
                let went_to = other.work.recipients();
                other.work.is_forward() && went_to.iter().any(|person| recipients.contains(person))
            }
            false => other.work.is_for_customers(),
        })
        .filter_map(|item| Some((item.id.v.max(2), 1, item.ses_id.as_ref()?)));
    let ours = ours.map(|(v, order, ses_id)| (v, order, format!("{ses_id}@{domain}")));
    let mut ids: Vec<(u64, u8, String)> = theirs.chain(ours).filter(|(at, ..)| *at < v.max(3)).collect();
    ids.sort();
    ids.into_iter().map(|(_, _, id)| id).collect()
}
