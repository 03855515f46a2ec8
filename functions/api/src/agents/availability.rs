//! `agents/{id}/availability`, ours: whether an agent takes new tickets, and what they have.

use crate::kit::{
    call::{API, Call, Ids},
    error::ApiError,
    input::Sent,
};
use axum::Json;
use docket_domain::{
    PersonId,
    assignment::{AgentLoad, Availability},
    people::staff::Role,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// An availability as sent.
#[derive(Debug, Deserialize)]
struct Fields {
    status: Availability,
    /// Whether the tickets they have open go back to their groups, when they go away.
    #[serde(default)]
    hand_back: bool,
}

/// `GET agents/{id}/availability`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    shown(&call, agent(&call, id).await?).await
}

/// `PUT agents/{id}/availability`, by the agent or an admin: `{"status": "away", "hand_back": true}`. Tickets that wait for
/// a customer or a third party stay with who goes away.
pub(crate) async fn update(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let agent = agent(&call, id).await?;
    if call.caller.id != agent && call.caller.role != Role::Admin {
        return Err(ApiError::Forbidden(
            "Only admins may set the availability of others.",
        ));
    }
    let fields: Fields = serde_json::from_slice(&sent.body)
        .map_err(|error| ApiError::invalid("status", format!("is neither online nor away: {error}")))?;
    let by = call.changed_by(API);
    match fields.status {
        Availability::Online if fields.hand_back => {
            return Err(ApiError::invalid("hand_back", "goes with the status away only"));
        }
        Availability::Online => call.desk.agents().come_online(agent, by).await?,
        Availability::Away => call.desk.agents().go_away(agent, fields.hand_back, by).await?,
    }
    shown(&call, agent).await
}

pub(crate) async fn agent(call: &Call, id: u64) -> Result<PersonId, ApiError> {
    let person = call.desk.people().get(PersonId(id)).await?;
    let agent = person.filter(|person| person.role.is_staff());
    agent.map(|agent| agent.id).ok_or(ApiError::Missing)
}

async fn shown(call: &Call, agent: PersonId) -> Result<Json<Value>, ApiError> {
    let load = call.desk.agents().load(agent).await?;
    let load = load.unwrap_or_else(|| AgentLoad {
        availability: Availability::Away,
        ..AgentLoad::new(agent)
    });
    Ok(Json(json!({ "availability": {
        "agent_id": agent,
        "status": load.availability,
        "load_units": load.load_units,
        "override_units": load.override_units,
        "capacity_units": load.capacity,
        "calendar_id": load.calendar,
        "skills": load.skills,
    } })))
}
