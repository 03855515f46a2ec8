//! `ticket_metrics`: how long things took on a ticket, and how often they happened.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::Paging,
    },
    shapes::ticket_metric::ticket_metric,
    ticket_terms::TicketTerms,
    tickets,
};
use axum::Json;
use docket_desk::TicketFile;
use docket_domain::{TicketNumber, metrics::figures, sla::Book};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};

/// How many tickets are read at once: a page of a hundred in a few round trips.
const AT_ONCE: usize = 25;

/// `GET ticket_metrics`: of all tickets, by number.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let paging = Paging::of(&call.address);
    let window = tickets::window(&call, &paging).await?;
    let numbers: Vec<_> = window.keys.iter().copied().map(TicketNumber).collect();
    let rows = metric_sets(&call, &numbers)
        .await?
        .into_iter()
        .flatten()
        .collect();
    let envelope = paging.envelope(&call.address, "ticket_metrics", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET ticket_metrics/{id}` and `GET tickets/{id}/metrics`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let mut found = metric_sets(&call, &[TicketNumber(id)]).await?;
    let found = found.pop().flatten().ok_or(ApiError::Missing)?;
    Ok(Json(json!({ "ticket_metric": found })))
}

/// The figures of these tickets, in their order; nothing of those that are not there.
pub(crate) async fn metric_sets(
    call: &Call,
    numbers: &[TicketNumber],
) -> Result<Vec<Option<Value>>, ApiError> {
    let book = call.desk.rules().book().await?;
    let files = files(call, numbers).await?;
    Ok(files
        .iter()
        .map(|file| metric_set(call, &book, file.as_ref()?))
        .collect())
}

/// The figures of a ticket.
pub(crate) fn metric_set(call: &Call, book: &Book, file: &TicketFile) -> Option<Value> {
    let ticket_terms = TicketTerms::of(book, &file.ticket);
    let figures = figures(&file.events, &ticket_terms.measure())?;
    Some(ticket_metric(&call.address, file.ticket.number, &figures))
}

/// These tickets with their events, in their order.
pub(crate) async fn files(
    call: &Call,
    numbers: &[TicketNumber],
) -> Result<Vec<Option<TicketFile>>, ApiError> {
    let files = stream::iter(numbers.to_vec()).map(|number| call.desk.tickets().standing_file(number));
    Ok(files.buffered(AT_ONCE).try_collect().await?)
}
