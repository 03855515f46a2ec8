//! The one group of an agent that stands for all of them where one is asked for.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::Paging,
    },
    shapes::group::{Belonging, membership, membership_of},
    users::changing::{Looked, change},
};
use axum::Json;
use docket_domain::PersonId;
use serde_json::Value;

/// `PUT users/{id}/group_memberships/{membership}/make_default`: the answer is all of theirs.
pub(crate) async fn make_default(
    call: Call,
    Ids((id, membership_id)): Ids<(u64, u64)>,
) -> Result<Json<Value>, ApiError> {
    let (group, agent) = membership_of(membership_id);
    if agent != PersonId(id) {
        return Err(ApiError::Missing);
    }
    let (person, ()) = change(&call, id, Looked::default(), |person| {
        if !person.groups.contains(&group) {
            return Err(ApiError::Missing);
        }
        person.default_group = Some(group);
        Ok(())
    })
    .await?;
    let joined = call.desk.groups().joined(person.id, &person.groups).await?;
    let rows: Vec<Value> = joined
        .into_iter()
        .map(|(group, since)| {
            let belonging = Belonging {
                group,
                agent: person.id,
                since,
                is_default: person.main_group() == Some(group),
            };
            membership(&call.address, &belonging)
        })
        .collect();
    let paging = Paging::of(&call.address);
    let window = paging.window(rows.len() as u64);
    let envelope = paging.envelope(&call.address, "group_memberships", rows, &window);
    Ok(Json(Value::Object(envelope)))
}
