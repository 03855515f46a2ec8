//! Reading people.

use crate::{
    kit::{
        call::{Call, Ids},
        customer::Customer,
        error::ApiError,
        paging::{Paging, Window},
    },
    shapes::user::{own, user},
    tickets::{external_ids_asked_for, ids_asked_for},
    users::sideloads::bring_along,
};
use axum::Json;
use docket_desk::Rows;
use docket_domain::{
    PersonId,
    people::{
        person::{Identity, Person},
        staff::Role,
    },
};
use serde_json::{Map, Value};

/// How many pages without a row a list by cursor passes over.
const MOST_EMPTY_PAGES: u32 = 20;

/// Whether those are asked for who have a role of the operator's own: nobody has one.
pub(super) fn asks_for_nobody(call: &Call) -> bool {
    call.address.parameter("permission_set").is_some()
}

/// `GET users`: all people by id; `role=` or `role[]=` leaves out those of other roles, `external_id=` all but the one.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let paging = Paging::of(&call.address);
    if asks_for_nobody(&call) {
        let window = paging.window(0);
        return listed(&call, &paging, &[], &window).await;
    }
    let roles = roles(&call);
    if let Some(id) = call.address.parameter("external_id") {
        let found = call
            .desk
            .people()
            .find(&Identity::External(id.to_owned()))
            .await?;
        let mut found: Vec<Person> = found.into_iter().collect();
        found.retain(|person| roles.is_empty() || roles.contains(&person.role.as_str()));
        let window = paging.window(found.len() as u64);
        let mut page: Vec<Person> = window.of(&found).into_iter().cloned().collect();
        call.desk.organizations().forget_missing(&mut page).await?;
        return listed(&call, &paging, &page, &window).await;
    }
    if !roles.is_empty() && !roles.contains(&Role::EndUser.as_str()) {
        let mut staff = call.desk.agents().all().await?;
        staff.retain(|person| roles.contains(&person.role.as_str()));
        let window = paging.window(staff.len() as u64);
        let mut page: Vec<Person> = window.of(&staff).into_iter().cloned().collect();
        call.desk.organizations().forget_missing(&mut page).await?;
        return listed(&call, &paging, &page, &window).await;
    }
    let mut window = window(&call, &paging, &roles).await?;
    let mut page = page_of(&call, &window).await?;
    for _ in 0..MOST_EMPTY_PAGES {
        let next = paging.following(&window);
        match next.filter(|_| page.is_empty() && paging.may_skip()) {
            Some(next) => window = next,
            None => break,
        }
        page = page_of(&call, &window).await?;
    }
    listed(&call, &paging, &page, &window).await
}

/// The page of all people of these roles; of every role where none is named. Rows are looked at where they are to be counted:
/// of those who work here there is a list, and the others are customers.
async fn window(call: &Call, paging: &Paging, roles: &[&str]) -> Result<Window, ApiError> {
    if !paging.is_counted() {
        return Ok(paging.window(call.desk.people().last_number().await?));
    }
    Ok(paging.window_of_rows(&rows_of(call, roles).await?))
}

/// The ids of people of the roles that a call names; of all where it names none.
pub(super) async fn rows_of_roles(call: &Call) -> Result<Rows, ApiError> {
    let roles = roles(call);
    if roles.is_empty() || roles.contains(&Role::EndUser.as_str()) {
        return rows_of(call, &roles).await;
    }
    let staff = call.desk.agents().all().await?;
    let others = staff
        .iter()
        .filter(|person| !roles.contains(&person.role.as_str()));
    let last = staff.len() as u64;
    Ok(Rows::new(last, 1..=others.count() as u64))
}

async fn rows_of(call: &Call, roles: &[&str]) -> Result<Rows, ApiError> {
    let mut rows = call.desk.people().rows().await?;
    if !roles.is_empty() {
        let staff = call.desk.agents().all().await?.into_iter();
        let others = staff.filter(|person| !roles.contains(&person.role.as_str()));
        rows = rows.without(others.map(|person| person.id.0));
    }
    Ok(rows)
}

