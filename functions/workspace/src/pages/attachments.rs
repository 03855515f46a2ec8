//! Files, originals and formatted texts of a ticket. Nothing is handed out that a comment of the ticket does not name.

use super::ticket_number;
use crate::{assets, directions::tamed, failure::Failure, session::SignedIn};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use docket_desk::{
    Desk,
    files::{can_hand_out, disposition, safe_type},
};
use docket_domain::{
    TicketNumber,
    contact::comment::{AttachmentRef, Comment},
};
use docket_mail::{SanitiseOptions, sanitise_html};
use serde::Deserialize;

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
pub struct WantedFile {
    /// The comment that has it: its version. Addresses of pages that were made before named none.
    v: Option<u64>,
    name: String,
}

/// A file, to be saved and never to be run.
pub async fn file(
    State(desk): State<Desk>,
    _signed_in: SignedIn,
    Path((number, digest)): Path<(String, String)>,
    Query(wanted): Query<WantedFile>,
) -> Result<Response, Failure> {
    let number = ticket_number(&number)?;
    let comments = match wanted.v {
        Some(v) => vec![comment(&desk, number, v).await?],
        None => {
            let ticket = desk.tickets().standing(number).await?;
            ticket.ok_or(Failure::Missing)?;
            desk.tickets().comments_of(number).await?
        }
    };
    let attachment = named(&comments, &digest, &wanted.name).ok_or(Failure::Missing)?;
    let bytes = desk.blobs().attachment(number, attachment).await?;
    let content_type = safe_type(&bytes);
    answer(&desk, bytes, content_type, &attachment.name)
}

/// The file of this content that one of these comments names. One content may have come under several names.
fn named<'c>(comments: &'c [Comment], digest: &str, name: &str) -> Option<&'c AttachmentRef> {
    let of_content: Vec<_> = comments
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
    let comment = comment_at(&desk, &number, &v).await?;
    // Of a comment with something made unreadable the original is gone.
    let mail = comment.mail.filter(|_| comment.redacted_at.is_none());
    let mail = mail.ok_or(Failure::Missing)?;
    let bytes = desk.spool().original(&mail.stored_at).await?;
    // As plain bytes: a mail's characters are its own, and none may be taken for others on the way.
    answer(
        &desk,
        bytes,
        "application/octet-stream",
        &format!("ticket-{number}-{v}.eml"),
    )
}

/// What somebody wants of a formatted text.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct WantedPictures {
    /// Set where pictures that lie elsewhere are to be loaded, this once.
    pictures: String,
}

/// The HTML of a comment, made safe, for a frame.
pub async fn formatted(
    State(desk): State<Desk>,
    _signed_in: SignedIn,
    Path((number, v)): Path<(String, String)>,
    Query(wanted): Query<WantedPictures>,
) -> Result<Response, Failure> {
    let with_pictures = wanted.pictures == "1";
    let comment = comment_at(&desk, &number, &v).await?;
    let number = ticket_number(&number)?;
    let body = desk.blobs().body_of(number, &comment).await?;
    let html = body.html.ok_or(Failure::Missing)?;
    let inline_images = comment
        .attachments
        .iter()
        .filter_map(|attachment| {
            let id = attachment.content_id.clone()?;
            Some((
                id,
                format!(
                    "/agent/tickets/{number}/attachments/{}?v={}",
                    attachment.digest, comment.v
                ),
            ))
        })
        .collect();
    let options = SanitiseOptions {
        inline_images,
        remote_images: with_pictures,
    };
    let html = sanitise_html(&html, &options);
    let page = FormattedPage {
        style: &assets::MAIL_STYLE.href,
        html: &tamed(&html),
    };
    let policy = match with_pictures {
        true => FRAME_POLICY.replace("img-src 'self'", "img-src 'self' https:"),
        false => FRAME_POLICY.to_owned(),
    };
    let policy = [(header::CONTENT_SECURITY_POLICY, policy)];
    Ok((policy, Html(page.render()?)).into_response())
}

/// The comment that an address names.
async fn comment_at(desk: &Desk, number: &str, v: &str) -> Result<Comment, Failure> {
    let v = v.parse().map_err(|_| Failure::Missing)?;
    comment(desk, ticket_number(number)?, v).await
}

/// A comment of a ticket that was not deleted: nothing else of the ticket is read than its head.
async fn comment(desk: &Desk, number: TicketNumber, v: u64) -> Result<Comment, Failure> {
    let found = desk.tickets().with_comment(number, v).await?;
    let standing = found.filter(|(ticket, _)| !ticket.is_deleted());
    standing.and_then(|(_, comment)| comment).ok_or(Failure::Missing)
}

/// Hands bytes out as a file, to be saved.
pub(super) fn answer(
    desk: &Desk,
    bytes: Vec<u8>,
    content_type: &'static str,
    name: &str,
) -> Result<Response, Failure> {
    if !can_hand_out(bytes.len() as u64, desk.settings.is_local) {
        return Err(Failure::TooLarge(bytes.len()));
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    let disposition = HeaderValue::from_str(&disposition(name));
    let disposition = disposition.unwrap_or(HeaderValue::from_static("attachment"));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok((headers, bytes).into_response())
}
