//! `POST tickets/{id}/merge`, and its undoing. Each ticket goes by a transaction of its own; what has gone stays gone when the call comes
//! again. All of it is done when the call is answered: the job that clients ask for says how the tickets stand now.

use super::read::rows;
use crate::kit::{
    call::{Call, Ids},
    error::{ApiError, Problem},
    idempotency::Once,
    input::{Sent, flag, removable_text},
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{
    Attempt, Changed,
    tickets::{MergeError, MergeWords, NewComment},
};
use docket_domain::{
    TicketNumber,
    contact::comment::{AuthorRole, CommentBody, LONGEST_TEXT_BYTES},
    ticket::{Actor, Channel, LinkRefusal, Status, Ticket},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// What the id of a job begins with that merges tickets.
const JOB: &str = "merge-";

/// A merge as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sources {
    ids: Vec<Id>,
    #[serde(deserialize_with = "removable_text")]
    target_comment: Option<Option<String>>,
    #[serde(deserialize_with = "removable_text")]
    source_comment: Option<Option<String>>,
    #[serde(deserialize_with = "flag")]
    target_comment_is_public: Option<bool>,
    #[serde(deserialize_with = "flag")]
    source_comment_is_public: Option<bool>,
}

/// An id as a number or as digits.
#[derive(Debug, Deserialize)]
struct Id(#[serde(deserialize_with = "crate::kit::input::id")] Option<u64>);

/// `POST tickets/{id}/merge`: `{"ids": [123, 456], "target_comment": "…", "source_comment": "…"}`.
pub(super) async fn merge(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let once = Once::of(&call, &sent)?;
    let was_begun = once.earlier(&call).await?.is_some();
    let asked: Sources = sent.read_whole()?;
    let target = call.desk.tickets().standing(TicketNumber(id)).await?;
    let target = target.ok_or(ApiError::Missing)?;
    let sources = sources(&asked, &target)?;
    let said = |text: &Option<Option<String>>, is_public: Option<bool>| -> Result<_, ApiError> {
        let text = text.clone().flatten();
        text.map(|text| comment(&call, text, is_public.unwrap_or(false)))
            .transpose()
    };
    let mut words = MergeWords {
        target: said(&asked.target_comment, asked.target_comment_is_public)?,
        source: said(&asked.source_comment, asked.source_comment_is_public)?,
    };
    // The guard stands with what was said on the target: that is said already.
    words.target.take_if(|_| was_begun);
    let mut guards = if was_begun { vec![] } else { once.guards(false) };
    // What is said on the target is said once, however many tickets go into it.
    let mut results = Vec::with_capacity(sources.len());
    for source in &sources {
        let source = *source;
        let attempt = Attempt::by(Actor::Agent(call.caller.id), once.cause.clone()).guarded(guards.clone());
        let merged = call
            .desk
            .tickets()
            .merge(target.number, source, &words, attempt)
            .await;
        let done = match merged {
            Ok(Changed::Done(saved)) => {
                if !saved.events.is_empty() {
                    (words.target, guards) = (None, vec![]);
                }
                Ok(())
            }
            Ok(Changed::Duplicate(answer)) => once.same(answer).map(|_| ()),
            Ok(Changed::Refused(refusal)) => Err(ApiError::invalid("ids", refusal.to_string())),
            Ok(Changed::NotThere) => return Err(ApiError::Missing),
            Err(MergeError::Refused(refusal)) => Err(refusal.into()),
            Err(MergeError::Store(error)) => return Err(error.into()),
        };
        results.push(result(source, done)?);
    }
    let body = json!({ "job_status": status(&call, target.number, &sources, results) });
    Ok(once.mark(Json(body).into_response(), was_begun))
}

/// The tickets that are to go, each once.
fn sources(asked: &Sources, target: &Ticket) -> Result<Vec<TicketNumber>, ApiError> {
    let mut sources: Vec<TicketNumber> = Vec::new();
    for id in &asked.ids {
        let number =
            id.0.map(TicketNumber)
                .ok_or_else(|| ApiError::invalid("ids", "has an entry that is no id"))?;
        if !sources.contains(&number) {
            sources.push(number);
        }
    }
    if sources.is_empty() {
        return Err(ApiError::blank("ids"));
    }
    if sources.len() > Ticket::MOST_MERGED {
        return Err(LinkRefusal::TooManyMerged.into());
    }
    if sources.contains(&target.number) {
        return Err(LinkRefusal::Itself(target.number).into());
    }
    if let Some(merged) = target.merged_into {
        return Err(ApiError::invalid(
            "id",
            LinkRefusal::Merged(merged.ticket).to_string(),
        ));
    }
    if target.status == Status::Closed {
        return Err(ApiError::invalid(
            "id",
            LinkRefusal::ClosedTicket(target.number).to_string(),
        ));
    }
    Ok(sources)
}

fn comment(call: &Call, text: String, public: bool) -> Result<NewComment, ApiError> {
    if text.len() > LONGEST_TEXT_BYTES {
        let words = format!(
            "has {} bytes, at most {LONGEST_TEXT_BYTES} are allowed",
            text.len()
        );
        return Err(ApiError::invalid("target_comment", words));
    }
    Ok(NewComment {
        author: call.caller.id,
        role: AuthorRole::Agent,
        public,
        channel: Channel::Api,
        body: CommentBody {
            text,
            ..CommentBody::default()
        },
        attachments: vec![],
        mail: None,
        automatic: None,
    })
}

/// The line of a ticket in the job: done, or why not. What is no answer to it ends the call.
fn result(source: TicketNumber, done: Result<(), ApiError>) -> Result<Value, ApiError> {
    match done {
        Ok(()) => Ok(json!({ "id": source, "action": "merge", "success": true, "status": "Merged" })),
        Err(ApiError::Invalid(problems)) => {
            let words: Vec<String> = problems.into_iter().map(|Problem { words, .. }| words).collect();
            Ok(not_merged(source, &words.join(" ")))
        }
        Err(ApiError::Missing) => Ok(not_merged(source, &LinkRefusal::NoTicket(source).to_string())),
        Err(error) => Err(error),
    }
}

fn not_merged(source: TicketNumber, words: &str) -> Value {
    json!({
        "id": source,
        "action": "merge",
        "success": false,
        "status": "Failed",
        "error": "TicketMergeInvalid",
        "details": words,
    })
}

fn status(call: &Call, target: TicketNumber, sources: &[TicketNumber], results: Vec<Value>) -> Value {
    let ids: Vec<String> = sources.iter().map(ToString::to_string).collect();
    let id = format!("{JOB}{target}-{}", ids.join("."));
    json!({
        "id": id,
        "job_type": "Merge tickets",
        "url": call.address.resource(&format!("/job_statuses/{id}")),
        "status": "completed",
        "total": results.len(),
        "progress": results.len(),
        "message": "Completed",
        "results": results,
    })
}

/// The status of a job that merged tickets, by how they stand now; nothing where the id is of another kind.
pub(crate) async fn job(call: &Call, id: &str) -> Result<Option<Value>, ApiError> {
    let Some((target, sources)) = id.strip_prefix(JOB).and_then(|rest| rest.split_once('-')) else {
        return Ok(None);
    };
    let number = |digits: &str| digits.parse().map(TicketNumber).map_err(|_| ApiError::Missing);
    let target = number(target)?;
    let sources: Vec<TicketNumber> = sources.split('.').map(number).collect::<Result<_, _>>()?;
    if sources.len() > Ticket::MOST_MERGED {
        return Err(ApiError::Missing);
    }
    let stand = call.desk.tickets().get_many(&sources).await?;
    let has_gone = |number: &TicketNumber| {
        let source = stand.iter().find(|ticket| ticket.number == *number);
        let into = source.and_then(|ticket| ticket.merged_into);
        into.is_some_and(|merged| merged.ticket == target)
    };
    let line = |number: &TicketNumber| match has_gone(number) {
        true => result(*number, Ok(())),
        false => Ok(not_merged(
            *number,
            &format!("ticket {number} is not merged into ticket {target}"),
        )),
    };
    let results = sources.iter().map(line).collect::<Result<_, _>>()?;
    Ok(Some(status(call, target, &sources, results)))
}

/// `POST tickets/{id}/merge/undo`: a merged ticket comes back as it was.
pub(super) async fn undo(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let once = Once::of(&call, &sent)?;
    let number = TicketNumber(id);
    let repeated = match once.earlier(&call).await? {
        Some(_) => true,
        None => {
            let attempt = super::attempt(&call, &once);
            match call.desk.tickets().undo_merge(number, attempt).await {
                Ok(changed) => super::stands(changed, &once)?,
                Err(MergeError::Refused(refusal)) => return Err(refusal.into()),
                Err(MergeError::Store(error)) => return Err(error.into()),
            }
        }
    };
    let ticket = call
        .desk
        .tickets()
        .standing(number)
        .await?
        .ok_or(ApiError::Missing)?;
    let (shown, _) = rows(&call, &[ticket]).await?;
    let body = json!({ "ticket": shown.into_iter().next() });
    Ok(once.mark(Json(body).into_response(), repeated))
}
