//! Asks the index: with what changed a moment ago, and each hit checked as the tables have it now.

use crate::{
    documents,
    error::IndexError,
    facets, heads,
    kept::{KeptIndex, reading},
    names,
    opened::Opened,
    places,
    recent::Recent,
    splits_at_hand::SplitsAtHand,
};
use docket_domain::{OrganizationId, PersonId, TicketNumber, Timestamp, ticket::Ticket};
use docket_search::{
    Answering, Asked, Asking, Basis, Column, Direction, Failed, Finding, Found, Kind, Names, Order, PageEnd,
    Query, RefusedQuery, SearchAnswer, SearchRequest, Wanted,
};
use docket_splits::{After, Answer, Hit};
use docket_store::{
    Store,
    projections::{ProjectionState, SEARCH},
};
use jiff::tz::TimeZone;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// Answers what the index is asked.
pub struct Finder {
    pub(crate) store: Store,
    at_hand: Arc<SplitsAtHand>,
    pub(crate) recent: Recent,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// The query is refused.
    #[error(transparent)]
    Refused(#[from] RefusedQuery),
    /// The index could not be asked.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl Finding for Finder {
    fn find(&self, request: SearchRequest) -> Answering<'_> {
        Box::pin(async move {
            self.find(&request).await.map_err(|error| match error {
                FindError::Refused(refused) => Failed::Refused(refused),
                FindError::Index(error) => {
                    tracing::error!(%error, "the index of the search could not be asked");
                    Failed::Unavailable
                }
            })
        })
    }
}

impl Finder {
    /// Over a store, with splits that are at hand.
    pub fn new(store: Store, at_hand: Arc<SplitsAtHand>) -> Self {
        Self {
            store,
            at_hand,
            recent: Recent::default(),
        }
    }

    /// Answers.
    ///
    /// # Errors
    /// When the query is refused, or the index could not be asked.
    pub async fn find(&self, request: &SearchRequest) -> Result<SearchAnswer, FindError> {
        if let Wanted::View(view) = &request.wanted {
            return self.find_view(view, request).await;
        }
        let query = read(request)?;
        let zone = &zone_of(request);
        let Some((state, opened)) = self.opened().await? else {
            if request.after.is_some() {
                // What is to come to each once can't be told from the newest alone.
                return Err(IndexError::NotYet.into());
            }
            return Ok(heads::find(&self.store, &query, request, zone).await?);
        };
        let watermark = state.until.unwrap_or(Timestamp::UNIX_EPOCH);
        let fresh = self.recent.with(&self.store, opened.splits, watermark).await?;
        let names = names::resolve(&self.store, &fresh.splits, &query).await?;
        let asked = self.asked(&query, request, zone, &names);
        let mut question = asked.question(request.skip, request.take);
        if let Wanted::Tags(beginning) = &request.wanted {
            let facets = facets::tags(fresh.splits, question.matcher, beginning, request.take).await?;
            return Ok(SearchAnswer {
                found: vec![],
                count: facets.iter().map(|(_, tags)| tags.len() as u64).sum(),
                next: None,
                basis: fresh.until.map_or(Basis::Whole, Basis::Until),
                facets,
            });
        }
        if request.after.is_some() {
            question.order = BY_CREATION;
        }
        let after = request.after.map(|end| After {
            group: None,
            value: end.created,
            number: end.number,
            kind: end.kind,
        });
        let splits = fresh.splits.clone();
        let asking = question.clone();
        let answer: Answer = reading(&fresh.splits, move || {
            Ok(match after {
                Some(after) => splits.ask_after(&asking, after)?,
                None => splits.ask(&asking)?,
            })
        })
        .await?;
        let facets = if request.with_facets {
            facets::of(fresh.splits, question.matcher).await?
        } else {
            vec![]
        };
        let next = end_of(&answer, request.take);
        let mut found = self.checked(&asked, &answer.hits).await?;
        if request.with_snippets {
            places::find(&self.store, &query, &request.by, &mut found).await?;
        }
        Ok(SearchAnswer {
            found,
            count: answer.count,
            next,
            basis: fresh.until.map_or(Basis::Whole, Basis::Until),
            facets,
        })
    }

