//! Files, originals and formatted texts of a ticket. Nothing is handed out that a comment of the ticket does not name.

use super::ticket_number;
use crate::{assets, failure::Failure, session::SignedIn};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use docket_aws::{Desk, store::TicketFile};
use docket_domain::comment::{AttachmentRef, Comment};
use docket_mail::{SanitiseOptions, sanitise_html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

/// Most bytes of a file in the cloud: an answer of a Lambda function holds 6 MB
/// (AWS Lambda quotas, invocation payload), and files stand in it in base64.
const MOST_CLOUD_BYTES: usize = 4_400_000;

/// What a formatted text may do in its frame: show itself and pictures of its own ticket.
const FRAME_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox allow-same-origin";

#[derive(Template)]
#[template(path = "formatted.html")]
struct FormattedPage<'a> {
    style: &'a str,
    html: &'a str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Named {
    name: String,
}

/// A file, to be saved and never to be run.
pub async fn file(
    State(desk): State<Desk>,
    _signed_in: SignedIn,
    Path((number, digest)): Path<(String, String)>,
    Query(wanted): Query<Named>,
) -> Result<Response, Failure> {
    let number = ticket_number(&number)?;
    let file = desk.ticket_file(number).await?.ok_or(Failure::Missing)?;
    let attachment = named(&file, &digest, &wanted.name).ok_or(Failure::Missing)?;
    let bytes = desk.attachment(number, &attachment.digest).await?;
    let content_type = safe_type(&bytes);
    answer(&desk, bytes, content_type, &attachment.name)
}

/// The file of this content that a comment of the ticket names. One content may have come under several names.
fn named<'f>(file: &'f TicketFile, digest: &str, name: &str) -> Option<&'f AttachmentRef> {
    let of_content: Vec<_> = file
        .comments
        .iter()
        .flat_map(|comment| &comment.attachments)
        .filter(|attachment| attachment.digest.as_str() == digest)
        .collect();
    let by_name = of_content.iter().find(|attachment| attachment.name == name);
    by_name.or(of_content.first()).copied()
}

/// The mail as it came.
pub async fn original(
    State(desk): State<Desk>,
    _signed_in: SignedIn,
    Path((number, v)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let comment = comment(&desk, &number, &v).await?;
    let mail = comment.mail.ok_or(Failure::Missing)?;
    let bytes = desk.kept_mail(&mail.stored_at).await?;
    // As plain bytes: a mail's characters are its own, and none may be taken for others on the way.
    answer(
        &desk,
        bytes,
        "application/octet-stream",
        &format!("ticket-{number}-{v}.eml"),
    )
}

/// The HTML of a comment, made safe, for a frame.
pub async fn formatted(
    State(desk): State<Desk>,
    _signed_in: SignedIn,
    Path((number, v)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let comment = comment(&desk, &number, &v).await?;
    let number = ticket_number(&number)?;
    let body = desk.body(number, &comment.body.digest).await?;
    let html = body.html.ok_or(Failure::Missing)?;
    let inline_images = comment
        .attachments
        .iter()
        .filter_map(|attachment| {
            let id = attachment.content_id.clone()?;
            Some((
                id,
                format!("/agent/tickets/{number}/attachments/{}", attachment.digest),
            ))
        })
        .collect();
    let options = SanitiseOptions {
        inline_images,
        remote_images: false,
    };
    let page = FormattedPage {
        style: &assets::MAIL_STYLE.href,
        html: &sanitise_html(&html, &options),
    };
    let policy = [(header::CONTENT_SECURITY_POLICY, FRAME_POLICY)];
    Ok((policy, Html(page.render()?)).into_response())
}

async fn comment(desk: &Desk, number: &str, v: &str) -> Result<Comment, Failure> {
    let v = v.parse().map_err(|_| Failure::Missing)?;
    let comment = desk.comment(ticket_number(number)?, v).await?;
    comment.ok_or(Failure::Missing)
}

fn answer(desk: &Desk, bytes: Vec<u8>, content_type: &'static str, name: &str) -> Result<Response, Failure> {
    if !desk.settings.is_local && bytes.len() > MOST_CLOUD_BYTES {
        return Err(Failure::TooLarge(bytes.len()));
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CONTENT_DISPOSITION, disposition(name));
    Ok((headers, bytes).into_response())
}

/// "Save this under the name", in both of the forms of RFC 6266.
fn disposition(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' => '_',
            c if c.is_ascii_graphic() || c == ' ' => c,
            _ => '_',
        })
        .collect();
    let encoded = utf8_percent_encode(name, NON_ALPHANUMERIC);
    let text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}

/// A type by the content alone, and only one that no browser runs.
fn safe_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_a_browser_could_run_is_plain_bytes() {
        for bytes in [&b"<html><script>"[..], b"<svg onload=x>", b"", b"text"] {
            assert_eq!(safe_type(bytes), "application/octet-stream");
        }
        assert_eq!(safe_type(b"\x89PNG\r\n\x1a\n"), "image/png");
    }

    #[test]
    fn a_file_name_can_not_leave_its_header() {
        assert_eq!(
            disposition("a\"\r\nx: y\\ü%41.txt").to_str().unwrap(),
            "attachment; filename=\"a___x: y___41.txt\"; \
             filename*=UTF-8''a%22%0D%0Ax%3A%20y%5C%C3%BC%2541%2Etxt"
        );
    }
}
