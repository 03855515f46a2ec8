//! `DELETE users/{id}` and `deleted_users`: a record that is set aside, and one that is forgotten.

use super::changing::{Looked, change_once};
use crate::{
    account::locale_id,
    kit::{
        call::{API, Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::Sent,
        place_paging::{Found, MOST_BY_NUMBER, PlacePaging},
    },
    shapes::{time, user::user},
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{ForgetError, PersonTask};
use docket_domain::{
    PersonId,
    audit::{Subject, What},
    people::{person::Person, staff::Role},
    ticket::Actor,
};
use serde_json::{Value, json};

/// `DELETE users/{id}`: nothing leads to them any more, and what they asked stays. Whoever works here leaves.
pub(crate) async fn soft(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let once = Once::of(&call, &sent)?;
    if id == call.caller.id.0 {
        return Err(ApiError::invalid("base", "nobody deletes themselves"));
    }
    let now = call.desk.now();
    let looked = Looked {
        leaves: true,
        ..Looked::default()
    };
    let deleted = change_once(&call, id, looked, (&once, false), |person| {
        person.role = Role::EndUser;
        person.deleted_at = Some(now);
        Ok(())
    });
    let (person, repeated) = match deleted.await? {
        Some((person, ())) => (person, false),
        None => {
            let person = call.desk.people().get(PersonId(id)).await?;
            (person.ok_or(ApiError::Missing)?, true)
        }
    };
    let body = Json(json!({ "user": user(&call.address, &person) }));
    Ok(once.mark(body.into_response(), repeated))
}

/// `GET deleted_users`: those who were deleted and not forgotten, by id.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let paging = PlacePaging::oldest_first(&call.address)?;
    let asked = paging.asked();
    let mut found = call.desk.people().deleted(&asked.page).await?;
    if asked.is_backwards {
        found.people.reverse();
    }
    let count = if paging.counts() {
        call.desk.people().count_of_deleted(MOST_BY_NUMBER).await?
    } else {
        0
    };
    let rows = found.people.iter().map(|person| shape(&call, person)).collect();
    let places = Found {
        first: found.first,
        last: found.last,
        has_more: found.has_more,
    };
    let envelope = paging.envelope(&call.address, "deleted_users", rows, &places, count);
    Ok(Json(Value::Object(envelope)))
}

/// `GET deleted_users/count`.
pub(crate) async fn count(call: Call) -> Result<Json<Value>, ApiError> {
    let count = call.desk.people().count_of_deleted(MOST_BY_NUMBER).await?;
    Ok(Json(crate::shapes::counted(count, call.desk.now())))
}

/// `GET deleted_users/{id}`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let person = one(&call, id).await?;
    Ok(Json(json!({ "deleted_user": shape(&call, &person) })))
}

async fn one(call: &Call, id: u64) -> Result<Person, ApiError> {
    let person = call.desk.people().get(PersonId(id)).await?;
    let is_deleted = |person: &Person| person.deleted_at.is_some() && person.forgotten_at.is_none();
    person.filter(is_deleted).ok_or(ApiError::Missing)
}

fn shape(call: &Call, person: &Person) -> Value {
    json!({
        "id": person.id,
        "url": call.address.resource(&format!("/deleted_users/{}", person.id)),
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "shared_phone_number": null,
        "role": person.role.as_str(),
        "active": false,
        "locale": person.locale.as_deref().unwrap_or("en-US"),
        "locale_id": locale_id(person.locale.as_deref()),
        "organization_id": person.organization,
        "photo": null,
        "time_zone": person.time_zone.as_deref().unwrap_or("UTC"),
        "created_at": time(person.created_at),
        "updated_at": time(person.updated_at),
    })
}

/// `DELETE deleted_users/{id}`: forgets them. What is known of them is gone with the answer; what they asked and wrote follows.
pub(crate) async fn destroy(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let person = one(&call, id).await?;
    let by = call.changed_by(API);
    match call.desk.people().ask_to_forget(person.id, &by).await {
        Ok(()) => {}
        Err(ForgetError::Nobody) => return Err(ApiError::Missing),
        Err(error @ ForgetError::WorksHere) => return Err(ApiError::invalid("role", error.to_string())),
        Err(ForgetError::Store(error)) => return Err(error.into()),
    }
    // Once more as it was: whoever asked can say what is gone.
    Ok(Json(json!({ "deleted_user": shape(&call, &person) })))
}

/// `GET users/{id}/compliance_deletion_statuses`: how far it is that somebody is forgotten.
pub(crate) async fn compliance(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let person = call
        .desk
        .people()
        .get(PersonId(id))
        .await?
        .ok_or(ApiError::Missing)?;
    let Some(forgotten_at) = person.forgotten_at else {
        return Ok(Json(json!({ "compliance_deletion_statuses": [] })));
    };
    let events = call.desk.audits().events(Subject::Person(person.id)).await?;
    let asked = events
        .iter()
        .rev()
        .find(|event| event.what == What::Changed && event.changed.contains_key("forgotten_at"));
    let executer = asked.and_then(|event| match event.actor {
        Actor::Agent(id) => Some(id),
        _ => None,
    });
    let work = call.desk.people().work(person.id).await?;
    let is_on = work.is_some_and(|(work, _)| matches!(work.task, PersonTask::Forget { .. }));
    let row = |action: &str, application: &str| {
        json!({
            "action": action,
            "application": application,
            "account_subdomain": call.desk.settings.tenant.as_str(),
            "executer_id": executer,
            "user_id": person.id,
            "created_at": time(forgotten_at),
        })
    };
    let mut rows = vec![row("request_deletion", "all"), row("started", "support")];
    if !is_on {
        rows.push(row("complete", "support"));
    }
    if let Some(application) = call.address.parameter("application") {
        rows.retain(|row| row["application"] == application);
    }
    Ok(Json(json!({ "compliance_deletion_statuses": rows })))
}
