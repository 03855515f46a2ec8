//! What changed a moment ago, as one more split: it is found at once, however far the index is behind.

use crate::{documents, error::IndexError, kept::blocking};
use docket_domain::{OrganizationId, PersonId, TicketNumber, Timestamp};
use docket_search::{Document, Kind};
use docket_splits::{Split, Splits, split_of};
use docket_store::{Store, keys::ChangedClass};
use futures_util::future::try_join_all;
use jiff::SignedDuration;
use std::{collections::HashMap, sync::Mutex};

/// Most things of a kind that are read for one search.
const MOST_RECENT: usize = 100;
/// How far before the index's watermark is looked, since its keys are rounded up by a minute and clocks are apart.
const OVERLAP: SignedDuration = SignedDuration::from_mins(3);
/// Most documents that are kept for the next search.
const MOST_KEPT: usize = MOST_RECENT;
/// How far back is looked at most: an index that is further behind says so.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);
const CLASSES: [(ChangedClass, Kind); 3] = [
    (ChangedClass::Tickets, Kind::Ticket),
    (ChangedClass::People, Kind::Person),
    (ChangedClass::Organizations, Kind::Organization),
];

/// Documents that were read for a search before, by kind and number: tickets whose version is still that are not read again.
#[derive(Default)]
pub(crate) struct Recent(Mutex<HashMap<(Kind, u64), Document>>);

/// The index with what changed since.
pub(crate) struct Fresh {
    pub(crate) splits: Splits,
    /// Up to when nothing can be missing, where more changed than is looked at.
    pub(crate) until: Option<Timestamp>,
}

impl Recent {
    /// The splits with one more of what changed since the watermark and is not in them.
    pub(crate) async fn with(
        &self,
        store: &Store,
        splits: Splits,
        watermark: Timestamp,
    ) -> Result<Fresh, IndexError> {
        let now = store.now();
        let earliest = now.checked_sub(LONGEST).unwrap_or(now);
        let from = watermark.min(now);
        let from = from.checked_sub(OVERLAP).unwrap_or(from).max(earliest);
        let changed = try_join_all(CLASSES.map(|(class, _)| store.changed_lately(class, from))).await?;
        let mut documents = Vec::new();
        let mut until = Some(watermark).filter(|watermark| *watermark < earliest);
        for ((_, kind), changed) in CLASSES.iter().zip(changed) {
            let (skipped, taken) = changed.split_at(changed.len().saturating_sub(MOST_RECENT));
            if !skipped.is_empty() {
                until = Some(until.map_or(watermark, |until: Timestamp| until.min(watermark)));
            }
            let numbers: Vec<u64> = taken.iter().map(|(_, number)| *number).collect();
            documents.extend(self.unknown(store, &splits, *kind, &numbers).await?);
        }
        let splits = blocking(move || match split_of(&documents)? {
            Some(bytes) => Ok(splits.with(Split::in_memory(bytes)?)),
            None => Ok(splits),
        })
        .await?;
        Ok(Fresh { splits, until })
    }

    /// Documents of those that the splits do not have at their version of now.
    async fn unknown(
        &self,
        store: &Store,
        splits: &Splits,
        kind: Kind,
        numbers: &[u64],
    ) -> Result<Vec<Document>, IndexError> {
        if numbers.is_empty() {
            return Ok(vec![]);
        }
        let is_new = |document: &Document| {
            let known = splits.version_of(kind, document.number);
            known.is_none_or(|(version, _)| version < document.version)
        };
        let read = match kind {
            Kind::Ticket => return self.unknown_tickets(store, splits, numbers).await,
            Kind::Person => {
                let ids: Vec<PersonId> = numbers.iter().copied().map(PersonId).collect();
                documents::people(store, &ids).await?
            }
            Kind::Organization => {
                let ids: Vec<OrganizationId> = numbers.iter().copied().map(OrganizationId).collect();
                documents::organizations(store, &ids).await?
            }
        };
        Ok(read.into_iter().filter(is_new).collect())
    }

    async fn unknown_tickets(
        &self,
        store: &Store,
        splits: &Splits,
        numbers: &[u64],
    ) -> Result<Vec<Document>, IndexError> {
        let numbers: Vec<TicketNumber> = numbers.iter().copied().map(TicketNumber).collect();
        let mut heads = store.heads_now(&numbers).await?;
        heads.retain(|head| {
            let known = splits.version_of(Kind::Ticket, head.number.0);
            known.is_none_or(|(version, _)| version < head.v)
        });
        let mut documents = Vec::new();
        heads.retain(|head| match self.known(head.number, head.v) {
            Some(document) => {
                documents.push(document);
                false
            }
            None => true,
        });
        let read = documents::of_heads(store, heads).await?;
        self.keep(&read);
        documents.extend(read);
        Ok(documents)
    }

    fn known(&self, number: TicketNumber, version: u64) -> Option<Document> {
        let kept = crate::lock(&self.0);
        let document = kept.get(&(Kind::Ticket, number.0))?;
        (document.version == version).then(|| document.clone())
    }

    fn keep(&self, documents: &[Document]) {
        let mut kept = crate::lock(&self.0);
        if kept.len() + documents.len() > MOST_KEPT {
            kept.clear();
        }
        for document in documents {
            kept.insert((document.kind, document.number), document.clone());
        }
    }
}
