//! What other desks have and this one has not: lists are empty, in the shape that clients read; a record is not found; and what would make
//! one is refused with words.

use crate::kit::{call::Call, error::ApiError, paging::Paging};
use axum::{Json, Router, routing::MethodRouter, routing::get};
use serde_json::Value;

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
];
/// What has no list of records, but answers all the same.
const MORE_LISTS: &[(&str, &str)] = &[
    ("/dynamic_content/items/show_many", "items"),
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
        );
    for &(path, name, why) in LISTS {
        let refuse = move |_: Call| refuse(why);
        let list = get(move |call: Call| async move { empty(&call, name) });
        let record = get(missing).put(refuse).patch(refuse).delete(refuse);
        routes = routes
            .route(path, list.post(refuse))
            .route(&format!("{path}/{{id}}"), record);
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
