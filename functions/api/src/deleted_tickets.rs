//! `deleted_tickets`: what was set aside, to be restored or deleted for good. And how what is deleted for good stands as a job.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::Sent,
        place_paging::{Found, MOST_BY_NUMBER, PlacePaging},
    },
    shapes::time,
    tickets::{attempt, merges, stands},
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_domain::{PersonId, TicketNumber, ticket::Ticket};
use http::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What the id of a job begins with that deletes a ticket for good.
const JOB: &str = "permanent-deletion-";

/// `GET deleted_tickets`: those that can be restored, by number, the oldest first unless asked otherwise.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let paging = PlacePaging::oldest_first(&call.address)?;
    let asked = paging.asked();
    let mut found = call.desk.tickets().deleted(&asked.page).await?;
    if asked.is_backwards {
        found.tickets.reverse();
    }
    let count = if paging.counts() {
        call.desk.tickets().count_of_deleted(MOST_BY_NUMBER).await?
    } else {
        0
    };
    let deleted = found.tickets.iter().filter_map(|ticket| ticket.deletion.as_ref());
    let by: Vec<PersonId> = deleted.filter_map(|deletion| deletion.by).collect();
    let people = call.desk.people().get_many(&by).await?;
    let names: BTreeMap<PersonId, String> = people
        .into_iter()
        .map(|person| (person.id, person.name))
        .collect();
    let rows = found
        .tickets
        .iter()
        .filter_map(|ticket| row(ticket, &names))
        .collect();
    let places = Found {
        first: found.first,
        last: found.last,
        has_more: found.has_more,
    };
    let envelope = paging.envelope(&call.address, "deleted_tickets", rows, &places, count);
    Ok(Json(Value::Object(envelope)))
}

fn row(ticket: &Ticket, names: &BTreeMap<PersonId, String>) -> Option<Value> {
    let deletion = ticket.deletion.as_ref()?;
    let actor = deletion.by.map(|by| json!({ "id": by, "name": names.get(&by) }));
    Some(json!({
        "id": ticket.number,
        "subject": ticket.subject,
        "description": null,
        "actor": actor,
        "deleted_at": time(deletion.at),
        "previous_state": ticket.status,
    }))
}

/// `PUT deleted_tickets/{id}/restore`: back where it was.
pub(crate) async fn restore(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let once = Once::of(&call, &sent)?;
    if once.earlier(&call).await?.is_some() {
        return Ok(once.mark(StatusCode::OK.into_response(), true));
    }
    let number = TicketNumber(id);
    let changed = call.desk.tickets().restore(number, attempt(&call, &once)).await?;
    let repeated = stands(changed, &once)?;
    Ok(once.mark(StatusCode::OK.into_response(), repeated))
}

/// `DELETE deleted_tickets/{id}`: for good. Nobody can undo it, so admins do it.
pub(crate) async fn destroy(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let once = Once::of(&call, &sent)?;
    let number = TicketNumber(id);
    let repeated = match once.earlier(&call).await? {
        Some(_) => true,
        None => {
            let attempt = attempt(&call, &once);
            stands(
                call.desk.tickets().delete_permanently(number, attempt).await?,
                &once,
            )?
        }
    };
    let body = json!({ "job_status": status(&call, number).await? });
    Ok(once.mark(Json(body).into_response(), repeated))
}

/// How something stands that is told as a job and is none: a merge, or a ticket that is deleted for good. Nothing where it is neither.
pub(crate) async fn told_as_job(call: &Call, id: &str) -> Result<Option<Value>, ApiError> {
    if let Some(status) = merges::job(call, id).await? {
        return Ok(Some(status));
    }
    let Some(number) = id.strip_prefix(JOB).and_then(|number| number.parse().ok()) else {
        return Ok(None);
    };
    match status(call, number).await {
        Ok(status) => Ok(Some(status)),
        Err(ApiError::Missing) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn status(call: &Call, number: TicketNumber) -> Result<Value, ApiError> {
    let ticket = call.desk.tickets().get(number).await?;
    let ticket = ticket.filter(|ticket| ticket.is_deleted_for_good());
    let ticket = ticket.ok_or(ApiError::Missing)?;
    let is_done = ticket.erase_due_at.is_none();
    let id = format!("{JOB}{number}");
    let result = json!({ "id": number, "action": "delete", "success": true, "status": "Deleted" });
    Ok(json!({
        "id": id,
        "job_type": "Permanently delete tickets",
        "url": call.address.resource(&format!("/job_statuses/{id}")),
        "status": if is_done { "completed" } else { "working" },
        "total": 1,
        "progress": u8::from(is_done),
        "message": if is_done { "Completed" } else { "What was said on it goes within two minutes" },
        "results": if is_done { json!([result]) } else { Value::Null },
    }))
}
