//! `organization_memberships`: who belongs to which organization. Each person has one that is their default.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::{Sent, flag, id},
        paging::Paging,
        place_paging::{Found, MOST_BY_NUMBER, PlacePaging},
    },
    shapes::{
        counted,
        organization::organization,
        organization_membership::{membership, membership_of},
    },
    sideloads::Referred,
    users::changing::{Looked, change, change_once, standing},
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{MembershipRows, OrganizationMembership};
use docket_domain::{
    OrganizationId, PersonId,
    people::{account::MOST_ORGANIZATIONS, organization::Organization, person::Person},
};
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
    organization_id: Option<u64>,
    #[serde(deserialize_with = "flag")]
    default: Option<bool>,
    #[serde(deserialize_with = "flag")]
    view_tickets: Option<bool>,
}

/// `GET organization_memberships`: by person, then by organization.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let paging = PlacePaging::oldest_first(&call.address)?;
    let found = call
        .desk
        .organizations()
        .all_memberships(&paging.asked().page)
        .await?;
    let count = match paging.counts() {
        true => {
            call.desk
                .organizations()
                .count_of_memberships(MOST_BY_NUMBER)
                .await?
        }
        false => 0,
    };
    page(&call, &paging, found, count).await
}

/// `GET organizations/{id}/organization_memberships`: by person.
pub(crate) async fn of_organization(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let organization = there(&call, OrganizationId(id))
        .await?
        .ok_or(ApiError::Missing)?
        .id;
    let paging = PlacePaging::oldest_first(&call.address)?;
    let organizations = call.desk.organizations();
    let found = organizations.members(organization, &paging.asked().page).await?;
    let count = match paging.counts() {
        true => {
            organizations
                .count_of_members(organization, MOST_BY_NUMBER)
                .await?
        }
        false => 0,
    };
    page(&call, &paging, found, count).await
}

async fn page(
    call: &Call,
    paging: &PlacePaging,
    mut found: MembershipRows,
    count: usize,
) -> Result<Json<Value>, ApiError> {
    if paging.asked().is_backwards {
        found.rows.reverse();
    }
    let ids: Vec<_> = found.rows.iter().map(|row| row.organization).collect();
    let known = call.desk.organizations().get_many(&ids).await?;
    let rows = found
        .rows
        .iter()
        .filter_map(|row| shape(call, row, &known))
        .collect();
    let referred = Referred {
        people: found.rows.iter().map(|row| row.person.id).collect(),
        organizations: known,
        ..Referred::default()
    };
    let places = Found {
        first: found.first,
        last: found.last,
        has_more: found.has_more,
    };
    let mut envelope = paging.envelope(&call.address, "organization_memberships", rows, &places, count);
    referred.add_to(&mut envelope, call).await?;
    Ok(Json(Value::Object(envelope)))
}

/// The membership; nothing where the organization is there no longer.
fn shape(call: &Call, row: &OrganizationMembership, known: &[Organization]) -> Option<Value> {
    let of = known.iter().find(|known| known.id == row.organization)?;
    Some(membership(&call.address, row, of))
}

async fn there(call: &Call, id: OrganizationId) -> Result<Option<Organization>, ApiError> {
    Ok(call.desk.organizations().get(id).await?)
}

/// All memberships of somebody, the default one first.
async fn all_of(call: &Call, person: &Person) -> Result<Vec<Value>, ApiError> {
    let mut person = [person.clone()];
    call.desk.organizations().forget_missing(&mut person).await?;
    let [person] = person;
    let memberships = call.desk.people().memberships(&person).await?;
    let known = call
        .desk
        .organizations()
        .as_of_now(&person.organizations())
        .await?;
    let rows = memberships.iter().filter_map(|row| shape(call, row, &known));
    Ok(rows.collect())
}

