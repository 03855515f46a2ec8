//! An agent's answer.

use super::{Content, names, question::Question, tell};
use crate::DeliveryError;
use docket_desk::{Desk, TicketFile};
use docket_domain::{configuration::Mailbox, contact::comment::AttachmentRef};
use docket_mail::{
    OutboundAttachment, OutboxKind, SanitiseOptions, TemplateError, TemplateKind, TemplateNames,
};

/// What an agent wrote, within the mailbox's template; nothing where the comment is not there. Where the answer solves the
/// ticket, the question whether it does stands right below it.
pub(super) async fn answer(
    desk: &Desk,
    mailbox: &Mailbox,
    file: &TicketFile,
    (comment_v, solves): (u64, bool),
) -> Result<Option<Content>, DeliveryError> {
    let Some(comment) = file.comments.iter().find(|comment| comment.v == comment_v) else {
        return Ok(None);
    };
    let body = desk.blobs().body_of(file.ticket.number, comment).await?;
    let agent = desk.people().get(comment.author).await?.map(|agent| agent.name);
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
            bytes: desk.blobs().attachment(file.ticket.number, attachment).await?,
        });
    }
    let question = match solves {
        true => Some(Question::of(desk, file.ticket.number).await?),
        false => None,
    };
    let text = match &question {
        Some(question) => format!("{}\n\n{}", body.text.trim_end(), question.text()),
        None => body.text.clone(),
    };
    let html = body.html.as_deref().map(|html| {
        let asked = question.as_ref().map(Question::html).unwrap_or_default();
        outgoing_html(html, (&before, &asked, &after), &comment.attachments)
    });
    Ok(Some(Content {
        subject: docket_mail::reply_subject(&file.ticket.subject),
        text: format!("{before}{text}{after}"),
        html,
        kind: OutboxKind::Personal,
        attachments,
    }))
}

/// What stands before and after an answer: the mailbox's template with its signature, the signature alone, or nothing.
pub(super) fn frame(mailbox: &Mailbox, names: TemplateNames<'_>) -> Result<(String, String), TemplateError> {
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
fn outgoing_html(html: &str, (before, asked, after): (&str, &str, &str), files: &[AttachmentRef]) -> String {
    let ids = files.iter().filter_map(|file| file.content_id.as_ref());
    let options = SanitiseOptions {
        inline_images: ids.map(|id| (id.clone(), format!("cid:{id}"))).collect(),
        remote_images: true,
    };
    format!(
        "<!DOCTYPE html>\n<html><body>\n{}{}\n{asked}{}</body></html>\n",
        docket_mail::paragraphs(before),
        docket_mail::sanitise_html(html, &options),
        docket_mail::paragraphs(after)
    )
}
