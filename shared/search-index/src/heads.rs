//! Answers without an index: on the first day, and until one is built. The newest tickets are looked at by what their heads tell.

use crate::{error::IndexError, finder::organizations_of, names};
use docket_domain::TicketNumber;
use docket_search::{Asking, Basis, Facets, Found, Kind, Query, SearchAnswer, SearchRequest, Wanted};
use docket_splits::Splits;
use docket_store::Store;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

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
    let (mut found, mut tags) = (Vec::new(), BTreeMap::new());
    for numbers in numbers.chunks(AT_ONCE) {
        let mut heads = store.heads_now(numbers).await?;
        heads.retain(|head| !head.is_deleted());
        heads.sort_by_key(|head| std::cmp::Reverse(head.number));
        let organization_of = organizations_of(store, &heads).await?;
        let fits = heads
            .iter()
            .filter(|head| asked.words_in_head(head, organization_of.get(&head.requester).copied()));
        let fits: Vec<_> = fits.collect();
        for tag in fits.iter().flat_map(|head| &head.tags) {
            *tags.entry(tag.clone()).or_insert(0) += 1;
        }
        found.extend(fits.into_iter().map(|head| Found {
            kind: Kind::Ticket,
            number: head.number.0,
            place: None,
        }));
    }
    let count = found.len() as u64;
    if let Wanted::Tags(beginning) = &request.wanted {
        return Ok(of_tags(tags, beginning, request.take));
    }
    Ok(SearchAnswer {
        found: found.into_iter().skip(request.skip).take(request.take).collect(),
        count,
        next: None,
        basis: Basis::Heads,
        facets: vec![],
    })
}

/// The tags that begin so, the most frequent first.
fn of_tags(counts: BTreeMap<String, u64>, beginning: &str, most: usize) -> SearchAnswer {
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    let beginning = beginning.to_lowercase();
    counts.retain(|(tag, _)| tag.to_lowercase().starts_with(&beginning));
    counts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    counts.truncate(most);
    let facets = counts
        .iter()
        .map(|(tag, count)| Facets::Tags.of_value(tag, *count));
    SearchAnswer {
        found: vec![],
        count: counts.len() as u64,
        next: None,
        basis: Basis::Heads,
        facets: vec![(Facets::Tags.name().to_owned(), facets.collect())],
    }
}
