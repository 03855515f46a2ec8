//! `job_statuses`: how bulk calls stand.

use super::shape::job_status;
use crate::{
    deleted_tickets,
    kit::{call::Call, error::ApiError, paging::Paging},
};
use axum::{Json, extract::Path};
use docket_domain::job::{Job, JobId};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How many are listed, and how many can be asked for at once.
const MOST_LISTED: usize = 100;

/// `GET job_statuses`: those that were begun last, the newest first.
pub(super) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let jobs = call.desk.jobs().newest(MOST_LISTED).await?;
    let paging = Paging::of(&call.address);
    let window = paging.window(jobs.len() as u64);
    let rows = window.of(&jobs).into_iter();
    let rows = rows.map(|job| job_status(&call.address, job)).collect();
    let envelope = paging.envelope(&call.address, "job_statuses", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET job_statuses/show_many?ids=a,b`: in the order asked for, without those that are not there.
pub(super) async fn show_many(call: Call) -> Result<Json<Value>, ApiError> {
    let asked = call.address.parameter("ids").unwrap_or_default();
    let asked: Vec<&str> = asked.split(',').map(str::trim).collect();
    if asked.len() > MOST_LISTED {
        let words = format!("has {} entries, at most {MOST_LISTED} are allowed", asked.len());
        return Err(ApiError::invalid("ids", words));
    }
    let ids: Vec<JobId> = asked.iter().filter_map(|id| JobId::parse(id)).collect();
    let found = call.desk.jobs().get_many(&ids).await?;
    let found: BTreeMap<&JobId, &Job> = found.iter().map(|job| (&job.id, job)).collect();
    let mut rows: Vec<Value> = Vec::new();
    for id in asked {
        rows.extend(match JobId::parse(id) {
            Some(id) => found.get(&id).map(|job| job_status(&call.address, job)),
            None => deleted_tickets::told_as_job(&call, id).await?,
        });
    }
    Ok(Json(json!({
        "count": rows.len(),
        "next_page": null,
        "previous_page": null,
        "job_statuses": rows,
    })))
}

/// `GET job_statuses/{id}`, also of a merge, or of a single ticket that is deleted for good.
pub(super) async fn show(call: Call, Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    let status = match JobId::parse(&id) {
        Some(id) => call
            .desk
            .jobs()
            .get(&id)
            .await?
            .map(|job| job_status(&call.address, &job)),
        None => deleted_tickets::told_as_job(&call, &id).await?,
    };
    let status = status.ok_or(ApiError::Missing)?;
    Ok(Json(json!({ "job_status": status })))
}