async fn listed(call: &Call, person: &Person) -> Result<Json<Value>, ApiError> {
    let rows = all_of(call, person).await?;
    let ids = rows.iter().filter_map(|row| row["organization_id"].as_u64());
    let ids: Vec<_> = ids.map(OrganizationId).collect();
    let paging = Paging::of(&call.address);
    let window = paging.window(rows.len() as u64);
    let page = window.of(&rows).into_iter().cloned().collect();
    let mut envelope = paging.envelope(&call.address, "organization_memberships", page, &window);
    let referred = Referred {
        people: [person.id].into(),
        organizations: call.desk.organizations().get_many(&ids).await?,
        ..Referred::default()
    };
    referred.add_to(&mut envelope, call).await?;
    Ok(Json(Value::Object(envelope)))
}

/// `GET users/{id}/organizations/count`.
pub(crate) async fn count_of_organizations(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let person = standing(&call, id).await?;
    let theirs = person.organizations();
    let found = call.desk.organizations().as_of_now(&theirs).await?;
    Ok(Json(counted(found.len(), call.desk.now())))
}

/// `GET users/{id}/organization_memberships`.
pub(crate) async fn of_user(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let person = standing(&call, id).await?;
    listed(&call, &person).await
}

/// `GET users/{id}/organizations`.
pub(crate) async fn organizations(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let person = standing(&call, id).await?;
    let found = call
        .desk
        .organizations()
        .as_of_now(&person.organizations())
        .await?;
    let paging = Paging::of(&call.address);
    let window = paging.window(found.len() as u64);
    let rows = window.of(&found).into_iter();
    let rows = rows.map(|row| organization(&call.address, row)).collect();
    let envelope = paging.envelope(&call.address, "organizations", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET organization_memberships/{id}`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let (organization, person) = membership_of(id);
    let person = standing(&call, person.0).await?;
    Ok(Json(one(&call, &person, organization).await?))
}

/// `GET users/{id}/organization_memberships/{membership}`.
pub(crate) async fn show_of_user(
    call: Call,
    Ids((user, id)): Ids<(u64, u64)>,
) -> Result<Json<Value>, ApiError> {
    of(user, id)?;
    show(call, Ids(id)).await
}

/// The organization of a membership that is this person's.
fn of(user: u64, id: u64) -> Result<OrganizationId, ApiError> {
    let (organization, person) = membership_of(id);
    match person == PersonId(user) {
        true => Ok(organization),
        false => Err(ApiError::Missing),
    }
}

async fn one(call: &Call, person: &Person, id: OrganizationId) -> Result<Value, ApiError> {
    let known = there(call, id).await?.ok_or(ApiError::Missing)?;
    let memberships = call.desk.people().memberships(person).await?;
    let row = memberships.iter().find(|row| row.organization == id);
    let row = row.ok_or(ApiError::Missing)?;
    Ok(json!({ "organization_membership": membership(&call.address, row, &known) }))
}

/// `POST organization_memberships`.
pub(crate) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let fields: Fields = sent.read("organization_membership")?;
    let user = fields.user_id.ok_or_else(|| ApiError::blank("user_id"))?;
    let once = Once::of(&call, &sent)?;
    join(&call, &once, user, &fields).await
}

/// `POST users/{id}/organization_memberships`.
pub(crate) async fn create_of_user(
    call: Call,
    Ids(user): Ids<u64>,
    sent: Sent,
) -> Result<Response, ApiError> {
    let fields: Fields = sent.read("organization_membership")?;
    if fields.user_id.is_some_and(|id| id != user) {
        return Err(ApiError::invalid("user_id", "is another than that of the path"));
    }
    let once = Once::of(&call, &sent)?;
    standing(&call, user).await?;
    join(&call, &once, user, &fields).await
}

async fn join(call: &Call, once: &Once, user: u64, fields: &Fields) -> Result<Response, ApiError> {
    let organization = fields
        .organization_id
        .ok_or_else(|| ApiError::blank("organization_id"))?;
    let organization = OrganizationId(organization);
    if once.earlier(call).await?.is_some() {
        return joined(call, once, user, organization, true).await;
    }
    let known = there(call, organization).await?;
    let known = known.ok_or_else(|| ApiError::invalid("organization_id", "is no organization's id"))?;
    let person = call.desk.people().get(PersonId(user)).await?;
    let person = person.filter(Person::is_standing);
    let person = person.ok_or_else(|| ApiError::invalid("user_id", "is nobody's id"))?;
    let sees = known.shared_tickets || person.sees_organization;
    if fields.view_tickets.is_some_and(|said| said != sees) {
        let words = "is said of the organization (shared_tickets) or of the user (ticket_restriction)";
        return Err(ApiError::invalid("view_tickets", words));
    }
    let looked = Looked {
        organizations: true,
        ..Looked::default()
    };
    let changed = change_once(call, user, looked, (once, true), |person| {
        let mut all = person.organizations();
        if all.contains(&organization) {
            return Err(ApiError::taken_by("organization_id", "membership of this user"));
        }
        if all.len() >= MOST_ORGANIZATIONS {
            let words = format!("has {MOST_ORGANIZATIONS} organizations, more are not possible");
            return Err(ApiError::invalid("user_id", words));
        }
        match fields.default {
            Some(true) => all.insert(0, organization),
            _ => all.push(organization),
        }
        person.set_organizations(all);
        Ok(())
    });
    let is_repeated = changed.await?.is_none();
    joined(call, once, user, organization, is_repeated).await
}

/// The answer to whoever had somebody join.
async fn joined(
    call: &Call,
    once: &Once,
    user: u64,
    organization: OrganizationId,
    is_repeated: bool,
) -> Result<Response, ApiError> {
    let person = standing(call, user).await?;
    let made = Json(one(call, &person, organization).await?);
    Ok(once.mark((StatusCode::CREATED, made).into_response(), is_repeated))
}

/// `DELETE organization_memberships/{id}`.
pub(crate) async fn destroy(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<StatusCode, ApiError> {
    let (organization, person) = membership_of(id);
    part(&call, &sent, person.0, organization).await
}

/// `DELETE users/{id}/organization_memberships/{membership}`.
pub(crate) async fn destroy_of_user(
    call: Call,
    Ids((user, id)): Ids<(u64, u64)>,
    sent: Sent,
) -> Result<StatusCode, ApiError> {
    let organization = of(user, id)?;
    part(&call, &sent, user, organization).await
}

/// `DELETE users/{id}/organizations/{organization}`.
pub(crate) async fn leave(
    call: Call,
    Ids((user, organization)): Ids<(u64, u64)>,
    sent: Sent,
) -> Result<StatusCode, ApiError> {
    part(&call, &sent, user, OrganizationId(organization)).await
}

/// Whoever leaves their default organization has the next one as their default.
async fn part(
    call: &Call,
    sent: &Sent,
    user: u64,
    organization: OrganizationId,
) -> Result<StatusCode, ApiError> {
    let once = Once::of(call, sent)?;
    change_once(call, user, Looked::default(), (&once, false), |person| {
        let mut all = person.organizations();
        if !all.contains(&organization) {
            return Err(ApiError::Missing);
        }
        all.retain(|id| *id != organization);
        person.set_organizations(all);
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT users/{id}/organization_memberships/{membership}/make_default`: the answer is all of theirs.
pub(crate) async fn make_default(
    call: Call,
    Ids((user, id)): Ids<(u64, u64)>,
) -> Result<Json<Value>, ApiError> {
    let organization = of(user, id)?;
    let person = made_default(&call, user, organization).await?;
    listed(&call, &person).await
}

/// `PUT users/{id}/organizations/{organization}/make_default`: the same by the organization's id.
pub(crate) async fn make_organization_default(
    call: Call,
    Ids((user, organization)): Ids<(u64, u64)>,
) -> Result<Json<Value>, ApiError> {
    let person = made_default(&call, user, OrganizationId(organization)).await?;
    listed(&call, &person).await
}

async fn made_default(call: &Call, user: u64, organization: OrganizationId) -> Result<Person, ApiError> {
    let (person, ()) = change(call, user, Looked::default(), |person| {
        let all = person.organizations();
        if !all.contains(&organization) {
            return Err(ApiError::Missing);
        }
        person.set_organizations(std::iter::once(organization).chain(all));
        Ok(())
    })
    .await?;
    Ok(person)
}
