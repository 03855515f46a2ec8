//! The sentence that was found.

use crate::{documents, error::IndexError};
use docket_domain::TicketNumber;
use docket_search::{Asker, Found, FoundPlace, Kind, Query, snippet};
use docket_store::Store;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

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
    let places: Vec<(u64, Option<FoundPlace>)> = stream::iter(looked).buffered(AT_ONCE).try_collect().await?;
    for (number, place) in places {
        let of_ticket = |found: &&mut Found| found.kind == Kind::Ticket && found.number == number;
        if let Some(found) = found.iter_mut().find(of_ticket) {
            found.place = place;
        }
    }
    Ok(())
}

async fn place(
    store: &Store,
    query: &Query,
    number: u64,
    may_see_notes: bool,
) -> Result<(u64, Option<FoundPlace>), IndexError> {
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
            return Ok((number, Some(place)));
        }
    }
    Ok((number, None))
}
