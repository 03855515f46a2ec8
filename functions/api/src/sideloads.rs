//! What a list brings along, only where asked for: records that its rows refer to (`include=users,groups,organizations`), and more of
//! each ticket (`include=slas,metric_sets`).

use crate::{
    kit::{call::Call, error::ApiError},
    shapes::{group::group, organization::organization, sla_state::slas, user::user},
    ticket_metrics::metric_sets,
};
use docket_domain::{GroupId, PersonId, people::organization::Organization, ticket::Ticket};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Whether a call asks for something to be brought along.
pub(crate) fn asks_for(call: &Call, what: &str) -> bool {
    let asked = call.address.parameter("include").unwrap_or_default();
    asked.split(',').any(|word| word.trim() == what)
}

/// Adds to tickets what was asked for of each: `include=slas,metric_sets`.
pub(crate) async fn add_to_tickets(call: &Call, page: &[Ticket], rows: &mut [Value]) -> Result<(), ApiError> {
    if asks_for(call, "slas") {
        let book = call.desk.rules().book().await?;
        let now = call.desk.now();
        for (ticket, row) in page.iter().zip(rows.iter_mut()) {
            row["slas"] = slas(ticket.clocks.as_ref(), &book, now);
        }
    }
    if asks_for(call, "metric_sets") {
        let numbers: Vec<_> = page.iter().map(|ticket| ticket.number).collect();
        let sets = metric_sets(call, &numbers).await?;
        for (set, row) in sets.into_iter().zip(rows) {
            row["metric_set"] = set.unwrap_or_default();
        }
    }
    Ok(())
}

/// Ids that rows refer to.
#[derive(Debug, Default)]
pub(crate) struct Referred {
    pub people: BTreeSet<PersonId>,
    pub groups: BTreeSet<GroupId>,
    /// As they were read.
    pub organizations: Vec<Organization>,
}

impl Referred {
    /// Adds to an answer what was asked for of what its rows refer to.
    pub async fn add_to(self, envelope: &mut Map<String, Value>, call: &Call) -> Result<(), ApiError> {
        if asks_for(call, "users") {
            let ids: Vec<_> = self.people.into_iter().collect();
            let mut people = call.desk.people().get_many(&ids).await?;
            people.sort_by_key(|person| person.id);
            let rows = people.iter().map(|person| user(&call.address, person));
            envelope.insert("users".to_owned(), rows.collect());
        }
        if asks_for(call, "groups") {
            let default = call.desk.setup().await?.default_group;
            let groups = call.desk.groups().all().await?;
            let rows = groups
                .iter()
                .filter(|row| self.groups.contains(&row.id))
                .map(|row| group(&call.address, row, default));
            envelope.insert("groups".to_owned(), rows.collect());
        }
        if asks_for(call, "organizations") {
            let mut organizations = self.organizations;
            organizations.sort_by_key(|row| row.id);
            organizations.dedup_by_key(|row| row.id);
            let rows = organizations.iter().map(|row| organization(&call.address, row));
            envelope.insert("organizations".to_owned(), rows.collect());
        }
        Ok(())
    }
}
