//! Exports by time: in the order of seconds, and within one in that of numbers.
//!
//! A page ends between two seconds, so that whoever knows no more than its `end_time` goes on with nothing missed. It has more rows
//! than were asked for where the last second has more: clients take a page with fewer for the last. Only where a second is more
//! than an answer can carry the page ends within it, and `next_page` says behind which number.

use super::{
    MINUTE, MostBytes,
    cursor::Place,
    first_second, minute_of, parameters,
    record::{Record, Resource, Shown, show},
    settled,
};
use crate::kit::{call::Call, error::ApiError};
use axum::Json;
use docket_domain::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Places of the index that are read at once.
const PLACES_AT_ONCE: usize = 1_000;
/// Most records that are looked at for a page: those of one minute in which a very large desk changed at once.
const MOST_LOOKED_AT: usize = 20_000;
/// Most rows of a page, where one second, or what is not settled, has so many.
pub(super) const MOST_OF_A_SECOND: usize = 5_000;

/// A record, and the second in which it changed last.
type Dated = (i64, Record);

/// From where on rows are told: a second, and behind a number or id in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub second: i64,
    pub behind: u64,
    /// From which second on the next export begins, where this one has told already what was not settled.
    pub settled: Option<i64>,
}

impl Start {
    /// As a call says it.
    pub fn of(call: &Call) -> Result<Self, ApiError> {
        let second = parameters::needed_start_time(call)?;
        let settled = call
            .address
            .number(SETTLED)
            .and_then(|settled| i64::try_from(settled).ok());
        Ok(Self {
            second,
            behind: call.address.number(BEHIND).unwrap_or(0),
            settled: settled.filter(|settled| *settled <= second),
        })
    }

    /// From which second on the next export begins, when all is told.
    pub fn next_export(self, settled: i64) -> i64 {
        self.settled.unwrap_or(settled.max(self.second))
    }
}

/// How an export goes on behind a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Next {
    start: Start,
    is_last: bool,
}

impl Next {
    /// From a second on, behind a number in it, in the same export. What is not settled there is told, and comes again.
    pub fn from(asked: Start, (second, behind): (i64, u64), settled: i64) -> Self {
        let told_early = second > settled.max(asked.second) || (second >= settled && behind > 0);
        Self {
            start: Start {
                second,
                behind,
                settled: asked.settled.or(told_early.then(|| settled.max(asked.second))),
            },
            is_last: false,
        }
    }

    /// Not at all: with this second the next export begins.
    pub fn export(second: i64) -> Self {
        Self {
            start: Start {
                second,
                behind: 0,
                settled: None,
            },
            is_last: true,
        }
    }

    /// Adds how it goes on to an answer. Who knows no more than `end_time` goes on there, and misses nothing.
    pub fn add_to(self, envelope: &mut Map<String, Value>, call: &Call) {
        let end_time = self.start.settled.unwrap_or(self.start.second);
        envelope.insert("end_time".to_owned(), json!(end_time));
        envelope.insert("next_page".to_owned(), json!(self.address(call)));
        envelope.insert("end_of_stream".to_owned(), json!(self.is_last));
    }

    fn address(self, call: &Call) -> String {
        let own = ["start_time", BEHIND, SETTLED, "page"];
        let kept = call.address.query.iter();
        let kept = kept.filter(|(name, _)| !own.contains(&name.as_str()));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept);
        query.append_pair("start_time", &self.start.second.to_string());
        if self.start.behind > 0 {
            query.append_pair(BEHIND, &self.start.behind.to_string());
        }
        if let Some(settled) = self.start.settled {
            query.append_pair(SETTLED, &settled.to_string());
        }
        format!("{}?{}", call.address.resource(&call.address.path), query.finish())
    }
}

/// The parameter that says behind which number or id of the first second a page begins.
const BEHIND: &str = "behind_id";
/// The parameter that says from which second on the next export begins.
const SETTLED: &str = "settled_time";

/// Rows of a page before they are shown.
#[derive(Debug)]
struct Page {
    rows: Vec<Dated>,
    next: Next,
}

/// A page of at most so many rows, but for the last second.
pub(super) async fn page(
    call: &Call,
    resource: Resource,
    most: usize,
    MostBytes(most_bytes): MostBytes,
) -> Result<Json<Value>, ApiError> {
    let size = parameters::rows_of_a_page(call, most);
    if resource == Resource::Tickets {
        parameters::check_support_type(call)?;
    }
    let is_without_deleted = resource == Resource::Tickets && parameters::excludes_deleted(call)?;
    let asked = Start::of(call)?;
    let settled = settled(call.desk.now()).as_second();
    let found = gather(call, resource, asked, (size, settled)).await?;
    let mut page = cut(found, asked, size, settled);
    if is_without_deleted {
        page.rows.retain(|(_, record)| !record.is_deleted());
    }
    let rows = page.rows.iter().take(MOST_OF_A_SECOND);
    let records: Vec<Record> = rows.map(|(_, record)| record.clone()).collect();
    let shown = show(call, &records, most_bytes).await?;
    let next = after(&page, shown.rows.len(), asked, settled);
    answer(call, resource, shown, next).await
}

