//! What belongs to people, and lists of people by what they belong to.

use super::{
    read::{listed, rows_of_roles, show},
    sideloads::bring_along,
    write::update,
};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        input::Sent,
        paging::Paging,
        place_paging::{Found, MOST_BY_NUMBER, PlacePaging},
    },
    shapes::{counted, group::group, user::user},
    ticket_lists::in_copy,
};
use axum::{Json, response::Response};
use docket_domain::{GroupId, OrganizationId, PersonId, people::person::Person};
use docket_search::{Asker, Kind, SearchRequest, Wanted};
use serde_json::{Value, json};

/// `GET users/count`: how many there are, of these roles where some are named.
pub(crate) async fn count(call: Call) -> Result<Json<Value>, ApiError> {
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

/// `GET groups/{id}/users`: its members, by id.
pub(crate) async fn of_group(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let group = GroupId(id);
    if call.desk.groups().get(group).await?.is_none() {
        return Err(ApiError::Missing);
    }
    let members = call.desk.groups().members(group).await?;
    let mut members = call.desk.people().get_many(&members).await?;
    // Whoever left is taken out of the list of members a moment later.
    members.retain(|person| person.role.is_staff() && person.groups.contains(&group));
    members.sort_by_key(|person| person.id);
    let paging = Paging::of(&call.address);
    let window = paging.window(members.len() as u64);
    let mut page: Vec<Person> = window.of(&members).into_iter().cloned().collect();
    call.desk.organizations().forget_missing(&mut page).await?;
    listed(&call, &paging, &page, &window).await
}

/// `GET organizations/{id}/users`: its people, by id.
pub(crate) async fn of_organization(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let organization = OrganizationId(id);
    let organizations = call.desk.organizations();
    if organizations.get(organization).await?.is_none() {
        return Err(ApiError::Missing);
    }
    let paging = PlacePaging::oldest_first(&call.address)?;
    let asked = paging.asked();
    let mut found = organizations.members(organization, &asked.page).await?;
    if asked.is_backwards {
        found.rows.reverse();
    }
    let count = if paging.counts() {
        organizations
            .count_of_members(organization, MOST_BY_NUMBER)
            .await?
    } else {
        0
    };
    let mut people: Vec<_> = found.rows.into_iter().map(|row| row.person).collect();
    organizations.forget_missing(&mut people).await?;
    let rows = people.iter().map(|person| user(&call.address, person)).collect();
    let places = Found {
        first: found.first,
        last: found.last,
        has_more: found.has_more,
    };
    let mut envelope = paging.envelope(&call.address, "users", rows, &places, count);
    bring_along(&call, &people, &mut envelope).await?;
    Ok(Json(Value::Object(envelope)))
}
