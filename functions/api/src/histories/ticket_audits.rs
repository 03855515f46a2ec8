//! `ticket_audits`: what was done to all tickets, save by save, the newest first.

use super::newest::{ChangedLast, Moment, NewestPage, beginning};
use crate::{
    kit::{call::Call, error::ApiError},
    shapes::{
        audit::{audit, saves},
        child_id,
    },
    sideloads::Referred,
    ticket_metrics::files,
    tickets::audits::comments_of,
};
use axum::Json;
use docket_desk::{ChangedClass, TicketFile};
use docket_domain::TicketNumber;
use serde_json::Value;
use std::collections::BTreeMap;

/// Most audits of a page.
const MOST_ROWS: usize = 100;
/// Tickets that are read at once.
const TICKETS_AT_ONCE: usize = 100;
/// Most tickets that are read for a page.
const MOST_TICKETS: usize = 2_000;

/// `GET ticket_audits`.
pub(super) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let page = NewestPage::of(&call.address, MOST_ROWS);
    let mut changed = ChangedLast::of(&call, ChangedClass::Tickets, beginning(&call).await?);
    let mut found: Vec<(Moment, TicketNumber)> = Vec::new();
    let mut read: BTreeMap<TicketNumber, TicketFile> = BTreeMap::new();
    let mut looked_at = 0;
    loop {
        let numbers = changed.next(TICKETS_AT_ONCE).await?;
        if numbers.is_empty() {
            break;
        }
        looked_at += numbers.len();
        let numbers: Vec<_> = numbers.into_iter().map(TicketNumber).collect();
        for file in files(&call, &numbers).await?.into_iter().flatten() {
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
        if looked_at >= MOST_TICKETS {
            let words = "This list goes no further back. Take the export incremental/ticket_events.";
            return Err(ApiError::BadRequest(words.to_owned()));
        }
    }
    let since = changed.whole_since().unwrap_or(i64::MIN);
    found.retain(|((at, _), _)| *at > since);
    found.sort_unstable_by_key(|row| std::cmp::Reverse(*row));
    let has_more = found.len() > page.size || changed.whole_since().is_some();
    found.truncate(page.size);
    let more_behind = found.last().map(|(moment, _)| *moment).filter(|_| has_more);
    let (rows, referred) = rows(&call, &found, &read).await?;
    let mut envelope = page.envelope(&call.address, "audits", rows, more_behind);
    referred.add_to(&mut envelope, &call).await?;
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
    found: &[(Moment, TicketNumber)],
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