/// How the export goes on, when so many rows of this page were shown.
fn after(page: &Page, shown: usize, asked: Start, settled: i64) -> Next {
    let (Some((second, _)), Some(last)) = (page.rows.get(shown), shown.checked_sub(1)) else {
        return page.next;
    };
    let (before, record) = &page.rows[last];
    let behind = if before == second { record.number() } else { 0 };
    Next::from(asked, (*second, behind), settled)
}

async fn answer(call: &Call, resource: Resource, shown: Shown, next: Next) -> Result<Json<Value>, ApiError> {
    let mut envelope = Map::new();
    envelope.insert("count".to_owned(), json!(shown.rows.len()));
    envelope.insert(resource.name().to_owned(), Value::Array(shown.rows));
    shown.referred.add_to(&mut envelope, call).await?;
    next.add_to(&mut envelope, call);
    Ok(Json(Value::Object(envelope)))
}

/// Records that changed from a second on, whole seconds of them, until there are so many that are settled, or no more.
struct Gathered {
    rows: Vec<Dated>,
    /// Before this second nothing is missing.
    whole_before: i64,
    has_more: bool,
}

async fn gather(
    call: &Call,
    resource: Resource,
    asked: Start,
    (size, settled): (usize, i64),
) -> Result<Gathered, ApiError> {
    let first = asked.second.max(first_second(call).await?);
    let first = Timestamp::from_second(first).unwrap_or(Timestamp::UNIX_EPOCH);
    let until = minute_of(call.desk.now());
    let mut from = Place::before(minute_of(first).as_second());
    let mut gathered = Gathered {
        rows: vec![],
        whole_before: i64::MAX,
        has_more: true,
    };
    let mut looked_at = 0;
    while gathered.has_more {
        let page = call
            .desk
            .changed_page(resource.class(), from.in_index(), until, PLACES_AT_ONCE)
            .await?;
        let numbers: Vec<u64> = page.places.iter().map(|(_, number)| *number).collect();
        let found = resource.load(call, &numbers).await?;
        let places: HashMap<u64, i64> = page
            .places
            .iter()
            .map(|(minute, number)| (*number, minute.as_second()))
            .collect();
        let dated = found.into_iter().filter_map(|record| {
            let minute = places.get(&record.number())?;
            Some((second_of(&record, *minute), record))
        });
        gathered.rows.extend(dated.filter(|(second, record)| {
            (*second, record.number()) > (asked.second, asked.behind) || *second > asked.second
        }));
        gathered.has_more = page.has_more;
        let Some((minute, number)) = page.places.last().filter(|_| page.has_more) else {
            gathered.whole_before = i64::MAX;
            break;
        };
        from = Place {
            minute: minute.as_second(),
            number: *number,
        };
        // What stands under a minute changed in the sixty seconds before it, or just as it began.
        gathered.whole_before = from.minute - MINUTE;
        looked_at += page.places.len();
        let whole = gathered
            .rows
            .iter()
            .filter(|(second, _)| *second < gathered.whole_before.min(settled));
        let has_enough = gathered.whole_before >= settled && gathered.rows.len() >= MOST_OF_A_SECOND;
        if whole.count() >= size || has_enough {
            break;
        }
        if looked_at >= MOST_LOOKED_AT {
            let words = format!(
                "lies in a minute in which more than {MOST_LOOKED_AT} changed: take the export by cursor"
            );
            return Err(ApiError::invalid("start_time", words));
        }
    }
    gathered
        .rows
        .sort_by_key(|(second, record)| (*second, record.number()));
    gathered.rows.dedup_by_key(|(_, record)| record.number());
    Ok(gathered)
}

/// The second in which a record changed last: by its own word where that goes with its place in the index, and else within the
/// minute under which it stands.
fn second_of(record: &Record, minute: i64) -> i64 {
    let own = record.changed_at();
    if minute_of(own).as_second() >= minute {
        own.as_second()
    } else {
        minute - MINUTE + 1
    }
}

