//! `tickets/{id}/comments`.

use crate::{
    comment_texts::with_texts,
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::Paging,
    },
    shapes::{
        audit::{Save, saves},
        comment::comment,
        parent_of,
    },
    sideloads::Referred,
};
use axum::Json;
use docket_desk::TicketFile;
use docket_domain::{TicketNumber, contact::comment::Comment, ticket::Fact};
use http::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The comments, public and internal, oldest first unless asked otherwise.
pub(crate) async fn list(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let number = TicketNumber(id);
    let file = call
        .desk
        .tickets()
        .standing_file(number)
        .await?
        .ok_or(ApiError::Missing)?;
    let merged = call.desk.tickets().merged_files(&file.ticket).await?;
    let files: Vec<&TicketFile> = std::iter::once(&file).chain(&merged).collect();
    let all = in_order(&files);
    let paging = Paging::of(&call.address);
    let window = paging.window(all.len() as u64);
    let page = window.of(&all);
    let mut referred = Referred::default();
    let authors = page.iter().map(|(_, comment)| comment.author);
    referred.people.extend(authors);
    let mut rows: Vec<Option<Value>> = vec![None; page.len()];
    for file in files {
        let of = file.ticket.number;
        let saves = saves(of, &file.events);
        let split_off = split_off(file);
        let places = (0..page.len()).filter(|place| page[*place].0 == of);
        let places: Vec<usize> = places.collect();
        let own = places.iter().map(|place| page[*place].1.clone()).collect();
        for (place, full) in places.iter().zip(with_texts(&call.desk, of, own).await?) {
            let v = full.comment.v;
            let save = saves.iter().find(|save| save.has(v));
            let mut row = comment(&call.address, of, &full, save.map_or(v, Save::first_v));
            if of != number {
                row["metadata"]["custom"]["merged_from_ticket_id"] = json!(of);
            }
            if let Some(to) = split_off.get(&v) {
                row["metadata"]["custom"]["split_into_ticket_id"] = json!(to);
            }
            rows[*place] = Some(row);
        }
    }
    let rows = rows.into_iter().flatten().collect();
    let mut envelope = paging.envelope(&call.address, "comments", rows, &window);
    referred.add_to(&mut envelope, &call).await?;
    Ok(Json(Value::Object(envelope)))
}

/// The comments of a ticket and of those that went into it, each with its ticket: by the time at which they were written.
pub(super) fn in_order<'f>(files: &[&'f TicketFile]) -> Vec<(TicketNumber, &'f Comment)> {
    let of_file = |file: &&'f TicketFile| {
        let number = file.ticket.number;
        file.comments.iter().map(move |comment| (number, comment))
    };
    let mut all: Vec<_> = files.iter().flat_map(of_file).collect();
    all.sort_by_key(|(_, comment)| comment.at);
    all
}

/// The comments that opened a ticket of their own, and which.
fn split_off(file: &TicketFile) -> BTreeMap<u64, TicketNumber> {
    let splits = file.events.iter().filter_map(|event| match &event.fact {
        Fact::SplitOff(split) => Some(split),
        _ => None,
    });
    splits
        .flat_map(|split| split.comments.iter().map(|v| (*v, split.to)))
        .collect()
}

/// `PUT tickets/{id}/comments/{comment}/resend`: an answer that could not be sent is tried anew.
pub(crate) async fn resend(call: Call, Ids((id, comment)): Ids<(u64, u64)>) -> Result<StatusCode, ApiError> {
    let (number, v) = parent_of(comment);
    let found = call.desk.tickets().with_comment(number, v).await?;
    let is_there = found.is_some_and(|(ticket, comment)| !ticket.is_deleted() && comment.is_some());
    if number != TicketNumber(id) || !is_there {
        return Err(ApiError::Missing);
    }
    let events = call.desk.tickets().resend(number, v, call.caller.id).await?;
    if !events.is_empty() {
        Ok(StatusCode::ACCEPTED)
    } else {
        Err(ApiError::Conflict("Nothing of it was given up."))
    }
}
