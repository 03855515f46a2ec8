//! What lists of people bring along where that is asked for: `include=organizations,groups,identities,roles`.

use super::identities::shape;
use crate::{
    account::roles,
    kit::{call::Call, error::ApiError},
    shapes::{group::group, organization::organization},
    sideloads::asks_for,
};
use docket_domain::{GroupId, OrganizationId, people::person::Person};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Adds to an answer what was asked for of what its people refer to.
pub(super) async fn bring_along(
    call: &Call,
    page: &[Person],
    envelope: &mut Map<String, Value>,
) -> Result<(), ApiError> {
    if asks_for(call, "organizations") {
        let ids: BTreeSet<OrganizationId> = page.iter().filter_map(|person| person.organization).collect();
        let ids: Vec<OrganizationId> = ids.into_iter().collect();
        let mut found = call.desk.organizations().get_many(&ids).await?;
        found.sort_by_key(|found| found.id);
        let rows = found.iter().map(|row| organization(&call.address, row));
        envelope.insert("organizations".to_owned(), rows.collect());
    }
    if asks_for(call, "groups") {
        let ids: BTreeSet<GroupId> = page
            .iter()
            .flat_map(|person| person.groups.iter().copied())
            .collect();
        let default = call.desk.setup().await?.default_group;
        let groups = call.desk.groups().all().await?;
        let rows = groups
            .iter()
            .filter(|row| ids.contains(&row.id))
            .map(|row| group(&call.address, row, default));
        envelope.insert("groups".to_owned(), rows.collect());
    }
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
    Ok(())
}