/// Cuts a page off what was gathered: at least so many rows of what is settled, and all else where it reaches the end.
fn cut(gathered: Gathered, asked: Start, size: usize, settled: i64) -> Page {
    let Gathered {
        mut rows,
        whole_before,
        has_more,
    } = gathered;
    let of_settled = rows.partition_point(|(second, _)| *second < whole_before.min(settled));
    if of_settled > size || (of_settled == size && has_more) {
        let last = rows[size - 1].0;
        let length = rows.partition_point(|(second, _)| *second <= last);
        if length < of_settled || has_more {
            rows.truncate(length.min(of_settled));
            let next = Next::from(asked, (last + 1, 0), settled);
            return Page { rows, next };
        }
    }
    if has_more {
        // Of the second where looking ended others may stand further on.
        rows.truncate(rows.partition_point(|(second, _)| *second < whole_before));
        let next = Next::from(asked, (whole_before, 0), settled);
        return Page { rows, next };
    }
    let next = Next::export(asked.next_export(settled));
    Page { rows, next }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{TicketNumber, ticket::Ticket};

    fn row(second: i64, number: u64) -> Dated {
        let ticket = Ticket::blank(TicketNumber(number));
        (second, Record::Ticket(Box::new(ticket)))
    }

    fn gathered(rows: Vec<Dated>, whole_before: i64) -> Gathered {
        Gathered {
            rows,
            whole_before,
            has_more: whole_before < i64::MAX,
        }
    }

    const FROM_THE_BEGINNING: Start = Start {
        second: 0,
        behind: 0,
        settled: None,
    };

    /// How many rows, from which second on it goes on, from which the next export begins where that is another, whether it ends.
    fn check(found: Gathered, size: usize, settled: i64, expected: (usize, i64, Option<i64>, bool)) {
        let page = cut(found, FROM_THE_BEGINNING, size, settled);
        let Next { start, is_last, .. } = page.next;
        assert_eq!((page.rows.len(), start.second, start.settled, is_last), expected);
    }

    #[test]
    fn a_page_ends_between_two_seconds_and_has_no_fewer_rows_than_were_asked_for() {
        let rows = || {
            (1..=30)
                .map(|number| row(10 + number as i64 / 10, number))
                .collect()
        };
        check(gathered(rows(), i64::MAX), 5, 100, (9, 11, None, false));
        check(gathered(rows(), i64::MAX), 9, 100, (9, 11, None, false));
        check(gathered(rows(), i64::MAX), 10, 100, (19, 12, None, false));
        check(gathered(rows(), i64::MAX), 29, 100, (29, 13, None, false));
        check(gathered(rows(), i64::MAX), 30, 100, (30, 100, None, true));
    }

    #[test]
    fn one_second_is_told_whole() {
        let rows: Vec<_> = (1..=3_000).map(|number| row(10, number)).collect();
        check(gathered(rows, i64::MAX), 1_000, 100, (3_000, 100, None, true));
    }

    #[test]
    fn what_is_not_settled_is_told_at_the_end_and_comes_again() {
        let rows = vec![row(10, 1), row(100, 2), row(101, 3)];
        check(gathered(rows.clone(), i64::MAX), 5, 100, (3, 100, None, true));
        check(gathered(rows.clone(), i64::MAX), 1, 100, (3, 100, None, true));
        // What of it does not fit comes on the next page, and all of it with the next export.
        check(gathered(rows, 101), 5, 100, (2, 101, Some(100), false));
    }

    #[test]
    fn a_second_of_which_not_all_was_seen_waits_for_the_next_page() {
        let rows = vec![row(10, 1), row(20, 2), row(59, 3), row(60, 4)];
        check(gathered(rows, 60), 3, 100, (3, 60, None, false));
    }

    #[test]
    fn a_page_that_is_too_large_ends_within_its_second() {
        let rows = vec![row(10, 1), row(10, 2), row(11, 3), row(100, 4), row(100, 5)];
        let page = cut(gathered(rows, i64::MAX), FROM_THE_BEGINNING, 9, 100);
        let next = |shown| {
            let Next { start, is_last, .. } = after(&page, shown, FROM_THE_BEGINNING, 100);
            (start.second, start.behind, start.settled, is_last)
        };
        assert_eq!(next(1), (10, 1, None, false));
        assert_eq!(next(2), (11, 0, None, false));
        assert_eq!(next(3), (100, 0, None, false));
        assert_eq!(next(4), (100, 4, Some(100), false));
        assert_eq!(next(5), (100, 0, None, true));
    }

    #[test]
    fn an_export_that_told_what_was_not_settled_ends_where_the_next_begins() {
        let asked = Start {
            second: 150,
            behind: 4,
            settled: Some(100),
        };
        let page = cut(gathered(vec![row(150, 5)], i64::MAX), asked, 9, 300);
        assert_eq!(page.next, Next::export(100));
        let next = Next::from(asked, (200, 0), 300);
        assert_eq!(next.start.settled, Some(100));
    }
}
