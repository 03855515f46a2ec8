//! What a list brings along, only where asked for: records that its rows refer to (`include=users,groups,organizations,ticket_forms,
//! custom_statuses,last_audits`), and more of each ticket (`include=slas,metric_sets,dates,comment_count,incident_counts`).

use crate::{
    fields::{shown_form as form, shown_status as status},
    kit::{call::Call, error::ApiError},
    shapes::{
        audit::{audit, saves},
        group::group,
        organization::organization,
        sla_state::slas,
        user::user,
    },
    ticket_metrics::{files, metric_set},
    tickets::comments_of_saves::comments_of,
};
use docket_domain::{
    GroupId, PersonId,
    people::organization::Organization,
    ticket::{LinkList, Ticket, TicketType},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What of tickets needs all that was done to each of them.
const OF_HISTORY: &[&str] = &["metric_sets", "dates", "comment_count", "last_audits"];
/// The figures of a ticket that are its `dates`.
const DATES: &[&str] = &[
    "assignee_updated_at",
    "requester_updated_at",
    "status_updated_at",
    "initially_assigned_at",
    "assigned_at",
    "solved_at",
    "latest_comment_added_at",
];
/// Most incidents of a problem that are counted.
const MOST_INCIDENTS: usize = 1_000;
/// How many lists are counted at once.
const AT_ONCE: usize = 25;

/// Whether a call asks for something to be brought along. A search says it as `tickets(users,groups)`.
pub(crate) fn asks_for(call: &Call, what: &str) -> bool {
    let asked = call.address.parameter("include").unwrap_or_default();
    asked.split([',', '(', ')']).any(|word| word.trim() == what)
}

/// Whether a call asks for something that the answer does not have already: its rows stay what they are.
fn wants(call: &Call, what: &str, envelope: &Map<String, Value>) -> bool {
    asks_for(call, what) && !envelope.contains_key(what)
}

/// Adds to tickets what was asked for of each, and to what they refer to their last audits.
pub(crate) async fn add_to_tickets(
    call: &Call,
    page: &[Ticket],
    rows: &mut [Value],
    referred: &mut Referred,
) -> Result<(), ApiError> {
    if asks_for(call, "slas") {
        let book = call.desk.rules().book().await?;
        let now = call.desk.now();
        for (ticket, row) in page.iter().zip(rows.iter_mut()) {
            row["slas"] = slas(ticket.clocks.as_ref(), &book, now);
        }
    }
    if asks_for(call, "incident_counts") {
        let counts: Vec<usize> = stream::iter(page.to_vec())
            .map(|ticket| incidents(call, ticket))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        for (count, row) in counts.into_iter().zip(rows.iter_mut()) {
            row["incident_count"] = count.into();
        }
    }
    if OF_HISTORY.iter().any(|what| asks_for(call, what)) {
        add_of_history(call, page, rows, referred).await?;
    }
    Ok(())
}

async fn incidents(call: &Call, ticket: Ticket) -> Result<usize, ApiError> {
    match ticket.ticket_type {
        Some(TicketType::Problem) => {
            let list = LinkList::Incidents(ticket.number);
            Ok(call.desk.tickets().count_linked(list, MOST_INCIDENTS).await?)
        }
        _ => Ok(0),
    }
}

async fn add_of_history(
    call: &Call,
    page: &[Ticket],
    rows: &mut [Value],
    referred: &mut Referred,
) -> Result<(), ApiError> {
    let numbers: Vec<_> = page.iter().map(|ticket| ticket.number).collect();
    let files = files(call, &numbers).await?;
    let book = call.desk.rules().book().await?;
    for (file, row) in files.iter().zip(rows) {
        let set = file.as_ref().and_then(|file| metric_set(call, &book, file));
        let set = set.unwrap_or_default();
        if asks_for(call, "dates") {
            let dates = DATES.iter().map(|name| ((*name).to_owned(), set[*name].clone()));
            row["dates"] = Value::Object(dates.collect());
        }
        if asks_for(call, "metric_sets") {
            row["metric_set"] = set;
        }
        let Some(file) = file else { continue };
        if asks_for(call, "comment_count") {
            row["comment_count"] = file.comments.len().into();
        }
        if asks_for(call, "last_audits") {
            let saves = saves(file.ticket.number, &file.events);
            if let Some(last) = saves.last() {
                let comments = comments_of(&call.desk, file, &[last]).await?;
                let row = audit(&call.address, last, &comments, &file.outbox);
                referred.last_audits.push(row);
            }
        }
    }
    Ok(())
}

/// Ids that rows refer to.
#[derive(Debug, Default)]
pub(crate) struct Referred {
    pub people: BTreeSet<PersonId>,
    /// Further people, who may be very many, in copy or following: they are read only where users are asked for.
    pub copied: BTreeSet<PersonId>,
    pub groups: BTreeSet<GroupId>,
    /// As they were read.
    pub organizations: Vec<Organization>,
    pub forms: BTreeSet<u64>,
    /// Statuses of the operator's own, or of every desk.
    pub statuses: BTreeSet<u64>,
    /// As they are shown.
    pub last_audits: Vec<Value>,
}

impl Referred {
    /// Adds to an answer what was asked for of what its rows refer to; not what the rows themselves are.
    pub async fn add_to(self, envelope: &mut Map<String, Value>, call: &Call) -> Result<(), ApiError> {
        if wants(call, "users", envelope) {
            let ids: BTreeSet<_> = self.people.into_iter().chain(self.copied).collect();
            let ids: Vec<_> = ids.into_iter().collect();
            let mut people = call.desk.people().get_many(&ids).await?;
            people.sort_by_key(|person| person.id);
            let rows = people.iter().map(|person| user(&call.address, person));
            envelope.insert("users".to_owned(), rows.collect());
        }
        if wants(call, "groups", envelope) {
            let default = call.desk.setup().await?.default_group;
            let groups = call.desk.groups().all().await?;
            let rows = groups
                .iter()
                .filter(|row| self.groups.contains(&row.id))
                .map(|row| group(&call.address, row, default));
            envelope.insert("groups".to_owned(), rows.collect());
        }
        if wants(call, "organizations", envelope) {
            let mut organizations = self.organizations;
            organizations.sort_by_key(|row| row.id);
            organizations.dedup_by_key(|row| row.id);
            let rows = organizations.iter().map(|row| organization(&call.address, row));
            envelope.insert("organizations".to_owned(), rows.collect());
        }
        let book = call.address.book();
        let fields = &book.rules.fields;
        if wants(call, "ticket_forms", envelope) {
            let forms = self.forms.iter().filter_map(|id| fields.form(*id));
            let rows = forms.map(|row| form(&call.address, row));
            envelope.insert("ticket_forms".to_owned(), rows.collect());
        }
        if wants(call, "custom_statuses", envelope) {
            let statuses = self.statuses.iter().filter_map(|id| fields.status(*id));
            let rows = statuses.map(|row| status(&call.address, &row));
            envelope.insert("custom_statuses".to_owned(), rows.collect());
        }
        if wants(call, "last_audits", envelope) {
            envelope.insert("last_audits".to_owned(), Value::Array(self.last_audits));
        }
        Ok(())
    }
}
