//! `agents/{id}/settings`, ours: how much an agent takes at once, what they can do, when they work.

use crate::{
    agents::availability::agent,
    kit::{
        call::{API, Call, Ids},
        error::ApiError,
        input::{Sent, removable_id},
    },
    routing::skills::by_names,
};
use axum::Json;
use docket_desk::agents::LoadSettingsError;
use docket_domain::{
    CalendarId, PersonId,
    assignment::{AgentLoad, LoadSettings},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Settings as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    capacity_units: Option<u32>,
    /// All skills by their names, each with its level.
    skills: Option<BTreeMap<String, u8>>,
    #[serde(deserialize_with = "removable_id")]
    calendar_id: Option<Option<u64>>,
}

/// `GET agents/{id}/settings`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    shown(&call, agent(&call, id).await?).await
}

/// `PUT agents/{id}/settings`, by admins: `{"settings": {"capacity_units": 30, "skills": {"French": 3}, "calendar_id": 2}}`.
/// What waits in their groups is looked at anew.
pub(crate) async fn update(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let agent = agent(&call, id).await?;
    let fields: Fields = sent.read("settings")?;
    let book = call.desk.rules().newest_book().await?;
    let calendar = fields.calendar_id.map(|id| id.map(CalendarId));
    if let Some(Some(id)) = calendar
        && book.calendar(id).is_none()
    {
        return Err(ApiError::invalid(
            "calendar_id",
            format!("{id} is no schedule's id"),
        ));
    }
    let skills = fields
        .skills
        .map(|skills| by_names(&book.rules, &skills, "skills"))
        .transpose()?;
    let settings = LoadSettings {
        capacity: fields.capacity_units,
        skills,
        calendar,
    };
    match call
        .desk
        .agents()
        .change_load_settings(agent, &settings, call.changed_by(API))
        .await
    {
        Ok(()) => shown(&call, agent).await,
        Err(LoadSettingsError::Bad(bad)) => Err(ApiError::invalid("settings", bad.to_string())),
        Err(LoadSettingsError::Store(error)) => Err(error.into()),
    }
}

async fn shown(call: &Call, agent: PersonId) -> Result<Json<Value>, ApiError> {
    let load = call.desk.agents().load(agent).await?;
    let load = load.unwrap_or_else(|| AgentLoad::new(agent));
    let book = call.desk.rules().newest_book().await?;
    // A skill that is there no more is nobody's.
    let skills = load.skills.iter().filter_map(|(id, level)| {
        let skill = book.rules.skill(*id)?;
        Some((skill.name.clone(), json!(level)))
    });
    Ok(Json(json!({ "settings": {
        "agent_id": agent,
        "capacity_units": load.capacity,
        "skills": skills.collect::<serde_json::Map<_, _>>(),
        "calendar_id": load.calendar,
    } })))
}
