//! What is exported: tickets, people, organizations.

use super::former::{self, Former};
use crate::{
    kit::{call::Call, error::ApiError},
    shapes::{organization::organization, time, user::user},
    sideloads::Referred,
    tickets,
};
use docket_desk::ChangedClass;
use docket_domain::{
    OrganizationId, PersonId, TicketNumber, Timestamp,
    people::{organization::Organization, person::Person},
    ticket::Ticket,
};
use serde_json::{Value, json};

/// Rows that are made at once: the texts of a page lie in many places.
const ROWS_AT_ONCE: usize = 100;

/// Which records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resource {
    Tickets,
    Users,
    Organizations,
}

impl Resource {
    /// The name of its rows in an answer.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tickets => "tickets",
            Self::Users => "users",
            Self::Organizations => "organizations",
        }
    }

    /// Under what it stands in the index.
    pub fn class(self) -> ChangedClass {
        match self {
            Self::Tickets => ChangedClass::Tickets,
            Self::Users => ChangedClass::People,
            Self::Organizations => ChangedClass::Organizations,
        }
    }

    /// The records of these numbers that there are, and of organizations those that there were.
    pub async fn load(self, call: &Call, numbers: &[u64]) -> Result<Vec<Record>, ApiError> {
        let mut records = self.standing(call, numbers).await?;
        if self == Self::Organizations {
            let is_missing = |number: &u64| records.iter().all(|record| record.number() != *number);
            let missing: Vec<u64> = numbers.iter().copied().filter(is_missing).collect();
            let former = former::organizations(call, missing).await?;
            records.extend(former.into_iter().map(|former| Record::Former(Box::new(former))));
        }
        Ok(records)
    }

    async fn standing(self, call: &Call, numbers: &[u64]) -> Result<Vec<Record>, ApiError> {
        let desk = &call.desk;
        Ok(match self {
            Self::Tickets => {
                let numbers: Vec<_> = numbers.iter().copied().map(TicketNumber).collect();
                let found = desk.tickets().get_many_deleted_too(&numbers).await?;
                found
                    .into_iter()
                    .map(|ticket| Record::Ticket(Box::new(ticket)))
                    .collect()
            }
            Self::Users => {
                let ids: Vec<_> = numbers.iter().copied().map(PersonId).collect();
                let mut found = desk.people().get_many(&ids).await?;
                desk.organizations().forget_missing(&mut found).await?;
                found
                    .into_iter()
                    .map(|person| Record::Person(Box::new(person)))
                    .collect()
            }
            Self::Organizations => {
                let ids: Vec<_> = numbers.iter().copied().map(OrganizationId).collect();
                let found = desk.organizations().get_many(&ids).await?;
                found
                    .into_iter()
                    .map(|row| Record::Organization(Box::new(row)))
                    .collect()
            }
        })
    }
}

/// Something that is exported, as it is now.
#[derive(Clone, Debug)]
pub(super) enum Record {
    Ticket(Box<Ticket>),
    Person(Box<Person>),
    Organization(Box<Organization>),
    /// An organization that is gone.
    Former(Box<Former>),
}

impl Record {
    /// Its number.
    pub fn number(&self) -> u64 {
        match self {
            Self::Ticket(ticket) => ticket.number.0,
            Self::Person(person) => person.id.0,
            Self::Organization(organization) => organization.id.0,
            Self::Former(former) => former.organization.id.0,
        }
    }

    /// When it changed here last, by its own word.
    pub fn changed_at(&self) -> Timestamp {
        match self {
            Self::Ticket(ticket) => ticket.changed_at(),
            Self::Person(person) => person.updated_at,
            Self::Organization(organization) => organization.updated_at,
            Self::Former(former) => former.deleted_at,
        }
    }

    /// Whether it is a ticket that was deleted.
    pub fn is_deleted(&self) -> bool {
        matches!(self, Self::Ticket(ticket) if ticket.is_deleted())
    }
}

/// When an organization was deleted, as it is shown.
fn deleted_at(record: &Record) -> Option<String> {
    match record {
        Record::Former(former) => Some(time(former.deleted_at)),
        _ => None,
    }
}

/// Rows of a page as they are shown.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub rows: Vec<Value>,
    pub referred: Referred,
}

/// The records as they are shown, as many as fit into so many bytes, but at least one.
pub(super) async fn show(call: &Call, records: &[Record], most_bytes: usize) -> Result<Shown, ApiError> {
    let mut shown = Shown::default();
    let mut bytes = 0;
    for chunk in records.chunks(ROWS_AT_ONCE) {
        let (rows, referred) = rows(call, chunk).await?;
        shown.referred.people.extend(referred.people);
        shown.referred.copied.extend(referred.copied);
        shown.referred.groups.extend(referred.groups);
        shown.referred.organizations.extend(referred.organizations);
        for row in rows {
            bytes += serde_json::to_vec(&row).map_or(0, |bytes| bytes.len());
            if bytes > most_bytes && !shown.rows.is_empty() {
                return Ok(shown);
            }
            shown.rows.push(row);
        }
    }
    Ok(shown)
}

async fn rows(call: &Call, records: &[Record]) -> Result<(Vec<Value>, Referred), ApiError> {
    let mut referred = Referred::default();
    let mut tickets = Vec::new();
    let mut rows = Vec::new();
    for record in records {
        match record {
            Record::Ticket(ticket) => tickets.push((**ticket).clone()),
            Record::Person(person) => {
                referred.groups.extend(person.groups.iter().copied());
                rows.push(user(&call.address, person));
            }
            Record::Organization(row) => {
                referred.groups.extend(row.group);
                rows.push(organization(&call.address, row));
            }
            Record::Former(former) => rows.push(organization(&call.address, &former.organization)),
        }
        if let (Record::Organization(_) | Record::Former(_), Some(row)) = (record, rows.last_mut()) {
            row["deleted_at"] = json!(deleted_at(record));
        }
    }
    if tickets.is_empty() {
        let ids = records.iter().filter_map(|record| match record {
            Record::Person(person) => person.organization,
            _ => None,
        });
        let ids: Vec<_> = ids.collect();
        referred.organizations = call.desk.organizations().get_many(&ids).await?;
        return Ok((rows, referred));
    }
    let (mut rows, referred) = tickets::rows(call, &tickets).await?;
    for (row, ticket) in rows.iter_mut().zip(&tickets) {
        if ticket.is_deleted() {
            row["status"] = json!("deleted");
        }
    }
    Ok((rows, referred))
}
