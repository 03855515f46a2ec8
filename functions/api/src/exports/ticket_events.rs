//! `incremental/ticket_events`: what was done to all tickets, save by save, in the order of time.
//!
//! A ticket that changed long after may have a save within a page, so every page looks at all tickets that changed since its
//! start, and at those only that had begun by its end. Numbers grow with time, so it reads tickets from the lowest number on until
//! there is a page.

use super::{
    MostBytes,
    by_time::{Next, Start},
    parameters,
    record::Resource,
    settled,
};
use crate::{
    comment_texts::by_first_words,
    kit::{call::Call, error::ApiError},
    shapes::{
        audit::{Save, audit, saves},
        ticket_event::ticket_event,
    },
    sideloads::{Referred, asks_for},
    tickets::audits::comments_of,
};
use axum::Json;
use docket_desk::TicketFile;
use docket_domain::{TicketNumber, Timestamp};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Tickets that are read at once.
const CHUNK: usize = 100;
/// The same, side by side.
const AT_ONCE: usize = 25;
/// Tickets that one page reads at most. So many that were all open at one time are a desk for which a page a day is too long
/// anyway.
const MOST_TICKETS: usize = 10_000;
/// A number may be drawn so long before its ticket begins.
const NUMBER_DRAWN: SignedDuration = SignedDuration::from_secs(300);
/// Most rows of a page, where one second, or what is not settled, has so many.
const MOST_OF_A_SECOND: usize = 5_000;

/// A save: the second it is of, its ticket, its first version.
type Told = (i64, TicketNumber, u64);

/// Saves of a page, in order.
#[derive(Debug, PartialEq, Eq)]
struct Page {
    saves: Vec<Told>,
    next: Next,
}

/// A page of at most so many rows, but for the last second. `include=comment_events` brings comments with their texts.
pub(super) async fn page(
    call: &Call,
    most: usize,
    MostBytes(bytes): MostBytes,
) -> Result<Json<Value>, ApiError> {
    let size = parameters::rows_of_a_page(call, most);
    let asked = Start::of(call)?;
    let settled = settled(call.desk.now()).as_second();
    let page = find(call, asked, size, settled).await?;
    // Rows of a second have no numbers of their own: those that were told are counted.
    let of_first = page.saves.partition_point(|(second, ..)| *second <= asked.second);
    let skip = usize::try_from(asked.behind).unwrap_or(usize::MAX).min(of_first);
    let rest = &page.saves[skip..];
    let Rows { rows, referred, told } = rows(call, &rest[..rest.len().min(MOST_OF_A_SECOND)], bytes).await?;
    let next = match rest.get(told) {
        Some((second, ..)) => {
            let before = page.saves.partition_point(|(earlier, ..)| earlier < second);
            Next::from(asked, (*second, (skip + told - before) as u64), settled)
        }
        None => page.next,
    };
    let mut envelope = Map::new();
    envelope.insert("count".to_owned(), json!(rows.len()));
    envelope.insert("ticket_events".to_owned(), Value::Array(rows));
    referred.add_to(&mut envelope, call).await?;
    next.add_to(&mut envelope, call);
    Ok(Json(Value::Object(envelope)))
}

async fn find(call: &Call, asked: Start, size: usize, settled: i64) -> Result<Page, ApiError> {
    let start = asked.second;
    let from = start.max(Resource::Tickets.first_second(call).await?);
    let from = Timestamp::from_second(from).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut numbers = call.desk.tickets().changed_since(from).await?;
    numbers.sort_unstable();
    numbers.dedup();
    let mut told: Vec<Told> = Vec::new();
    let mut whole_before = i64::MAX;
    for (nth, chunk) in numbers.chunks(CHUNK).enumerate() {
        if nth > 0 {
            let next = call.desk.tickets().get_many_deleted_too(&chunk[..1]).await?;
            let began = next.first().map_or(from, |ticket| ticket.created_at);
            let bound = began.checked_sub(NUMBER_DRAWN).unwrap_or(from).as_second();
            let whole = told.iter().filter(|(second, ..)| *second < bound.min(settled));
            if whole.count() >= size {
                whole_before = bound;
                break;
            }
            if nth * CHUNK >= MOST_TICKETS {
                let words = format!("has more than {MOST_TICKETS} tickets open at it: take a later one");
                return Err(ApiError::invalid("start_time", words));
            }
        }
        for file in files(call, chunk).await? {
            let number = file.ticket.number;
            let of_ticket = saves(number, &file.events);
            let of_ticket = of_ticket.iter().filter_map(|save| {
                let second = save.events.first()?.at.as_second();
                Some((second, number, save.first_v()))
            });
            told.extend(of_ticket.filter(|(second, ..)| *second >= start));
        }
    }
    told.sort_unstable();
    Ok(cut(told, whole_before, asked, size, settled))
}

