//! Everything a mail carries beside its text, with names that are safe to store.

use mail_parser::{Encoding, HeaderName, PartType};

use super::headers;
use super::parts::{Kind, Leaf, Structure};
use crate::charset::{Hints, read_bytes};
use crate::inbound::Attachment;
use crate::message_id::parse_ids;
use crate::notes::{Notes, Place, ReadingNote};
use crate::text::{clean_file_name, one_line};

/// The parts with the given ids as files, in this order.
pub(super) fn read_attachments(structure: &Structure<'_>, ids: &[u32], notes: &mut Notes) -> Vec<Attachment> {
    let parts = ids.iter().filter_map(|id| structure.part(*id)).enumerate();
    parts
        .map(|(at, part)| attachment(structure, &structure.leaf(part), at + 1, notes))
        .collect()
}

/// HTML that is not shown, as a file.
pub(super) fn html_file(html: String) -> Attachment {
    Attachment {
        name: "message.html".to_owned(),
        content_type: "text/html".to_owned(),
        content_id: None,
        inline: false,
        bytes: html.into(),
    }
}

fn attachment(structure: &Structure<'_>, leaf: &Leaf<'_>, position: usize, notes: &mut Notes) -> Attachment {
    let content_type = media_type(leaf);
    let content_id = headers::unstructured(structure, leaf.part, HeaderName::ContentId).and_then(|id| {
        let id = one_line(id.text.trim().trim_matches(['<', '>']));
        parse_ids(&format!("<{id}>")).into_iter().next()
    });
    Attachment {
        name: name(structure, leaf, &content_type, position, notes),
        inline: !leaf.is_attached() && (content_id.is_some() || leaf.disposition.value == "inline"),
        content_id,
        bytes: contents(structure, leaf, notes).into(),
        content_type,
    }
}

fn media_type(leaf: &Leaf<'_>) -> String {
    match &leaf.part.body {
        _ if (1..=127).contains(&leaf.media_type.len()) => leaf.media_type.clone(),
        PartType::Message(_) => "message/rfc822".to_owned(),
        PartType::Text(_) if leaf.content_type.value.is_empty() => "text/plain".to_owned(),
        _ => "application/octet-stream".to_owned(),
    }
}

fn name(
    structure: &Structure<'_>,
    leaf: &Leaf<'_>,
    content_type: &str,
    position: usize,
    notes: &mut Notes,
) -> String {
    let stated = [
        leaf.disposition.parameter("filename"),
        leaf.content_type.parameter("name"),
    ];
    for value in stated.into_iter().flatten() {
        let name = value.text(structure.hints);
        if let Some(cleaned) = clean_file_name(&name.text) {
            notes.add_reading(Place::FileName, name.guessed, name.lost);
            return cleaned;
        }
    }
    if let PartType::Message(nested) = &leaf.part.body {
        let nested = Structure {
            message: nested,
            raw: &nested.raw_message,
            hints: structure.hints,
        };
        let subject = nested
            .part(0)
            .and_then(|part| headers::unstructured(&nested, part, HeaderName::Subject))
            .map(|subject| one_line(&subject.text).replace(['/', '\\'], "_"));
        return match subject.as_deref().and_then(clean_file_name) {
            Some(subject) => clean_file_name(&format!("{subject}.eml")).unwrap_or(subject),
            None => format!("message-{position}.eml"),
        };
    }
    format!("attachment-{position}.{}", extension(content_type))
}

/// The usual extension of the types that mails carry without a name.
fn extension(content_type: &str) -> &'static str {
    match content_type {
        "text/plain"
        | "message/delivery-status"
        | "message/disposition-notification"
        | "text/rfc822-headers"
        | "message/feedback-report" => "txt",
        "text/html" => "html",
        "text/calendar" => "ics",
        "text/csv" => "csv",
        "message/rfc822" => "eml",
        "image/png" => "png",
        "image/jpeg" | "image/jpg" => "jpg",
        "image/gif" => "gif",
        "application/pdf" => "pdf",
        "application/pgp-signature" | "application/pgp-encrypted" => "asc",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "p7s",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "p7m",
        "application/ms-tnef" => "dat",
        _ => "bin",
    }
}

fn contents(structure: &Structure<'_>, leaf: &Leaf<'_>, notes: &mut Notes) -> Vec<u8> {
    match &leaf.part.body {
        // A nested mail as it was sent; one in a transfer encoding holds its own decoded bytes.
        PartType::Message(_) if leaf.part.encoding == Encoding::None => structure.body(leaf.part).to_vec(),
        PartType::Message(nested) => nested.raw_message.to_vec(),
        _ => {
            let contents = structure.bytes(leaf.part);
            if contents.is_damaged {
                notes.add(ReadingNote::PartDamaged);
            }
            let bytes = contents.bytes.into_owned();
            let is_text = leaf.kind != Kind::File || leaf.media_type.starts_with("text/");
            // Text whose charset is sure is kept in UTF-8. Any other is kept as it was sent: it may be no text at all.
            match leaf.content_type.word("charset").filter(|_| is_text) {
                Some(label) => {
                    let reading = read_bytes(&bytes, &[&label], Hints::default());
                    let is_sure = !reading.is_guess && reading.lost == 0;
                    if is_sure { reading.text.into_bytes() } else { bytes }
                }
                None => bytes,
            }
        }
    }
}
