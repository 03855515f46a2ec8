//! The sentence that was found.

use crate::{documents, error::IndexError};
use docket_domain::TicketNumber;
use docket_search::{Asker, Found, FoundPlace, Kind, Query, snippet};
use docket_store::Store;
use futures_util::{StreamExt as _, stream};
use std::time::Duration;

/// How long is looked for places.
const LONGEST: Duration = Duration::from_secs(2);
/// Tickets whose comments are read at once.
const AT_ONCE: usize = 8;
/// Most comments of a ticket that are looked through.
const MOST_COMMENTS: usize = 50;

/// Finds the sentence of each ticket in which the query's words stand: in its first comments, then the newest.
pub(crate) async fn find(
    store: &Store,
    query: &Query,
    by: &Asker,
    found: &mut [Found],
) -> Result<(), IndexError> {
    if !query.has_words() {
        return Ok(());
    }
    let may_see_notes = !matches!(by, Asker::Customer(..));
    let tickets: Vec<u64> = found
        .iter()
        .filter(|found| found.kind == Kind::Ticket)
        .map(|found| found.number)
        .collect();
    let looked: Vec<_> = tickets
        .into_iter()
        .map(|number| place(store, query, number, may_see_notes))
        .collect();
    let mut places = stream::iter(looked).buffered(AT_ONCE);
    let end = tokio::time::Instant::now() + LONGEST;
    // What is not found in time is shown without.
    while let Ok(Some((number, place))) = tokio::time::timeout_at(end, places.next()).await {
        let of_ticket = |found: &&mut Found| found.kind == Kind::Ticket && found.number == number;
        if let (Some(found), Some(place)) = (found.iter_mut().find(of_ticket), place) {
            found.place = Some(place);
        }
    }
    Ok(())
}
/// A ticket that can't be read is shown without.
async fn place(store: &Store, query: &Query, number: u64, may_see_notes: bool) -> (u64, Option<FoundPlace>) {
    match place_in(store, query, number, may_see_notes).await {
        Ok(place) => (number, place),
        Err(error) => {
            tracing::warn!(number, %error, "the place that was found in ticket {number} can't be shown");
            (number, None)
        }
    }
}

async fn place_in(
    store: &Store,
    query: &Query,
    number: u64,
    may_see_notes: bool,
) -> Result<Option<FoundPlace>, IndexError> {
    let comments = store.tickets().comments_of(TicketNumber(number)).await?;
    let seen = comments.iter().filter(|comment| comment.public || may_see_notes);
    for comment in seen.take(MOST_COMMENTS) {
        let text = documents::text_of(store, TicketNumber(number), comment).await?;
        if let Some(found) = snippet(&text, query) {
            let (before, behind) = (found.goes_on_before, found.goes_on_behind);
            let place = FoundPlace {
                text: found.text,
                marks: found.marks,
                comment: comment.v,
                goes_on_before: before,
                goes_on_behind: behind,
            };
            return Ok(Some(place));
        }
    }
    Ok(None)
}
