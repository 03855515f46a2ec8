//! `GET search/export`: all that stands by a query, by cursor. A cursor holds for an hour.

use super::{
    find::{kind_named, request, told},
    rows::rows,
};
use crate::kit::{call::Call, error::ApiError, paging::link};
use axum::Json;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use docket_domain::Timestamp;
use docket_search::{PageEnd, SearchRequest, Wanted};
use http::HeaderMap;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Most rows of a page, and how many it has unless told otherwise.
const MOST_ROWS: usize = 1_000;
const ROWS: usize = 100;
/// How long a cursor holds.
const CURSOR_HOLDS: SignedDuration = SignedDuration::from_hours(1);

/// Where the next page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    /// When the first page was asked for, in seconds since 1970.
    since: i64,
    end: PageEnd,
}

/// `GET search/export?query=&filter[type]=&page[size]=&page[after]=`, in the order of creation. What changes meanwhile comes once or, where it
/// no longer stands by the query, not at all.
pub(crate) async fn export(call: Call) -> Result<(HeaderMap, Json<Value>), ApiError> {
    let query = call.address.parameter("query");
    let query = query.ok_or_else(|| ApiError::blank("query"))?.to_owned();
    let kind = call.address.parameter("filter[type]");
    let kind = kind_named(kind.ok_or_else(|| ApiError::blank("filter[type]"))?)?;
    let size = match call.address.parameter("page[size]") {
        None => ROWS,
        Some(text) => {
            let size = text.parse().ok().filter(|size| (1..=MOST_ROWS).contains(size));
            size.ok_or_else(|| ApiError::invalid("page[size]", format!("must be from 1 to {MOST_ROWS}")))?
        }
    };
    let now = call.desk.now();
    let cursor = call.address.parameter("page[after]");
    let cursor = cursor.map(|text| read_cursor(text, now)).transpose()?;
    let request = SearchRequest {
        take: size,
        after: Some(cursor.map_or(BEGIN, |cursor| cursor.end)),
        sort_by: None,
        sort_order: None,
        ..request(&call, Wanted::QueryOf(kind, query))
    };
    let answer = call.desk.find(request).await?;
    let (rows, beside) = rows(&call, &answer.found).await?;
    let since = cursor.map_or(now.as_second(), |cursor| cursor.since);
    let next = answer.next.map(|end| write_cursor(Cursor { since, end }));
    let to_next = |after: &String| {
        let size = ("page[size]", size.to_string());
        link(&call.address, &[("page[after]", after.clone()), size])
    };
    let mut envelope = Map::new();
    envelope.insert("results".to_owned(), Value::Array(rows));
    envelope.insert("facets".to_owned(), Value::Null);
    let links = json!({ "prev": null, "next": next.as_ref().map(to_next) });
    envelope.insert("links".to_owned(), links);
    let meta = json!({ "has_more": next.is_some(), "after_cursor": next, "before_cursor": null });
    envelope.insert("meta".to_owned(), meta);
    beside.add_to(&mut envelope, &call).await?;
    Ok((told(&answer), Json(Value::Object(envelope))))
}

/// Before the first.
const BEGIN: PageEnd = PageEnd {
    group: None,
    created: Some(i64::MIN),
    number: 0,
    kind: docket_search::Kind::Ticket,
};

fn write_cursor(cursor: Cursor) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&cursor).unwrap_or_default())
}

fn read_cursor(text: &str, now: Timestamp) -> Result<Cursor, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
    let cursor: Option<Cursor> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let cursor = cursor.ok_or_else(|| {
        ApiError::invalid(
            "page[after]",
            "is no cursor of this list; begin with the first page",
        )
    })?;
    let since = Timestamp::from_second(cursor.since).unwrap_or(Timestamp::UNIX_EPOCH);
    if now.duration_since(since) > CURSOR_HOLDS {
        let words = "the cursor is older than an hour; begin with the first page";
        return Err(ApiError::invalid("page[after]", words));
    }
    Ok(cursor)
}
