//! Exports by cursor: in the order of the index, each place once.

use super::{
    MOST_ROWS, MostBytes,
    cursor::{Cursor, Place},
    first_second, minute_of, parameters,
    record::{Record, Resource, Shown, show},
    settled,
};
use crate::kit::{call::Call, error::ApiError};
use axum::Json;
use docket_domain::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// How many pages without a row are passed over: clients take one for the end.
const MOST_EMPTY_PAGES: usize = 20;

/// A page of the index with what there is of it.
struct Found {
    /// Where the page began.
    from: Cursor,
    /// The records, each with its place.
    rows: Vec<(Place, Record)>,
    /// The last place that was looked at, where more come behind it.
    on_behind: Option<Place>,
    /// Up to which minute the export goes.
    until: Timestamp,
}

/// A page: `start_time=` begins an export, `cursor=` goes on with one.
pub(super) async fn page(
    call: &Call,
    resource: Resource,
    MostBytes(most_bytes): MostBytes,
) -> Result<Json<Value>, ApiError> {
    let size = parameters::rows_of_a_page(call, MOST_ROWS);
    let without_deleted = match resource {
        Resource::Tickets => {
            parameters::check_support_type(call)?;
            parameters::excludes_deleted(call)?
        }
        _ => false,
    };
    let mut cursor = asked_for(call, resource).await?;
    let mut found = find(call, resource, cursor, size).await?;
    for _ in 0..MOST_EMPTY_PAGES {
        found
            .rows
            .retain(|(_, record)| !(without_deleted && record.is_deleted()));
        match found.on_behind.filter(|_| found.rows.is_empty()) {
            Some(last) => cursor = next(&found, last, settled(call.desk.now())),
            None => break,
        }
        found = find(call, resource, cursor, size).await?;
    }
    found
        .rows
        .retain(|(_, record)| !(without_deleted && record.is_deleted()));
    let (places, records): (Vec<_>, Vec<_>) = found.rows.iter().cloned().unzip();
    let shown = show(call, &records, most_bytes).await?;
    let cut_behind = (shown.rows.len() < records.len()).then(|| places[shown.rows.len() - 1]);
    let on_behind = cut_behind.or(found.on_behind);
    let now = settled(call.desk.now());
    let after = match on_behind {
        Some(last) => next(&found, last, now),
        None => end(&found, now),
    };
    answer(call, resource, shown, after, on_behind.is_none()).await
}

async fn answer(
    call: &Call,
    resource: Resource,
    shown: Shown,
    after: Cursor,
    is_end: bool,
) -> Result<Json<Value>, ApiError> {
    let after = after.write(resource);
    let mut envelope = Map::new();
    envelope.insert("count".to_owned(), json!(shown.rows.len()));
    envelope.insert(resource.name().to_owned(), Value::Array(shown.rows));
    envelope.insert("after_url".to_owned(), json!(after_url(call, &after)));
    envelope.insert("after_cursor".to_owned(), json!(after));
    envelope.insert("before_url".to_owned(), Value::Null);
    envelope.insert("before_cursor".to_owned(), Value::Null);
    envelope.insert("end_of_stream".to_owned(), json!(is_end));
    shown.referred.add_to(&mut envelope, call).await?;
    Ok(Json(Value::Object(envelope)))
}

/// The address of the page behind a cursor.
fn after_url(call: &Call, after: &str) -> String {
    let kept = call.address.query.iter();
    let kept = kept.filter(|(name, _)| name != "start_time" && name != "cursor");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept).append_pair("cursor", after);
    format!("{}?{}", call.address.resource(&call.address.path), query.finish())
}

/// Where to begin.
async fn asked_for(call: &Call, resource: Resource) -> Result<Cursor, ApiError> {
    let given = call.address.parameter("cursor");
    if let Some(cursor) = given.and_then(|text| Cursor::read(resource, text)) {
        return Ok(cursor);
    }
    match (parameters::start_time(call)?, given) {
        (Some(start), _) => {
            let start = start.max(first_second(call).await?);
            let start = Timestamp::from_second(start).unwrap_or(Timestamp::UNIX_EPOCH);
            Ok(Cursor::beginning(Place::before(minute_of(start).as_second())))
        }
        (None, None) => parameters::needed_start_time(call).map(|_| Cursor::beginning(Place::before(0))),
        (None, Some(_)) => {
            let words = "cursor is none that this export gave. Begin with start_time.";
            Err(ApiError::BadRequest(words.to_owned()))
        }
    }
}

