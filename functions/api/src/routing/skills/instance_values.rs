//! `routing/agents/{id}/instance_values` and `routing/tickets/{id}/instance_values`: who has which skill, and which ticket
//! requires it. Clients know no levels: what is new has level 1, what was there keeps the level it has.

use super::{shape::Shape, skill, uuid};
use crate::{
    agents::availability::agent,
    kit::{
        call::{API, Call, Ids},
        configuration::newest,
        error::ApiError,
        idempotency::Once,
        input::Sent,
        paging::{Paging, written_ids},
    },
};
use axum::Json;
use docket_desk::{Attempt, Changed, Try, Wish, agents::LoadSettingsError};
use docket_domain::{
    PersonId, SkillId, TicketNumber, Timestamp,
    assignment::{AgentLoad, LoadSettings, RequiredSkill},
    rule::{RuleBook, Skill},
    ticket::{Actor, Command, Update},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The level of a skill of which only is said that it is there.
const SOME_LEVEL: u8 = 1;

/// Values as sent: all that are to be there.
#[derive(Debug, Deserialize)]
struct Values {
    attribute_value_ids: Vec<String>,
}

impl Values {
    fn read(sent: &Sent) -> Result<Self, ApiError> {
        serde_json::from_slice(&sent.body).map_err(|error| {
            ApiError::invalid(
                "attribute_value_ids",
                format!("is no list of ids of values: {error}"),
            )
        })
    }
}

/// `GET routing/agents/{id}/instance_values`.
pub(crate) async fn of_agent(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let agent = agent(&call, id).await?;
    let book = call.desk.rules().book().await?;
    had(&call, &book.rules, agent).await
}

/// The values that an agent has.
async fn had(call: &Call, rules: &RuleBook, agent: PersonId) -> Result<Json<Value>, ApiError> {
    let load = call.desk.agents().load(agent).await?;
    let skills = load.map(|load| load.skills).unwrap_or_default();
    Ok(values(
        call,
        rules,
        skills.keys().copied(),
        call.desk.began_at().await?,
    ))
}

/// Those of these skills that are there.
fn values(
    call: &Call,
    rules: &RuleBook,
    skills: impl Iterator<Item = SkillId>,
    began: Option<Timestamp>,
) -> Json<Value> {
    let there = skills.filter_map(|id| rules.skill(id));
    let shape = Shape::of(call, rules, began);
    let values: Vec<Value> = there.map(|skill| shape.value(skill)).collect();
    Json(json!({ "attribute_values": values, "count": values.len() }))
}

/// `POST routing/agents/{id}/instance_values`, by admins: all that the agent has. What waits in their groups is looked at anew.
pub(crate) async fn set_of_agent(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let agent = agent(&call, id).await?;
    let asked = Values::read(&sent)?;
    let book = newest(&call).await?;
    let load = call.desk.agents().load(agent).await?;
    let had = load.map(|load| load.skills).unwrap_or_default();
    let mut skills = BTreeMap::new();
    for id in &asked.attribute_value_ids {
        let skill = skill(&book.rules, &call.desk.settings.tenant, id).ok_or_else(|| no_value(id))?;
        skills.insert(skill.id, had.get(&skill.id).copied().unwrap_or(SOME_LEVEL));
    }
    let settings = LoadSettings {
        skills: Some(skills),
        ..LoadSettings::default()
    };
    match call
        .desk
        .agents()
        .change_load_settings(agent, &settings, call.changed_by(API))
        .await
    {
        Ok(()) => self::had(&call, &book.rules, agent).await,
        Err(LoadSettingsError::Bad(bad)) => Err(ApiError::invalid("attribute_value_ids", bad.to_string())),
        Err(LoadSettingsError::Store(error)) => Err(error.into()),
    }
}

fn no_value(id: &str) -> ApiError {
    ApiError::invalid("attribute_value_ids", format!("{id:?} is no value's id"))
}

/// `GET routing/agents/instance_values`: who has what, by agent; `filter[agent_ids]=2,3` leaves out the others.
pub(crate) async fn of_agents(call: Call) -> Result<Json<Value>, ApiError> {
    let began = call.desk.began_at().await?;
    let book = call.desk.rules().book().await?;
    let agents: Vec<PersonId> = match call.address.parameter("filter[agent_ids]") {
        Some(asked) => written_ids(asked)?.into_iter().map(PersonId).collect(),
        None => call
            .desk
            .agents()
            .all()
            .await?
            .iter()
            .map(|person| person.id)
            .collect(),
    };
    let mut all = Vec::new();
    for load in call.desk.agents().loads(&agents).await? {
        let skills = load.skills.keys().filter_map(|id| book.rules.skill(*id));
        all.extend(skills.map(|skill| (load.agent, skill)));
    }
    let paging = Paging::of(&call.address);
    let window = paging.window(all.len() as u64);
    let shape = Shape::of(&call, &book.rules, began);
    let row = |(agent, skill): &(PersonId, &Skill)| {
        let mut row = shape.value(skill);
        let value = row["id"].take();
        row["id"] = json!(uuid(
            &call.desk.settings.tenant,
            &format!("agent {agent} skill"),
            skill.id.0
        ));
        row["attribute_value_id"] = value;
        row["agent_id"] = json!(agent);
        row
    };
    let rows = window.of(&all).into_iter().map(row).collect();
    let envelope = paging.envelope(&call.address, "instance_values", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET routing/tickets/{id}/instance_values`.
pub(crate) async fn of_ticket(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let ticket = call
        .desk
        .tickets()
        .standing(TicketNumber(id))
        .await?
        .ok_or(ApiError::Missing)?;
    let book = call.desk.rules().book().await?;
    let skills = ticket.skills.iter().map(|need| need.skill);
    Ok(values(&call, &book.rules, skills, call.desk.began_at().await?))
}

/// `POST routing/tickets/{id}/instance_values`: all that the ticket requires; ids that are of no value are passed over, as
/// clients are told. One that waits is looked at anew.
pub(crate) async fn set_of_ticket(
    call: Call,
    Ids(id): Ids<u64>,
    sent: Sent,
) -> Result<Json<Value>, ApiError> {
    let number = TicketNumber(id);
    let once = Once::of(&call, &sent)?;
    let asked = Values::read(&sent)?;
    let book = newest(&call).await?;
    let tenant = &call.desk.settings.tenant;
    let ids: Vec<SkillId> = asked
        .attribute_value_ids
        .iter()
        .filter_map(|id| skill(&book.rules, tenant, id))
        .map(|skill| skill.id)
        .collect();
    let attempt = Attempt::by(Actor::Agent(call.caller.id), once.cause.clone()).guarded(once.guards(false));
    let mut want = |on: Try| {
        // The levels are those of the version that is saved.
        let required = ids.iter().map(|id| {
            let had = on.ticket.skills.iter().find(|need| need.skill == *id);
            RequiredSkill {
                skill: *id,
                level: had.map_or(SOME_LEVEL, |need| need.level),
            }
        });
        let update = Update {
            skills: Some(required.collect()),
            ..Update::default()
        };
        async { Ok::<_, ApiError>(Some(Wish::from(Command::Update(Box::new(update))))) }
    };
    let ticket = match call.desk.change(number, attempt, &mut want).await? {
        Changed::Done(saved) => *saved.ticket,
        Changed::Duplicate(answer) => {
            once.same(answer)?;
            call.desk
                .tickets()
                .standing(number)
                .await?
                .ok_or(ApiError::Missing)?
        }
        Changed::Refused(refusal) => return Err(refusal.into()),
        Changed::NotThere => return Err(ApiError::Missing),
    };
    let skills = ticket.skills.iter().map(|need| need.skill);
    Ok(values(&call, &book.rules, skills, call.desk.began_at().await?))
}

/// `GET routing/requirements/fulfilled?ticket_ids=1,2`: those of the tickets whose required skills the caller has.
pub(crate) async fn fulfilled(call: Call) -> Result<Json<Value>, ApiError> {
    let asked = call.address.parameter("ticket_ids").unwrap_or_default();
    let numbers: Vec<_> = written_ids(asked)?.into_iter().map(TicketNumber).collect();
    let load = call.desk.agents().load(call.caller.id).await?;
    let load = load.unwrap_or_else(|| AgentLoad::new(call.caller.id));
    let tickets = call.desk.tickets().get_many(&numbers).await?;
    let fulfilled: Vec<TicketNumber> = tickets
        .iter()
        .filter(|ticket| load.lacks(&ticket.skills).is_empty())
        .map(|ticket| ticket.number)
        .collect();
    Ok(Json(json!({ "fulfilled_ticket_ids": fulfilled })))
}
