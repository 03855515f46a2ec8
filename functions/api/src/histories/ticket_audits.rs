//! `ticket_audits`: what was done to all tickets, save by save, the newest first.

use super::newest::{ChangedLast, Moment, NewestPage, Walk, beginning};
use crate::{
    kit::{call::Call, error::ApiError},
    shapes::{
        audit::{audit, saves},
        child_id,
    },
    sideloads::Referred,
    ticket_metrics::files,
    tickets::comments_of_saves::comments_of,
};
use axum::Json;
use docket_desk::{ChangedClass, TicketFile};
use docket_domain::{TicketNumber, Timestamp};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Most audits of a page.
const MOST_ROWS: usize = 100;
/// Tickets that are read at once.
const TICKETS_AT_ONCE: usize = 100;
/// Most tickets that are read for a page in the order of time: behind them the list is a walk.
const MOST_TICKETS: usize = 2_000;
/// Most tickets that a page of a walk reads: it begins with those that the page before it looked at.
const MOST_WALKED: usize = 5_000;

/// A save, and its ticket.
type Found = (Moment, TicketNumber);

/// `GET ticket_audits`. They come in the order of time as long as a page does not read too many tickets for it, and then ticket by
/// ticket, those that changed last first.
pub(super) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let page = NewestPage::of(&call.address, MOST_ROWS);
    let changed = ChangedLast::of(&call, ChangedClass::Tickets, beginning(&call).await?);
    if let Some(on) = page.walk {
        return walk(&call, &page, changed, on).await;
    }
    in_order(&call, &page, changed).await
}

async fn in_order(
    call: &Call,
    page: &NewestPage,
    mut changed: ChangedLast<'_>,
) -> Result<Json<Value>, ApiError> {
    let mut found: Vec<Found> = Vec::new();
    let mut read: BTreeMap<TicketNumber, TicketFile> = BTreeMap::new();
    let mut looked_at = 0;
    loop {
        let numbers = changed.next(TICKETS_AT_ONCE).await?;
        if numbers.is_empty() {
            break;
        }
        looked_at += numbers.len();
        let numbers: Vec<_> = numbers.into_iter().map(TicketNumber).collect();
        for file in files(call, &numbers).await?.into_iter().flatten() {
            let moments = moments(&file);
            let of_page = moments.into_iter().filter(|moment| page.reaches(*moment));
            let number = file.ticket.number;
            let before = found.len();
            found.extend(of_page.map(|moment| (moment, number)));
            if found.len() > before {
                read.insert(number, file);
            }
        }
        let since = changed.whole_since().unwrap_or(i64::MIN);
        if found.iter().filter(|((at, _), _)| *at > since).count() > page.size {
            break;
        }
        if looked_at >= MOST_TICKETS && changed.has_more() {
            let on = Walk {
                before: page.before.unwrap_or((i64::MAX, 0)),
                place: (Timestamp::MAX, 0),
                within: 0,
            };
            let from = beginning(call).await?;
            return walk(call, page, ChangedLast::of(call, ChangedClass::Tickets, from), on).await;
        }
    }
    let since = changed.whole_since().unwrap_or(i64::MIN);
    found.retain(|((at, _), _)| *at > since);
    found.sort_unstable_by_key(|row| std::cmp::Reverse(*row));
    let has_more = found.len() > page.size || changed.has_more();
    found.truncate(page.size);
    let more_behind = found.last().map(|(moment, _)| *moment).filter(|_| has_more);
    let shown = rows(call, &found, &read).await?;
    answer(call, shown, |rows| {
        page.envelope(&call.address, "audits", rows, more_behind)
    })
    .await
}

