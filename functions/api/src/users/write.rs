//! `POST users`, `POST users/create_or_update` and `PUT users/{id}`.

use super::fields::UserFields;
use crate::{
    fields::values::check_room,
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::Sent,
    },
    shapes::user::user,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{Answer, Committed, MOST_TRIES, StoreError, Write};
use docket_domain::{
    OrganizationId, PersonId,
    audit::ChangedBy,
    field::FieldsOf,
    people::{
        person::{Identity, Person},
        staff::Role,
    },
};
use http::StatusCode;
use serde_json::json;

/// The channel under which somebody is found who was made without anything to recognise them by: the identity is the
/// idempotency key of the call.
const API_CALLS: &str = "api-call";

/// Whom a call is about.
#[derive(Clone, Copy)]
enum Whom {
    /// Somebody who is not known yet.
    New,
    /// Whoever is known by an identity that is sent, or else somebody new.
    NewOrKnown,
    /// This person.
    Known(PersonId),
}

/// Makes a person who is not known yet.
pub(crate) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    write(&call, &sent, Whom::New).await
}

/// Changes a person.
pub(crate) async fn update(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    write(&call, &sent, Whom::Known(PersonId(id))).await
}

/// Makes a person, or changes the one who is known by the address or by the caller's own id.
pub(crate) async fn create_or_update(call: Call, sent: Sent) -> Result<Response, ApiError> {
    write(&call, &sent, Whom::NewOrKnown).await
}

async fn write(call: &Call, sent: &Sent, whom: Whom) -> Result<Response, ApiError> {
    let once = Once::of(call, sent)?;
    let earlier = once.earlier(call).await?;
    let mut fields = sent.read::<UserFields>("user")?.checked()?;
    let own = &mut fields.user_fields;
    own.resolve(call, FieldsOf::People, "user_fields").await?;
    if let Some(earlier) = earlier {
        return repeated(call, &once, &fields, whom, &earlier).await;
    }
    check_role(call, &fields)?;
    check_organization(call, &fields).await?;
    for nth in 0..MOST_TRIES {
        call.desk.wait_before(nth).await;
        let by = call.changed_by(once.cause.as_str());
        let known = known(call, &fields, whom).await?;
        let created = known.is_none();
        let worked = known.as_ref().is_some_and(|(_, person)| person.role.is_staff());
        let (person, writes) = match known {
            Some((field, _)) if matches!(whom, Whom::New) => return Err(ApiError::taken(field)),
            Some((_, person)) => changed(call, &fields, person, &by).await?,
            None => match made(call, &once, &fields, &by).await? {
                Some(made) => made,
                // Somebody else made the person a moment ago.
                None => continue,
            },
        };
        let guards = once.guards(created);
        if writes.is_empty() && guards.is_empty() {
            return Ok(answer(call, &once, &person, created, false));
        }
        match call.desk.commit_writes(guards, writes).await? {
            Committed::Done(_) => {
                if worked && !person.role.is_staff() {
                    // What they had goes to others; the sweep takes on what fails here.
                    call.desk.settle_agent_soon(person.id).await;
                }
                return Ok(answer(call, &once, &person, created, false));
            }
            Committed::Duplicate(earlier) => {
                let earlier = once.same(earlier)?;
                return repeated(call, &once, &fields, whom, &earlier).await;
            }
            // Somebody else made or changed the person at the same time.
            Committed::Lost => {}
        }
    }
    let what = "the user".to_owned();
    Err(StoreError::Contended {
        what,
        tries: MOST_TRIES,
    }
    .into())
}

fn check_role(call: &Call, fields: &UserFields) -> Result<(), ApiError> {
    let is_staff = fields.role.flatten().is_some_and(Role::is_staff);
    if is_staff && call.caller.role != Role::Admin {
        return Err(ApiError::Forbidden(
            "Only admins may make somebody an agent or admin.",
        ));
    }
    Ok(())
}

async fn check_organization(call: &Call, fields: &UserFields) -> Result<(), ApiError> {
    if let Some(Some(id)) = fields.organization_id
        && call.desk.organizations().get(OrganizationId(id)).await?.is_none()
    {
        return Err(ApiError::invalid("organization_id", "is no organization's id"));
    }
    Ok(())
}

/// Who is known by id or by an identity, and by which field.
async fn known(
    call: &Call,
    fields: &UserFields,
    whom: Whom,
) -> Result<Option<(&'static str, Person)>, ApiError> {
    let mut known: Option<(&'static str, Person)> = None;
    if let Whom::Known(id) = whom {
        let person = call.desk.people().get(id).await?.ok_or(ApiError::Missing)?;
        known = Some(("id", person));
    }
    for (field, identity) in fields.identities() {
        match (call.desk.people().find(&identity).await?, &known) {
            (Some(other), Some((_, person))) if other.id != person.id => return Err(ApiError::taken(field)),
            (Some(person), None) => known = Some((field, person)),
            _ => {}
        }
    }
    Ok(known)
}

async fn changed(
    call: &Call,
    fields: &UserFields,
    person: Person,
    by: &ChangedBy,
) -> Result<(Person, Vec<Write>), ApiError> {
    if person.role.is_staff() && call.caller.role != Role::Admin {
        return Err(ApiError::Forbidden("Only admins may change agents and admins."));
    }
    let changed = fields.applied_to(&person, by.at);
    if changed == person {
        return Ok((person, vec![]));
    }
    check_room("user_fields", &changed.user_fields)?;
    if let Some(refused) = call.desk.agents().refuses_role(&person, changed.role).await? {
        return Err(ApiError::invalid("role", refused.to_string()));
    }
    let writes = call.desk.people().changed_writes(&person, &changed, by).await?;
    Ok((changed, writes))
}

async fn made(
    call: &Call,
    once: &Once,
    fields: &UserFields,
    by: &ChangedBy,
) -> Result<Option<(Person, Vec<Write>)>, ApiError> {
    let mut identities: Vec<Identity> = fields
        .identities()
        .into_iter()
        .map(|(_, identity)| identity)
        .collect();
    let name = match (&fields.name, identities.is_empty()) {
        (Some(name), _) => name.as_str(),
        (None, false) => "",
        (None, true) => return Err(ApiError::blank("name")),
    };
    if identities.is_empty() {
        identities.extend(own_identity(once));
    }
    let found = call.desk.people().find_or_make(identities, name, None, by);
    let (person, writes) = found.await?;
    if writes.is_empty() {
        return Ok(None);
    }
    let person = fields.applied_to(&person, by.at);
    check_room("user_fields", &person.user_fields)?;
    let writes = call.desk.people().new_writes(&person, by)?;
    Ok(Some((person, writes)))
}

fn own_identity(once: &Once) -> Option<Identity> {
    let name = once.name()?.to_owned();
    Some(Identity::Channel(API_CALLS.to_owned(), name))
}

/// The answer to a repeat: the person whom the first request made or changed, as they are now.
async fn repeated(
    call: &Call,
    once: &Once,
    fields: &UserFields,
    whom: Whom,
    earlier: &Answer,
) -> Result<Response, ApiError> {
    let mut person = known(call, fields, whom).await?.map(|(_, person)| person);
    if let (None, Some(identity)) = (&person, own_identity(once)) {
        person = call.desk.people().find(&identity).await?;
    }
    let person = person.ok_or(ApiError::Missing)?;
    Ok(answer(call, once, &person, earlier.created, true))
}

fn answer(call: &Call, once: &Once, person: &Person, created: bool, repeated: bool) -> Response {
    let status = if created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let body = json!({ "user": user(&call.address, person) });
    once.mark((status, Json(body)).into_response(), repeated)
}
