//! `incremental/ticket_events`: what was done to all tickets, save by save, in the order of time.
//!
//! A ticket that changed long after may have a save within a page, so every page looks at all tickets that changed since its
//! start, and at those only that had begun by its end. Numbers grow with time, so it reads tickets from the lowest number on until
//! there is a page. Where that would be too many, it walks over them in the order in which they changed last, and tells all of each.
//!
//! A save is told under the time at which it came about here: one that was imported may be of long ago.

use super::{
    MostBytes,
    by_time::{Next, Start},
    first_second, parameters, settled,
    walk::{Walked, files, numbers_since, piece},
};
use crate::{
    comment_texts::by_first_words,
    kit::{call::Call, error::ApiError},
    shapes::{
        audit::{Save, audit, saves},
        ticket_event::ticket_event,
    },
    sideloads::{Referred, asks_for},
    tickets::comments_of_saves::comments_of,
};
use axum::Json;
use docket_desk::TicketFile;
use docket_domain::{TicketNumber, Timestamp, ticket::Ticket};
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Tickets that are read at once.
const CHUNK: usize = 100;
/// Tickets that one page reads at most.
const MOST_TICKETS: usize = 10_000;
/// Tickets that changed since the start of a page, at most, for it to be in the order of time: their numbers are all asked for.
const MOST_CHANGED: usize = 100_000;
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
    let from = asked.second.max(first_second(call).await?);
    let from = Timestamp::from_second(from).unwrap_or(Timestamp::UNIX_EPOCH);
    if let Some(walked) = Walked::of(call) {
        return walk(call, (asked, settled), walked, size, bytes).await;
    }
    let Some(page) = find(call, (asked, settled), from, size).await? else {
        return walk(call, (asked, settled), Walked::before(from), size, bytes).await;
    };
    // Rows of a second have no numbers of their own: those that were told are counted.
    let of_first = page.saves.partition_point(|(second, ..)| *second <= asked.second);
    let skip = usize::try_from(asked.behind).unwrap_or(usize::MAX).min(of_first);
    let rest = &page.saves[skip..];
    let found = rows(call, &rest[..rest.len().min(MOST_OF_A_SECOND)], bytes).await?;
    let told = found.told;
    let next = match rest.get(told) {
        Some((second, ..)) => {
            let before = page.saves.partition_point(|(earlier, ..)| earlier < second);
            Next::from(asked, (*second, (skip + told - before) as u64), settled)
        }
        None => page.next,
    };
    answer(call, found, next).await
}

async fn answer(call: &Call, found: Rows, next: Next) -> Result<Json<Value>, ApiError> {
    let mut envelope = Map::new();
    envelope.insert("count".to_owned(), json!(found.rows.len()));
    envelope.insert("ticket_events".to_owned(), Value::Array(found.rows));
    found.referred.add_to(&mut envelope, call).await?;
    next.add_to(&mut envelope, call);
    Ok(Json(Value::Object(envelope)))
}

/// A page in the order of time; nothing where too many tickets would have to be read for it.
async fn find(
    call: &Call,
    (asked, settled): (Start, i64),
    from: Timestamp,
    size: usize,
) -> Result<Option<Page>, ApiError> {
    let Some(numbers) = numbers_since(call, from, MOST_CHANGED).await? else {
        return Ok(None);
    };
    let mut told: Vec<Told> = Vec::new();
    let mut whole_before = i64::MAX;
    for (nth, chunk) in numbers.chunks(CHUNK).enumerate() {
        if nth > 0 {
            let next = call.desk.tickets().get_many_deleted_too(&chunk[..1]).await?;
            let began = next.first().map_or(from, came);
            let bound = began.checked_sub(NUMBER_DRAWN).unwrap_or(from).as_second();
            let whole = told.iter().filter(|(second, ..)| *second < bound.min(settled));
            if whole.count() >= size {
                whole_before = bound;
                break;
            }
            if nth * CHUNK >= MOST_TICKETS {
                return Ok(None);
            }
        }
        for file in files(call, chunk).await? {
            told.extend(told_of(&file, asked.second));
        }
    }
    told.sort_unstable();
    Ok(Some(cut(told, whole_before, asked, size, settled)))
}

/// When a ticket came to this desk.
fn came(ticket: &Ticket) -> Timestamp {
    ticket.imported_at.unwrap_or(ticket.created_at)
}

/// The saves of a ticket since a second.
fn told_of(file: &TicketFile, since: i64) -> Vec<Told> {
    let number = file.ticket.number;
    let of_ticket = saves(number, &file.events);
    let of_ticket = of_ticket
        .iter()
        .map(|save| (second_of(save, &file.ticket), number, save.first_v()));
    of_ticket.filter(|(second, ..)| *second >= since).collect()
}

/// The next page of a walk over all tickets that changed since a second.
async fn walk(
    call: &Call,
    (asked, settled): (Start, i64),
    mut walked: Walked,
    size: usize,
    bytes: usize,
) -> Result<Json<Value>, ApiError> {
    let mut told: Vec<(Walked, Told)> = Vec::new();
    if walked.v > 0 {
        // The last page ended within this ticket.
        for file in files(call, &[TicketNumber(walked.number)]).await? {
            let rest = told_of(&file, asked.second).into_iter();
            let rest = rest.filter(|(.., v)| *v > walked.v);
            told.extend(rest.map(|save| (Walked { v: 0, ..walked }, save)));
        }
        walked.v = 0;
    }
    let (mut has_more, mut looked_at) = (true, 0);
    while has_more && told.len() < size && looked_at < MOST_TICKETS {
        let piece = piece(call, walked).await?;
        for (place, file) in &piece.files {
            told.extend(told_of(file, asked.second).into_iter().map(|save| (*place, save)));
        }
        (walked, has_more) = (piece.walked, piece.has_more);
        looked_at += CHUNK;
    }
    let saves: Vec<Told> = told.iter().map(|(_, save)| *save).take(size).collect();
    let mut found = rows(call, &saves, bytes).await?;
    let next = match (found.told.checked_sub(1), told.get(found.told)) {
        (Some(last), Some((_, (_, going_on, _)))) => {
            let (place, (_, number, v)) = told[last];
            let v = if number == *going_on { v } else { 0 };
            Next::walk(asked, Walked { v, ..place })
        }
        _ if has_more => Next::walk(asked, walked),
        _ => Next::export(asked.next_export(settled)),
    };
    found.rows.sort_by_key(|row| row["timestamp"].as_i64());
    answer(call, found, next).await
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
    Ok(Some(ticket_event(
        &audit,
        second_of(save, &file.ticket),
        with_texts,
    )))
}

/// The second at which a save came about here.
fn second_of(save: &Save<'_>, ticket: &Ticket) -> i64 {
    let Some(last) = save.events.last() else {
        return save.before.updated_at.as_second();
    };
    let imported_at = ticket.imported_at.filter(|_| last.actor.imports());
    imported_at.map_or(last.at, |at| at.max(last.at)).as_second()
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
