//! Composing a mail from its ticket: what it says, from whom, threaded to the ids its recipient has seen.

use crate::DeliveryError;
use docket_aws::{Desk, store::TicketFile};
use docket_domain::{
    automatic::ACKNOWLEDGEMENT_SUBJECT,
    comment::AuthorRole,
    configuration::Mailbox as OurMailbox,
    delivery::OutboxItem,
    work::{MailPurpose, Work},
};
use docket_mail::{Mailbox, OutboundAttachment, OutboundMail, OutboxKind, ReplyKey};

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
    kind: OutboxKind,
    attachments: Vec<OutboundAttachment>,
}

/// Composes the mail of an outbox item. The inner error says why there will never be one.
pub(crate) async fn compose(
    desk: &Desk,
    item: &OutboxItem,
) -> Result<Result<Composed, String>, DeliveryError> {
    let Work::Mail { purpose, mailbox, to } = &item.work else {
        return Ok(Err("it is not a mail".to_owned()));
    };
    let Some(file) = desk.ticket_file(item.id.ticket).await? else {
        return Ok(Err("the ticket is not there".to_owned()));
    };
    let person = desk.person(*to).await?;
    if let Some(why) = person.as_ref().and_then(|person| person.unreachable_because()) {
        return Ok(Err(why));
    }
    let Some(recipient) = person.and_then(|person| Some((person.name, person.email?))) else {
        return Ok(Err("the recipient has no mail address".to_owned()));
    };
    let setup = desk.setup().await?;
    let nameless = OurMailbox {
        address: mailbox.clone(),
        name: desk.settings.brand_name.clone(),
    };
    let mailbox = setup.mailbox(mailbox).unwrap_or(&nameless);
    let content = match purpose {
        MailPurpose::Acknowledgement => acknowledgement(desk, &file),
        MailPurpose::Reply { comment_v } => match answer(desk, &file, *comment_v).await? {
            Some(content) => content,
            None => return Ok(Err("the comment is not there".to_owned())),
        },
    };
    let reply_to = match signed_address(desk, mailbox, item).await? {
        Ok(address) => address,
        Err(why) => return Ok(Err(why)),
    };
    let references = thread(desk, &file, item.id.v);
    let domain = mailbox
        .address
        .rsplit_once('@')
        .map_or("localhost", |(_, domain)| domain);
    let tag = item.id.tag(&desk.settings.tenant);
    let mail = OutboundMail {
        from: Mailbox::named(mailbox.name.clone(), mailbox.address.clone()),
        to: vec![addressed(&recipient.0, &recipient.1)],
        cc: vec![],
        reply_to: Some(Mailbox::new(reply_to)),
        subject: content.subject,
        date: desk.now(),
        message_id: format!("{tag}@{domain}"),
        in_reply_to: references.last().cloned(),
        references,
        kind: content.kind,
        outbox: tag,
        text: content.text,
        html: None,
        attachments: content.attachments,
    };
    Ok(docket_mail::render(&mail)
        .map(|raw| Composed {
            source: mailbox.address.clone(),
            recipients: vec![recipient.1],
            raw,
        })
        .map_err(|error| error.to_string()))
}

/// A recipient with their name, unless the name is only their address.
fn addressed(name: &str, address: &str) -> Mailbox {
    let plain: String = name.chars().filter(|c| !c.is_control()).collect();
    if plain.eq_ignore_ascii_case(address) {
        Mailbox::new(address)
    } else {
        Mailbox::named(plain, address)
    }
}

/// "We have it": says nothing of what was written, so that a forged sender's victim is told nothing.
fn acknowledgement(desk: &Desk, file: &TicketFile) -> Content {
    let number = file.ticket.number;
    let brand = desk.settings.brand_name.as_str();
    Content {
        subject: format!("{ACKNOWLEDGEMENT_SUBJECT} (ticket {number})"),
        text: format!(
            "Thank you for writing to us. Your message has been received as ticket {number}, and one of us will \
             answer you.\n\nTo add anything, just reply to this mail.\n\n{brand}\n"
        ),
        kind: OutboxKind::AutoReplied,
        attachments: vec![],
    }
}

async fn answer(desk: &Desk, file: &TicketFile, comment_v: u64) -> Result<Option<Content>, DeliveryError> {
    let Some(comment) = file.comments.iter().find(|comment| comment.v == comment_v) else {
        return Ok(None);
    };
    let body = desk.body(file.ticket.number, &comment.body.digest).await?;
    let mut attachments = Vec::with_capacity(comment.attachments.len());
    for attachment in &comment.attachments {
        attachments.push(OutboundAttachment {
            name: attachment.name.clone(),
            content_type: attachment.content_type.clone(),
            content_id: attachment.content_id.clone(),
            bytes: desk.attachment(file.ticket.number, &attachment.digest).await?,
        });
    }
    Ok(Some(Content {
        subject: docket_mail::reply_subject(&file.ticket.subject),
        text: body.text,
        kind: OutboxKind::Personal,
        attachments,
    }))
}

async fn signed_address(
    desk: &Desk,
    mailbox: &OurMailbox,
    item: &OutboxItem,
) -> Result<Result<String, String>, DeliveryError> {
    let keys = desk.reply_keys().await?;
    let Some(first) = keys.first() else {
        return Ok(Err("there is no key for reply addresses".to_owned()));
    };
    let signed = ReplyKey::new(first.id.clone(), first.secret.expose().as_bytes()).and_then(|key| {
        docket_mail::sign(
            &key,
            desk.settings.tenant.as_str(),
            &mailbox.address,
            item.id.ticket.0,
        )
    });
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
        .filter(|comment| comment.role == AuthorRole::Requester && comment.public);
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
