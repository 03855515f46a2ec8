//! `group_memberships`: which agents belong to which groups.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::{Sent, flag, id},
        paging::Paging,
    },
    shapes::group::{Belonging, membership, membership_of},
    sideloads::Referred,
    users::changing::{Looked, change},
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{MOST_MEMBERS, groups::MembershipChange};
use docket_domain::{GroupId, PersonId, Timestamp};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// A membership as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(deserialize_with = "id")]
    user_id: Option<u64>,
    #[serde(deserialize_with = "id")]
    group_id: Option<u64>,
    #[serde(deserialize_with = "flag")]
    default: Option<bool>,
}

/// `GET group_memberships/assignable`: of groups that take tickets.
pub(crate) async fn assignable(call: Call) -> Result<Json<Value>, ApiError> {
    let mut found = Vec::new();
    for group in call.desk.groups().all().await? {
        if !group.is_archived {
            let members = call.desk.groups().memberships(&group).await?;
            found.extend(members.into_iter().map(|(agent, since)| (group.id, agent, since)));
        }
    }
    page(&call, found).await
}

/// `GET groups/{id}/memberships/assignable`.
pub(crate) async fn assignable_of_group(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let group = call.desk.groups().get(GroupId(id)).await?;
    if group.is_none_or(|group| group.is_archived) {
        return Err(ApiError::Missing);
    }
    of_group(call, Ids(id)).await
}

/// `GET group_memberships`: by group, then by agent.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let mut found = Vec::new();
    for group in call.desk.groups().all().await? {
        let members = call.desk.groups().memberships(&group).await?;
        found.extend(members.into_iter().map(|(agent, since)| (group.id, agent, since)));
    }
    page(&call, found).await
}

/// `GET groups/{id}/memberships`.
pub(crate) async fn of_group(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let group = call
        .desk
        .groups()
        .get(GroupId(id))
        .await?
        .ok_or(ApiError::Missing)?;
    let members = call.desk.groups().memberships(&group).await?.into_iter();
    page(
        &call,
        members.map(|(agent, since)| (group.id, agent, since)).collect(),
    )
    .await
}

/// `GET users/{id}/group_memberships`.
pub(crate) async fn of_user(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let person = call
        .desk
        .people()
        .get(PersonId(id))
        .await?
        .ok_or(ApiError::Missing)?;
    let joined = call.desk.groups().joined(person.id, &person.groups).await?;
    let groups = joined.into_iter();
    page(
        &call,
        groups.map(|(group, since)| (group, person.id, since)).collect(),
    )
    .await
}

/// `GET group_memberships/{id}`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let (group, agent) = membership_of(id);
    let person = call.desk.people().get(agent).await?.ok_or(ApiError::Missing)?;
    if !person.groups.contains(&group) {
        return Err(ApiError::Missing);
    }
    let joined = call.desk.groups().joined(agent, &[group]).await?;
    let since = joined.get(&group).ok_or(ApiError::Missing)?;
    let belonging = Belonging {
        group,
        agent,
        since: *since,
        is_default: person.main_group() == Some(group),
    };
    Ok(Json(
        json!({ "group_membership": membership(&call.address, &belonging) }),
    ))
}

/// `GET users/{id}/group_memberships/{membership}`.
pub(crate) async fn show_of_user(
    call: Call,
    Ids((user, id)): Ids<(u64, u64)>,
) -> Result<Json<Value>, ApiError> {
    of(user, id)?;
    show(call, Ids(id)).await
}

/// `DELETE users/{id}/group_memberships/{membership}`.
pub(crate) async fn destroy_of_user(
    call: Call,
    Ids((user, id)): Ids<(u64, u64)>,
    sent: Sent,
) -> Result<StatusCode, ApiError> {
    of(user, id)?;
    destroy(call, Ids(id), sent).await
}

/// Refuses a membership that is not this agent's.
fn of(user: u64, id: u64) -> Result<(), ApiError> {
    let (_, agent) = membership_of(id);
    match agent == PersonId(user) {
        true => Ok(()),
        false => Err(ApiError::Missing),
    }
}

