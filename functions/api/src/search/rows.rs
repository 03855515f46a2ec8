//! What was found as it is shown: tickets, people and organizations as everywhere else, each with its `result_type`.

use crate::{
    kit::{call::Call, error::ApiError},
    shapes::{organization::organization, user::user},
    sideloads::Referred,
    tickets,
    users::sideloads::{refer, tell_of},
};
use docket_domain::{OrganizationId, PersonId, TicketNumber, people::person::Person};
use docket_search::{Found, Kind};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// What may be told beside rows where it is asked for.
pub(super) struct Beside {
    referred: Referred,
    /// Those who are among the rows.
    people: Vec<Person>,
}

impl Beside {
    /// Adds to an answer what was asked for.
    pub async fn add_to(mut self, envelope: &mut Map<String, Value>, call: &Call) -> Result<(), ApiError> {
        refer(call, &self.people, &mut self.referred).await?;
        tell_of(call, &self.people, envelope).await?;
        self.referred.add_to(envelope, call).await
    }
}

/// Rows in the order in which they were found, and what may be told beside them.
pub(super) async fn rows(call: &Call, found: &[Found]) -> Result<(Vec<Value>, Beside), ApiError> {
    let of = |kind: Kind| {
        found
            .iter()
            .filter(move |found| found.kind == kind)
            .map(|found| found.number)
    };
    let numbers: Vec<TicketNumber> = of(Kind::Ticket).map(TicketNumber).collect();
    let people: Vec<PersonId> = of(Kind::Person).map(PersonId).collect();
    let organizations: Vec<OrganizationId> = of(Kind::Organization).map(OrganizationId).collect();
    let heads = call.desk.heads_now(&numbers).await?;
    let (ticket_rows, mut referred) = tickets::rows(call, &heads).await?;
    let mut people = call.desk.people().as_of_now(&people).await?;
    call.desk.organizations().forget_missing(&mut people).await?;
    let organizations = call.desk.organizations().as_of_now(&organizations).await?;
    let mut rows: HashMap<(Kind, u64), Value> = HashMap::new();
    for (head, row) in heads.iter().zip(ticket_rows) {
        rows.insert((Kind::Ticket, head.number.0), typed(row, "ticket"));
    }
    for person in &people {
        let row = typed(user(&call.address, person), "user");
        rows.insert((Kind::Person, person.id.0), row);
    }
    for found in &organizations {
        let row = typed(organization(&call.address, found), "organization");
        rows.insert((Kind::Organization, found.id.0), row);
        referred.groups.extend(found.group);
    }
    let in_order = found
        .iter()
        .filter_map(|found| rows.remove(&(found.kind, found.number)));
    Ok((in_order.collect(), Beside { referred, people }))
}

/// A row of a list in which all are of one kind.
pub(super) fn without_type(mut row: Value) -> Value {
    if let Some(row) = row.as_object_mut() {
        row.remove("result_type");
    }
    row
}

fn typed(mut row: Value, kind: &str) -> Value {
    row["result_type"] = Value::from(kind);
    row
}
