//! Records that a list brings along, only where asked for: `include=users,groups`.

use crate::{
    call::Call,
    error::ApiError,
    shapes::{group::group, user::user},
};
use docket_domain::{GroupId, PersonId};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Ids that rows refer to.
#[derive(Debug, Default)]
pub(crate) struct Referred {
    pub people: BTreeSet<PersonId>,
    pub groups: BTreeSet<GroupId>,
}

impl Referred {
    /// Adds to an answer what was asked for of what its rows refer to.
    pub async fn add_to(self, envelope: &mut Map<String, Value>, call: &Call) -> Result<(), ApiError> {
        let asked = call.address.parameter("include").unwrap_or_default();
        let asked: Vec<&str> = asked.split(',').map(str::trim).collect();
        if asked.contains(&"users") {
            let ids: Vec<_> = self.people.into_iter().collect();
            let mut people = call.desk.people(&ids).await?;
            people.sort_by_key(|person| person.id);
            let rows = people.iter().map(|person| user(&call.address, person));
            envelope.insert("users".to_owned(), rows.collect());
        }
        if asked.contains(&"groups") {
            let default = call.desk.setup().await?.default_group;
            let groups = call.desk.groups().await?;
            let rows = groups
                .iter()
                .filter(|row| self.groups.contains(&row.id))
                .map(|row| group(&call.address, row, default));
            envelope.insert("groups".to_owned(), rows.collect());
        }
        Ok(())
    }
}
