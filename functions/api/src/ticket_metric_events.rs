//! `incremental/ticket_metric_events`: what happened to the clocks of all tickets, in the order in which it was recorded.
//!
//! The index `changed` says which tickets changed since a time; what happened to their clocks is computed from their
//! events. A ticket that changed long after may have an event within a page, so every page looks at all tickets that
//! changed since its start, and at those only that had begun by its end. Numbers grow with time, so it reads tickets from
//! the lowest number on until there is a page, and ends the page before the next ticket began.

use crate::{
    kit::{call::Call, error::ApiError},
    shapes::metric_event::metric_event,
    ticket_metrics::files,
    ticket_terms::TicketTerms,
};
use axum::Json;
use docket_domain::{
    TicketNumber, Timestamp,
    metrics::{MetricEvent, metric_events},
    sla::Book,
    ticket::Ticket,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Events of a page, as clients expect them at most; a page that would end within a second has the whole second.
const MOST_EVENTS: usize = 1_000;
/// Tickets that are read at once.
const CHUNK: usize = 100;
/// Tickets that one page reads at most. So many that were all open at one time are a desk for which a page a day is too
/// long anyway.
const MOST_TICKETS: usize = 10_000;
/// What is younger is not told yet: an index may be a moment behind, and a client that has passed it does not come back.
const SETTLES: SignedDuration = SignedDuration::from_secs(60);
/// A number may be drawn so long before its ticket begins.
const NUMBER_DRAWN: SignedDuration = SignedDuration::from_secs(300);
/// Numbers among which the first ticket of the desk is looked for.
const FIRST_NUMBERS: u64 = 100;

/// An event with its ticket.
type Told = (TicketNumber, MetricEvent);

/// What a page has found.
struct Page {
    events: Vec<Told>,
    /// Everything that was recorded before is told.
    until: Timestamp,
    is_last: bool,
}

/// `GET incremental/ticket_metric_events?start_time=`.
pub(crate) async fn incremental(call: Call) -> Result<Json<Value>, ApiError> {
    let start = start_time(&call)?;
    let book = call.desk.rules().book().await?;
    let page = page(&call, &book, start).await?;
    let rows: Vec<Value> = page
        .events
        .iter()
        .map(|(number, event)| metric_event(*number, event, &book))
        .collect();
    let end_time = page.until.as_second().max(start.as_second());
    let mut next_page = call.address.resource(&call.address.path);
    let _ = write!(next_page, "?start_time={end_time}");
    Ok(Json(json!({
        "count": rows.len(),
        "ticket_metric_events": rows,
        "end_time": end_time,
        "next_page": next_page,
        "end_of_stream": page.is_last,
    })))
}

/// The metric events of one ticket, as `include=metric_events` brings them along: by what is measured.
pub(crate) async fn of_ticket(call: &Call, number: TicketNumber) -> Result<Value, ApiError> {
    let book = call.desk.rules().book().await?;
    let file = call
        .desk
        .tickets()
        .standing_file(number)
        .await?
        .ok_or(ApiError::Missing)?;
    let ticket_terms = TicketTerms::of(&book, &file.ticket);
    let events = metric_events(&file.events, ticket_terms.pausing(), &ticket_terms.measure());
    let mut by_measure = json!({});
    for measured in docket_domain::metrics::Measured::ALL {
        let of_measure = events.iter().filter(|event| event.measured == measured);
        let rows: Vec<Value> = of_measure
            .map(|event| metric_event(number, event, &book))
            .collect();
        by_measure[measured.as_str()] = Value::Array(rows);
    }
    Ok(by_measure)
}

async fn page(call: &Call, book: &Book, start: Timestamp) -> Result<Page, ApiError> {
    let settled = whole_second(call.desk.now().checked_sub(SETTLES).unwrap_or(start));
    let from = start.max(first_change(call).await?.unwrap_or(start));
    let mut numbers = call.desk.tickets().changed_since(from).await?;
    numbers.sort_unstable();
    let mut events: Vec<Told> = Vec::new();
    let mut read = 0;
    let mut end = settled;
    for chunk in numbers.chunks(CHUNK) {
        if (read >= CHUNK && events.len() >= MOST_EVENTS) || read >= MOST_TICKETS {
            let next = call.desk.tickets().get_many(&chunk[..1]).await?;
            let began = next.first().map_or(start, |ticket: &Ticket| ticket.created_at);
            let before = whole_second(began.checked_sub(NUMBER_DRAWN).unwrap_or(start));
            if before > start {
                end = end.min(before);
                break;
            }
            if read >= MOST_TICKETS {
                let words = format!("has more than {MOST_TICKETS} tickets open at it: take a later one");
                return Err(ApiError::invalid("start_time", words));
            }
        }
        for file in files(call, chunk).await?.into_iter().flatten() {
            let ticket_terms = TicketTerms::of(book, &file.ticket);
            let of_ticket = metric_events(&file.events, ticket_terms.pausing(), &ticket_terms.measure());
            let number = file.ticket.number;
            let in_time = of_ticket.into_iter().filter(|event| event.recorded_at >= start);
            events.extend(in_time.map(|event| (number, event)));
        }
        read += chunk.len();
    }
    Ok(cut(events, end, settled))
}

/// The events that were recorded before `end`, in order, and as many as a page has.
fn cut(mut events: Vec<Told>, end: Timestamp, settled: Timestamp) -> Page {
    events.retain(|(_, event)| event.recorded_at < end);
    events.sort_by_key(|(number, event)| (event.recorded_at, *number, event.v, event.n));
    let second = |told: &Told| told.1.recorded_at.as_second();
    let mut until = end;
    if events.len() > MOST_EVENTS {
        let boundary = second(&events[MOST_EVENTS]);
        let before = events.partition_point(|told| second(told) < boundary);
        let within = events.partition_point(|told| second(told) <= boundary);
        let (length, next) = if before > 0 {
            (before, boundary)
        } else {
            (within, boundary + 1)
        };
        events.truncate(length);
        until = Timestamp::from_second(next).unwrap_or(end);
    }
    Page {
        events,
        until,
        is_last: until >= settled,
    }
}

/// When the first ticket of the desk began.
async fn first_change(call: &Call) -> Result<Option<Timestamp>, ApiError> {
    let numbers: Vec<_> = (1..=FIRST_NUMBERS).map(TicketNumber).collect();
    let first = call.desk.tickets().get_many(&numbers).await?;
    Ok(first.iter().map(|ticket| ticket.created_at).min())
}

fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// Seconds since 1970, whole or not, or a time in words.
fn start_time(call: &Call) -> Result<Timestamp, ApiError> {
    let text = call.address.parameter("start_time").unwrap_or_default().trim();
    let wrong = || {
        ApiError::BadRequest(
            "start_time has to be seconds since 1970 or a time such as 2026-03-02T09:00:00Z.".to_owned(),
        )
    };
    let seconds = text.split_once('.').map_or(text, |(whole, _)| whole);
    match seconds.parse::<i64>() {
        Ok(seconds) if seconds >= 0 => Timestamp::from_second(seconds).map_err(|_| wrong()),
        Ok(_) => Err(wrong()),
        Err(_) => text.parse().map(whole_second).map_err(|_| wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::metrics::{Kind, Measured};

    fn told(number: u64, second: i64) -> Told {
        let at = Timestamp::from_second(second).unwrap();
        let event = MetricEvent {
            measured: Measured::ReplyTime,
            instance: 1,
            time: at,
            recorded_at: at,
            v: 1,
            n: 0,
            kind: Kind::Activate,
        };
        (TicketNumber(number), event)
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_page_that_is_full_ends_between_two_seconds() {
        let events: Vec<_> = (0..1_500).map(|n| told(n, 10 + n as i64 / 400)).collect();
        let page = cut(events.into_iter().rev().collect(), at(100), at(100));
        assert_eq!(
            (page.events.len(), page.until, page.is_last),
            (800, at(12), false)
        );
        assert!(page.events.is_sorted_by_key(|(number, _)| *number));
    }

    #[test]
    fn a_second_with_more_events_than_a_page_is_told_whole() {
        let events: Vec<_> = (0..1_500).map(|n| told(n, 10)).chain([told(7, 11)]).collect();
        let page = cut(events, at(100), at(100));
        assert_eq!(
            (page.events.len(), page.until, page.is_last),
            (1_500, at(11), false)
        );
    }

    #[test]
    fn the_last_page_reaches_to_what_is_settled() {
        let page = cut(vec![told(1, 10), told(1, 100)], at(100), at(100));
        assert_eq!((page.events.len(), page.until, page.is_last), (1, at(100), true));
        assert!(!cut(vec![], at(90), at(100)).is_last);
    }
}
