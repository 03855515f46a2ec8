//! Everything a mail carries beside its text, with names that are safe to store.

use mail_parser::{ContentType, Encoding, Message, MessagePart, MimeHeaders, PartType};

use crate::inbound::Attachment;
use crate::message_id::parse_ids;
use crate::text::{clean_file_name, one_line};

/// The attachments in the order of the mail; `unshown_html` is HTML that only an attachment can hold.
pub(super) fn read_attachments(message: &Message<'_>, unshown_html: Option<String>) -> Vec<Attachment> {
    let mut attachments: Vec<Attachment> = Vec::new();
    let ids = message.attachments.iter();
    for part in ids.filter_map(|id| message.parts.get(*id as usize)) {
        if matches!(part.body, PartType::Multipart(_)) {
            continue;
        }
        attachments.push(attachment(message, part, attachments.len() + 1));
    }
    attachments.extend(unshown_html.map(html_file));
    attachments
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

fn attachment(message: &Message<'_>, part: &MessagePart<'_>, position: usize) -> Attachment {
    let content_type = media_type(part);
    let disposition = part.content_disposition();
    let content_id = part.content_id().and_then(|id| {
        let id = one_line(id.trim_matches(['<', '>']));
        parse_ids(&format!("<{id}>")).into_iter().next()
    });
    let attached = disposition.is_some_and(ContentType::is_attachment);
    Attachment {
        name: name(part, &content_type, position),
        inline: !attached && (content_id.is_some() || disposition.is_some_and(ContentType::is_inline)),
        content_id,
        bytes: contents(message, part).into(),
        content_type,
    }
}

fn media_type(part: &MessagePart<'_>) -> String {
    let stated = part.content_type().and_then(|content_type| {
        let subtype = content_type.subtype()?;
        Some(format!("{}/{subtype}", content_type.ctype()).to_ascii_lowercase())
    });
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$&-^_.+/".contains(c);
    match stated {
        Some(stated) if stated.len() <= 127 && stated.chars().all(is_token) => stated,
        _ if matches!(part.body, PartType::Message(_)) => "message/rfc822".to_owned(),
        None if matches!(part.body, PartType::Text(_)) => "text/plain".to_owned(),
        _ => "application/octet-stream".to_owned(),
    }
}

fn name(part: &MessagePart<'_>, content_type: &str, position: usize) -> String {
    if let Some(name) = part.attachment_name().and_then(clean_file_name) {
        return name;
    }
    if let PartType::Message(nested) = &part.body {
        let subject = nested
            .subject()
            .map(|subject| one_line(subject).replace(['/', '\\'], "_"));
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

fn contents(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<u8> {
    let raw = || {
        message
            .raw_message
            .get(part.offset_body as usize..part.offset_end as usize)
    };
    match &part.body {
        // A nested mail as it was sent; one in a transfer encoding holds its own decoded bytes.
        PartType::Message(nested) if part.encoding == Encoding::None => {
            raw().map_or_else(|| nested.raw_message.to_vec(), <[u8]>::to_vec)
        }
        PartType::Message(nested) => nested.raw_message.to_vec(),
        // Text that did not decode cleanly is kept as it was sent: it may be no text at all.
        PartType::Text(text) | PartType::Html(text) if text.contains('\u{fffd}') => match part.encoding {
            Encoding::None => raw().map_or_else(|| text.as_bytes().to_vec(), <[u8]>::to_vec),
            Encoding::Base64 => raw()
                .and_then(mail_parser::decoders::base64::base64_decode)
                .unwrap_or_else(|| text.as_bytes().to_vec()),
            Encoding::QuotedPrintable => raw()
                .and_then(mail_parser::decoders::quoted_printable::quoted_printable_decode)
                .unwrap_or_else(|| text.as_bytes().to_vec()),
        },
        _ => part.contents().to_vec(),
    }
}