/// At least so many saves of what is settled, in whole seconds, and all else where it reaches the end.
fn cut(mut told: Vec<Told>, whole_before: i64, asked: Start, size: usize, settled: i64) -> Page {
    let of_settled = told.partition_point(|(second, ..)| *second < whole_before.min(settled));
    let has_more = whole_before < i64::MAX;
    if of_settled > size || has_more {
        let last = told[size.min(of_settled).saturating_sub(1)].0;
        let length = told
            .partition_point(|(second, ..)| *second <= last)
            .min(of_settled);
        if length < of_settled || has_more {
            told.truncate(length);
            let next = Next::from(asked, (last + 1, 0), settled);
            return Page { saves: told, next };
        }
    }
    let next = Next::export(asked.next_export(settled));
    Page { saves: told, next }
}

/// These tickets with their events, those that were deleted, too.
async fn files(call: &Call, numbers: &[TicketNumber]) -> Result<Vec<TicketFile>, ApiError> {
    let files = stream::iter(numbers.to_vec()).map(|number| call.desk.tickets().file(number));
    let files: Vec<_> = files.buffered(AT_ONCE).try_collect().await?;
    Ok(files.into_iter().flatten().collect())
}

/// Rows of a page.
#[derive(Default)]
struct Rows {
    rows: Vec<Value>,
    referred: Referred,
    /// How many saves they tell.
    told: usize,
}

/// The saves as they are shown, as many as fit into so many bytes, but at least one.
async fn rows(call: &Call, saves: &[Told], most_bytes: usize) -> Result<Rows, ApiError> {
    let mut found = Rows::default();
    let mut bytes = 0;
    for chunk in saves.chunks(CHUNK) {
        let numbers: BTreeSet<_> = chunk.iter().map(|(_, number, _)| *number).collect();
        let numbers: Vec<_> = numbers.into_iter().collect();
        let files = files(call, &numbers).await?;
        let files: BTreeMap<_, _> = files.iter().map(|file| (file.ticket.number, file)).collect();
        for (_, number, v) in chunk {
            let row = match files.get(number) {
                Some(file) => row(call, file, *v, &mut found.referred).await?,
                None => None,
            };
            bytes += serde_json::to_vec(&row).map_or(0, |row| row.len());
            if bytes > most_bytes && !found.rows.is_empty() {
                return Ok(found);
            }
            found.rows.extend(row);
            found.told += 1;
        }
    }
    Ok(found)
}

async fn row(
    call: &Call,
    file: &TicketFile,
    v: u64,
    referred: &mut Referred,
) -> Result<Option<Value>, ApiError> {
    let all = saves(file.ticket.number, &file.events);
    let Some(save) = all.iter().find(|save| save.first_v() == v) else {
        return Ok(None);
    };
    referred
        .people
        .extend(save.events.iter().filter_map(|event| event.actor.person()));
    let with_texts = asks_for(call, "comment_events");
    let comments = match (file.ticket.is_deleted(), with_texts) {
        // What was said on a ticket that was deleted is shown to nobody.
        (true, _) => vec![],
        (false, true) => comments_of(&call.desk, file, &[save]).await?,
        (false, false) => {
            let added = file.comments.iter().filter(|comment| save.has(comment.v));
            added.cloned().map(by_first_words).collect()
        }
    };
    let audit = audit(&call.address, save, &comments, &file.outbox);
    Ok(Some(ticket_event(&audit, second_of(save), with_texts)))
}

fn second_of(save: &Save<'_>) -> i64 {
    let at = save
        .events
        .first()
        .map_or(save.before.updated_at, |event| event.at);
    at.as_second()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(count: u64, of_a_second: u64) -> Vec<Told> {
        let save = |n: u64| (10 + (n / of_a_second) as i64, TicketNumber(n), 1);
        (0..count).map(save).collect()
    }

    const FROM_THE_BEGINNING: Start = Start {
        second: 0,
        behind: 0,
        settled: None,
    };

    fn check(told: Vec<Told>, whole_before: i64, size: usize, expected: (usize, Next)) {
        let page = cut(told, whole_before, FROM_THE_BEGINNING, size, 100);
        assert_eq!((page.saves.len(), page.next), expected);
    }

    fn on_from(second: i64) -> Next {
        Next::from(FROM_THE_BEGINNING, (second, 0), 100)
    }

    #[test]
    fn a_page_ends_between_two_seconds_and_has_no_fewer_rows_than_were_asked_for() {
        check(told(1_500, 400), i64::MAX, 1_000, (1_200, on_from(13)));
        check(told(1_500, 400), i64::MAX, 1_200, (1_200, on_from(13)));
        check(told(1_500, 400), 14, 1_500, (1_500, on_from(14)));
        check(told(1_500, 400), i64::MAX, 1_500, (1_500, Next::export(100)));
    }

    #[test]
    fn a_second_with_more_than_a_page_is_told_whole() {
        check(told(1_500, 2_000), i64::MAX, 1_000, (1_500, Next::export(100)));
    }

    #[test]
    fn what_is_not_settled_is_told_at_the_end_and_comes_again() {
        let mut all = told(5, 1);
        all.push((100, TicketNumber(9), 2));
        check(all, i64::MAX, 5, (6, Next::export(100)));
    }
}
