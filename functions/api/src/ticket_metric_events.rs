//! `incremental/ticket_metric_events`: what happened to the clocks of all tickets, in the order in which it was recorded.
//!
//! The index `changed` says which tickets changed since a time; what happened to their clocks is computed from their
//! events. A ticket that changed long after may have an event within a page, so every page looks at all tickets that
//! changed since its start, and at those only that had begun by its end. Numbers grow with time, so it reads tickets from
//! the lowest number on until there is a page, and ends the page before the next ticket began. Where that would be too many, it
//! walks over them in the order in which they changed last, and tells all of each.

use crate::{
    exports::{
        parameters::needed_start_time,
        walk::{WALKED, Walked, numbers_since, piece},
    },
    kit::{call::Call, error::ApiError},
    shapes::metric_event::metric_event,
    ticket_metrics::files,
    ticket_terms::TicketTerms,
};
use axum::Json;
use docket_desk::TicketFile;
use docket_domain::{
    TicketNumber, Timestamp,
    metrics::{MetricEvent, metric_events},
    sla::Book,
    ticket::Ticket,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Events of a page unless fewer are asked for. One that would end within a second has the whole second: clients take a page with fewer
/// for the last.
const MOST_EVENTS: usize = 1_000;
/// Tickets that are read at once.
const CHUNK: usize = 100;
/// Tickets that one page reads at most.
const MOST_TICKETS: usize = 10_000;
/// Tickets that changed since the start of a page, at most, for it to be in the order of time: their numbers are all asked for.
const MOST_CHANGED: usize = 100_000;
/// The parameter that says up to when a walk tells what happened.
const SETTLED: &str = "settled_time";
/// What is younger is not told yet: an index may be a moment behind, and a client that has passed it does not come back.
const SETTLES: SignedDuration = SignedDuration::from_secs(60);
/// A number may be drawn so long before its ticket begins.
const NUMBER_DRAWN: SignedDuration = SignedDuration::from_secs(300);

/// An event with its ticket.
type Told = (TicketNumber, MetricEvent);

/// What a page has found.
struct Page {
    events: Vec<Told>,
    /// Everything that was recorded before is told.
    until: Timestamp,
    is_last: bool,
    /// How far the walk over tickets went, where it is one that goes on.
    walked: Option<Walk>,
}

/// A walk over tickets: how far it went, up to when it tells what happened to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Walk {
    walked: Walked,
    settled: Timestamp,
}

/// From where on events are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Start {
    at: Timestamp,
    walk: Option<Walk>,
}

impl Start {
    /// By the cursor of the page before, or as parameters say it.
    fn of(call: &Call) -> Result<Self, ApiError> {
        let address = &call.address;
        let cursor = address.parameter("page[after]").filter(|text| !text.is_empty());
        if let Some(cursor) = cursor {
            return read_cursor(cursor)
                .ok_or_else(|| ApiError::invalid("page[after]", "must be the after_cursor of a page"));
        }
        let settled = address.parameter(SETTLED).and_then(|text| text.parse().ok());
        let settled = settled.and_then(|settled| Timestamp::from_second(settled).ok());
        Ok(Self {
            at: start_time(call)?,
            walk: Walked::of(call)
                .zip(settled)
                .map(|(walked, settled)| Walk { walked, settled }),
        })
    }

    /// As parameters.
    fn parameters(self) -> Vec<(&'static str, String)> {
        let mut parameters = vec![("start_time", self.at.as_second().to_string())];
        if let Some(walk) = self.walk {
            parameters.push((WALKED, walk.walked.write()));
            parameters.push((SETTLED, walk.settled.as_second().to_string()));
        }
        parameters
    }

    fn cursor(self) -> String {
        let walk = self.walk.map_or_else(String::new, |walk| {
            format!("~{}~{}", walk.walked.write(), walk.settled.as_second())
        });
        format!("{}{walk}", self.at.as_second())
    }

    /// Where it goes on, with whatever else was asked for.
    fn address(self, call: &Call) -> String {
        let own = ["start_time", WALKED, SETTLED, "page", "page[after]"];
        let kept = call.address.query.iter();
        let kept = kept.filter(|(name, _)| !own.contains(&name.as_str()));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept).extend_pairs(self.parameters());
        format!("{}?{}", call.address.resource(&call.address.path), query.finish())
    }
}

