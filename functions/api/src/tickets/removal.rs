//! What takes a ticket away, or something that was said on it: `DELETE tickets/{id}`, `make_private`, `redact`.

use crate::{
    comment_texts::with_texts,
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::{Sent, id, text},
    },
    shapes::{
        attachment::{attachment, content_url, place_of},
        audit::{Save, saves},
        child_id,
        comment::comment,
        parent_of,
    },
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{Attempt, Changed, tickets::Redact};
use docket_domain::{
    TicketNumber,
    ticket::{Actor, Fact},
};
use docket_mail::marked_passages;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most passages of one call, and most files.
const MOST_AT_ONCE: usize = 50;

/// `DELETE tickets/{id}`: sets it aside. It can be restored for thirty days.
pub(crate) async fn destroy(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let once = Once::of(&call, &sent)?;
    if once.earlier(&call).await?.is_some() {
        return Ok(once.mark(StatusCode::NO_CONTENT.into_response(), true));
    }
    let number = standing(&call, id).await?;
    let changed = call.desk.tickets().delete(number, attempt(&call, &once)).await?;
    let repeated = stands(changed, &once)?;
    Ok(once.mark(StatusCode::NO_CONTENT.into_response(), repeated))
}

/// `PUT tickets/{id}/comments/{comment}/make_private`: the comment is for agents only from now on.
pub(crate) async fn make_private(
    call: Call,
    Ids((id, comment)): Ids<(u64, u64)>,
    sent: Sent,
) -> Result<Response, ApiError> {
    let number = standing(&call, id).await?;
    keep_to_agents(&call, number, comment, &sent).await
}

/// `PUT tickets/{id}/audits/{audit}/make_private`: the same with the public comment of an audit.
pub(crate) async fn make_audit_private(
    call: Call,
    Ids((id, audit)): Ids<(u64, u64)>,
    sent: Sent,
) -> Result<Response, ApiError> {
    let number = standing(&call, id).await?;
    let (_, first_v) = parent_of(audit);
    let events = call.desk.tickets().events(number, u64::MAX).await?;
    let saves = saves(number, &events);
    let save = saves
        .iter()
        .find(|save| child_id(number, save.first_v()) == audit);
    let save = save.ok_or(ApiError::Missing)?;
    let mut added = save
        .events
        .iter()
        .filter(|event| matches!(&event.fact, Fact::CommentAdded(added) if added.public));
    let v = added.next().map_or(first_v, |event| event.v);
    keep_to_agents(&call, number, child_id(number, v), &sent).await
}

async fn keep_to_agents(
    call: &Call,
    number: TicketNumber,
    comment: u64,
    sent: &Sent,
) -> Result<Response, ApiError> {
    let once = Once::of(call, sent)?;
    let v = comment_of(number, comment)?;
    let attempt = attempt(call, &once);
    let changed = call.desk.tickets().make_private(number, v, attempt).await?;
    let repeated = stands(changed, &once)?;
    Ok(once.mark(StatusCode::OK.into_response(), repeated))
}

/// What is to be made unreadable, as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Passage {
    #[serde(deserialize_with = "text")]
    text: Option<String>,
}

/// `PUT tickets/{id}/comments/{comment}/redact`: makes a word or a sentence unreadable for good: `{"text": "4111 1111"}`.
pub(crate) async fn redact(
    call: Call,
    Ids((id, comment)): Ids<(u64, u64)>,
    sent: Sent,
) -> Result<Response, ApiError> {
    let passage: Passage = sent.read_whole()?;
    let passage = passage.text.filter(|text| !text.trim().is_empty());
    let passage = passage.ok_or_else(|| ApiError::blank("text"))?;
    let number = standing_or_deleted(&call, id).await?;
    let what = Redact {
        passages: vec![passage],
        ..Redact::default()
    };
    redacted(&call, number, comment, &what, &sent).await
}

/// `PUT tickets/{id}/comments/{comment}/attachments/{attachment}/redact`: an empty file takes the place of one, for good.
pub(crate) async fn redact_attachment(
    call: Call,
    Ids((id, comment, file)): Ids<(u64, u64, u64)>,
    sent: Sent,
) -> Result<Response, ApiError> {
    let number = standing_or_deleted(&call, id).await?;
    let (of, v, place) = place_of(file);
    if of != number || child_id(number, v) != comment {
        return Err(ApiError::Missing);
    }
    let what = Redact {
        files: vec![place],
        ..Redact::default()
    };
    let once = Once::of(&call, &sent)?;
    let changed = call
        .desk
        .tickets()
        .redact(number, v, &what, attempt(&call, &once))
        .await?;
    let repeated = stands(changed, &once)?;
    let comment = call
        .desk
        .tickets()
        .comment(number, v)
        .await?
        .ok_or(ApiError::Missing)?;
    let at = usize::try_from(place).unwrap_or(usize::MAX);
    let file = comment.attachments.get(at).ok_or(ApiError::Missing)?;
    let body = json!({ "attachment": attachment(&call.address, number, v, place, file) });
    Ok(once.mark(Json(body).into_response(), repeated))
}

