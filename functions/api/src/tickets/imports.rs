//! `POST imports/tickets`: a ticket of another system, as it stood there. Nothing follows from it.

use super::{
    answer::Written,
    create::{all_tags, check, identity_of, reply_via},
    fields::{CommentFields, TicketFields, UNKEPT},
};
use crate::kit::{
    call::{API, Call},
    error::ApiError,
    idempotency::Once,
    input::{Sent, id, read_record, refuse_fields, text, texts},
};
use axum::response::Response;
use docket_desk::{
    Attempt, Changed,
    tickets::{ImportRow, ImportedWords, MOST_IMPORTED_COMMENTS, NewComment, TicketDraft},
    whole_milliseconds,
};
use docket_domain::TicketNumber;
use docket_domain::{
    GroupId, PersonId, Timestamp,
    contact::comment::AuthorRole,
    people::person::Person,
    ticket::{Actor, Channel, Status, Ticket},
};
use serde::Deserialize;
use serde_json::Value;

/// What of a ticket only an import says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ImportFields {
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    solved_at: Option<Timestamp>,
    comments: Option<Vec<ImportedComment>>,
}

/// A comment of then, as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ImportedComment {
    #[serde(deserialize_with = "id")]
    author_id: Option<u64>,
    created_at: Option<Timestamp>,
    /// The text, as older clients send it.
    #[serde(deserialize_with = "text")]
    value: Option<String>,
    #[serde(deserialize_with = "text")]
    body: Option<String>,
    #[serde(deserialize_with = "text")]
    html_body: Option<String>,
    #[serde(deserialize_with = "crate::kit::input::flag")]
    public: Option<bool>,
    #[serde(deserialize_with = "texts")]
    uploads: Vec<String>,
}

/// Makes a ticket of one of another system.
pub(crate) async fn import(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let once = Once::of(&call, &sent)?;
    if let Some(answer) = once.earlier(&call).await? {
        return Written::before(&answer)?.answer(&call, &once).await;
    }
    let record: Value = sent.read("ticket")?;
    let attempt = Attempt::by(Actor::Import(call.caller.id), once.cause.clone()).guarded(once.guards(true));
    let changed = import_row(&call, &record, attempt).await?;
    Written::of(changed, &once)?.answer(&call, &once).await
}

/// Imports one ticket, as it was sent. One whose `external_id` came before is left as it is. The attempt's actor is
/// [`Actor::Import`].
pub(crate) async fn import_row(call: &Call, record: &Value, attempt: Attempt) -> Result<Changed, ApiError> {
    let fields: TicketFields = read_record(record.clone(), "ticket")?;
    let import: ImportFields = read_record(record.clone(), "ticket")?;
    refuse_fields(record, UNKEPT)?;
    check(&fields)?;
    let requester = requester(call, &fields).await?;
    fields.check_organization(&requester)?;
    let times = Times::of(call, &import)?;
    let comments = comments(call, (&fields, import), &requester, &times).await?;
    let copies = fields
        .copies(call, &Ticket::blank(TicketNumber(0)), Some(&requester))
        .await?;
    let followers = fields.followers(call, &Ticket::blank(TicketNumber(0))).await?;
    let status = fields.status.flatten().unwrap_or(Status::New);
    let own = fields.own(call, None).await?;
    if own.custom_status.is_some() {
        let words = "can't be set while importing: the ticket gets the default one of its status";
        return Err(ApiError::invalid("custom_status_id", words));
    }
    let last = comments.iter().map(|comment| comment.at).max();
    let updated_at = times
        .updated_at
        .or(last.max(times.solved_at))
        .unwrap_or(times.created_at)
        .max(times.created_at);
    let row = ImportRow {
        ticket: TicketDraft {
            subject: subject(&fields, &comments),
            requester: requester.id,
            channel: Channel::Api,
            reply_via: reply_via(call, &fields, &requester).await?,
            external_id: fields.new_external_id().map(str::to_owned),
            priority: fields.priority.flatten(),
            ticket_type: fields.ticket_type.flatten(),
            tags: all_tags(&fields),
            follows: fields.followed(call).await?,
            acknowledge: false,
            unacknowledged: None,
        },
        created_at: times.created_at,
        updated_at,
        solved_at: times.solved_at,
        comments,
        status,
        group: group(call, &fields, status).await?,
        assignee: fields.assignee(call, None).await?.flatten(),
        ccs: copies.add,
        followers: followers.add,
        problem: fields.problem(call, None).await?.flatten(),
        fields: own.fields,
        form: own.form.flatten(),
        due_at: own.due_at.flatten(),
    };
    Ok(call.desk.tickets().import(row, attempt).await?)
}

