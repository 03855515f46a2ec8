//! `incremental/ticket_events`: what was done to all tickets, save by save, in the order of time.
//!
//! Each save stands in the index under the second in which it came about here, by its id, and stays there whatever becomes of its
//! ticket. So a page reads its own part of the index, and the tickets of its own rows: what it costs does not depend on how much
//! there is or changed since. What was stored at once may be several audits; each is a row.
//!
//! A save is told under the time at which it came about here: one that was imported may be of long ago.

use super::{
    MostBytes,
    by_time::{MOST_OF_A_SECOND, Next, Start},
    files::files,
    first_second, minute_of, parameters, settled,
};
use crate::{
    comment_texts::by_first_words,
    kit::{call::Call, error::ApiError},
    shapes::{
        audit::{Save, audit, saves},
        child_id, parent_of,
        ticket_event::ticket_event,
    },
    sideloads::{Referred, asks_for},
    tickets::comments_of_saves::comments_of,
};
use axum::Json;
use docket_desk::{ChangedClass, TicketFile};
use docket_domain::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Saves whose tickets are read at once.
const CHUNK: usize = 100;
/// Places of the index that are read beyond those of a page, so that the end of its last second is mostly among them.
const BEYOND: usize = 200;

/// Where a save stands in the index: the second in which it came about here, and its id. A row has the same second, and the id of its
/// audit.
type Place = (i64, u64);

/// A page of at most so many rows, but for the last second. `include=comment_events` brings comments with their texts.
pub(super) async fn page(
    call: &Call,
    most: usize,
    MostBytes(bytes): MostBytes,
) -> Result<Json<Value>, ApiError> {
    let size = parameters::rows_of_a_page(call, most);
    let asked = Start::of(call)?;
    let settled = settled(call.desk.now()).as_second();
    let found = gather(call, asked, (size, settled)).await?;
    let page = cut(found, asked, settled);
    let shown = rows(call, asked, &page.places, bytes).await?;
    let next = match shown.rest {
        Some(rest) => Next::from(asked, rest, settled),
        None => page.next,
    };
    answer(call, shown, next).await
}

async fn answer(call: &Call, shown: Rows, next: Next) -> Result<Json<Value>, ApiError> {
    let mut envelope = Map::new();
    envelope.insert("count".to_owned(), json!(shown.rows.len()));
    envelope.insert("ticket_events".to_owned(), Value::Array(shown.rows));
    shown.referred.add_to(&mut envelope, call).await?;
    next.add_to(&mut envelope, call);
    Ok(Json(Value::Object(envelope)))
}

/// Places of saves from a second on, in order and without a gap.
struct Gathered {
    places: Vec<Place>,
    /// Before this second nothing is missing.
    whole_before: i64,
    /// Of how many saves a page is, where one second does not have more.
    size: usize,
}

/// Reads places until there are enough that are settled, in whole seconds, or as many as a page can carry, or no more.
async fn gather(call: &Call, asked: Start, (size, settled): (usize, i64)) -> Result<Gathered, ApiError> {
    let first = asked.second.max(first_second(call).await?);
    let behind = if first == asked.second { asked.behind } else { 0 };
    // The save whose row was the last may have further ones: places of its ticket are looked at once more.
    let of_ticket = child_id(parent_of(behind).0, 0);
    let mut after = (Timestamp::from_second(first).unwrap_or(Timestamp::MAX), of_ticket);
    let until = minute_of(call.desk.now());
    let mut gathered = Gathered {
        places: vec![],
        whole_before: i64::MAX,
        size,
    };
    loop {
        let page = call
            .desk
            .changed_page(ChangedClass::Saves, after, until, size + BEYOND)
            .await?;
        let found = page.places.iter().map(|(at, id)| (at.as_second(), *id));
        gathered.places.extend(found);
        gathered.forget_told(asked, size);
        let Some(last) = page.places.last().filter(|_| page.has_more) else {
            gathered.whole_before = i64::MAX;
            return Ok(gathered);
        };
        after = *last;
        gathered.whole_before = last.0.as_second();
        let is_full = gathered.places.len() > MOST_OF_A_SECOND;
        if is_full || gathered.settled(settled) >= gathered.size {
            return Ok(gathered);
        }
    }
}

