//! `tickets/{id}/conversation_log`: all that was said on a ticket, and what a bot and somebody wrote before the bot handed them over.

use super::comments::in_order;
use crate::{
    comment_texts::with_texts,
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::Paging,
    },
    shapes::conversation_event::conversation_events,
};
use axum::Json;
use docket_desk::TicketFile;
use docket_domain::{PersonId, TicketNumber};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// By cursor only: a page has so many comments, each with the messages that came with it.
pub(crate) async fn list(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let tickets = call.desk.tickets();
    let file = tickets
        .standing_file(TicketNumber(id))
        .await?
        .ok_or(ApiError::Missing)?;
    let merged = tickets.merged_files(&file.ticket).await?;
    let files: Vec<&TicketFile> = std::iter::once(&file).chain(&merged).collect();
    let all = in_order(&files);
    let paging = Paging::of(&call.address).by_cursor();
    let window = paging.window(all.len() as u64);
    let page = window.of(&all);
    let authors: BTreeSet<PersonId> = page.iter().map(|(_, comment)| comment.author).collect();
    let authors: Vec<PersonId> = authors.into_iter().collect();
    let people = call.desk.people().get_many(&authors).await?;
    let names: HashMap<PersonId, &str> = people
        .iter()
        .map(|known| (known.id, known.name.as_str()))
        .collect();
    let mut events: Vec<Vec<Value>> = vec![Vec::new(); page.len()];
    for file in files {
        let of = file.ticket.number;
        let places: Vec<usize> = (0..page.len()).filter(|place| page[*place].0 == of).collect();
        let own = places.iter().map(|place| page[*place].1.clone()).collect();
        for (place, full) in places.iter().zip(with_texts(&call.desk, of, own).await?) {
            let name = names.get(&full.comment.author).copied();
            events[*place] = conversation_events(&call.address, of, &full, name);
        }
    }
    let events = events.into_iter().flatten().collect();
    let envelope = paging.envelope(&call.address, "events", events, &window);
    Ok(Json(Value::Object(envelope)))
}
