//! "We have it".

use super::{Content, names, tell};
use docket_desk::{Desk, TicketFile};
use docket_domain::{configuration::Mailbox, contact::automatic::ACKNOWLEDGEMENT_SUBJECT};
use docket_mail::{OutboxKind, TemplateKind};

/// "We have it": says nothing of what was written, so that a forged sender's victim is told nothing.
pub(super) fn acknowledgement(desk: &Desk, mailbox: &Mailbox, file: &TicketFile) -> Content {
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