impl Gathered {
    /// Leaves out what was told before, but for the save in which telling ended: it may have rows that were not, and does not count.
    fn forget_told(&mut self, asked: Start, size: usize) {
        let told = self
            .places
            .partition_point(|place| *place <= (asked.second, asked.behind));
        self.places.drain(..told.saturating_sub(1));
        self.size = size + told.min(1);
    }

    /// How many are settled, in whole seconds.
    fn settled(&self, settled: i64) -> usize {
        let before = self.whole_before.min(settled);
        self.places.partition_point(|(second, _)| *second < before)
    }
}

/// Saves of a page, in order.
#[derive(Debug, PartialEq, Eq)]
struct Page {
    places: Vec<Place>,
    next: Next,
}

/// At least as many saves of what is settled as a page has, in whole seconds, and all else where it reaches the end.
fn cut(gathered: Gathered, asked: Start, settled: i64) -> Page {
    let of_settled = gathered.settled(settled);
    let Gathered {
        mut places,
        whole_before,
        size,
    } = gathered;
    let has_more = whole_before < i64::MAX;
    if of_settled > size || (of_settled == size && has_more) {
        let last = places[size - 1].0;
        let length = places.partition_point(|(second, _)| *second <= last);
        if length < of_settled || has_more {
            places.truncate(length);
            let next = Next::from(asked, (last + 1, 0), settled);
            return Page { places, next };
        }
    }
    // Without a gap as far as they go: of a second that is too large, or of what is not settled, there are more.
    let goes_on = places.last().filter(|_| has_more);
    let next = goes_on.map_or_else(
        || Next::export(asked.next_export(settled)),
        |last| Next::from(asked, *last, settled),
    );
    Page { places, next }
}

/// Rows of a page.
#[derive(Default)]
struct Rows {
    rows: Vec<Value>,
    referred: Referred,
    /// Behind which row it goes on, where not all of them fit; behind none of a second that was not begun.
    rest: Option<Place>,
}

/// The saves as they are shown, as many as fit into so many bytes, but at least one row.
async fn rows(call: &Call, asked: Start, places: &[Place], most_bytes: usize) -> Result<Rows, ApiError> {
    let mut shown = Rows::default();
    let (mut bytes, mut last) = (0, (asked.second, asked.behind));
    for chunk in places.chunks(CHUNK) {
        let numbers: BTreeSet<_> = chunk.iter().map(|(_, id)| parent_of(*id).0).collect();
        let numbers: Vec<_> = numbers.into_iter().collect();
        let files = files(call, &numbers).await?;
        for told in told_of(&files, chunk) {
            if told.at <= (asked.second, asked.behind) {
                continue;
            }
            let row = row(call, &told, &mut shown.referred).await?;
            bytes += serde_json::to_vec(&row).map_or(0, |row| row.len());
            let is_full = bytes > most_bytes || shown.rows.len() >= MOST_OF_A_SECOND;
            if is_full && !shown.rows.is_empty() {
                let behind = if last.0 == told.at.0 { last.1 } else { 0 };
                shown.rest = Some((told.at.0, behind));
                return Ok(shown);
            }
            shown.rows.push(row);
            last = told.at;
        }
    }
    Ok(shown)
}

/// What a row tells.
struct Told<'a> {
    at: Place,
    file: &'a TicketFile,
    save: Save<'a>,
}

/// What was saved at these places, in order.
fn told_of<'a>(files: &'a [TicketFile], places: &[Place]) -> Vec<Told<'a>> {
    let seconds: BTreeMap<u64, i64> = places.iter().map(|(second, id)| (*id, *second)).collect();
    let mut told = Vec::with_capacity(places.len());
    for file in files {
        let number = file.ticket.number;
        for save in saves(number, &file.events) {
            let first_v = save.first_v();
            let stored = stored_with(&file.saves, first_v).map(|v| child_id(number, v));
            if let Some(second) = stored.and_then(|id| seconds.get(&id)) {
                let at = (*second, child_id(number, first_v));
                told.push(Told { at, file, save });
            }
        }
    }
    told.sort_by_key(|told| told.at);
    told
}

