//! What Outlook wrapped in a `winmail.dat`: its files stand after it, its text is the mail's if the mail has none.

use std::collections::HashSet;

use super::body::unwrapped_body;
use crate::inbound::{Attachment, InboundMail};
use crate::notes::{Notes, ReadingNote};
use crate::tnef::{Allowance, is_tnef, unpack};

/// Unpacks every `winmail.dat` of a mail. Each stays, too, so that nothing is lost.
pub(super) fn unpack_winmail(mail: &mut InboundMail, notes: &mut Notes) {
    if !mail.attachments.iter().any(is_tnef) {
        return;
    }
    let mut allowance = Allowance::default();
    let mut attachments: Vec<Attachment> = Vec::with_capacity(mail.attachments.len());
    let mut unread_rtf = false;
    for attachment in std::mem::take(&mut mail.attachments) {
        if !is_tnef(&attachment) {
            attachments.push(attachment);
            continue;
        }
        let unpacked = unpack(&attachment.bytes, &mut allowance);
        attachments.push(attachment);
        attachments.extend(unpacked.files);
        if let Some(damage) = unpacked.damage {
            notes.add(damage.note());
        }
        if !mail.text.trim().is_empty() || mail.html.is_some() {
            continue;
        }
        unread_rtf |= unpacked.has_unread_rtf;
        let body = unwrapped_body(unpacked.text, unpacked.html, notes);
        attachments.extend(body.files);
        (mail.text, mail.html) = (body.text, body.html);
    }
    mail.attachments = attachments;
    if unread_rtf && mail.text.is_empty() {
        notes.add(ReadingNote::WinmailTextUnread);
    }
    tie_images(mail);
}

/// A file that the HTML refers to is shown within it.
fn tie_images(mail: &mut InboundMail) {
    let Some(html) = mail.html.as_deref() else { return };
    let references: HashSet<&str> = html.split("cid:").skip(1).map(reference).collect();
    for file in &mut mail.attachments {
        file.inline |= file
            .content_id
            .as_deref()
            .is_some_and(|id| references.contains(id));
    }
}

/// The id at the start of a text, up to what ends an address in HTML.
fn reference(text: &str) -> &str {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '>' | ')');
    text.split(ends).next().unwrap_or_default()
}
