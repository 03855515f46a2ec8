//! `tickets/{id}/sla`: what was promised of a ticket, proved; and breaches that are declared void.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::{Sent, at_most, text},
    },
    shapes::sla_proof::Case,
    slas::targets,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{Attempt, Changed, TicketFile};
use docket_domain::{
    TicketNumber,
    sla::{Clocks, Metric, happenings},
    ticket::{Actor, Command, Fact, Refusal, Rules as _},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Longest reason of a void in characters; it stands in an event.
const LONGEST_REASON: usize = 500;

/// A breach that is declared void, as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct VoidFields {
    #[serde(deserialize_with = "text")]
    metric: Option<String>,
    instance: Option<u64>,
    #[serde(deserialize_with = "text")]
    reason: Option<String>,
}

/// `GET tickets/{id}/sla`: the proof.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    proof(&call, TicketNumber(id)).await.map(Json)
}

/// `POST tickets/{id}/sla/void`: declares a breach void, for a reason. It stays in the history.
pub(crate) async fn void(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let number = TicketNumber(id);
    let once = Once::of(&call, &sent)?;
    let mut repeated = once.earlier(&call).await?.is_some();
    if !repeated {
        let (metric, instance, reason) = read(&sent)?;
        let command = Command::VoidBreach {
            metric,
            instance,
            reason,
        };
        repeated = commit(&call, &once, number, &command).await?;
    }
    let proof = Json(proof(&call, number).await?);
    Ok(once.mark(proof.into_response(), repeated))
}

fn read(sent: &Sent) -> Result<(Metric, u64, String), ApiError> {
    let fields: VoidFields = sent.read_whole()?;
    let metric = fields
        .metric
        .as_deref()
        .ok_or_else(|| ApiError::blank("metric"))?;
    let metric =
        targets::metric(metric).ok_or_else(|| ApiError::invalid("metric", targets::unknown(metric)))?;
    let instance = fields.instance.ok_or_else(|| ApiError::blank("instance"))?;
    let reason = fields.reason.unwrap_or_default().trim().to_owned();
    if reason.is_empty() {
        return Err(ApiError::blank("reason"));
    }
    at_most("reason", Some(&reason), LONGEST_REASON)?;
    Ok((metric, instance, reason))
}

/// Whether the command was carried out before, by the same request.
async fn commit(call: &Call, once: &Once, number: TicketNumber, command: &Command) -> Result<bool, ApiError> {
    let attempt = Attempt::by(Actor::Agent(call.caller.id), once.cause.clone()).guarded(once.guards(false));
    match call.desk.change_by(number, attempt, command.clone()).await? {
        Changed::Done(_) => Ok(false),
        Changed::Duplicate(answer) => once.same(answer).map(|_| true),
        Changed::NotThere => Err(ApiError::Missing),
        Changed::Refused(Refusal::NoBreach { .. }) => {
            Err(ApiError::invalid("instance", "has no breach that stands"))
        }
        Changed::Refused(refusal) => Err(refusal.into()),
    }
}

async fn proof(call: &Call, number: TicketNumber) -> Result<Value, ApiError> {
    let file = call
        .desk
        .tickets()
        .standing_file(number)
        .await?
        .ok_or(ApiError::Missing)?;
    let nothing =
        || json!({ "sla": { "ticket_id": number, "policy": null, "calendar": null, "clocks": [] } });
    let Some(clocks) = &file.ticket.clocks else {
        return Ok(nothing());
    };
    let rules = call
        .desk
        .rules()
        .of_requester(file.ticket.requester, Some(clocks.in_force))
        .await?;
    let Some(terms) = rules.terms(&clocks.in_force) else {
        return Ok(nothing());
    };
    let chosen = rules
        .choose(&file.ticket)
        .filter(|chosen| chosen.terms.in_force() == clocks.in_force);
    let reason = applied_because(&file, clocks).or(chosen.map(|chosen| chosen.reason));
    let book = call.desk.rules().book().await?;
    let case = Case {
        events: &file.events,
        happenings: &happenings(&file.events),
        terms,
        book: &book,
        reason: reason.unwrap_or_else(|| "it held when the ticket began".to_owned()),
        until: call.desk.now(),
    };
    let mut shown = case.shown();
    shown["ticket_id"] = json!(number);
    Ok(json!({ "sla": shown }))
}

/// Why the policy in force came to hold, where that was recorded.
fn applied_because(file: &TicketFile, clocks: &Clocks) -> Option<String> {
    file.events.iter().rev().find_map(|event| match &event.fact {
        Fact::SlaPolicyApplied { to, reason, .. } if *to == Some(clocks.in_force) => Some(reason.clone()),
        _ => None,
    })
}
