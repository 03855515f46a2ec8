//! The comment that a mail makes.

use crate::{
    Delivery,
    matching::{Author, mailbox_of},
};
use docket_desk::tickets::{NewAttachment, NewComment};
use docket_domain::{
    PersonId,
    contact::comment::{
        AuthorRole, CommentBody, Correspondent, MOST_COPIED, MailFacts, TextKind, TextPart, bounded_text,
    },
    ticket::Channel,
};
use docket_mail::{Attachment, AutomaticSign, InboundMail, Part};

/// Largest HTML that is kept beside the text, in bytes; the original has it whole.
const MOST_HTML_BYTES: usize = 1024 * 1024;

/// The comment that a mail makes.
pub(crate) fn comment(
    delivery: &Delivery<'_>,
    mail: &InboundMail,
    from: &Author,
    author: PersonId,
    role: AuthorRole,
) -> NewComment {
    let mut problems = mail.problems.clone();
    let (text, was_cut) = bounded_text(&mail.text);
    if was_cut {
        problems.push("the text is longer than 64 KB and was cut; the original has it whole".to_owned());
    }
    let html = mail.html.clone().filter(|html| html.len() <= MOST_HTML_BYTES);
    let facts = MailFacts {
        ses_id: delivery.ses_id.to_owned(),
        message_id: mail.message_id.clone(),
        stored_at: delivery.stored_at.to_owned(),
        dmarc: Some(delivery.receipt.verdicts.dmarc.as_str().to_owned()),
        copied: copied(delivery, mail, from),
        contact_form: from.contact_form.clone(),
        released: delivery.release.is_some(),
        problems,
    };
    NewComment {
        author,
        role,
        public: role != AuthorRole::ThirdParty,
        channel: Channel::Mail {
            mailbox: delivery.written_to.clone(),
        },
        body: CommentBody {
            text: text.to_owned(),
            parts: parts(mail, text),
            html,
            hand_off: None,
        },
        attachments: mail.attachments.iter().map(attachment).collect(),
        mail: Some(facts),
        automatic: automatic(mail, from).map(|sign| sign.as_str().to_owned()),
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

/// The sign of automatic mail. A form's mail is a person's, though a machine sends it.
pub(crate) fn automatic(mail: &InboundMail, from: &Author) -> Option<AutomaticSign> {
    mail.automatic.filter(|_| from.contact_form.is_none())
}

/// The others to whom a mail says it went: without our own addresses and the author's, each once.
fn copied(delivery: &Delivery<'_>, mail: &InboundMail, from: &Author) -> Vec<Correspondent> {
    let mut copied: Vec<Correspondent> = Vec::new();
    for other in mail.to.iter().chain(&mail.cc) {
        let is_known = |known: &Correspondent| known.address.eq_ignore_ascii_case(&other.address);
        let is_ours = mailbox_of(&other.address, delivery.setup).is_some();
        let is_author = other.address.eq_ignore_ascii_case(&from.address);
        if other.address.contains('@') && !is_ours && !is_author && !copied.iter().any(is_known) {
            copied.push(Correspondent {
                name: other.name.clone(),
                address: other.address.clone(),
            });
        }
        if copied.len() == MOST_COPIED {
            break;
        }
    }
    copied
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
