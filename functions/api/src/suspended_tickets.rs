//! `suspended_tickets`: contacts that were held back, suspended and quarantined alike, to be let in or thrown away.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        place_paging::{Found, MOST_BY_NUMBER, PlacePaging},
    },
    shapes::suspended::suspended,
    tickets::rows,
};
use axum::{
    Json,
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use docket_desk::HeldContact;
use docket_domain::{TicketNumber, people::staff::Role};
use docket_intake::{IntakeError, ReplayOutcome, Settled, discard, release, replay};
use http::StatusCode;
use serde_json::{Value, json};

/// Most contacts of one call.
const MOST_AT_ONCE: usize = 100;
/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// `GET suspended_tickets`: what nobody has dealt with, the newest first.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let paging = PlacePaging::of(&call.address)?;
    let asked = paging.asked();
    let mut held = call.desk.held().page(&asked.page).await?;
    if asked.is_backwards {
        held.contacts.reverse();
    }
    let count = if paging.counts() {
        call.desk.held().count(MOST_BY_NUMBER).await?
    } else {
        0
    };
    let rows = held.contacts.iter();
    let rows = rows.map(|contact| suspended(&call.address, contact)).collect();
    let found = Found {
        first: held.first,
        last: held.last,
        has_more: held.has_more,
    };
    let envelope = paging.envelope(&call.address, "suspended_tickets", rows, &found, count);
    Ok(Json(Value::Object(envelope)))
}

/// `GET suspended_tickets/{id}`, also of one that was dealt with.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let held = contact(&call, id).await?;
    Ok(Json(
        json!({ "suspended_ticket": suspended(&call.address, &held) }),
    ))
}

/// `GET suspended_tickets/{id}/original`: the mail as it came, for download and never to be shown.
pub(crate) async fn original(call: Call, Ids(id): Ids<u64>) -> Result<Response, ApiError> {
    let held = contact(&call, id).await?;
    if held.reason.is_quarantine() && call.caller.role != Role::Admin {
        let words = "The original of quarantined mail may harm: admins alone get it.";
        return Err(ApiError::Forbidden(words));
    }
    let raw = call.desk.spool().original(&held.stored_at).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"suspended-{id}.eml\""),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, Body::from(raw)).into_response())
}

/// `GET suspended_tickets/{id}/replay`: what today's code would make of it. Nothing is changed.
pub(crate) async fn dry_run(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let held = contact(&call, id).await?;
    if held.reason.is_never_read() {
        let why =
            "Nobody reads this mail: it ended every function that tried. Release it to get it as a file.";
        return Err(ApiError::Conflict(why));
    }
    let replayed = replay(&call.desk, &held.stored_at, &held.mailbox).await?;
    let now = outcome(&replayed.outcome);
    let then = outcome(&ReplayOutcome::Held(held.reason, held.detail.clone()));
    let mail = &replayed.mail;
    Ok(Json(json!({ "replay": {
        "is_same": now == then,
        "then": then,
        "now": now,
        "subject": mail.subject,
        "from": mail.from.as_ref().map(|from| &from.address),
        "message_id": mail.message_id,
        "text": mail.text,
        "attachments": mail.attachments.iter().map(|file| json!({
            "file_name": file.name, "content_type": file.content_type, "size": file.bytes.len(),
        })).collect::<Vec<_>>(),
        "problems": mail.problems(),
    } })))
}

fn outcome(outcome: &ReplayOutcome) -> Value {
    match outcome {
        ReplayOutcome::Comment(number, role) => {
            json!({ "outcome": "comment", "ticket_id": number, "role": role })
        }
        ReplayOutcome::Ticket { follows } => json!({ "outcome": "ticket", "follows_id": follows }),
        ReplayOutcome::Held(reason, detail) => json!({
            "outcome": if reason.is_quarantine() { "quarantined" } else { "suspended" },
            "reason": reason, "cause": reason.words(), "detail": detail,
        }),
    }
}

