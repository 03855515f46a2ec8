//! Groups.

use crate::{
    kit::{
        call::{API, Call, Ids},
        configuration::done,
        error::ApiError,
        input::{Sent, at_most, flag, removable, removable_id, text},
        paging::Paging,
    },
    shapes::{counted, group::group},
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::MOST_GROUPS;
use docket_domain::{
    GroupId,
    assignment::{LONGEST_RELAX_SECONDS, Strategy},
    configuration::{Group, LONGEST_DESCRIPTION, LONGEST_NAME},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// A group as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(deserialize_with = "text")]
    name: Option<String>,
    #[serde(deserialize_with = "text")]
    description: Option<String>,
    docket: Extras,
}

/// What the shape has no place for: how it gives out its tickets.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Extras {
    strategy: Option<Strategy>,
    #[serde(deserialize_with = "flag")]
    prefers_previous_agent: Option<bool>,
    #[serde(deserialize_with = "removable")]
    relax_skills_after_seconds: Option<Option<u32>>,
    #[serde(deserialize_with = "removable_id")]
    escalates_to: Option<Option<u64>>,
}

impl Fields {
    /// Reads and checks what does not depend on the group itself.
    async fn read(call: &Call, sent: &Sent, of: Option<GroupId>) -> Result<Self, ApiError> {
        let mut fields: Self = sent.read("group")?;
        fields.name = fields.name.map(|name| name.trim().to_owned());
        at_most("name", fields.name.as_deref(), LONGEST_NAME)?;
        at_most("description", fields.description.as_deref(), LONGEST_DESCRIPTION)?;
        if fields.name.as_ref().is_some_and(String::is_empty) || (fields.name.is_none() && of.is_none()) {
            return Err(ApiError::blank("name"));
        }
        let extras = &fields.docket;
        let relax = extras.relax_skills_after_seconds.flatten();
        if relax.is_some_and(|seconds| seconds > LONGEST_RELAX_SECONDS) {
            let words = format!("is at most {LONGEST_RELAX_SECONDS}");
            return Err(ApiError::invalid("docket.relax_skills_after_seconds", words));
        }
        let groups = call.desk.groups().all().await?;
        let is_open = |id: u64| groups.iter().any(|group| group.id.0 == id && !group.is_archived);
        if let Some(above) = extras.escalates_to.flatten()
            && (!is_open(above) || of == Some(GroupId(above)))
        {
            let words = "is no other group's id";
            return Err(ApiError::invalid("docket.escalates_to", words));
        }
        let same_name = |group: &&Group| !group.is_archived && Some(&group.name) == fields.name.as_ref();
        if groups.iter().filter(same_name).any(|group| Some(group.id) != of) {
            return Err(ApiError::invalid("name", "is another group's name"));
        }
        Ok(fields)
    }

    fn put_into(&self, group: &mut Group) {
        fn put<T: Clone>(sent: &Option<T>, into: &mut T) {
            if let Some(sent) = sent {
                into.clone_from(sent);
            }
        }
        put(&self.name, &mut group.name);
        put(&self.description, &mut group.description);
        let (extras, assignment) = (&self.docket, &mut group.assignment);
        put(&extras.strategy, &mut assignment.strategy);
        put(
            &extras.prefers_previous_agent,
            &mut assignment.prefers_previous_agent,
        );
        put(
            &extras.relax_skills_after_seconds,
            &mut assignment.relax_skills_after_seconds,
        );
        if let Some(above) = extras.escalates_to {
            assignment.escalates_to = above.map(GroupId);
        }
    }
}

/// `GET groups`: all groups that take tickets.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let default = call.desk.setup().await?.default_group;
    let mut groups = call.desk.groups().all().await?;
    groups.retain(|group| !group.is_archived);
    let paging = Paging::of(&call.address);
    let window = paging.window(groups.len() as u64);
    let rows = window
        .of(&groups)
        .into_iter()
        .map(|row| group(&call.address, row, default))
        .collect();
    let envelope = paging.envelope(&call.address, "groups", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET groups/count`.
pub(crate) async fn count(call: Call) -> Result<Json<Value>, ApiError> {
    let groups = call.desk.groups().all().await?;
    let count = groups.iter().filter(|group| !group.is_archived).count();
    Ok(Json(counted(count, call.desk.now())))
}

/// `GET groups/{id}`, one that was deleted included.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let found = call
        .desk
        .groups()
        .get(GroupId(id))
        .await?
        .ok_or(ApiError::Missing)?;
    shown(&call, &found).await.map(Json)
}

/// `POST groups`.
pub(crate) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let fields = Fields::read(&call, &sent, None).await?;
    let now = call.desk.now();
    let make = |id| {
        let mut group = Group::new(id, "", now);
        fields.put_into(&mut group);
        group
    };
    let made = call.desk.groups().create(call.changed_by(API), make).await?;
    let made =
        made.ok_or_else(|| ApiError::invalid("base", format!("a desk has at most {MOST_GROUPS} groups")))?;
    Ok((StatusCode::CREATED, Json(shown(&call, &made).await?)).into_response())
}

/// `PUT groups/{id}`.
pub(crate) async fn update(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let fields = Fields::read(&call, &sent, Some(GroupId(id))).await?;
    let change = call
        .desk
        .groups()
        .change(call.changed_by(API), GroupId(id), |group| {
            if group.is_archived {
                return Err(ApiError::Missing);
            }
            fields.put_into(group);
            Ok(())
        })
        .await?;
    let changed = done(change.ok_or(ApiError::Missing)?)?;
    shown(&call, &changed).await.map(Json)
}

/// `DELETE groups/{id}`. Tickets that it has stay, and its agents go on with them.
pub(crate) async fn destroy(call: Call, Ids(id): Ids<u64>) -> Result<StatusCode, ApiError> {
    let setup = call.desk.setup().await?;
    if setup.default_group == GroupId(id) {
        return Err(ApiError::Conflict(
            "The group that tickets go to by default can't be deleted.",
        ));
    }
    if setup
        .mailboxes
        .iter()
        .any(|mailbox| mailbox.group == Some(GroupId(id)))
    {
        return Err(ApiError::Conflict(
            "The group takes the tickets of a mailbox: give that another group first.",
        ));
    }
    let groups = call.desk.groups().all().await?;
    let is_above = |group: &Group| !group.is_archived && group.assignment.escalates_to == Some(GroupId(id));
    if groups.iter().any(is_above) {
        return Err(ApiError::Conflict(
            "Tickets of another group are escalated to this one: change that first.",
        ));
    }
    let change = call
        .desk
        .groups()
        .change(call.changed_by(API), GroupId(id), |group| {
            if group.is_archived {
                return Err(ApiError::Missing);
            }
            group.is_archived = true;
            Ok(())
        })
        .await?;
    done(change.ok_or(ApiError::Missing)?)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn shown(call: &Call, shown: &Group) -> Result<Value, ApiError> {
    let default = call.desk.setup().await?.default_group;
    Ok(json!({ "group": group(&call.address, shown, default) }))
}
