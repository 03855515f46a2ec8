//! What views show of a ticket.

use crate::{kit::error::ApiError, shapes::time};
use docket_domain::ticket::Ticket;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The columns that can be shown, with their titles (developer.zendesk.com, "Views", "Columns", November 2026).
pub(super) const COLUMNS: &[(&str, &str)] = &[
    ("nice_id", "ID"),
    ("subject", "Subject"),
    ("description", "Description"),
    ("status", "Status"),
    ("priority", "Priority"),
    ("type", "Type"),
    ("requester", "Requester"),
    ("submitter", "Submitter"),
    ("assignee", "Assignee"),
    ("group", "Group"),
    ("organization", "Organization"),
    ("created", "Requested"),
    ("updated", "Updated"),
    ("solved", "Solved"),
    ("updated_requester", "Requester updated"),
    ("sla_next_breach_at", "Next SLA breach"),
    ("due_date", "Due date"),
    ("brand", "Brand"),
    ("ticket_form", "Form"),
    ("satisfaction_score", "Satisfaction"),
    ("via", "Channel"),
    ("locale", "Language"),
];
/// Columns of Zendesk's that need a ticket's history.
const OF_HISTORY: &[&str] = &["assigned", "updated_assignee", "updated_by_type"];

/// The name of a column as it is kept.
pub(super) fn column_named(name: &str, field: &str) -> Result<String, ApiError> {
    let name = match name.trim() {
        "id" | "ticket_id" => "nice_id",
        "created_at" => "created",
        "updated_at" => "updated",
        "solved_at" => "solved",
        "requester_id" => "requester",
        "assignee_id" => "assignee",
        "group_id" => "group",
        "organization_id" => "organization",
        name => name,
    };
    // A field of the operator's own is named by its number.
    let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    if is_number || COLUMNS.iter().any(|(known, _)| *known == name) {
        return Ok(name.to_owned());
    }
    if OF_HISTORY.contains(&name) {
        let words = format!("{name:?} needs a ticket's history, which views do not read");
        return Err(ApiError::invalid(field, words));
    }
    let known: Vec<&str> = COLUMNS.iter().map(|(known, _)| *known).collect();
    Err(ApiError::invalid(
        field,
        format!("{name:?} is none of {}", known.join(", ")),
    ))
}

/// What people, groups and organizations are called, by id.
#[derive(Default)]
pub(super) struct Called {
    pub people: HashMap<u64, String>,
    pub groups: HashMap<u64, String>,
    pub organizations: HashMap<u64, String>,
}

/// A row of a view: what it shows of a ticket, and the ticket.
pub(super) fn row(columns: &[String], head: &Ticket, shown: &Value, called: &Called) -> Map<String, Value> {
    let mut row = Map::new();
    let mut fields = Vec::new();
    for column in columns {
        let named = |field: &str, names: &HashMap<u64, String>| {
            let id = shown[field].clone();
            let name = id.as_u64().and_then(|id| names.get(&id));
            (Some((field.to_owned(), id)), json!(name))
        };
        let (id, value) = match column.as_str() {
            "requester" => named("requester_id", &called.people),
            "submitter" => named("submitter_id", &called.people),
            "assignee" => named("assignee_id", &called.people),
            "group" => named("group_id", &called.groups),
            "organization" => named("organization_id", &called.organizations),
            _ => (None, value(column, head, shown)),
        };
        row.extend(id);
        if column.bytes().all(|byte| byte.is_ascii_digit()) {
            fields.push(json!({ "id": column.parse::<u64>().ok(), "value": value }));
        }
        row.insert(column.clone(), value);
    }
    if !fields.is_empty() {
        row.insert("fields".to_owned(), json!(fields));
    }
    row.insert("ticket_id".to_owned(), json!(head.number));
    row.insert("ticket".to_owned(), shown.clone());
    row
}

fn value(column: &str, head: &Ticket, shown: &Value) -> Value {
    match column {
        "nice_id" => json!(head.number),
        "created" => shown["created_at"].clone(),
        "updated" => shown["updated_at"].clone(),
        "solved" => json!(head.solved_at.map(time)),
        "updated_requester" => json!(head.requester_wrote_at().map(time)),
        "sla_next_breach_at" => json!(head.next_due_at().map(time)),
        "due_date" => shown["due_at"].clone(),
        "brand" => shown["brand_id"].clone(),
        "ticket_form" => shown["ticket_form_id"].clone(),
        "satisfaction_score" => shown["satisfaction_rating"]["score"].clone(),
        "via" => shown["via"]["channel"].clone(),
        "locale" => json!(head.language),
        number if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            let fields = shown["custom_fields"].as_array().into_iter().flatten();
            let id = number.parse::<u64>().ok();
            let mut own = fields.filter(|field| id.is_some() && field["id"].as_u64() == id);
            own.next().map(|field| field["value"].clone()).unwrap_or_default()
        }
        plain => shown[plain].clone(),
    }
}

/// A column as an answer lists it.
pub(super) fn listed(column: &str) -> Value {
    match column.parse::<u64>() {
        Ok(id) => json!({ "id": id, "title": title_of(column) }),
        Err(_) => json!({ "id": column, "title": title_of(column) }),
    }
}

/// What a column is called.
pub(super) fn title_of(column: &str) -> &str {
    let known = COLUMNS.iter().find(|(name, _)| *name == column);
    known.map_or(column, |(_, title)| title)
}
