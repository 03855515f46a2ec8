//! Answers without an index: on the first day, and until one is built. The newest tickets are looked at by what their heads tell.

use crate::{error::IndexError, finder::organizations_of, names};
use docket_domain::TicketNumber;
use docket_search::{Asking, Basis, Found, Kind, Query, SearchAnswer, SearchRequest};
use docket_splits::Splits;
use docket_store::Store;
use jiff::tz::TimeZone;

/// How many of the newest tickets are looked at.
const MOST_LOOKED_AT: u64 = 500;
/// Tickets that are read at once.
const AT_ONCE: usize = 100;

pub(crate) async fn find(
    store: &Store,
    query: &Query,
    request: &SearchRequest,
    zone: &TimeZone,
) -> Result<SearchAnswer, IndexError> {
    // Addresses and groups are known without an index.
    let names = names::resolve(store, &Splits::default(), query).await?;
    let asking = Asking {
        now: store.now(),
        zone,
        me: request.by.me(),
        names: &names,
    };
    let asked = query.ask(&request.by.seen(), &asking);
    let last = store.tickets().last_number().await?;
    let first = last.saturating_sub(MOST_LOOKED_AT) + 1;
    let numbers: Vec<TicketNumber> = (first..=last).rev().map(TicketNumber).collect();
    let mut found = Vec::new();
    for numbers in numbers.chunks(AT_ONCE) {
        let mut heads = store.heads_now(numbers).await?;
        heads.retain(|head| !head.is_deleted());
        heads.sort_by_key(|head| std::cmp::Reverse(head.number));
        let organization_of = organizations_of(store, &heads).await?;
        let fits = heads
            .iter()
            .filter(|head| asked.words_in_head(head, organization_of.get(&head.requester).copied()));
        found.extend(fits.map(|head| Found {
            kind: Kind::Ticket,
            number: head.number.0,
            place: None,
        }));
    }
    let count = found.len() as u64;
    Ok(SearchAnswer {
        found: found.into_iter().skip(request.skip).take(request.take).collect(),
        count,
        next: None,
        basis: Basis::Heads,
        facets: vec![],
    })
}