/// A page of a walk over tickets, each with all its audits before a moment, the newest first.
async fn walk(
    call: &Call,
    page: &NewestPage,
    changed: ChangedLast<'_>,
    on: Walk,
) -> Result<Json<Value>, ApiError> {
    let mut found: Vec<Found> = Vec::new();
    let mut read: BTreeMap<TicketNumber, TicketFile> = BTreeMap::new();
    let mut places: BTreeMap<TicketNumber, (Timestamp, u64)> = BTreeMap::new();
    let mut changed = changed.before(on.place);
    let mut add = |file: TicketFile, within: u64| {
        let mut of_ticket = moments(&file);
        of_ticket.retain(|(at, id)| (*at, *id) < on.before && (within == 0 || *id < within));
        let number = file.ticket.number;
        found.extend(of_ticket.into_iter().rev().map(|moment| (moment, number)));
        read.insert(number, file);
        found.len()
    };
    let (mut count, mut looked_at) = (0, 0);
    if on.within > 0 {
        // The last page ended within this ticket.
        let number = TicketNumber(on.place.1);
        places.insert(number, on.place);
        if let Some(file) = call.desk.tickets().standing_file(number).await? {
            count = add(file, on.within);
        }
    }
    let mut last = on.place;
    while count <= page.size && changed.has_more() && looked_at < MOST_WALKED {
        let next = changed.next_places(TICKETS_AT_ONCE).await?;
        let numbers: Vec<_> = next.iter().map(|(_, number)| TicketNumber(*number)).collect();
        places.extend(next.iter().map(|place| (TicketNumber(place.1), *place)));
        for file in files(call, &numbers).await?.into_iter().flatten() {
            count = add(file, 0);
        }
        last = next.last().copied().unwrap_or(last);
        looked_at += TICKETS_AT_ONCE;
    }
    let goes_on = found.get(page.size).map(|(_, number)| *number);
    found.truncate(page.size);
    let next = match (found.last(), goes_on) {
        (Some(((_, id), number)), Some(of_next)) => Some(Walk {
            place: places.get(number).copied().unwrap_or(last),
            within: if *number == of_next { *id } else { 0 },
            ..on
        }),
        _ => changed.has_more().then_some(Walk {
            place: last,
            within: 0,
            ..on
        }),
    };
    let shown = rows(call, &found, &read).await?;
    answer(call, shown, |rows| {
        page.envelope_of_walk(&call.address, "audits", rows, next)
    })
    .await
}

/// The answer. Clients that were made for the list without `page[size]` look for older audits behind `before_url`.
async fn answer(
    call: &Call,
    (rows, referred): (Vec<Value>, Referred),
    envelope: impl FnOnce(Vec<Value>) -> Map<String, Value>,
) -> Result<Json<Value>, ApiError> {
    let mut envelope = envelope(rows);
    for (before, after) in [("before_url", "after_url"), ("before_cursor", "after_cursor")] {
        if let Some(after) = envelope.get(after).cloned() {
            envelope.insert(before.to_owned(), after);
        }
    }
    referred.add_to(&mut envelope, call).await?;
    Ok(Json(Value::Object(envelope)))
}

/// When each save of a ticket was, with its audit's id.
fn moments(file: &TicketFile) -> Vec<Moment> {
    let number = file.ticket.number;
    let of_ticket = saves(number, &file.events);
    let moments = of_ticket.iter().filter_map(|save| {
        let at = save.events.first()?.at.as_millisecond();
        Some((at, child_id(number, save.first_v())))
    });
    moments.collect()
}

async fn rows(
    call: &Call,
    found: &[Found],
    read: &BTreeMap<TicketNumber, TicketFile>,
) -> Result<(Vec<Value>, Referred), ApiError> {
    let mut rows = Vec::with_capacity(found.len());
    let mut referred = Referred::default();
    for ((_, id), number) in found {
        let Some(file) = read.get(number) else {
            continue;
        };
        let of_ticket = saves(*number, &file.events);
        let Some(save) = of_ticket
            .iter()
            .find(|save| child_id(*number, save.first_v()) == *id)
        else {
            continue;
        };
        let authors = save.events.iter().filter_map(|event| event.actor.person());
        referred.people.extend(authors);
        let comments = comments_of(&call.desk, file, &[save]).await?;
        rows.push(audit(&call.address, save, &comments, &file.outbox));
    }
    Ok((rows, referred))
}
