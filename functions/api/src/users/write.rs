//! `POST users`, `POST users/create_or_update` and `PUT users/{id}`.

use super::{changing::may_change, fields::UserFields, identities::API_CALLS};
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
        account::MOST_ORGANIZATIONS,
        organization::Claim,
        person::{Identity, MOST_IDENTITIES, Person},
        staff::Role,
    },
};
use http::StatusCode;
use serde_json::json;

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
    let fields = check_organizations(call, fields).await?;
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
    Err(StoreError::contended("the user").into())
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

/// The fields with the organization that is named by its name.
async fn check_organizations(call: &Call, mut fields: UserFields) -> Result<UserFields, ApiError> {
    let organizations = call.desk.organizations();
    let named = fields.organization.as_ref().and_then(|named| named.name.clone());
    if let (Some(name), None) = (named, fields.organization_id) {
        let found = organizations.claimant(&Claim::Name(name)).await?;
        let words = "is no organization's name: make it first";
        let found = found.ok_or_else(|| ApiError::invalid("organization.name", words))?;
        fields.organization_id = Some(Some(found.0));
    }
    if let Some(Some(id)) = fields.organization_id
        && organizations.get(OrganizationId(id)).await?.is_none()
    {
        return Err(ApiError::invalid("organization_id", "is no organization's id"));
    }
    if let Some(ids) = &fields.organization_ids {
        let asked: Vec<_> = ids.iter().copied().map(OrganizationId).collect();
        let known = organizations.as_of_now(&asked).await?;
        if asked.iter().any(|id| !known.iter().any(|known| known.id == *id)) {
            return Err(ApiError::invalid(
                "organization_ids",
                "has what is no organization's id",
            ));
        }
    }
    Ok(fields)
}

/// Refuses what can't be said of somebody with this role and these groups.
fn check_person(before: &Person, after: &Person, fields: &UserFields) -> Result<(), ApiError> {
    let is_staff = after.role.is_staff();
    if is_staff && after.is_suspended() {
        let words = "can't be said of who works here; make them an end user first";
        return Err(ApiError::invalid("suspended", words));
    }
    let restriction = fields.ticket_restriction.as_ref().and_then(Option::as_deref);
    match restriction {
        None => {}
        Some("requested" | "organization") if !is_staff => {}
        Some(_) if is_staff => {
            let words = "can't be said of who works here: agents see all tickets";
            return Err(ApiError::invalid("ticket_restriction", words));
        }
        Some(_) => {
            let words = "is requested or organization";
            return Err(ApiError::invalid("ticket_restriction", words));
        }
    }
    let group = after
        .default_group
        .filter(|_| after.default_group != before.default_group);
    if group.is_some_and(|group| !after.groups.contains(&group)) {
        let words = "is no group that they belong to: POST group_memberships first";
        return Err(ApiError::invalid("default_group_id", words));
    }
    if after.identities.len() > MOST_IDENTITIES {
        let words = format!("at most {MOST_IDENTITIES} are possible");
        return Err(ApiError::invalid("identities", words));
    }
    if after.organizations().len() > MOST_ORGANIZATIONS {
        let words = format!("at most {MOST_ORGANIZATIONS} are possible");
        return Err(ApiError::invalid("organization_id", words));
    }
    Ok(())
}

/// Who is known by id or by an identity, and by which field. Whoever is to be changed has to be named by what somebody said is theirs:
/// an address that came with a contact may be another's.
async fn known(
    call: &Call,
    fields: &UserFields,
    whom: Whom,
) -> Result<Option<(&'static str, Person)>, ApiError> {
    let mut known: Option<(&'static str, Person)> = None;
    if let Whom::Known(id) = whom {
        let person = call.desk.people().get(id).await?;
        let person = person.filter(Person::is_standing).ok_or(ApiError::Missing)?;
        known = Some(("id", person));
    }
    let mut is_named = !matches!(whom, Whom::NewOrKnown);
    for (field, identity) in fields.identities() {
        let Some(found) = call.desk.people().find(&identity).await? else {
            continue;
        };
        is_named |= found.is_named_by(&identity);
        match &known {
            Some((_, person)) if person.id != found.id => return Err(ApiError::taken(field)),
            Some(_) => {}
            None => known = Some((field, found)),
        }
    }
    match known {
        Some((field, person)) if !is_named => Err(ApiError::unconfirmed(field, person.id)),
        known => Ok(known),
    }
}

/// Refuses that somebody begins to work here under an address that nobody confirmed to be theirs: they would sign in by another.
fn refuse_stray(person: &Person, fields: &UserFields) -> Result<(), ApiError> {
    let begins = fields.role.flatten().is_some_and(Role::is_staff) && !person.role.is_staff();
    let is_stray = |identity: &Identity| {
        let address = match identity {
            Identity::Email(address) => address,
            Identity::Phone(_) | Identity::Channel(..) | Identity::External(_) => return false,
        };
        person.identities.contains(identity) && !person.signs_in_by(address)
    };
    let mut named = fields.identities().into_iter();
    match named.find(|(_, identity)| begins && is_stray(identity)) {
        Some((field, _)) => Err(ApiError::unconfirmed(field, person.id)),
        None => Ok(()),
    }
}

async fn changed(
    call: &Call,
    fields: &UserFields,
    person: Person,
    by: &ChangedBy,
) -> Result<(Person, Vec<Write>), ApiError> {
    may_change(call, &person)?;
    refuse_stray(&person, fields)?;
    fields.user_fields.check_lookups(&person.user_fields)?;
    let changed = fields.applied_to(&person, by.at);
    check_person(&person, &changed, fields)?;
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
    let before = person;
    fields.user_fields.check_lookups(&before.user_fields)?;
    let person = fields.applied_to(&before, by.at);
    check_person(&before, &person, fields)?;
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
