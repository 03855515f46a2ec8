//! `incremental/…`: everything that changed since a time, in pages, for programs that copy a desk.
//!
//! The index `changed` says what changed in which minute, and of saves (`ticket_events`) in which second, for good; the table says how it is
//! now. A page tells what changed until a
//! moment ago for good (*settled*): an index may lag behind, and a save may be stored a little after the time it carries. What is
//! younger is told at the end of the last page, and comes once more with the next export. So nothing is missed, and whatever a
//! client knows by its id does not come as another one.

mod by_cursor;
mod by_time;
mod cursor;
mod files;
mod former;
pub(crate) mod parameters;
mod record;
mod skills;
mod ticket_events;
pub(crate) mod walk;

use crate::kit::{call::Call, error::ApiError};
use axum::{
    Json, Router,
    extract::{FromRequestParts, Path},
    routing::get,
};
use docket_domain::Timestamp;
use http::{header::ACCEPT_ENCODING, request::Parts};
use jiff::SignedDuration;
use record::Resource;
use serde_json::Value;

/// Most rows of a page, and how many it has unless told otherwise.
const MOST_ROWS: usize = 1_000;
/// Most rows of a sample.
const MOST_OF_A_SAMPLE: usize = 50;
/// How long after its minute what changed in it is settled: as long as clocks of functions may be apart, and a save may take.
const SETTLES: SignedDuration = SignedDuration::from_mins(2);
/// Most bytes of rows in an answer: a function answers with 6 MB at most.
const MOST_BYTES: usize = 4_500_000;
/// The same for a client that takes compressed answers: ours have a fifth of their size then, and a third more in transport.
const MOST_COMPRESSED_BYTES: usize = 12_000_000;
/// A minute, in seconds.
const MINUTE: i64 = 60;

/// Before which second nothing can have changed: so that an export from the beginning of time does not ask for days of which there is
/// nothing.
async fn first_second(call: &Call) -> Result<i64, ApiError> {
    Ok(call.desk.began_at().await?.map_or(0, Timestamp::as_second))
}

/// The paths.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/incremental/tickets", get(tickets))
        .route("/incremental/tickets/cursor", get(tickets_by_cursor))
        .route("/incremental/users", get(users))
        .route("/incremental/users/cursor", get(users_by_cursor))
        .route("/incremental/organizations", get(organizations))
        .route("/incremental/ticket_events", get(ticket_events))
        .route("/incremental/routing/attributes", get(skills::attributes))
        .route(
            "/incremental/routing/attribute_values",
            get(skills::attribute_values),
        )
        .route(
            "/incremental/routing/instance_values",
            get(skills::instance_values),
        )
        .route("/incremental/{resource}/sample", get(sample))
}

async fn tickets(call: Call, most: MostBytes) -> Result<Json<Value>, ApiError> {
    by_time::page(&call, Resource::Tickets, MOST_ROWS, most).await
}

async fn tickets_by_cursor(call: Call, most: MostBytes) -> Result<Json<Value>, ApiError> {
    by_cursor::page(&call, Resource::Tickets, most).await
}

async fn users(call: Call, most: MostBytes) -> Result<Json<Value>, ApiError> {
    by_time::page(&call, Resource::Users, MOST_ROWS, most).await
}

async fn users_by_cursor(call: Call, most: MostBytes) -> Result<Json<Value>, ApiError> {
    by_cursor::page(&call, Resource::Users, most).await
}

async fn organizations(call: Call, most: MostBytes) -> Result<Json<Value>, ApiError> {
    by_time::page(&call, Resource::Organizations, MOST_ROWS, most).await
}

async fn ticket_events(call: Call, most: MostBytes) -> Result<Json<Value>, ApiError> {
    ticket_events::page(&call, MOST_ROWS, most).await
}

/// `GET incremental/{resource}/sample`: the first rows of an export by time.
async fn sample(call: Call, Path(resource): Path<String>, most: MostBytes) -> Result<Json<Value>, ApiError> {
    let resource = match resource.as_str() {
        "tickets" => Resource::Tickets,
        "users" => Resource::Users,
        "organizations" => Resource::Organizations,
        "ticket_events" => return ticket_events::page(&call, MOST_OF_A_SAMPLE, most).await,
        _ => return Err(ApiError::NoSuchPath),
    };
    by_time::page(&call, resource, MOST_OF_A_SAMPLE, most).await
}

/// How many bytes of rows an answer has at most.
#[derive(Clone, Copy, Debug)]
struct MostBytes(usize);

impl<S: Send + Sync> FromRequestParts<S> for MostBytes {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let encodings = parts.headers.get(ACCEPT_ENCODING);
        let encodings = encodings
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        Ok(Self(if encodings.contains("gzip") {
            MOST_COMPRESSED_BYTES
        } else {
            MOST_BYTES
        }))
    }
}

/// The minute up to which everything that stands in the index is told for good.
fn settled(now: Timestamp) -> Timestamp {
    let at = now.checked_sub(SETTLES).unwrap_or(now).as_second();
    Timestamp::from_second(at - at.rem_euclid(MINUTE)).unwrap_or(now)
}

/// The minute under which what changes now stands.
fn minute_of(at: Timestamp) -> Timestamp {
    let whole = at.as_second() + i64::from(at.subsec_nanosecond() > 0);
    let to_minute = (MINUTE - whole.rem_euclid(MINUTE)) % MINUTE;
    Timestamp::from_second(whole + to_minute).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_minute_is_settled_two_minutes_after_it_is_over() {
        assert_eq!(settled(at("2026-03-02T12:02:59.9Z")), at("2026-03-02T12:00:00Z"));
        assert_eq!(settled(at("2026-03-02T12:03:00Z")), at("2026-03-02T12:01:00Z"));
    }

    #[test]
    fn a_time_stands_under_the_next_whole_minute() {
        assert_eq!(minute_of(at("2026-03-02T12:00:00Z")), at("2026-03-02T12:00:00Z"));
        assert_eq!(
            minute_of(at("2026-03-02T12:00:00.001Z")),
            at("2026-03-02T12:01:00Z")
        );
        assert_eq!(minute_of(at("2026-03-02T12:00:59Z")), at("2026-03-02T12:01:00Z"));
    }
}
