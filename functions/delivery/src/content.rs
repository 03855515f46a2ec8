//! What a mail says: an answer or "we have it", within the templates of its mailbox.

use crate::DeliveryError;
use docket_aws::{Desk, store::TicketFile};
use docket_domain::{
    automatic::ACKNOWLEDGEMENT_SUBJECT, comment::AttachmentRef, configuration::Mailbox as OurMailbox,
};
use docket_mail::{
    OutboundAttachment, OutboxKind, SanitiseOptions, TemplateError, TemplateKind, TemplateNames,
};

/// What a mail says, whatever its envelope.
pub(crate) struct Content {
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    pub kind: OutboxKind,
    pub attachments: Vec<OutboundAttachment>,
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
pub(crate) fn acknowledgement(desk: &Desk, mailbox: &OurMailbox, file: &TicketFile) -> Content {
    let number = file.ticket.number;
    let brand = desk.settings.brand_name.as_str();
    let plain = format!(
        "Thank you for writing to us. Your message has been received as ticket {number}, and one of us will answer \
         you.\n\nTo add anything, just reply to this mail.\n\n{brand}\n"
    );
    let template = mailbox.acknowledgement_template.as_deref();
    let filled = template.map(|template| {
        docket_mail::fill_template(
            TemplateKind::Acknowledgement,
            template,
            &names(desk, mailbox, file, ""),
        )
    });
    let text = match filled {
        Some(Ok(text)) => text,
        Some(Err(error)) => {
            tell(mailbox, &error);
            plain
        }
        None => plain,
    };
    let subject = mailbox.acknowledgement_subject.as_deref();
    Content {
        subject: format!("{} (ticket {number})", subject.unwrap_or(ACKNOWLEDGEMENT_SUBJECT)),
        text,
        html: None,
        kind: OutboxKind::AutoReplied,
        attachments: vec![],
    }
}

/// A template that was accepted and can't be filled in costs nobody their answer.
fn tell(mailbox: &OurMailbox, error: &TemplateError) {
    let id = mailbox.id;
    tracing::error!(mailbox = id, %error, "a template of mailbox {id} can't be filled in and is left out");
}

/// What an agent wrote, within the mailbox's template; nothing where the comment is not there.
pub(crate) async fn answer(
    desk: &Desk,
    mailbox: &OurMailbox,
    file: &TicketFile,
    comment_v: u64,
) -> Result<Option<Content>, DeliveryError> {
    let Some(comment) = file.comments.iter().find(|comment| comment.v == comment_v) else {
        return Ok(None);
    };
    let body = desk.body(file.ticket.number, &comment.body.digest).await?;
    let agent = desk.person(comment.author).await?.map(|agent| agent.name);
    let names = names(desk, mailbox, file, agent.as_deref().unwrap_or_default());
    let (before, after) = frame(mailbox, names).unwrap_or_else(|error| {
        tell(mailbox, &error);
        Default::default()
    });
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
    Ok(Some(Content {
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