/// Times of then: none lies in the future, and nothing is solved before it began.
struct Times {
    created_at: Timestamp,
    updated_at: Option<Timestamp>,
    solved_at: Option<Timestamp>,
    now: Timestamp,
}

impl Times {
    fn of(call: &Call, import: &ImportFields) -> Result<Self, ApiError> {
        let now = call.desk.now();
        let then = |field: &str, at: Option<Timestamp>| is_past(field, at, now);
        let created_at = then("created_at", import.created_at)?.unwrap_or(now);
        let solved_at = then("solved_at", import.solved_at)?;
        if solved_at.is_some_and(|at| at < created_at) {
            return Err(ApiError::invalid("solved_at", "lies before created_at"));
        }
        Ok(Self {
            created_at,
            updated_at: then("updated_at", import.updated_at)?,
            solved_at,
            now,
        })
    }
}

fn is_past(field: &str, at: Option<Timestamp>, now: Timestamp) -> Result<Option<Timestamp>, ApiError> {
    match at.map(whole_milliseconds) {
        Some(at) if at > now => Err(ApiError::invalid(field, "lies in the future")),
        Some(at) if at < Timestamp::UNIX_EPOCH => Err(ApiError::invalid(field, "lies before 1970")),
        at => Ok(at),
    }
}

/// Who asked: whoever is named by id or address, else the caller. Somebody new is stored at once.
async fn requester(call: &Call, fields: &TicketFields) -> Result<Person, ApiError> {
    if let Some(id) = fields.requester_id {
        let found = call.desk.people().get(PersonId(id)).await?;
        return found.ok_or_else(|| ApiError::invalid("requester_id", "is nobody's id"));
    }
    let Some(requester) = &fields.requester else {
        return Ok(call.caller.as_ref().clone());
    };
    let name = requester.name.as_deref().unwrap_or_default();
    let by = call.changed_by(API);
    let identity = identity_of(call, requester).await?;
    let locale = requester.language()?;
    Ok(call
        .desk
        .people()
        .find_or_store(identity, (name, locale), &by)
        .await?)
}

/// All comments, by their times; the description where there are none.
async fn comments(
    call: &Call,
    (fields, import): (&TicketFields, ImportFields),
    requester: &Person,
    times: &Times,
) -> Result<Vec<ImportedWords>, ApiError> {
    let mut sent: Vec<(Option<Timestamp>, CommentFields)> = Vec::new();
    let described = fields.description.clone().map(|body| CommentFields {
        body: Some(body),
        ..CommentFields::default()
    });
    for comment in import.comments.into_iter().flatten() {
        let fields = CommentFields {
            body: comment.body.or(comment.value),
            html_body: comment.html_body,
            public: comment.public,
            author_id: comment.author_id,
            uploads: comment.uploads,
        };
        sent.push((comment.created_at, fields));
    }
    if sent.is_empty() {
        sent.extend(
            fields
                .comment
                .clone()
                .or(described)
                .map(|comment| (None, comment)),
        );
    }
    if sent.is_empty() {
        return Err(ApiError::blank("comments"));
    }
    if sent.len() > MOST_IMPORTED_COMMENTS {
        let words = format!(
            "has {} comments, at most {MOST_IMPORTED_COMMENTS} are possible",
            sent.len()
        );
        return Err(ApiError::invalid("comments", words));
    }
    let mut comments = Vec::with_capacity(sent.len());
    for (at, comment) in sent {
        let at = is_past("comments.created_at", at, times.now)?.unwrap_or(times.created_at);
        let draft = comment.draft(call, Some(requester.id.0)).await?;
        let role = match draft.author.id {
            id if id == requester.id => AuthorRole::Requester,
            _ if draft.author.role.is_staff() => AuthorRole::Agent,
            _ => AuthorRole::Participant,
        };
        comments.push(ImportedWords {
            at,
            comment: NewComment {
                author: draft.author.id,
                role,
                public: draft.public,
                channel: Channel::Api,
                body: draft.body,
                attachments: draft.attachments,
                mail: None,
                automatic: None,
            },
        });
    }
    comments.sort_by_key(|comment| comment.at);
    Ok(comments)
}

/// The subject; the first words where none is given.
fn subject(fields: &TicketFields, comments: &[ImportedWords]) -> String {
    match fields.wanted_subject("") {
        Some(subject) => subject.trim().to_owned(),
        None => comments
            .first()
            .map(|first| first.comment.body.text.clone())
            .unwrap_or_default(),
    }
}

/// The group. Nobody sorts it, so an open ticket without one goes where those go that no rule sorts.
async fn group(call: &Call, fields: &TicketFields, status: Status) -> Result<Option<GroupId>, ApiError> {
    match fields.group(call, None).await? {
        None if status.is_unsolved() => Ok(Some(call.desk.setup().await?.default_group)),
        group => Ok(group),
    }
}
