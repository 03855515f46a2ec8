//! Composing a mail from its ticket: what it says, from whom, threaded to the ids its recipient has seen.

use crate::DeliveryError;
use docket_aws::{Desk, store::TicketFile};
use docket_domain::{
    PersonId,
    automatic::ACKNOWLEDGEMENT_SUBJECT,
    comment::AttachmentRef,
    configuration::Mailbox as OurMailbox,
    delivery::OutboxItem,
    person::Person,
    work::{MailPurpose, Work},
};
use docket_mail::{
    Mailbox, OutboundAttachment, OutboundMail, OutboxKind, ReplyKey, SanitiseOptions, TemplateError,
    TemplateKind, TemplateNames,
};

/// A mail ready to be handed to SES.
pub(crate) struct Composed {
    pub source: String,
    pub recipients: Vec<String>,
    pub raw: Vec<u8>,
}

/// What a mail says, whatever its envelope.
struct Content {
    subject: String,
    text: String,
    html: Option<String>,
    kind: OutboxKind,
    attachments: Vec<OutboundAttachment>,
}

/// Composes the mail of an outbox item. The inner error says why there will never be one.
pub(crate) async fn compose(
    desk: &Desk,
    item: &OutboxItem,
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
    let Some(file) = desk.ticket_file(item.id.ticket).await? else {
        return Ok(Err("the ticket is not there".to_owned()));
    };
    let (to, cc) = match recipients(desk, *to, cc).await? {
        Ok(recipients) => recipients,
        Err(why) => return Ok(Err(why)),
    };
    let setup = desk.setup().await?;
    let nameless = OurMailbox {
        address: from.clone(),
        name: desk.settings.brand_name.clone(),
        ..OurMailbox::default()
    };
    let mailbox = setup.mailbox(from).unwrap_or(&nameless);
    let content = match purpose {
        MailPurpose::Acknowledgement => acknowledgement(desk, mailbox, &file),
        MailPurpose::Reply { comment_v } => answer(desk, mailbox, &file, *comment_v).await?,
    };
    let content = match content {
        Ok(content) => content,
        Err(why) => return Ok(Err(why)),
    };
    let reply_to = match signed_address(desk, from, item).await? {
        Ok(address) => address,
        Err(why) => return Ok(Err(why)),
    };
    let references = thread(desk, &file, item.id.v);
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let tag = item.id.tag(&desk.settings.tenant);
    let recipients = to.iter().chain(&cc).map(|to| to.address.clone()).collect();
    let mail = OutboundMail {
        from: Mailbox::named(mailbox.name.clone(), from.clone()),
        to,
        cc,
        reply_to: Some(Mailbox::new(reply_to)),
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

/// To and Cc. Somebody in copy who can't be reached is left out; without the requester there is no mail.
async fn recipients(
    desk: &Desk,
    to: PersonId,
    cc: &[PersonId],
) -> Result<Result<(Vec<Mailbox>, Vec<Mailbox>), String>, DeliveryError> {
    let asked: Vec<PersonId> = std::iter::once(to).chain(cc.iter().copied()).collect();
    let people = desk.people(&asked).await?;
    let find = |id: PersonId| people.iter().find(|person| person.id == id);
    let requester = find(to);
    if let Some(why) = requester.and_then(Person::unreachable_because) {
        return Ok(Err(why));
    }
    let Some(requester) = requester.and_then(addressed) else {
        return Ok(Err("the recipient has no mail address".to_owned()));
    };
    let reachable = |person: &&Person| person.unreachable_because().is_none();
    let copies = cc
        .iter()
        .filter_map(|id| find(*id))
        .filter(reachable)
        .filter_map(addressed);
    Ok(Ok((vec![requester], copies.collect())))
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

/// What the templates of a mailbox show.
fn names<'a>(
    desk: &'a Desk,
    mailbox: &'a OurMailbox,
    file: &TicketFile,
    agent: &'a str,
) -> TemplateNames<'a> {
    TemplateNames {
        brand: desk.settings.brand_name.as_str(),
        mailbox: &mailbox.name,
        ticket: file.ticket.number.0,
        agent,
        signature: "",
    }
}

/// "We have it": says nothing of what was written, so that a forged sender's victim is told nothing.
fn acknowledgement(desk: &Desk, mailbox: &OurMailbox, file: &TicketFile) -> Result<Content, String> {
    let number = file.ticket.number;
    let brand = desk.settings.brand_name.as_str();
    let text = match &mailbox.acknowledgement_template {
        None => format!(
            "Thank you for writing to us. Your message has been received as ticket {number}, and one of us will \
             answer you.\n\nTo add anything, just reply to this mail.\n\n{brand}\n"
        ),
        Some(template) => {
            let names = names(desk, mailbox, file, "");
            docket_mail::fill_template(TemplateKind::Acknowledgement, template, &names)
                .map_err(|error| format!("the mailbox's acknowledgement can't be filled in: {error}"))?
        }
    };
    let subject = mailbox.acknowledgement_subject.as_deref();
    Ok(Content {
        subject: format!("{} (ticket {number})", subject.unwrap_or(ACKNOWLEDGEMENT_SUBJECT)),
        text,
        html: None,
        kind: OutboxKind::AutoReplied,
        attachments: vec![],
    })
}

async fn answer(
    desk: &Desk,
    mailbox: &OurMailbox,
    file: &TicketFile,
    comment_v: u64,
) -> Result<Result<Content, String>, DeliveryError> {
    let Some(comment) = file.comments.iter().find(|comment| comment.v == comment_v) else {
        return Ok(Err("the comment is not there".to_owned()));
    };
    let body = desk.body(file.ticket.number, &comment.body.digest).await?;
    let agent = desk.person(comment.author).await?.map(|agent| agent.name);
    let names = names(desk, mailbox, file, agent.as_deref().unwrap_or_default());
    let (before, after) = match frame(mailbox, names) {
        Ok(frame) => frame,
        Err(error) => return Ok(Err(format!("the mailbox's template can't be filled in: {error}"))),
    };
    let mut attachments = Vec::with_capacity(comment.attachments.len());
    for attachment in &comment.attachments {
        attachments.push(OutboundAttachment {
            name: attachment.name.clone(),
            content_type: attachment.content_type.clone(),
            content_id: attachment.content_id.clone(),
            bytes: desk.attachment(file.ticket.number, &attachment.digest).await?,
        });
    }
    let html = body.html.as_deref();
    let html = html.map(|html| outgoing_html(html, &before, &after, &comment.attachments));
    Ok(Ok(Content {
        subject: docket_mail::reply_subject(&file.ticket.subject),
        text: format!("{before}{}{after}", body.text),
        html,
        kind: OutboxKind::Personal,
        attachments,
    }))
}

/// What stands before and after an answer: the mailbox's template with its signature, the signature alone, or nothing.
fn frame(mailbox: &OurMailbox, names: TemplateNames<'_>) -> Result<(String, String), TemplateError> {
    let signature = match &mailbox.signature {
        Some(template) => docket_mail::fill_template(TemplateKind::Signature, template, &names)?,
        None => String::new(),
    };
    match &mailbox.answer_template {
        Some(template) => docket_mail::answer_frame(
            template,
            &TemplateNames {
                signature: &signature,
                ..names
            },
        ),
        // The mark above a signature by which mail programs know it (RFC 3676, section 4.3).
        None if !signature.is_empty() => Ok((String::new(), format!("\n\n-- \n{signature}\n"))),
        None => Ok((String::new(), String::new())),
    }
}

/// The HTML of an answer, made safe, within its frame. Images of the mail itself stay tied to their parts.
fn outgoing_html(html: &str, before: &str, after: &str, files: &[AttachmentRef]) -> String {
    let ids = files.iter().filter_map(|file| file.content_id.as_ref());
    let options = SanitiseOptions {
        inline_images: ids.map(|id| (id.clone(), format!("cid:{id}"))).collect(),
        remote_images: true,
    };
    format!(
        "<!DOCTYPE html>\n<html><body>\n{}{}\n{}</body></html>\n",
        docket_mail::paragraphs(before),
        docket_mail::sanitise_html(html, &options),
        docket_mail::paragraphs(after)
    )
}

async fn signed_address(
    desk: &Desk,
    from: &str,
    item: &OutboxItem,
) -> Result<Result<String, String>, DeliveryError> {
    let keys = desk.reply_keys().await?;
    let Some(first) = keys.first() else {
        return Ok(Err("there is no key for reply addresses".to_owned()));
    };
    let signed = ReplyKey::new(first.id.clone(), first.secret.expose().as_bytes())
        .and_then(|key| docket_mail::sign(&key, desk.settings.tenant.as_str(), from, item.id.ticket.0));
    Ok(signed.map_err(|error| error.to_string()))
}

/// The ids of the mails that the recipient has written or got on this ticket, in order, before version `v`.
fn thread(desk: &Desk, file: &TicketFile, v: u64) -> Vec<String> {
    let domain = match desk.settings.region.as_str() {
        "us-east-1" => "email.amazonses.com".to_owned(),
        region => format!("{region}.amazonses.com"),
    };
    let theirs = file
        .comments
        .iter()
        .filter(|comment| comment.role.is_customer() && comment.public);
    let theirs =
        theirs.filter_map(|comment| Some((comment.v, 0, comment.mail.as_ref()?.message_id.clone()?)));
    // An acknowledgement belongs to the ticket's first event, and answers its second, the comment.
    let ours = file
        .outbox
        .iter()
        .filter_map(|item| Some((item.id.v.max(2), 1, item.ses_id.as_ref()?)));
    let ours = ours.map(|(v, order, ses_id)| (v, order, format!("{ses_id}@{domain}")));
    let mut ids: Vec<(u64, u8, String)> = theirs.chain(ours).filter(|(at, ..)| *at < v.max(3)).collect();
    ids.sort();
    ids.into_iter().map(|(_, _, id)| id).collect()
}