async fn find(call: &Call, resource: Resource, from: Cursor, size: usize) -> Result<Found, ApiError> {
    let until = from.until.and_then(|until| Timestamp::from_second(until).ok());
    let until = until.unwrap_or_else(|| minute_of(call.desk.now()));
    let page = call
        .desk
        .changed_page(resource.class(), from.at.in_index(), until, size)
        .await?;
    let places = page.places.iter().map(|(minute, number)| Place {
        minute: minute.as_second(),
        number: *number,
    });
    let places: Vec<Place> = places.collect();
    let numbers: Vec<u64> = places.iter().map(|place| place.number).collect();
    let records = resource.load(call, &numbers).await?;
    let mut records: HashMap<u64, Record> = records
        .into_iter()
        .map(|record| (record.number(), record))
        .collect();
    let rows = places
        .iter()
        .filter_map(|place| Some((*place, records.remove(&place.number)?)));
    Ok(Found {
        from,
        rows: rows.collect(),
        on_behind: places.last().copied().filter(|_| page.has_more),
        until,
    })
}

/// Where the same export goes on behind a place.
fn next(found: &Found, last: Place, settled: Timestamp) -> Cursor {
    let settled = Place::behind(settled);
    let unsettled = (last > settled).then(|| settled.max(found.from.at));
    Cursor {
        at: last,
        until: Some(found.until.as_second()),
        settled: found.from.settled.or(unsettled),
    }
}

/// Where the next export begins: behind what was settled when it was told, and not before where this one began.
fn end(found: &Found, settled: Timestamp) -> Cursor {
    let settled = Place::behind(settled).min(Place::behind(found.until));
    Cursor::beginning(found.from.settled.unwrap_or(settled.max(found.from.at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn found(from: Cursor, until: i64) -> Found {
        Found {
            from,
            rows: vec![],
            on_behind: None,
            until: at(until),
        }
    }

    #[test]
    fn the_next_export_begins_behind_what_was_settled() {
        let from = Cursor::beginning(Place::before(60));
        let next_export = end(&found(from, 600), at(300));
        assert_eq!(next_export, Cursor::beginning(Place::behind(at(300))));
    }

    #[test]
    fn an_export_that_was_taken_up_late_ends_where_it_was_to_end() {
        let from = Cursor {
            until: Some(600),
            ..Cursor::beginning(Place::before(60))
        };
        assert_eq!(end(&found(from, 600), at(9_000)).at, Place::behind(at(600)));
    }

    #[test]
    fn who_begins_with_what_is_not_settled_goes_on_there() {
        let from = Cursor::beginning(Place::before(540));
        assert_eq!(end(&found(from, 600), at(420)).at, Place::before(540));
    }

    #[test]
    fn what_was_told_before_it_was_settled_comes_again() {
        let begun = found(Cursor::beginning(Place::before(60)), 600);
        let last = Place {
            minute: 600,
            number: 9,
        };
        let second = next(&begun, last, at(420));
        assert_eq!(
            (second.at, second.until, second.settled),
            (last, Some(600), Some(Place::behind(at(420))))
        );
        let third = next(
            &found(second, 600),
            Place {
                minute: 600,
                number: 20,
            },
            at(600),
        );
        assert_eq!(third.settled, second.settled);
        assert_eq!(
            end(&found(third, 600), at(900)),
            Cursor::beginning(Place::behind(at(420)))
        );
    }

    #[test]
    fn within_what_is_settled_nothing_has_to_come_again() {
        let begun = found(Cursor::beginning(Place::before(60)), 600);
        let second = next(
            &begun,
            Place {
                minute: 120,
                number: 9,
            },
            at(420),
        );
        assert_eq!(second.settled, None);
    }
}