fn read_cursor(text: &str) -> Option<Start> {
    let second = |text: &str| Timestamp::from_second(text.parse().ok()?).ok();
    let mut parts = text.split('~');
    let at = second(parts.next()?)?;
    let walk = match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => None,
        (Some(walked), Some(settled), None) => Some(Walk {
            walked: Walked::read(walked)?,
            settled: second(settled)?,
        }),
        _ => return None,
    };
    Some(Start { at, walk })
}

/// `GET incremental/ticket_metric_events?start_time=`.
pub(crate) async fn incremental(call: Call) -> Result<Json<Value>, ApiError> {
    let start = Start::of(&call)?;
    let mut sizes = ["page[size]", "per_page"].iter();
    let size = sizes.find_map(|name| call.address.parameter(name)?.parse().ok());
    let size = size.unwrap_or(MOST_EVENTS).clamp(1, MOST_EVENTS);
    let book = call.desk.rules().book().await?;
    let page = page(&call, &book, start, size).await?;
    let rows: Vec<Value> = page
        .events
        .iter()
        .map(|(number, event)| metric_event(*number, event, &book))
        .collect();
    let next = Start {
        at: match page.walked {
            Some(_) => start.at,
            None => page.until.max(start.at),
        },
        walk: page.walked,
    };
    let next_page = next.address(&call);
    let mut answer = json!({
        "count": rows.len(),
        "ticket_metric_events": rows,
        "end_time": next.at.as_second(),
        "next_page": next_page,
        "end_of_stream": page.is_last,
    });
    if call.address.parameter("page[size]").is_some() {
        answer["meta"] = json!({
            "has_more": !page.is_last,
            "after_cursor": next.cursor(),
            "before_cursor": null,
        });
        answer["links"] = json!({ "next": (!page.is_last).then_some(next_page), "prev": null });
    }
    Ok(Json(answer))
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

async fn page(call: &Call, book: &Book, start: Start, size: usize) -> Result<Page, ApiError> {
    if let Some(on) = start.walk {
        return walk(call, book, start.at, on, size).await;
    }
    let start = start.at;
    let settled = whole_second(call.desk.now().checked_sub(SETTLES).unwrap_or(start));
    let from = start.max(call.desk.began_at().await?.unwrap_or(start));
    if let Some(page) = in_order(call, book, start, (from, settled), size).await? {
        return Ok(page);
    }
    let walked = Walked::before(from);
    walk(call, book, start, Walk { walked, settled }, size).await
}

/// A page in the order of time; nothing where too many tickets would have to be read for it.
async fn in_order(
    call: &Call,
    book: &Book,
    start: Timestamp,
    (from, settled): (Timestamp, Timestamp),
    size: usize,
) -> Result<Option<Page>, ApiError> {
    let Some(numbers) = numbers_since(call, from, MOST_CHANGED).await? else {
        return Ok(None);
    };
    let mut events: Vec<Told> = Vec::new();
    let mut end = settled;
    for (nth, chunk) in numbers.chunks(CHUNK).enumerate() {
        if nth > 0 && events.len() >= size {
            let next = call.desk.tickets().get_many_deleted_too(&chunk[..1]).await?;
            let came = |ticket: &Ticket| ticket.imported_at.unwrap_or(ticket.created_at);
            let began = next.first().map_or(start, came);
            let before = whole_second(began.checked_sub(NUMBER_DRAWN).unwrap_or(start));
            let whole = events
                .iter()
                .filter(|(_, event)| event.recorded_at < before.min(settled));
            if whole.count() >= size {
                end = end.min(before);
                break;
            }
        }
        if nth * CHUNK >= MOST_TICKETS {
            return Ok(None);
        }
        for file in files(call, chunk).await?.into_iter().flatten() {
            events.extend(of_file(book, &file, start));
        }
    }
    Ok(Some(cut(events, end, settled, size)))
}

/// What happened to the clocks of a ticket since a time.
fn of_file(book: &Book, file: &TicketFile, start: Timestamp) -> Vec<Told> {
    let ticket_terms = TicketTerms::of(book, &file.ticket);
    let of_ticket = metric_events(&file.events, ticket_terms.pausing(), &ticket_terms.measure());
    let number = file.ticket.number;
    let in_time = of_ticket.into_iter().filter(|event| event.recorded_at >= start);
    in_time.map(|event| (number, event)).collect()
}

/// The next page of a walk over all tickets that changed since a time.
async fn walk(call: &Call, book: &Book, start: Timestamp, on: Walk, size: usize) -> Result<Page, ApiError> {
    let Walk { mut walked, settled } = on;
    let mut events: Vec<Told> = Vec::new();
    let (mut has_more, mut looked_at) = (true, 0);
    while has_more && events.len() < size && looked_at < MOST_TICKETS {
        let piece = piece(call, walked).await?;
        let standing = piece.files.iter().filter(|(_, file)| !file.ticket.is_deleted());
        for (_, file) in standing {
            let of_ticket = of_file(book, file, start).into_iter();
            events.extend(of_ticket.filter(|(_, event)| event.recorded_at < settled));
        }
        (walked, has_more) = (piece.walked, piece.has_more);
        looked_at += CHUNK;
    }
    sort(&mut events);
    Ok(Page {
        events,
        until: settled,
        is_last: !has_more,
        walked: has_more.then_some(Walk { walked, settled }),
    })
}

fn sort(events: &mut [Told]) {
    events.sort_by_key(|(number, event)| (event.recorded_at, *number, event.v, event.n));
}

/// The events that were recorded before `end`, in order, and at least as many as a page has, in whole seconds.
fn cut(mut events: Vec<Told>, end: Timestamp, settled: Timestamp, size: usize) -> Page {
    events.retain(|(_, event)| event.recorded_at < end);
    sort(&mut events);
    let second = |told: &Told| told.1.recorded_at.as_second();
    let mut until = end;
    if events.len() > size {
        let last = second(&events[size - 1]);
        let length = events.partition_point(|told| second(told) <= last);
        if length < events.len() {
            events.truncate(length);
            until = Timestamp::from_second(last + 1).unwrap_or(end);
        }
    }
    Page {
        events,
        until,
        is_last: until >= settled,
        walked: None,
    }
}

fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// From which second on changes are told.
fn start_time(call: &Call) -> Result<Timestamp, ApiError> {
    let second = needed_start_time(call)?;
    Ok(Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH))
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
    fn a_page_that_is_full_ends_between_two_seconds_and_has_no_fewer_than_were_asked_for() {
        let events: Vec<_> = (0..1_500).map(|n| told(n, 10 + n as i64 / 400)).collect();
        let page = cut(events.into_iter().rev().collect(), at(100), at(100), 1_000);
        assert_eq!(
            (page.events.len(), page.until, page.is_last),
            (1_200, at(13), false)
        );
        assert!(page.events.is_sorted_by_key(|(number, _)| *number));
    }

    #[test]
    fn a_second_with_more_events_than_a_page_is_told_whole() {
        let events: Vec<_> = (0..1_500).map(|n| told(n, 10)).chain([told(7, 11)]).collect();
        let page = cut(events, at(100), at(100), 1_000);
        assert_eq!(
            (page.events.len(), page.until, page.is_last),
            (1_500, at(11), false)
        );
    }

    #[test]
    fn the_last_page_reaches_to_what_is_settled() {
        let page = cut(vec![told(1, 10), told(1, 100)], at(100), at(100), 1_000);
        assert_eq!((page.events.len(), page.until, page.is_last), (1, at(100), true));
        assert!(!cut(vec![], at(90), at(100), 1_000).is_last);
    }

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let walked = Walked::before(at(100));
        for walk in [
            None,
            Some(Walk {
                walked,
                settled: at(90),
            }),
        ] {
            let start = Start { at: at(10), walk };
            assert_eq!(read_cursor(&start.cursor()), Some(start));
        }
        assert_eq!(read_cursor("10~1.2"), None);
    }
}