    /// The index in force; nothing where there is none, or none that can be used. One that is put out of force while it is opened is
    /// looked for again.
    pub(crate) async fn opened(&self) -> Result<Option<(ProjectionState, Opened)>, IndexError> {
        for _ in 0..2 {
            let state = self.store.projection(SEARCH).await?;
            if state.generation == 0 {
                return Ok(None);
            }
            let index = KeptIndex::new(&self.store, &self.at_hand, state.generation);
            match index.open_if_there().await {
                Ok(Some(opened)) => return Ok(Some((state, opened))),
                Ok(None) => {}
                Err(error) if error.is_of_the_index() => {
                    tracing::error!(%error, "the index of the search can't be used");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    fn asked(&self, query: &Query, request: &SearchRequest, zone: &TimeZone, names: &Names) -> Asked {
        let asking = Asking {
            now: self.store.now(),
            zone,
            me: request.by.me(),
            names,
        };
        query.ask(&request.by.seen(), &asking)
    }

    /// Those hits that stand by the query as the tables have them now.
    pub(crate) async fn checked(&self, asked: &Asked, hits: &[Hit]) -> Result<Vec<Found>, IndexError> {
        let numbers = |kind| {
            hits.iter()
                .filter(move |hit| hit.kind == kind)
                .map(|hit| hit.number)
        };
        let tickets: Vec<TicketNumber> = numbers(Kind::Ticket).map(TicketNumber).collect();
        let people: Vec<PersonId> = numbers(Kind::Person).map(PersonId).collect();
        let organizations: Vec<OrganizationId> = numbers(Kind::Organization).map(OrganizationId).collect();
        let mut stand: HashSet<(Kind, u64)> = HashSet::new();
        let mut heads = self.store.heads_now(&tickets).await?;
        // What the index has of before a redaction says what it must not.
        let found: HashMap<u64, u64> = hits
            .iter()
            .filter(|hit| hit.kind == Kind::Ticket)
            .map(|hit| (hit.number, hit.version))
            .collect();
        let is_old = |head: &Ticket| found.get(&head.number.0).is_some_and(|v| *v < head.redacted_v);
        heads.retain(|head| !head.is_deleted() && !is_old(head));
        let organization_of = organizations_of(&self.store, &heads).await?;
        let around = self.around(asked, &heads).await?;
        for head in &heads {
            let organization = organization_of.get(&head.requester).copied();
            if asked.matches_among(head, organization, around.get(&head.requester)) {
                stand.insert((Kind::Ticket, head.number.0));
            }
        }
        let mut others = documents::people(&self.store, &people).await?;
        others.extend(documents::organizations(&self.store, &organizations).await?);
        let others = others.iter().filter(|document| asked.finds(document));
        stand.extend(others.map(|document| (document.kind, document.number)));
        let standing = hits.iter().filter(|hit| stand.contains(&(hit.kind, hit.number)));
        Ok(standing
            .map(|hit| Found {
                kind: hit.kind,
                number: hit.number,
                place: None,
            })
            .collect())
    }
}

/// Where the days of a request begin.
pub(crate) fn zone_of(request: &SearchRequest) -> TimeZone {
    let zone = request
        .time_zone
        .as_deref()
        .and_then(|name| TimeZone::get(name).ok());
    zone.unwrap_or(TimeZone::UTC)
}

const BY_CREATION: Order = Order::By(Column::Created, Direction::Ascending);

/// The query that a request means.
fn read(request: &SearchRequest) -> Result<Query, RefusedQuery> {
    let mut query = match &request.wanted {
        Wanted::Query(text) => Query::read(text)?,
        Wanted::QueryOf(kind, text) => Query::read(text)?.and_of_kind(*kind),
        Wanted::Beginning(kind, text) => Query::names_beginning(*kind, text),
        Wanted::Phone(digits) => Query::phones_with(digits),
        Wanted::ExternalId(kind, id) => Query::by_external_id(*kind, id),
        Wanted::OwnField(kind, name, value) => Query::by_own_field(*kind, name, value),
        Wanted::Tags(_) => Query::read("")?.and_of_kind(Kind::Ticket),
        // A view is no query; it is asked before.
        Wanted::View(_) => Query::read("")?,
    };
    let (by, order) = (request.sort_by.as_deref(), request.sort_order.as_deref());
    query.sorting = query.sorting.or_by(by, order)?;
    Ok(query)
}

/// Where the next page begins; nothing when this is the last, or the order is by relevance.
pub(crate) fn end_of(answer: &Answer, take: usize) -> Option<PageEnd> {
    let last = answer
        .hits
        .last()
        .filter(|_| answer.hits.len() >= take)?
        .after()?;
    Some(PageEnd {
        group: last.group,
        created: last.value,
        number: last.number,
        kind: last.kind,
    })
}

/// The organizations of the requesters of tickets.
pub(crate) async fn organizations_of(
    store: &Store,
    heads: &[Ticket],
) -> Result<HashMap<PersonId, OrganizationId>, IndexError> {
    let requesters: BTreeSet<PersonId> = heads.iter().map(|head| head.requester).collect();
    let requesters: Vec<PersonId> = requesters.into_iter().collect();
    let people = store.people().readable_now(&requesters).await?;
    let of = people
        .iter()
        .filter_map(|person| Some((person.id, person.organization?)));
    Ok(of.collect())
}
