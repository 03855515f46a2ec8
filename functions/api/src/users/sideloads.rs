//! What lists of people bring along where that is asked for: `include=organizations,groups,identities,roles,abilities,open_ticket_count`.

use super::{changing::may_change, identities::shape};
use crate::{
    account::roles,
    kit::{call::Call, error::ApiError},
    sideloads::{Referred, asks_for},
};
use docket_domain::{OrganizationId, PersonId, people::person::Person};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Of how many people the tickets are counted at once.
const AT_ONCE: usize = 25;
/// Most tickets of each that are counted: a page of people is answered whatever they have to do.
const MOST_OPEN: usize = 1_000;

/// Adds to an answer what was asked for of its people, and of what they refer to.
pub(super) async fn bring_along(
    call: &Call,
    page: &[Person],
    envelope: &mut Map<String, Value>,
) -> Result<(), ApiError> {
    let mut referred = Referred::default();
    refer(call, page, &mut referred).await?;
    tell_of(call, page, envelope).await?;
    referred.add_to(envelope, call).await
}

/// Adds what people refer to, their organizations and groups, to what other rows do.
pub(crate) async fn refer(call: &Call, page: &[Person], referred: &mut Referred) -> Result<(), ApiError> {
    let groups = page.iter().flat_map(|person| person.groups.iter().copied());
    referred.groups.extend(groups);
    if asks_for(call, "organizations") {
        let ids: BTreeSet<OrganizationId> = page.iter().filter_map(|person| person.organization).collect();
        let ids: Vec<OrganizationId> = ids.into_iter().collect();
        let found = call.desk.organizations().get_many(&ids).await?;
        referred.organizations.extend(found);
    }
    Ok(())
}

/// Adds to an answer what was asked for of the people themselves.
pub(crate) async fn tell_of(
    call: &Call,
    page: &[Person],
    envelope: &mut Map<String, Value>,
) -> Result<(), ApiError> {
    if asks_for(call, "identities") {
        let of = |person: &Person| -> Vec<Value> {
            let all = person.identities.iter();
            all.filter_map(|identity| shape(call, person, identity)).collect()
        };
        let rows: Vec<Value> = page.iter().flat_map(of).collect();
        envelope.insert("identities".to_owned(), Value::Array(rows));
    }
    if asks_for(call, "roles") {
        envelope.insert("roles".to_owned(), Value::Array(roles(call).await?));
    }
    if asks_for(call, "abilities") {
        let rows = page.iter().map(|person| abilities(call, person));
        envelope.insert("abilities".to_owned(), rows.collect());
    }
    if asks_for(call, "open_ticket_count") {
        let people: Vec<(PersonId, bool)> = page
            .iter()
            .map(|person| (person.id, person.role.is_staff()))
            .collect();
        let counts: Vec<(PersonId, usize)> = stream::iter(people)
            .map(|(person, is_staff)| open_tickets(call, person, is_staff))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        let counts = counts
            .into_iter()
            .map(|(person, count)| (person.to_string(), count.into()));
        envelope.insert("open_ticket_count".to_owned(), Value::Object(counts.collect()));
    }
    Ok(())
}

/// What the caller may do to somebody. There are no passwords.
fn abilities(call: &Call, person: &Person) -> Value {
    let may = may_change(call, person).is_ok();
    json!({
        "url": call.address.resource(&format!("/users/{}", person.id)),
        "user_id": person.id,
        "can_edit": may,
        "can_edit_password": false,
        "can_manage_identities_of": may,
        "can_verify_identities": may,
    })
}

/// How many unsolved tickets somebody has to do with as an agent, at most [`MOST_OPEN`].
async fn open_tickets(call: &Call, person: PersonId, is_staff: bool) -> Result<(PersonId, usize), ApiError> {
    let count = match is_staff {
        true => call.desk.tickets().count_unsolved_of(person, MOST_OPEN).await?,
        false => 0,
    };
    Ok((person, count))
}
