//! The body: text and HTML as alternatives, inline images beside the HTML, files after both.

use mail_builder::headers::HeaderType;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::{BodyPart, MimePart};
use sha2::{Digest, Sha256};

use super::encode::is_sendable_id;
use super::{OutboundAttachment, OutboundMail, RenderError};
use crate::text::{clean_file_name, paragraphs, plain_lines};

/// Writes the MIME body, its own header fields included.
pub(super) fn write_body(mail: &OutboundMail, out: &mut Vec<u8>) -> Result<(), RenderError> {
    let boundary = |part: &str| boundary(&mail.message_id, part);
    let text = plain_lines(&mail.text);
    let html = match &mail.html {
        Some(html) => plain_lines(html),
        None => format!(
            "<!DOCTYPE html>\n<html><body>\n{}</body></html>\n",
            paragraphs(&text)
        ),
    };
    let (inline, files): (Vec<_>, Vec<_>) = mail
        .attachments
        .iter()
        .partition(|file| file.content_id.is_some());
    let mut html_part = MimePart::new("text/html", BodyPart::Text(html.into()));
    if !inline.is_empty() {
        let mut parts = vec![html_part];
        for image in inline {
            parts.push(file_part(image)?);
        }
        html_part = multipart("multipart/related", boundary("related"), parts);
    }
    let text_part = MimePart::new("text/plain", BodyPart::Text(text.into()));
    let mut root = multipart(
        "multipart/alternative",
        boundary("alternative"),
        vec![text_part, html_part],
    );
    if !files.is_empty() {
        let mut parts = vec![root];
        for file in files {
            parts.push(file_part(file)?);
        }
        root = multipart("multipart/mixed", boundary("mixed"), parts);
    }
    root.write_part(out).map_err(|_| RenderError::Body)?;
    Ok(())
}

fn multipart<'x>(content_type: &'static str, boundary: String, parts: Vec<MimePart<'x>>) -> MimePart<'x> {
    MimePart::new(
        ContentType::new(content_type).attribute("boundary", boundary),
        BodyPart::Multipart(parts),
    )
}

/// A boundary that is the same for the same mail. No body line can hold it: `=_` occurs neither in
/// quoted-printable nor in base64, and nobody knows the digest of an id before it is made.
fn boundary(message_id: &str, part: &str) -> String {
    let digest = Sha256::digest(format!("docket boundary 1 {part} {message_id}"));
    let hex: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("=_{hex}")
}

fn file_part(file: &OutboundAttachment) -> Result<MimePart<'_>, RenderError> {
    let content_type = media_type(&file.content_type)?;
    let name = clean_file_name(&file.name).unwrap_or_else(|| "attachment".to_owned());
    let disposition = if file.content_id.is_some() {
        "inline"
    } else {
        "attachment"
    };
    let mut part = MimePart {
        headers: vec![
            ("Content-Type".into(), raw(content_type)),
            (
                "Content-Disposition".into(),
                raw(format!("{disposition};\r\n {}", parameter("filename", &name))),
            ),
        ],
        contents: BodyPart::Binary(file.bytes.as_slice().into()),
    };
    if let Some(id) = &file.content_id {
        if !is_sendable_id(id) {
            return Err(RenderError::BadValue { header: "Content-ID" });
        }
        part.headers.push(("Content-ID".into(), raw(format!("<{id}>"))));
    }
    Ok(part)
}

/// A field that is written as it stands, which also keeps the body in base64 whatever its type.
fn raw<'x>(value: String) -> HeaderType<'x> {
    Raw::new(value).into()
}

/// A media type without parameters. A mail within a mail must not be in base64 (RFC 2046, section 5.2.1), so
/// composite types are sent as files of no known type.
fn media_type(content_type: &str) -> Result<String, RenderError> {
    let bad = RenderError::BadValue {
        header: "Content-Type",
    };
    let content_type = content_type.to_ascii_lowercase();
    let is_token = |s: &str| {
        (1..=63).contains(&s.len())
            && s.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    match content_type.split_once('/') {
        Some(("multipart" | "message", _)) => Ok("application/octet-stream".to_owned()),
        Some((kind, subtype)) if is_token(kind) && is_token(subtype) => Ok(content_type),
        _ => Err(bad),
    }
}

/// A parameter: quoted if plain, else percent-encoded (RFC 2231, section 4).
fn parameter(name: &str, value: &str) -> String {
    let plain = value
        .bytes()
        .all(|b| (b == b' ' || b.is_ascii_graphic()) && b != b'"' && b != b'\\');
    if plain && !value.contains("=?") && !value.contains("  ") {
        return format!("{name}=\"{value}\"");
    }
    let mut encoded = format!("{name}*=utf-8''");
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