/// What is to be made unreadable in a comment, as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Marked {
    #[serde(deserialize_with = "id")]
    ticket_id: Option<u64>,
    #[serde(deserialize_with = "text")]
    html_body: Option<String>,
    external_attachment_urls: Option<Vec<String>>,
}

/// `PUT comment_redactions/{comment}`: makes what is marked in the comment's HTML unreadable, and the files of these addresses:
/// `{"ticket_id": 35, "html_body": "My number is <redact>847564</redact>"}`.
pub(crate) async fn redact_marked(
    call: Call,
    Ids(comment): Ids<u64>,
    sent: Sent,
) -> Result<Response, ApiError> {
    let marked: Marked = sent.read_whole()?;
    let ticket = marked.ticket_id.ok_or_else(|| ApiError::blank("ticket_id"))?;
    let number = standing_or_deleted(&call, ticket).await?;
    let v = comment_of(number, comment)?;
    let html = marked.html_body.unwrap_or_default();
    let urls = marked.external_attachment_urls.unwrap_or_default();
    let passages =
        marked_passages(&html).map_err(|error| ApiError::invalid("html_body", error.to_string()))?;
    if passages.is_empty() && urls.is_empty() {
        return Err(ApiError::invalid("html_body", "marks nothing with <redact>"));
    }
    if passages.len() > MOST_AT_ONCE || urls.len() > MOST_AT_ONCE {
        let words = format!("at most {MOST_AT_ONCE} passages and as many files at once");
        return Err(ApiError::invalid("html_body", words));
    }
    let there = call
        .desk
        .tickets()
        .comment(number, v)
        .await?
        .ok_or(ApiError::Missing)?;
    let bare = |url: &str| url.split_once('?').map_or(url, |(bare, _)| bare).to_owned();
    let mut files = Vec::new();
    for url in &urls {
        let mut places = 0..there.attachments.len() as u64;
        let place = places.find(|place| bare(&content_url(&call.address, number, v, *place)) == bare(url));
        let words = "names no file of this comment";
        files.push(place.ok_or_else(|| ApiError::invalid("external_attachment_urls", words))?);
    }
    let what = Redact {
        passages,
        files,
        whole: false,
    };
    redacted(&call, number, comment, &what, &sent).await
}

/// Redacts, and answers with the comment as it is then.
async fn redacted(
    call: &Call,
    number: TicketNumber,
    id: u64,
    what: &Redact,
    sent: &Sent,
) -> Result<Response, ApiError> {
    let v = comment_of(number, id)?;
    let once = Once::of(call, sent)?;
    let changed = match once.earlier(call).await? {
        Some(answer) => Changed::Duplicate(answer),
        None => {
            call.desk
                .tickets()
                .redact(number, v, what, attempt(call, &once))
                .await?
        }
    };
    let repeated = stands(changed, &once)?;
    let body = json!({ "comment": shown(call, number, v).await? });
    Ok(once.mark(Json(body).into_response(), repeated))
}

async fn shown(call: &Call, number: TicketNumber, v: u64) -> Result<Value, ApiError> {
    let found = call
        .desk
        .tickets()
        .comment(number, v)
        .await?
        .ok_or(ApiError::Missing)?;
    let events = call.desk.tickets().events(number, u64::MAX).await?;
    let saves = saves(number, &events);
    let first_v = saves.iter().find(|save| save.has(v)).map_or(v, Save::first_v);
    let full = with_texts(&call.desk, number, vec![found]).await?;
    let full = full.first().ok_or(ApiError::Missing)?;
    Ok(comment(&call.address, number, full, first_v))
}

/// Whether it stood from before; an error where it does not stand.
pub(crate) fn stands(changed: Changed, once: &Once) -> Result<bool, ApiError> {
    match changed {
        Changed::Done(_) => Ok(false),
        Changed::Duplicate(answer) => once.same(answer).map(|_| true),
        Changed::Refused(refusal) => Err(refusal.into()),
        Changed::NotThere => Err(ApiError::Missing),
    }
}

pub(crate) fn attempt(call: &Call, once: &Once) -> Attempt {
    Attempt::by(Actor::Agent(call.caller.id), once.cause.clone()).guarded(once.guards(false))
}

async fn standing(call: &Call, id: u64) -> Result<TicketNumber, ApiError> {
    let ticket = call.desk.tickets().standing(TicketNumber(id)).await?;
    ticket.map(|ticket| ticket.number).ok_or(ApiError::Missing)
}

/// What must not be read is taken out of a ticket that was set aside, too.
async fn standing_or_deleted(call: &Call, id: u64) -> Result<TicketNumber, ApiError> {
    let ticket = call.desk.tickets().get(TicketNumber(id)).await?;
    ticket.map(|ticket| ticket.number).ok_or(ApiError::Missing)
}

/// The version of a comment of this ticket.
fn comment_of(number: TicketNumber, comment: u64) -> Result<u64, ApiError> {
    match parent_of(comment) {
        (parent, v) if parent == number => Ok(v),
        _ => Err(ApiError::Missing),
    }
}
