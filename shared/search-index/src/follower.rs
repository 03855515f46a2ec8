//! The index follows the tickets, people and organizations.

use crate::{documents, error::IndexError, kept::KeptIndex, renamed, splits_at_hand::SplitsAtHand};
use docket_domain::{OrganizationId, PersonId, TicketNumber, ticket::Ticket};
use docket_projection::{Followed, Follower, ProjectionError, Search};
use docket_search::{Document, Kind, tombstone};
use docket_splits::Splits;
use docket_store::{Never, Store, StoreError, keys::ChangedClass, projections::SEARCH, table::Lease};
use std::{collections::BTreeSet, sync::Arc};

/// How many things become one split at most: as long as all of them may be of the largest size, their words have to have room in memory.
pub(crate) const AT_ONCE: usize = 250;

/// Brings the index up to date.
#[derive(Clone)]
pub struct SearchFollower {
    /// Splits at hand.
    pub at_hand: Arc<SplitsAtHand>,
}

impl Followed for SearchFollower {
    fn name(&self) -> &'static str {
        Search.name()
    }

    fn scheme(&self) -> u64 {
        Search.scheme()
    }

    fn follows(&self) -> &'static [ChangedClass] {
        Search.follows()
    }
}

impl Follower for SearchFollower {
    fn at_once(&self) -> usize {
        AT_ONCE
    }

    async fn take(
        &self,
        store: &Store,
        _: &Lease,
        generation: u64,
        (class, numbers): (ChangedClass, &[u64]),
    ) -> Result<(), ProjectionError> {
        let index = KeptIndex::new(store, &self.at_hand, generation);
        self.take_in(index, class, numbers).await.map_err(as_projection)
    }
}

impl SearchFollower {
    async fn take_in(
        &self,
        index: KeptIndex<'_>,
        class: ChangedClass,
        numbers: &[u64],
    ) -> Result<(), IndexError> {
        let opened = index.open().await?;
        let store = index.store;
        let kind = match class {
            ChangedClass::Tickets => Kind::Ticket,
            ChangedClass::People => Kind::Person,
            ChangedClass::Organizations => Kind::Organization,
            _ => return Ok(()),
        };
        let is_new = |number: u64, version: u64, is_to_be_gone: bool| {
            let known = opened.splits.version_of(kind, number);
            known.is_none_or(|(known, is_gone)| known < version || (is_gone && !is_to_be_gone))
        };
        let mut there: BTreeSet<u64> = BTreeSet::new();
        let found = if kind == Kind::Ticket {
            // A head tells whether more of it has to be read.
            let tickets: Vec<TicketNumber> = numbers.iter().copied().map(TicketNumber).collect();
            let mut heads = store.heads_now(&tickets).await?;
            there = heads.iter().map(|head| head.number.0).collect();
            heads.retain(|head| is_new(head.number.0, head.v, head.is_deleted()));
            of_heads_if_need_be(store, heads).await?
        } else {
            each_if_need_be(store, kind, numbers).await?
        };
        there.extend(found.iter().map(|document| document.number));
        let mut documents: Vec<Document> = found
            .into_iter()
            .filter(|document| is_new(document.number, document.version, document.tombstone))
            .collect();
        if kind == Kind::Person {
            renamed::take_their_tickets(index, &opened.splits, &documents).await?;
        }
        let gone = numbers.iter().filter(|number| !there.contains(number));
        let stones: Vec<Document> = gone
            .filter_map(|number| stone(&opened.splits, kind, *number))
            .collect();
        documents.extend(stones);
        add(index, &opened.splits, documents).await
    }
}

/// Adds documents; the splits that have words of before, which have to go, are merged at once.
pub(crate) async fn add(
    index: KeptIndex<'_>,
    splits: &Splits,
    documents: Vec<Document>,
) -> Result<(), IndexError> {
    let has_to_go = |document: &&Document| {
        let known = splits.version_of(document.kind, document.number);
        known.is_some_and(|(known, is_gone)| {
            known < document.erases_before || (document.tombstone && !is_gone)
        })
    };
    let erased = documents.iter().filter(has_to_go);
    let erased: Vec<(Kind, u64)> = erased.map(|document| (document.kind, document.number)).collect();
    index.add(documents, &erased).await
}

/// What takes the place of something that is gone and that the index still has.
fn stone(splits: &Splits, kind: Kind, number: u64) -> Option<Document> {
    let (version, is_gone) = splits.version_of(kind, number)?;
    // At the same version, as the later split: what could only not be read for a while comes back as it was.
    (!is_gone).then(|| tombstone(kind, number, version))
}

/// Documents of tickets whose heads were read. Where one of them can't be read, each is read by itself, see [`each_if_need_be`].
async fn of_heads_if_need_be(store: &Store, heads: Vec<Ticket>) -> Result<Vec<Document>, IndexError> {
    let numbers: Vec<u64> = heads.iter().map(|head| head.number.0).collect();
    match documents::of_heads(store, heads).await {
        Err(IndexError::Store(error)) if error.is_final() => {
            each_if_need_be(store, Kind::Ticket, &numbers).await
        }
        found => found,
    }
}

/// Documents of things. Where one of them can't be read, each is read by itself, and those that can't are passed over and told: they hold
/// nobody up.
pub(crate) async fn each_if_need_be(
    store: &Store,
    kind: Kind,
    numbers: &[u64],
) -> Result<Vec<Document>, IndexError> {
    match documents_of(store, kind, numbers).await {
        Err(IndexError::Store(error)) if error.is_final() && numbers.len() > 1 => {
            let mut documents = Vec::new();
            for number in numbers {
                match documents_of(store, kind, &[*number]).await {
                    Err(IndexError::Store(error)) if error.is_final() => {
                        tracing::error!(?kind, number, %error, "{kind:?} {number} can't be read, and is not found");
                    }
                    found => documents.extend(found?),
                }
            }
            Ok(documents)
        }
        Err(IndexError::Store(error)) if error.is_final() => {
            tracing::error!(?kind, ?numbers, %error, "{kind:?} {numbers:?} can't be read, and is not found");
            Ok(vec![])
        }
        found => found,
    }
}

async fn documents_of(store: &Store, kind: Kind, numbers: &[u64]) -> Result<Vec<Document>, IndexError> {
    match kind {
        Kind::Ticket => {
            let numbers: Vec<TicketNumber> = numbers.iter().copied().map(TicketNumber).collect();
            documents::tickets(store, &numbers).await
        }
        Kind::Person => {
            let ids: Vec<PersonId> = numbers.iter().copied().map(PersonId).collect();
            documents::people(store, &ids).await
        }
        Kind::Organization => {
            let ids: Vec<OrganizationId> = numbers.iter().copied().map(OrganizationId).collect();
            documents::organizations(store, &ids).await
        }
    }
}

fn as_projection(error: IndexError) -> ProjectionError {
    match error {
        IndexError::Store(error) => ProjectionError::Store(error),
        IndexError::Contended(tries) => ProjectionError::Store(StoreError::Contended {
            what: "the index of the search".to_owned(),
            tries,
        }),
        damaged if damaged.is_of_the_index() => ProjectionError::Damaged(SEARCH, damaged.to_string()),
        other => ProjectionError::Store(Never::unreadable("index of the search", other.to_string()).into()),
    }
}