/// The first version of what was stored at once with a version.
fn stored_with(first_versions: &[u64], v: u64) -> Option<u64> {
    let behind = first_versions.partition_point(|first_v| *first_v <= v);
    first_versions.get(behind.checked_sub(1)?).copied()
}

async fn row(call: &Call, told: &Told<'_>, referred: &mut Referred) -> Result<Value, ApiError> {
    let Told { at, file, save } = told;
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
    Ok(ticket_event(&audit, at.0, with_texts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::TicketNumber;

    fn places(count: u64, of_a_second: u64) -> Vec<Place> {
        let place = |n: u64| (10 + (n / of_a_second) as i64, child_id(TicketNumber(n), 1));
        (0..count).map(place).collect()
    }

    const FROM_THE_BEGINNING: Start = Start {
        second: 0,
        behind: 0,
        settled: None,
    };

    fn gathered(places: Vec<Place>, whole_before: i64, size: usize) -> Gathered {
        Gathered {
            places,
            whole_before,
            size,
        }
    }

    fn check(places: Vec<Place>, whole_before: i64, size: usize, expected: (usize, Next)) {
        let page = cut(gathered(places, whole_before, size), FROM_THE_BEGINNING, 100);
        assert_eq!((page.places.len(), page.next), expected);
    }

    fn on_from(second: i64) -> Next {
        Next::from(FROM_THE_BEGINNING, (second, 0), 100)
    }

    #[test]
    fn a_page_ends_between_two_seconds_and_has_no_fewer_rows_than_were_asked_for() {
        check(places(1_500, 400), i64::MAX, 1_000, (1_200, on_from(13)));
        check(places(1_500, 400), i64::MAX, 1_200, (1_200, on_from(13)));
        check(places(1_500, 400), 13, 1_200, (1_200, on_from(13)));
        check(places(1_500, 400), i64::MAX, 1_500, (1_500, Next::export(100)));
    }

    #[test]
    fn a_second_with_more_than_a_page_is_told_whole() {
        check(places(1_500, 2_000), i64::MAX, 1_000, (1_500, Next::export(100)));
    }

    #[test]
    fn a_second_with_more_than_is_looked_at_goes_on_within_it() {
        let all = places(6_000, 7_000);
        let last = all[5_999];
        let next = Next::from(FROM_THE_BEGINNING, last, 100);
        check(all, 10, 1_000, (6_000, next));
    }

    #[test]
    fn what_is_not_settled_is_told_at_the_end_and_comes_again() {
        let mut all = places(5, 1);
        all.push((100, child_id(TicketNumber(9), 2)));
        check(all, i64::MAX, 5, (6, Next::export(100)));
    }

    #[test]
    fn what_was_told_does_not_count_and_the_save_where_telling_ended_is_looked_at() {
        let place = |v| (10, child_id(TicketNumber(3), v));
        let later = (10, child_id(TicketNumber(4), 1));
        let mut found = gathered(vec![place(1), place(4), place(9), later], i64::MAX, 2);
        let asked = Start {
            second: 10,
            behind: child_id(TicketNumber(3), 6),
            settled: None,
        };
        found.forget_told(asked, 2);
        assert_eq!(
            (&found.places[..], found.size),
            (&[place(4), place(9), later][..], 3)
        );
        found.forget_told(asked, 2);
        assert_eq!(
            (found.places.len(), found.size),
            (3, 3),
            "once is as good as twice"
        );
        found.forget_told(FROM_THE_BEGINNING, 2);
        assert_eq!((found.places.len(), found.size), (3, 2));
    }

    #[test]
    fn an_audit_belongs_to_what_was_stored_with_it() {
        let first_versions = [1, 4, 9];
        let stored: Vec<_> = (0..=10).map(|v| stored_with(&first_versions, v)).collect();
        assert_eq!(stored[0], None);
        assert_eq!(stored[1..4], [Some(1); 3]);
        assert_eq!(stored[4..9], [Some(4); 5]);
        assert_eq!(stored[9..], [Some(9); 2]);
    }
}
