//! People of groups and of organizations: lists of them, and how many there are, with the filters that lists of people have.

use super::{
    read::{asks_for_nobody, listed, roles},
    sideloads::bring_along,
};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::Paging,
        place_paging::{Asked, Found, MOST_BY_NUMBER, PlacePaging},
    },
    shapes::{counted, user::user},
};
use axum::Json;
use docket_desk::{MembershipRows, ViewPage};
use docket_domain::{
    GroupId, OrganizationId, PersonId,
    people::{
        person::{Identity, Person},
        staff::Role,
    },
};
use serde_json::Value;

/// Whom of a list a call asks for.
struct Wanted<'c> {
    /// Those of these roles; of all where none is named.
    roles: Vec<&'c str>,
    /// The one with this id of the caller's own.
    external_id: Option<&'c str>,
    /// Nobody: a role of the operator's own is nobody's.
    is_nobody: bool,
}

impl<'c> Wanted<'c> {
    fn of(call: &'c Call) -> Self {
        Self {
            roles: roles(call),
            external_id: call.address.parameter("external_id"),
            is_nobody: asks_for_nobody(call),
        }
    }

    fn takes(&self, person: &Person) -> bool {
        let has_role = self.roles.is_empty() || self.roles.contains(&person.role.as_str());
        let has_id = |id| person.external_id.as_deref() == Some(id);
        has_role && !self.is_nobody && self.external_id.is_none_or(has_id)
    }

    /// Whether customers can be among them, of whom there may be many.
    fn may_be_many(&self) -> bool {
        let has_customers = self.roles.is_empty() || self.roles.contains(&Role::EndUser.as_str());
        has_customers && !self.is_nobody && self.external_id.is_none()
    }
}

/// `GET groups/{id}/users`: its members, by id.
pub(crate) async fn of_group(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let members = members_of_group(&call, GroupId(id)).await?;
    page_of(&call, &members).await
}

/// `GET groups/{id}/users/count`.
pub(crate) async fn count_of_group(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let members = members_of_group(&call, GroupId(id)).await?;
    Ok(Json(counted(members.len(), call.desk.now())))
}

async fn members_of_group(call: &Call, group: GroupId) -> Result<Vec<Person>, ApiError> {
    if call.desk.groups().get(group).await?.is_none() {
        return Err(ApiError::Missing);
    }
    let wanted = Wanted::of(call);
    let members = call.desk.groups().members(group).await?;
    let mut members = call.desk.people().get_many(&members).await?;
    // Whoever left is taken out of the list of members a moment later.
    members.retain(|person| person.role.is_staff() && person.groups.contains(&group));
    members.retain(|person| wanted.takes(person));
    members.sort_by_key(|person| person.id);
    Ok(members)
}

/// A page of people at hand.
async fn page_of(call: &Call, people: &[Person]) -> Result<Json<Value>, ApiError> {
    let paging = Paging::of(&call.address);
    let window = paging.window(people.len() as u64);
    let mut page: Vec<Person> = window.of(people).into_iter().cloned().collect();
    call.desk.organizations().forget_missing(&mut page).await?;
    listed(call, &paging, &page, &window).await
}

/// `GET organizations/{id}/users`: its people, by id.
pub(crate) async fn of_organization(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let organization = OrganizationId(id);
    let wanted = Wanted::of(&call);
    if !wanted.may_be_many() {
        let few = few_of_organization(&call, organization, &wanted).await?;
        return page_of(&call, &few).await;
    }
    let others = others_of_organization(&call, organization, &wanted).await?;
    let paging = PlacePaging::oldest_first(&call.address)?;
    let (found, count) = match paging.counts() {
        true => counted_page(&call, organization, (&paging.asked(), &wanted, &others)).await?,
        false => {
            let asked = paging.asked();
            let organizations = call.desk.organizations();
            let mut found = organizations.members(organization, &asked.page).await?;
            found.rows.retain(|row| wanted.takes(&row.person));
            if asked.is_backwards {
                found.rows.reverse();
            }
            (found, 0)
        }
    };
    let mut people: Vec<_> = found.rows.into_iter().map(|row| row.person).collect();
    call.desk.organizations().forget_missing(&mut people).await?;
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

/// `GET organizations/{id}/users/count`: at most 10,000 are counted.
pub(crate) async fn count_of_organization(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let organization = OrganizationId(id);
    let wanted = Wanted::of(&call);
    let count = if wanted.may_be_many() {
        let others = others_of_organization(&call, organization, &wanted).await?;
        count_without(&call, organization, &others).await?
    } else {
        few_of_organization(&call, organization, &wanted).await?.len()
    };
    Ok(Json(counted(count, call.desk.now())))
}

/// Members of an organization who are asked for where these are no customers, or one alone.
async fn few_of_organization(
    call: &Call,
    organization: OrganizationId,
    wanted: &Wanted<'_>,
) -> Result<Vec<Person>, ApiError> {
    is_there(call, organization).await?;
    let mut found = match wanted.external_id {
        _ if wanted.is_nobody => vec![],
        Some(id) => {
            let identity = Identity::External(id.to_owned());
            let found = call.desk.people().find(&identity).await?;
            found.into_iter().collect()
        }
        None => call.desk.agents().all().await?,
    };
    found.retain(|person| wanted.takes(person) && person.organizations().contains(&organization));
    Ok(found)
}

/// Members of an organization who are not asked for: they work here.
async fn others_of_organization(
    call: &Call,
    organization: OrganizationId,
    wanted: &Wanted<'_>,
) -> Result<Vec<PersonId>, ApiError> {
    is_there(call, organization).await?;
    if wanted.roles.is_empty() {
        return Ok(vec![]);
    }
    let staff = call.desk.agents().all().await?;
    let others = staff
        .iter()
        .filter(|person| !wanted.takes(person) && person.organizations().contains(&organization));
    Ok(others.map(|person| person.id).collect())
}

async fn is_there(call: &Call, organization: OrganizationId) -> Result<(), ApiError> {
    let found = call.desk.organizations().get(organization).await?;
    found.map(drop).ok_or(ApiError::Missing)
}

async fn count_without(
    call: &Call,
    organization: OrganizationId,
    others: &[PersonId],
) -> Result<usize, ApiError> {
    let organizations = call.desk.organizations();
    let all = organizations
        .count_of_members(organization, MOST_BY_NUMBER)
        .await?;
    Ok(all.saturating_sub(others.len()))
}

/// A page by number, full whoever of the list is not asked for, and how many the whole list has.
async fn counted_page(
    call: &Call,
    organization: OrganizationId,
    (asked, wanted, others): (&Asked, &Wanted<'_>, &[PersonId]),
) -> Result<(MembershipRows, usize), ApiError> {
    let wider = ViewPage {
        limit: asked.page.limit + others.len(),
        ..asked.page.clone()
    };
    let mut found = call.desk.organizations().members(organization, &wider).await?;
    // So many rows that are not asked for were passed over as if they were: so many too far the page begins.
    let first = found.first.as_deref().and_then(|place| place.parse().ok());
    let passed = first.map(PersonId).map_or(0, |first| {
        let is_before = |other: &&PersonId| match asked.page.oldest_first {
            true => **other < first,
            false => **other > first,
        };
        others.iter().filter(is_before).count()
    });
    found.rows.retain(|row| wanted.takes(&row.person));
    let page = found.rows.into_iter().skip(passed).take(asked.page.limit);
    found.rows = page.collect();
    let count = count_without(call, organization, others).await?;
    if !others.is_empty() {
        found.has_more = asked.page.skip + asked.page.limit < count;
    }
    Ok((found, count))
}
