//! Reading the rows of a bulk call, and beginning its job.

use super::shape::job_status;
use crate::kit::{call::Call, error::ApiError, idempotency::Once, input::Sent};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{Answer, JobRows, jobs::Begun};
use docket_domain::job::{Job, JobKind};
use serde_json::{Map, Value, json};

/// Most rows of one call.
const MOST_ROWS: usize = 100;

/// Begins a job, or finds the one that the same call began before; answers how it stands.
pub(super) async fn begin(
    call: &Call,
    sent: Sent,
    kind: JobKind,
    rows: &JobRows,
) -> Result<Response, ApiError> {
    // Ids stand in the query: two calls are the same that ask for the same rows.
    let body = serde_json::to_vec(rows).unwrap_or_default();
    let once = Once::of(call, &Sent { body, ..sent })?;
    let (job, is_repeated) = match once.earlier(call).await? {
        Some(answer) => (begun_before(call, &answer).await?, true),
        None => {
            let guards = once.guards(true);
            let begun = call.desk.jobs().begin(kind, call.caller.id, rows, guards);
            match begun.await? {
                Begun::New(job) => (*job, false),
                Begun::Before(answer) => (begun_before(call, &once.same(answer)?).await?, true),
                Begun::TooMany => return Err(ApiError::TooManyJobs),
            }
        }
    };
    let body = json!({ "job_status": job_status(&call.address, &job) });
    Ok(once.mark(Json(body).into_response(), is_repeated))
}

/// The job of a call that came before; nothing is known of one that was over a week ago.
async fn begun_before(call: &Call, answer: &Answer) -> Result<Job, ApiError> {
    let id = answer.job.as_ref().ok_or(ApiError::OtherRequest)?;
    call.desk.jobs().get(id).await?.ok_or(ApiError::Missing)
}

/// The records of a list in the body: `{"tickets": [{…}, {…}]}`.
pub(super) fn records(sent: &Sent, name: &str) -> Result<JobRows, ApiError> {
    let mut body: Map<String, Value> = sent.read_whole()?;
    let rows = match body.remove(name) {
        Some(Value::Array(rows)) => rows,
        Some(Value::Null) | None => return Err(ApiError::blank(name)),
        Some(_) => return Err(ApiError::invalid(name, "has to be a list of objects")),
    };
    if rows.is_empty() {
        return Err(ApiError::blank(name));
    }
    refuse_too_many(name, rows.len())?;
    Ok(JobRows {
        rows,
        common: Value::Null,
    })
}

/// The things that a query names: `?ids=1,2`, or `?external_ids=a,b` where they have ids of the caller's own.
pub(super) fn named(call: &Call, has_external_ids: bool) -> Result<Option<JobRows>, ApiError> {
    let external = call.address.parameter("external_ids");
    let (name, text) = match (
        call.address.parameter("ids"),
        external.filter(|_| has_external_ids),
    ) {
        (Some(text), _) if !text.trim().is_empty() => ("ids", text),
        (_, Some(text)) if !text.trim().is_empty() => ("external_ids", text),
        _ => return Ok(None),
    };
    let mut rows: Vec<Value> = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let row = match (name, part.parse::<u64>()) {
            ("ids", Ok(id)) => json!(id),
            ("ids", Err(_)) => return Err(ApiError::invalid("ids", "is not a list of ids")),
            _ => json!(part),
        };
        if !rows.contains(&row) {
            rows.push(row);
        }
        refuse_too_many(name, rows.len())?;
    }
    if rows.is_empty() {
        return Err(ApiError::blank(name));
    }
    Ok(Some(JobRows {
        rows,
        common: Value::Null,
    }))
}

/// The same where nothing else can say which are meant.
pub(super) fn named_only(call: &Call, has_external_ids: bool) -> Result<JobRows, ApiError> {
    named(call, has_external_ids)?.ok_or_else(|| ApiError::blank("ids"))
}

/// Either form of a change of many: the things that the query names with one record for all of them, or a list of records that
/// say each what it is about.
pub(super) fn changes(
    call: &Call,
    sent: &Sent,
    (one, many): (&str, &str),
    has_external_ids: bool,
) -> Result<JobRows, ApiError> {
    let Some(named) = named(call, has_external_ids)? else {
        return records(sent, many);
    };
    let mut body: Map<String, Value> = sent.read_whole()?;
    match body.remove(one) {
        Some(common @ Value::Object(_)) => Ok(JobRows { common, ..named }),
        Some(Value::Null) | None => Err(ApiError::blank(one)),
        Some(_) => Err(ApiError::invalid(one, "has to be an object")),
    }
}

fn refuse_too_many(name: &str, rows: usize) -> Result<(), ApiError> {
    if rows <= MOST_ROWS {
        return Ok(());
    }
    let words = format!("has too many entries, at most {MOST_ROWS} are allowed in one call");
    Err(ApiError::invalid(name, words))
}
