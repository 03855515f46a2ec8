//! `incremental/routing/…`: which attributes, and which values of them, were made, renamed and taken away, change by change. The rules have
//! a version after each change; what a change did to them is what differs between two.

use crate::{
    kit::{call::Call, error::ApiError},
    routing::skills::{attribute_uuid, value_uuid},
    shapes::time,
};
use axum::Json;
use docket_domain::{
    Tenant, Timestamp,
    audit::{AuditEvent, Subject},
    rule::RuleBook,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Most rows of a page, as with Zendesk, but for those of its last change.
const MOST_ROWS: usize = 3_000;
/// Changes of the rules that are read at once.
const CHANGES_AT_ONCE: usize = 500;
/// Versions of the rules that are loaded for a page that has rows already.
const MOST_LOADED: usize = 50;
/// Versions that are loaded in search of the first row; more would take longer than a call may.
const MOST_LOADED_WITHOUT_ROWS: usize = 1_000;
/// Changes that are looked through in search of it.
const MOST_CHANGES: usize = 200_000;
/// Why who has which skill, and which ticket requires it, is not told so.
const NOT_TOLD: &str = "Who was given which skill stands in audit_logs (source_type=agent), and which ticket came to require one in incremental/ticket_events; as they are now in routing/agents/instance_values and routing/tickets/{id}/instance_values.";

/// Which things are told.
#[derive(Clone, Copy)]
enum Things {
    Attributes,
    Values,
}

/// What is told of a thing: its name, and of a value the attribute that it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    name: String,
    attribute: Option<String>,
}

/// `GET incremental/routing/attributes`.
pub(super) async fn attributes(call: Call) -> Result<Json<Value>, ApiError> {
    page(&call, Things::Attributes).await
}

/// `GET incremental/routing/attribute_values`.
pub(super) async fn attribute_values(call: Call) -> Result<Json<Value>, ApiError> {
    page(&call, Things::Values).await
}

/// `GET incremental/routing/instance_values`.
pub(super) async fn instance_values(_: Call) -> ApiError {
    ApiError::Forbidden(NOT_TOLD)
}

/// A page behind `cursor=`, the version of the rules that was told last. A page without rows is the end, and only the end: its address
/// goes on from there.
async fn page(call: &Call, things: Things) -> Result<Json<Value>, ApiError> {
    let mut behind = cursor(call)?;
    let mut rows: Vec<Value> = Vec::new();
    let mut end = None;
    let mut looked_at = 0;
    let mut versions = Versions {
        call,
        things,
        last: None,
        loaded: 0,
    };
    'page: while rows.is_empty() {
        let audits = call.desk.audits();
        let events = audits
            .events_behind(Subject::Rules, behind, CHANGES_AT_ONCE)
            .await?;
        for event in &events {
            behind = event.v;
            if is_of_skills(event) {
                rows.extend(versions.changes(event).await?);
                end = Some(event.at);
            }
            match is_enough(rows.len(), versions.loaded) {
                Some(true) => break 'page,
                Some(false) => return Err(ApiError::TooFar),
                None => {}
            }
        }
        looked_at += events.len();
        if events.len() < CHANGES_AT_ONCE {
            break;
        }
        if rows.is_empty() && looked_at >= MOST_CHANGES {
            return Err(ApiError::TooFar);
        }
    }
    let name = match things {
        Things::Attributes => "attributes",
        Things::Values => "attribute_values",
    };
    let next = format!("{}?cursor={behind}", call.address.resource(&call.address.path));
    let end: Timestamp = end.unwrap_or_else(|| call.desk.now());
    Ok(Json(json!({
        "count": rows.len(),
        name: rows,
        "end_time": end.as_second(),
        "next_page": next,
    })))
}

fn cursor(call: &Call) -> Result<u64, ApiError> {
    match call.address.parameter("cursor").map(str::trim) {
        None | Some("" | "undefined" | "None" | "null") => Ok(0),
        Some(text) => text.parse().map_err(|_| {
            let words = "cursor is none that this export gave. Begin without one.";
            ApiError::BadRequest(words.to_owned())
        }),
    }
}

/// Whether a change of the rules was about skills.
fn is_of_skills(event: &AuditEvent) -> bool {
    let mut changed = event.changed.keys();
    changed.any(|name| name.starts_with("attributes.") || name.starts_with("skills."))
}