/// `POST users/{id}/group_memberships`.
pub(crate) async fn create_of_user(
    call: Call,
    Ids(user): Ids<u64>,
    sent: Sent,
) -> Result<Response, ApiError> {
    let mut fields: Fields = sent.read("group_membership")?;
    if fields.user_id.is_some_and(|id| id != user) {
        return Err(ApiError::invalid("user_id", "is another than that of the path"));
    }
    fields.user_id = Some(user);
    add(call, sent, fields).await
}

/// `POST group_memberships`. One that stands already is answered as if it were made now.
pub(crate) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let fields: Fields = sent.read("group_membership")?;
    add(call, sent, fields).await
}

async fn add(call: Call, sent: Sent, fields: Fields) -> Result<Response, ApiError> {
    let agent = PersonId(fields.user_id.ok_or_else(|| ApiError::blank("user_id"))?);
    let group = GroupId(fields.group_id.ok_or_else(|| ApiError::blank("group_id"))?);
    let once = Once::of(&call, &sent)?;
    let by = call.changed_by(once.cause.as_str());
    let now = by.at;
    let added = match once.earlier(&call).await? {
        // They may have left since: a repeat brings nobody back.
        Some(_) => MembershipChange::Unchanged,
        None => {
            let guards = once.guards(true);
            call.desk
                .groups()
                .add_member_once(group, agent, by, guards)
                .await?
        }
    };
    let since = match added {
        MembershipChange::Done => now,
        MembershipChange::Unchanged => {
            let joined = call.desk.groups().joined(agent, &[group]).await?;
            joined.get(&group).copied().unwrap_or(now)
        }
        MembershipChange::NoGroup => return Err(ApiError::invalid("group_id", "is no group's id")),
        MembershipChange::NoAgent => return Err(ApiError::invalid("user_id", "is no agent's id")),
        MembershipChange::Full => {
            let words = format!("has {MOST_MEMBERS} members, more are not possible");
            return Err(ApiError::invalid("group_id", words));
        }
    };
    let mut person = call.desk.people().get(agent).await?.ok_or(ApiError::Missing)?;
    if fields.default == Some(true) && person.main_group() != Some(group) {
        let changed = change(&call, agent.0, Looked::default(), |person| {
            person.default_group = Some(group);
            Ok(())
        });
        (person, ()) = changed.await?;
    }
    let belonging = Belonging {
        group,
        agent,
        since,
        is_default: person.main_group() == Some(group),
    };
    let made = json!({ "group_membership": membership(&call.address, &belonging) });
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// `DELETE group_memberships/{id}`. Tickets that the agent has stay theirs.
pub(crate) async fn destroy(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<StatusCode, ApiError> {
    let once = Once::of(&call, &sent)?;
    if once.earlier(&call).await?.is_some() {
        return Ok(StatusCode::NO_CONTENT);
    }
    let (group, agent) = membership_of(id);
    match call
        .desk
        .groups()
        .remove_member_once(
            group,
            agent,
            call.changed_by(once.cause.as_str()),
            once.guards(false),
        )
        .await?
    {
        MembershipChange::Done => Ok(StatusCode::NO_CONTENT),
        _ => Err(ApiError::Missing),
    }
}

async fn page(
    call: &Call,
    memberships: Vec<(GroupId, PersonId, Timestamp)>,
) -> Result<Json<Value>, ApiError> {
    let paging = Paging::of(&call.address);
    let window = paging.window(memberships.len() as u64);
    let page = window.of(&memberships);
    let agents: Vec<PersonId> = page.iter().map(|(_, agent, _)| *agent).collect();
    let people = call.desk.people().get_many(&agents).await?;
    let referred = Referred {
        people: agents.into_iter().collect(),
        groups: page.iter().map(|(group, ..)| *group).collect(),
        ..Referred::default()
    };
    let rows = page.into_iter().map(|(group, agent, since)| {
        let person = people.iter().find(|person| person.id == *agent);
        let belonging = Belonging {
            group: *group,
            agent: *agent,
            since: *since,
            is_default: person.is_some_and(|person| person.main_group() == Some(*group)),
        };
        membership(&call.address, &belonging)
    });
    let mut envelope = paging.envelope(&call.address, "group_memberships", rows.collect(), &window);
    referred.add_to(&mut envelope, call).await?;
    Ok(Json(Value::Object(envelope)))
}
