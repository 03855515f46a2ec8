//! Whole decisions: what was looked at, and what it was worth. A small one stands beside the events that name it, in the item of
//! their words; a large one lies by itself.

use super::erasing::redact_decision;
use crate::{
    StoreError,
    blob::{BlobError, pack, unpacked},
    parts::Tickets,
    table::item::Item,
};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use docket_domain::{Digest, TicketNumber};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Most bytes of a decision, compressed, that stands beside its events.
const MOST_PACKED_BYTES: usize = 4096;
/// The attribute.
const ATTRIBUTE: &str = "decisions";

/// A decision to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDecision {
    /// Its digest, by which events name it.
    pub digest: Digest,
    packed: Vec<u8>,
}

impl KeptDecision {
    /// The decision as it is kept.
    ///
    /// # Errors
    /// When it can't be written as JSON.
    pub fn of<T: Serialize>(decision: &T) -> Result<Self, StoreError> {
        let json = serde_json::to_vec(decision)
            .map_err(|error| crate::Never::unreadable("decision", error.to_string()))?;
        Ok(Self {
            digest: Digest::of(&json),
            packed: pack(&json)?,
        })
    }
}

/// Decisions at hand, by their digests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions(BTreeMap<Digest, Vec<u8>>);

impl Decisions {
    pub(crate) fn put_into(self, item: &mut Item) {
        if self.0.is_empty() {
            return;
        }
        let each = self.0.into_iter().map(|(digest, packed)| {
            let packed = AttributeValue::B(Blob::new(packed));
            (digest.to_string(), packed)
        });
        item.insert(ATTRIBUTE.to_owned(), AttributeValue::M(HashMap::from_iter(each)));
    }

    pub(crate) fn take_from(&mut self, item: &Item) {
        let there = item.get(ATTRIBUTE).and_then(|all| all.as_m().ok());
        for (digest, packed) in there.into_iter().flatten() {
            if let Ok(packed) = packed.as_b() {
                self.0.insert(Digest::from_key(digest), packed.as_ref().to_vec());
            }
        }
    }
}

/// Makes passages unreadable in the decisions that stand in an item; in how many places.
pub(super) fn redact_in(item: &mut Item, passages: &[String]) -> Result<u64, StoreError> {
    let mut at_hand = Decisions::default();
    at_hand.take_from(item);
    let mut places = 0;
    for packed in at_hand.0.values_mut() {
        let mut json: Value = unpacked(packed)?;
        let found = redact_decision(&mut json, passages);
        if found > 0 {
            let bytes = serde_json::to_vec(&json)
                .map_err(|error| crate::Never::unreadable("decision", error.to_string()))?;
            *packed = pack(&bytes)?;
        }
        places += found;
    }
    if places > 0 {
        at_hand.put_into(item);
    }
    Ok(places)
}

impl Tickets<'_> {
    /// Stores what of these decisions is too large to stand beside its events; the others come back.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn keep_large_decisions(
        self,
        number: TicketNumber,
        decisions: &[KeptDecision],
    ) -> Result<Decisions, StoreError> {
        let mut small = Decisions::default();
        for KeptDecision { digest, packed } in decisions {
            if packed.len() > MOST_PACKED_BYTES {
                self.0.blobs().put_packed(number, digest, packed.clone()).await?;
            } else {
                small.0.insert(digest.clone(), packed.clone());
            }
        }
        Ok(small)
    }

    /// A whole decision: one of those at hand, or one that lies by itself.
    ///
    /// # Errors
    /// When it is not there, or the store failed.
    pub async fn decision<T: DeserializeOwned>(
        self,
        number: TicketNumber,
        digest: &Digest,
        at_hand: &Decisions,
    ) -> Result<T, BlobError> {
        match at_hand.0.get(digest) {
            Some(packed) => Ok(unpacked(packed)?),
            None => self.0.blobs().json(number, digest).await,
        }
    }
}
