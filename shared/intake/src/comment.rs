//! The comment that a mail makes.

use crate::{Delivery, understood::Understood};
use docket_desk::tickets::{NewAttachment, NewComment};
use docket_domain::{
    PersonId,
    contact::comment::{AuthorRole, CommentBody, MailFacts, TextKind, TextPart, bounded_text},
    ticket::Channel,
};
use docket_mail::{Attachment, InboundMail, Part};

/// Largest HTML that is kept beside the text, in bytes; the original has it whole.
const MOST_HTML_BYTES: usize = 1024 * 1024;

/// The comment that a mail makes.
pub(crate) fn comment(
    delivery: &Delivery<'_>,
    understood: &Understood<'_>,
    author: PersonId,
    role: AuthorRole,
) -> NewComment {
    let mail = understood.mail;
    let mut problems = mail.problems();
    let (text, was_cut) = bounded_text(&mail.text);
    if was_cut {
        problems.push("the text is longer than 64 KB and was cut; the original has it whole".to_owned());
    }
    let html = mail.html.clone().filter(|html| html.len() <= MOST_HTML_BYTES);
    if html.is_none() && mail.html.is_some() {
        problems
            .push("the formatted text is larger than 1 MB and was left out; the original has it".to_owned());
    }
    let facts = MailFacts {
        ses_id: delivery.ses_id.to_owned(),
        message_id: mail.message_id.clone(),
        stored_at: delivery.stored_at.to_owned(),
        dmarc: Some(delivery.receipt.verdicts.dmarc.as_str().to_owned()),
        copied: understood.copied.clone(),
        contact_form: understood.author.contact_form.clone(),
        released: delivery.release.is_some(),
        held: delivery.release.as_ref().map(|release| release.held.id),
        problems,
        reaction: None,
        incident: None,
    };
    NewComment {
        author,
        role,
        public: role != AuthorRole::ThirdParty,
        channel: Channel::Mail {
            mailbox: delivery.place.written_to.clone(),
        },
        body: CommentBody {
            text: text.to_owned(),
            parts: parts(mail, text),
            html,
            ..CommentBody::default()
        },
        attachments: mail.attachments.iter().map(attachment).collect(),
        mail: Some(facts),
        automatic: understood.automatic.map(|sign| sign.as_str().to_owned()),
    }
}

/// A file of a mail, to be stored.
pub(crate) fn attachment(file: &Attachment) -> NewAttachment {
    NewAttachment {
        name: file.name.clone(),
        content_type: file.content_type.clone(),
        inline: file.inline,
        content_id: file.content_id.clone(),
        bytes: file.bytes.clone(),
    }
}

/// The parts of a mail's text, as far as the text is kept.
fn parts(mail: &InboundMail, kept: &str) -> Vec<TextPart> {
    let spans = docket_mail::fold_mail(mail);
    let parts = spans.iter().take_while(|span| span.start_bytes < kept.len());
    parts
        .map(|span| TextPart {
            start_bytes: span.start_bytes,
            end_bytes: span.end_bytes.min(kept.len()),
            kind: match span.part {
                Part::New => TextKind::New,
                Part::Quote => TextKind::Quote,
                Part::Signature => TextKind::Signature,
                Part::Forward => TextKind::Forward,
            },
        })
        .collect()
}
