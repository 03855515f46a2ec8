//! What other desks have and this one has not: lists are empty, in the shape that clients read; a record is not found; and what would make
//! one is refused with words.

use crate::kit::{call::Call, error::ApiError, paging::Paging};
use axum::{Json, Router, routing::MethodRouter, routing::get};
use serde_json::{Value, json};

/// Lists that are empty: their paths, the name of their rows, and what the desk has not.
const LISTS: &[(&str, &str, &str)] = &[
    ("/apps/installations", "installations", "There are no apps here."),
    ("/bookmarks", "bookmarks", "Tickets can't be bookmarked here."),
    (
        "/channels/twitter/monitored_twitter_handles",
        "monitored_twitter_handles",
        "X is no channel here.",
    ),
    (
        "/channels/voice/addresses",
        "addresses",
        "There are no telephone lines here.",
    ),
    (
        "/channels/voice/greeting_categories",
        "greeting_categories",
        "There are no telephone lines here.",
    ),
    (
        "/channels/voice/greetings",
        "greetings",
        "There are no telephone lines here.",
    ),
    (
        "/channels/voice/lines",
        "lines",
        "There are no telephone lines here.",
    ),
    (
        "/channels/voice/phone_numbers",
        "phone_numbers",
        "There are no telephone lines here.",
    ),
    (
        "/custom_objects",
        "custom_objects",
        "There are no custom objects here.",
    ),
    (
        "/dynamic_content/items",
        "items",
        "There is no dynamic content here; texts of rules have languages of their own.",
    ),
    (
        "/group_slas/policies",
        "group_sla_policies",
        "Groups have no SLA policies of their own here.",
    ),
    ("/queues", "queues", "Each group is one queue here; see groups."),
    (
        "/resource_collections",
        "resource_collections",
        "There are no resource collections here.",
    ),
    (
        "/sharing_agreements",
        "sharing_agreements",
        "Tickets are not shared with other desks here.",
    ),
    (
        "/target_failures",
        "target_failures",
        "There are no targets here; rules call webhooks.",
    ),
    (
        "/targets",
        "targets",
        "There are no targets here; rules call webhooks.",
    ),
    (
        "/workspaces",
        "workspaces",
        "There are no contextual workspaces here.",
    ),
    (
        "/brand_agents",
        "brand_agents",
        "A desk is one brand, for which everybody works.",
    ),
    (
        "/custom_objects/{id}/fields",
        "custom_object_fields",
        "There are no custom objects here.",
    ),
    (
        "/custom_objects/{id}/records",
        "custom_object_records",
        "There are no custom objects here.",
    ),
    (
        "/custom_objects/{id}/triggers",
        "triggers",
        "There are no custom objects here.",
    ),
    (
        "/deletion_schedules",
        "deletion_schedules",
        "There are no deletion schedules here.",
    ),
    (
        "/dynamic_content/items/{id}/variants",
        "variants",
        "There is no dynamic content here; texts of rules have languages of their own.",
    ),
    (
        "/email_notifications",
        "email_notifications",
        "What was sent of a ticket stands in its audits.",
    ),
    (
        "/macros/{id}/attachments",
        "macro_attachments",
        "Macros have no attachments here.",
    ),
    (
        "/oauth/clients",
        "clients",
        "There are no OAuth clients here; programs have tokens.",
    ),
    (
        "/oauth/global_clients",
        "global_clients",
        "There are no OAuth clients here; programs have tokens.",
    ),
    (
        "/oauth/tokens",
        "tokens",
        "There are no OAuth tokens here; programs have tokens of the desk.",
    ),
    (
        "/organization_subscriptions",
        "organization_subscriptions",
        "Nobody is told of all tickets of an organization here.",
    ),
    (
        "/ticket_content_pins",
        "ticket_content_pins",
        "Nothing is pinned to tickets here.",
    ),
];
/// What has no list of records, but answers all the same.
const MORE_LISTS: &[(&str, &str)] = &[
    ("/dynamic_content/items/show_many", "items"),
    ("/email_notifications/show_many", "email_notifications"),
    ("/object_layouts/essentials_cards", "object_layouts"),
    ("/sessions", "sessions"),
    ("/users/{id}/sessions", "sessions"),
];
/// Why a call has no session.
const NO_SESSION: &str = "A call with a token has no session: only who works in a browser has one.";

pub(super) fn routes() -> Router {
    let mut routes = Router::new()
        .route("/users/me/session", refusing(NO_SESSION))
        .route("/users/me/session/renew", refusing(NO_SESSION))
        .route("/users/{id}/sessions/{session}", get(missing).delete(missing))
        .route(
            "/channels/voice/tickets",
            refusing("There are no telephone lines here."),
        )
        .route("/custom_objects/limits/object_limit", get(no_room))
        .route("/custom_objects/limits/record_limit", get(no_room))
        .route("/group_slas/policies/definitions", get(no_policies))
        .route("/queues/definitions", get(no_conditions));
    for &(path, name, why) in LISTS {
        let refuse = move |_: Call| refuse(why);
        let list = get(move |call: Call| async move { empty(&call, name) });
        let record = get(missing).put(refuse).patch(refuse).delete(refuse);
        let of_record = match path.contains("{id}") {
            true => format!("{path}/{{record}}"),
            false => format!("{path}/{{id}}"),
        };
        routes = routes.route(path, list.post(refuse)).route(&of_record, record);
    }
    for &(path, name) in MORE_LISTS {
        routes = routes.route(path, get(move |call: Call| async move { empty(&call, name) }));
    }
    routes
}

/// An empty list, by number or by cursor.
fn empty(call: &Call, name: &str) -> Json<Value> {
    let paging = Paging::of(&call.address);
    let envelope = paging.envelope(&call.address, name, vec![], &paging.window(0));
    Json(Value::Object(envelope))
}

/// How many there may be of what there is not.
async fn no_room(_: Call) -> Json<Value> {
    Json(json!({ "count": 0, "limit": 0 }))
}

/// What policies of groups could be about.
async fn no_policies(_: Call) -> Json<Value> {
    Json(json!({ "definitions": { "all": [], "any": [] } }))
}

/// What queues could be about.
async fn no_conditions(_: Call) -> Json<Value> {
    Json(json!({ "definitions": { "conditions_all": [], "conditions_any": [] } }))
}

async fn missing(_: Call) -> ApiError {
    ApiError::Missing
}

async fn refuse(why: &'static str) -> ApiError {
    ApiError::Forbidden(why)
}

/// Says why, whatever is asked.
fn refusing(why: &'static str) -> MethodRouter {
    let refuse = move |_: Call| refuse(why);
    get(refuse).post(refuse).put(refuse).delete(refuse)
}
