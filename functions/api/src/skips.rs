//! `skips`: that an agent passed a ticket over. A skip is an event of its ticket, and has its id.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::{Sent, at_most, id, text},
        paging::Paging,
    },
    shapes::{child_id, time},
    ticket_metrics::files,
    tickets::attempt,
};
use axum::{
    Json, Router,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use docket_desk::{Changed, TicketFile, Try, Want, Wish};
use docket_domain::{
    PersonId, TicketNumber,
    people::staff::Role,
    ticket::{Command, Fact, TicketEvent},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Longest reason in characters.
const LONGEST_REASON: usize = 1_000;
/// Most skips of one agent that are listed, the newest.
const MOST_LISTED: usize = 1_000;

/// The paths.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/skips", post(create))
        .route("/users/{id}/skips", get(of_user))
        .route("/tickets/{id}/skips", get(of_ticket))
}

/// A skip as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(deserialize_with = "id")]
    ticket_id: Option<u64>,
    #[serde(deserialize_with = "text")]
    reason: Option<String>,
}

/// A skip of a ticket as it is found.
struct Skipping<'a> {
    call: &'a Call,
    reason: Option<String>,
}

impl Want<ApiError> for Skipping<'_> {
    async fn want(&mut self, on: Try) -> Result<Option<Wish>, ApiError> {
        let agent = self.call.caller.id;
        let mut wish = Wish::from(Command::Skip {
            agent,
            reason: self.reason.clone(),
        });
        // Its event is the only one of the save.
        let (number, v) = (on.ticket.number, on.ticket.v + 1);
        let write = self.call.desk.tickets().skip_write(on.now, number, v, agent);
        wish.writes.push(write);
        Ok(Some(wish))
    }
}

/// `POST skips`: the caller passes a ticket over.
async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let once = Once::of(&call, &sent)?;
    let fields: Fields = sent.read("skip")?;
    let number = fields.ticket_id.ok_or_else(|| ApiError::blank("ticket_id"))?;
    let number = TicketNumber(number);
    let reason = fields.reason.map(|text| text.trim().to_owned());
    let reason = reason.filter(|text| !text.is_empty());
    at_most("reason", reason.as_deref(), LONGEST_REASON)?;
    let (v, repeated) = match once.earlier(&call).await? {
        Some(earlier) => (earlier.v, true),
        None => {
            let mut skipping = Skipping { call: &call, reason };
            let attempt = attempt(&call, &once);
            match call.desk.change(number, attempt, &mut skipping).await? {
                Changed::Done(saved) => (Some(saved.ticket.v), false),
                Changed::Duplicate(earlier) => (once.same(earlier)?.v, true),
                Changed::Refused(refusal) => return Err(refusal.into()),
                Changed::NotThere => return Err(ApiError::Missing),
            }
        }
    };
    let file = call
        .desk
        .tickets()
        .standing_file(number)
        .await?
        .ok_or(ApiError::Missing)?;
    let event = file.events.iter().find(|event| Some(event.v) == v);
    let row = event.and_then(|event| row(&call, &file, event));
    let body = json!({ "skip": row.ok_or(ApiError::Missing)? });
    Ok(once.mark((StatusCode::CREATED, Json(body)).into_response(), repeated))
}

/// `GET users/{id}/skips`: of an agent; one's own, or anybody's for admins.
async fn of_user(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let agent = PersonId(id);
    if call.caller.role != Role::Admin && call.caller.id != agent {
        return Err(ApiError::Forbidden(
            "Agents see what they passed over themselves; admins see all.",
        ));
    }
    call.desk.people().get(agent).await?.ok_or(ApiError::Missing)?;
    let mut places = call.desk.tickets().skips_of(agent, MOST_LISTED).await?;
    places.reverse();
    let paging = Paging::of(&call.address);
    let window = paging.window(places.len() as u64);
    let page = window.of(&places);
    let mut numbers: Vec<_> = page.iter().map(|place| place.ticket).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let files = files(&call, &numbers).await?;
    let files: BTreeMap<_, _> = files
        .iter()
        .flatten()
        .map(|file| (file.ticket.number, file))
        .collect();
    let rows = page.iter().filter_map(|place| {
        let file = files.get(&place.ticket)?;
        let event = file.events.iter().find(|event| event.v == place.v)?;
        row(&call, file, event)
    });
    let envelope = paging.envelope(&call.address, "skips", rows.collect(), &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET tickets/{id}/skips`.
async fn of_ticket(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let file = call.desk.tickets().standing_file(TicketNumber(id)).await?;
    let file = file.ok_or(ApiError::Missing)?;
    let all: Vec<Value> = file
        .events
        .iter()
        .filter_map(|event| row(&call, &file, event))
        .collect();
    let paging = Paging::of(&call.address);
    let window = paging.window(all.len() as u64);
    let rows = window.of(&all).into_iter().cloned().collect();
    let envelope = paging.envelope(&call.address, "skips", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

fn row(call: &Call, file: &TicketFile, event: &TicketEvent) -> Option<Value> {
    let Fact::Skipped { agent, reason } = &event.fact else {
        return None;
    };
    let ticket = &file.ticket;
    Some(json!({
        "id": child_id(ticket.number, event.v),
        "ticket_id": ticket.number,
        "user_id": agent,
        "reason": reason,
        "ticket": {
            "id": ticket.number,
            "url": call.address.resource(&format!("/tickets/{}", ticket.number)),
            "subject": ticket.subject,
            "status": ticket.status,
        },
        "created_at": time(event.at),
        "updated_at": time(event.at),
    }))
}