/// `PUT suspended_tickets/{id}/recover`: lets it in; its ticket.
pub(crate) async fn recover(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    Ok(Json(json!({ "ticket": recover_all(&call, &[id]).await? })))
}

/// `PUT suspended_tickets/recover_many?ids=`.
pub(crate) async fn recover_many(call: Call) -> Result<Json<Value>, ApiError> {
    let ids = asked_ids(&call)?;
    Ok(Json(json!({ "tickets": recover_all(&call, &ids).await? })))
}

async fn recover_all(call: &Call, ids: &[u64]) -> Result<Vec<Value>, ApiError> {
    let reason = reason(call)?;
    let mut numbers: Vec<TicketNumber> = Vec::with_capacity(ids.len());
    for id in ids {
        may_settle(call, *id).await?;
        match release(&call.desk, *id, call.caller.id, &reason).await? {
            Settled::OnTicket(number) => numbers.push(number),
            Settled::Discarded => return Err(ApiError::Conflict("It was discarded.")),
            Settled::Missing => return Err(ApiError::Missing),
        }
    }
    // One that was deleted since is not shown.
    let mut tickets = Vec::with_capacity(numbers.len());
    for number in numbers {
        tickets.extend(call.desk.tickets().standing(number).await?);
    }
    Ok(rows(call, &tickets).await?.0)
}

/// `DELETE suspended_tickets/{id}`: throws it away, with `reason`.
pub(crate) async fn destroy(call: Call, Ids(id): Ids<u64>) -> Result<StatusCode, ApiError> {
    discard_all(&call, &[id]).await
}

/// `DELETE suspended_tickets/destroy_many?ids=`.
pub(crate) async fn destroy_many(call: Call) -> Result<StatusCode, ApiError> {
    let ids = asked_ids(&call)?;
    discard_all(&call, &ids).await
}

async fn discard_all(call: &Call, ids: &[u64]) -> Result<StatusCode, ApiError> {
    let reason = reason(call)?;
    for id in ids {
        may_settle(call, *id).await?;
        match discard(&call.desk, *id, call.caller.id, &reason).await? {
            Settled::Discarded => {}
            Settled::OnTicket(_) => return Err(ApiError::Conflict("It was released.")),
            Settled::Missing => return Err(ApiError::Missing),
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn contact(call: &Call, id: u64) -> Result<HeldContact, ApiError> {
    call.desk.held().get(id).await?.ok_or(ApiError::Missing)
}

/// What may harm is an admin's to let in or throw away.
async fn may_settle(call: &Call, id: u64) -> Result<(), ApiError> {
    let held = contact(call, id).await?;
    if held.reason.is_quarantine() && call.caller.role != Role::Admin {
        return Err(ApiError::Forbidden(
            "Quarantined mail is released or discarded by admins.",
        ));
    }
    Ok(())
}

fn reason(call: &Call) -> Result<String, ApiError> {
    let reason = call.address.parameter("reason").unwrap_or_default();
    crate::kit::input::at_most("reason", Some(reason), LONGEST_REASON)?;
    Ok(reason.to_owned())
}

fn asked_ids(call: &Call) -> Result<Vec<u64>, ApiError> {
    let asked = call.address.parameter("ids").unwrap_or_default();
    let ids: Result<Vec<u64>, _> = asked.split(',').map(|id| id.trim().parse()).collect();
    match ids {
        Ok(ids) if ids.len() <= MOST_AT_ONCE => Ok(ids),
        Ok(_) => Err(ApiError::invalid(
            "ids",
            format!("has at most {MOST_AT_ONCE} ids"),
        )),
        Err(_) => Err(ApiError::invalid(
            "ids",
            "has to be a list of integers with commas between",
        )),
    }
}

impl From<IntakeError> for ApiError {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Store(error) => error.into(),
            IntakeError::Blob(error) => error.into(),
            IntakeError::Refused(refusal) => refusal.into(),
            IntakeError::Contended(_) => Self::Conflict("Others changed it at every try. Try again."),
        }
    }
}