pub(super) async fn listed(
    call: &Call,
    paging: &Paging,
    page: &[Person],
    window: &Window,
) -> Result<Json<Value>, ApiError> {
    let rows = page.iter().map(|person| user(&call.address, person)).collect();
    let mut envelope = paging.envelope(&call.address, "users", rows, window);
    bring_along(call, page, &mut envelope).await?;
    Ok(Json(Value::Object(envelope)))
}

/// The roles that a call names.
pub(super) fn roles(call: &Call) -> Vec<&str> {
    let asked = call.address.query.iter();
    asked
        .filter(|(name, _)| name == "role" || name == "role[]")
        .map(|(_, role)| role.as_str())
        .collect()
}

async fn page_of(call: &Call, window: &Window) -> Result<Vec<Person>, ApiError> {
    let roles = roles(call);
    let mut page = people(call, &window.keys).await?;
    page.retain(|person| roles.is_empty() || roles.contains(&person.role.as_str()));
    page.retain(Person::is_listed);
    Ok(page)
}

/// These people in the order asked for.
async fn people(call: &Call, ids: &[u64]) -> Result<Vec<Person>, ApiError> {
    let asked: Vec<_> = ids.iter().copied().map(PersonId).collect();
    let mut people = call.desk.people().get_many(&asked).await?;
    call.desk.organizations().forget_missing(&mut people).await?;
    people.sort_by_key(|person| asked.iter().position(|id| *id == person.id));
    Ok(people)
}

async fn people_of_external_ids(call: &Call, ids: Vec<String>) -> Result<Vec<Person>, ApiError> {
    let mut people = Vec::new();
    for id in ids {
        people.extend(call.desk.people().find(&Identity::External(id)).await?);
    }
    call.desk.organizations().forget_missing(&mut people).await?;
    Ok(people)
}

/// `GET users/show_many?ids=1,2`, or `external_ids=a,b`: these people, without those that are not there.
pub(crate) async fn show_many(call: Call) -> Result<Json<Value>, ApiError> {
    let found = match external_ids_asked_for(&call)? {
        Some(ids) => people_of_external_ids(&call, ids).await?,
        None => people(&call, &ids_asked_for(&call)?).await?,
    };
    let mut envelope = Map::new();
    envelope.insert("count".to_owned(), Value::from(found.len()));
    envelope.insert("next_page".to_owned(), Value::Null);
    envelope.insert("previous_page".to_owned(), Value::Null);
    let rows = found.iter().map(|person| user(&call.address, person));
    envelope.insert("users".to_owned(), rows.collect());
    bring_along(&call, &found, &mut envelope).await?;
    Ok(Json(Value::Object(envelope)))
}

/// `GET users/{id}`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let mut found = call
        .desk
        .people()
        .get(PersonId(id))
        .await?
        .ok_or(ApiError::Missing)?;
    let shown = std::slice::from_mut(&mut found);
    call.desk.organizations().forget_missing(shown).await?;
    let mut envelope = Map::new();
    envelope.insert("user".to_owned(), user(&call.address, &found));
    bring_along(&call, std::slice::from_ref(&found), &mut envelope).await?;
    Ok(Json(Value::Object(envelope)))
}

/// `GET users/me`: the caller; who works here is told what they ask for beside it.
pub(crate) async fn me(customer: Customer, call: Option<Call>) -> Result<Json<Value>, ApiError> {
    let mut shown = [customer.person.as_ref().clone()];
    customer.desk.organizations().forget_missing(&mut shown).await?;
    let person = &shown[0];
    let mut shape = match person.role.is_staff() {
        true => user(&customer.address, person),
        false => own(&customer.address, person),
    };
    // What clients of pages send back with a form; calls with a token need none.
    shape["authenticity_token"] = Value::Null;
    let mut envelope = Map::new();
    envelope.insert("user".to_owned(), shape);
    if let Some(call) = call {
        bring_along(&call, &shown, &mut envelope).await?;
    }
    Ok(Json(Value::Object(envelope)))
}