/// Whether a page ends after so many rows and loaded versions; false: without an answer.
fn is_enough(rows: usize, loaded: usize) -> Option<bool> {
    match rows {
        0 => (loaded >= MOST_LOADED_WITHOUT_ROWS).then_some(false),
        rows => (rows >= MOST_ROWS || loaded >= MOST_LOADED).then_some(true),
    }
}

/// The rules as they were after one change and the next.
struct Versions<'c> {
    call: &'c Call,
    things: Things,
    /// What there was after the change about skills that was looked at last: until the next one it is the same.
    last: Option<BTreeMap<String, Told>>,
    /// How many versions were loaded.
    loaded: usize,
}

impl Versions<'_> {
    async fn changes(&mut self, event: &AuditEvent) -> Result<Vec<Value>, ApiError> {
        let before = match (self.last.take(), event.v) {
            (Some(last), _) => last,
            (None, 0 | 1) => BTreeMap::new(),
            (None, v) => self.load(v - 1).await?,
        };
        let after = self.load(event.v).await?;
        let rows = differences(&before, &after, event.at);
        self.last = Some(after);
        Ok(rows)
    }

    async fn load(&mut self, v: u64) -> Result<BTreeMap<String, Told>, ApiError> {
        self.loaded += 1;
        let book = self.call.desk.rules().version(v).await?;
        let tenant = &self.call.desk.settings.tenant;
        Ok(book.map_or_else(BTreeMap::new, |book| told(self.things, tenant, &book.rules)))
    }
}

/// What there is, by id.
fn told(things: Things, tenant: &Tenant, rules: &RuleBook) -> BTreeMap<String, Told> {
    let attributes = rules.all_attributes();
    match things {
        Things::Attributes => attributes
            .into_iter()
            .map(|attribute| {
                let id = attribute_uuid(tenant, &attribute);
                let (name, attribute) = (attribute.name, None);
                (id, Told { name, attribute })
            })
            .collect(),
        Things::Values => rules
            .skills
            .iter()
            .map(|skill| {
                let of = attributes
                    .iter()
                    .find(|attribute| attribute.name == skill.attribute);
                let told = Told {
                    name: skill.name.clone(),
                    attribute: of.map(|attribute| attribute_uuid(tenant, attribute)),
                };
                (value_uuid(tenant, skill), told)
            })
            .collect(),
    }
}

fn differences(before: &BTreeMap<String, Told>, after: &BTreeMap<String, Told>, at: Timestamp) -> Vec<Value> {
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let row = |id: &String| {
        let (kind, told) = match (before.get(id), after.get(id)) {
            (None, Some(made)) => ("create", made),
            (Some(gone), None) => ("delete", gone),
            (Some(was), Some(is)) if was != is => ("update", is),
            _ => return None,
        };
        let mut row = json!({ "id": id, "name": told.name, "time": time(at), "type": kind });
        if let Some(attribute) = &told.attribute {
            row["attribute_id"] = json!(attribute);
        }
        Some(row)
    };
    ids.into_iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_rows_ends_only_where_nothing_is_left() {
        assert_eq!(is_enough(0, MOST_LOADED), None);
        assert_eq!(is_enough(0, MOST_LOADED_WITHOUT_ROWS), Some(false));
        assert_eq!(is_enough(1, MOST_LOADED - 1), None);
        assert_eq!(is_enough(1, MOST_LOADED), Some(true));
        assert_eq!(is_enough(MOST_ROWS, 1), Some(true));
    }

    #[test]
    fn what_differs_was_made_renamed_or_taken_away() {
        let told = |name: &str| Told {
            name: name.to_owned(),
            attribute: None,
        };
        let of = |things: &[(&str, &str)]| {
            let things = things.iter().map(|(id, name)| ((*id).to_owned(), told(name)));
            things.collect::<BTreeMap<String, Told>>()
        };
        let before = of(&[("a", "German"), ("b", "French"), ("c", "Dutch")]);
        let after = of(&[("a", "German"), ("b", "Français"), ("d", "Danish")]);
        let rows = differences(&before, &after, Timestamp::UNIX_EPOCH);
        let kinds: Vec<(&str, &str)> = rows
            .iter()
            .map(|row| (row["id"].as_str().unwrap(), row["type"].as_str().unwrap()))
            .collect();
        assert_eq!(kinds, [("b", "update"), ("c", "delete"), ("d", "create")]);
        assert_eq!(rows[1]["name"], "Dutch");
    }
}
