//! What belongs to people.

use super::{
    read::{asks_for_nobody, rows_of_roles, show},
    write::update,
};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        input::Sent,
        paging::Paging,
        place_paging::MOST_BY_NUMBER,
    },
    shapes::{counted, group::group},
    ticket_lists::in_copy,
};
use axum::{Json, response::Response};
use docket_domain::PersonId;
use docket_search::{Asker, Kind, SearchRequest, Wanted};
use serde_json::{Value, json};

/// `GET users/count`: how many there are, of these roles where some are named.
pub(crate) async fn count(call: Call) -> Result<Json<Value>, ApiError> {
    if asks_for_nobody(&call) {
        return Ok(Json(counted(0, call.desk.now())));
    }
    let rows = rows_of_roles(&call).await?;
    Ok(Json(counted(rows.count(), call.desk.now())))
}

/// `POST users/request_create`: here nobody pays for more agents, so nobody is asked.
pub(crate) async fn request_create() -> Result<Json<Value>, ApiError> {
    Err(ApiError::Forbidden(
        "This desk has no subscription that limits its agents. An admin makes one with POST users and a role.",
    ))
}

/// `GET users/{id}/related`: how many tickets and other things have to do with somebody; at most 10,000 are counted.
pub(crate) async fn related(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let person = PersonId(id);
    let known = call.desk.people().get(person).await?;
    let known = known.ok_or(ApiError::Missing)?;
    let tickets = call.desk.tickets();
    let requested = tickets.count_requested(person, MOST_BY_NUMBER).await?;
    let assigned = tickets.count_unsolved_of(person, MOST_BY_NUMBER).await?;
    let request = SearchRequest {
        by: Asker::Staff(Some(call.caller.id)),
        wanted: Wanted::QueryOf(Kind::Ticket, in_copy(&known)),
        sort_by: None,
        sort_order: None,
        skip: 0,
        take: 0,
        after: None,
        time_zone: None,
        with_snippets: false,
        with_facets: false,
    };
    // Where the search does not answer, the rest is told all the same.
    let in_copy = call.desk.find(request).await.ok().map(|answer| answer.count);
    Ok(Json(json!({ "user_related": {
        "assigned_tickets": assigned,
        "requested_tickets": requested,
        "ccd_tickets": in_copy,
        "organization_subscriptions": 0,
        "topics": 0,
        "topic_comments": 0,
        "votes": 0,
        "subscriptions": 0,
        "entry_subscriptions": 0,
        "forum_subscriptions": 0,
    } })))
}

/// `GET users/{id}/groups`: those of an agent.
pub(crate) async fn groups(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let person = call
        .desk
        .people()
        .get(PersonId(id))
        .await?
        .ok_or(ApiError::Missing)?;
    let default = call.desk.setup().await?.default_group;
    let mut all = call.desk.groups().all().await?;
    all.retain(|group| !group.is_archived && person.groups.contains(&group.id));
    let paging = Paging::of(&call.address);
    let window = paging.window(all.len() as u64);
    let rows = window
        .of(&all)
        .into_iter()
        .map(|row| group(&call.address, row, default))
        .collect();
    let envelope = paging.envelope(&call.address, "groups", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET users/{id}/groups/count`.
pub(crate) async fn count_of_groups(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let person = call.desk.people().get(PersonId(id)).await?;
    let person = person.ok_or(ApiError::Missing)?;
    let all = call.desk.groups().all().await?;
    let theirs = all
        .iter()
        .filter(|group| !group.is_archived && person.groups.contains(&group.id));
    Ok(Json(counted(theirs.count(), call.desk.now())))
}

/// `GET end_users/{id}`: as `users/{id}`, of whoever does not work here.
pub(crate) async fn end_user(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    asks(&call, id).await?;
    show(call, Ids(id)).await
}

/// `PUT end_users/{id}`.
pub(crate) async fn update_end_user(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    asks(&call, id).await?;
    update(call, Ids(id), sent).await
}

/// Refuses somebody who works here: they are no end user.
async fn asks(call: &Call, id: u64) -> Result<(), ApiError> {
    let person = call.desk.people().get(PersonId(id)).await?;
    let person = person.filter(|person| !person.role.is_staff());
    person.map(drop).ok_or(ApiError::Missing)
}
