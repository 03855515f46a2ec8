//! What a projection keeps of each ticket, so that it knows what it has taken in: the same ticket twice changes nothing.

use crate::{
    Never, Store, StoreError,
    keys::ItemKey,
    table::{
        Committed, Lease, Role, Write,
        item::{key_of, n, number_in, s, text_in},
    },
};
use docket_domain::{TicketNumber, ticket::Ticket};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;

/// What a projection keeps of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<K> {
    /// The version that it was taken in at.
    pub v: u64,
    /// What it came to.
    pub value: K,
}

/// A ticket as it is now, with what a projection has of it.
#[derive(Clone, Debug)]
pub struct Seen<K> {
    /// The ticket.
    pub head: Ticket,
    /// What a generation keeps of it; nothing where nothing is kept.
    pub kept: Option<Kept<K>>,
    /// The newest version that any generation keeps; 0 for none. What happened until then was told, whichever generation it went into.
    pub taken_v: u64,
}

/// The halves in which generations are kept in turn: what the one before the last left is written over.
const HALVES: [u64; 2] = [0, 1];

fn half(generation: u64) -> u64 {
    generation % 2
}

impl Store {
    /// Tickets as of now, each with what a generation of a projection keeps of it, in one read for a hundred keys, of which each has three.
    /// One of which that can't be read is left out, and that is said: it can't be taken away again.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn seen<K: DeserializeOwned>(
        &self,
        name: &'static str,
        generation: u64,
        numbers: &[TicketNumber],
    ) -> Result<Vec<Seen<K>>, StoreError> {
        let keys: Vec<ItemKey> = numbers
            .iter()
            .flat_map(|number| {
                let [one, other] = HALVES.map(|half| ItemKey::Projected(*number, name, half));
                [ItemKey::Head(*number), one, other]
            })
            .collect();
        let mut heads = Vec::new();
        let mut kept: HashMap<TicketNumber, Option<Kept<K>>> = HashMap::new();
        let mut taken: HashMap<TicketNumber, u64> = HashMap::new();
        for item in self.get_items_strongly(&keys).await? {
            if item.contains_key("head") {
                heads.push(item);
                continue;
            }
            let number = text_in(&item, "PK").and_then(|pk| pk.rsplit('#').next()?.parse().ok());
            let (Some(number), Some(v)) = (number, number_in::<u64>(&item, "v")) else {
                continue;
            };
            let newest = taken.entry(TicketNumber(number)).or_default();
            *newest = v.max(*newest);
            if number_in(&item, "generation") != Some(generation) {
                continue;
            }
            let value = serde_json::from_str(text_in(&item, "kept").unwrap_or_default());
            let readable = value.inspect_err(|error| {
                tracing::error!(number, name, %error, "what projection {name} keeps of ticket {number} can't be read: build it anew");
            });
            kept.insert(TicketNumber(number), readable.ok().map(|value| Kept { v, value }));
        }
        let seen = |head: Ticket| {
            let kept = match kept.remove(&head.number) {
                Some(None) => return None,
                Some(readable) => readable,
                None => None,
            };
            let taken_v = taken.get(&head.number).copied().unwrap_or(0);
            Some(Seen { head, kept, taken_v })
        };
        Ok(crate::tickets::readable_heads(heads)
            .into_iter()
            .filter_map(seen)
            .collect())
    }

    /// The part of a transaction that keeps what a ticket came to.
    pub fn kept_write<K: Serialize>(
        &self,
        name: &'static str,
        generation: u64,
        (number, kept): (TicketNumber, &Kept<K>),
    ) -> Result<Write, StoreError> {
        let key = ItemKey::Projected(number, name, half(generation));
        let mut item = key_of(&self.settings.tenant, &key);
        let json = serde_json::to_string(&kept.value);
        let json = json.map_err(|error| Never::unreadable("kept", error.to_string()))?;
        item.insert("kept".to_owned(), s(json));
        item.insert("generation".to_owned(), n(generation));
        item.insert("v".to_owned(), n(kept.v));
        Ok(Write::put(&self.settings.tickets_table, Role::State, item))
    }

    /// Commits what follows for a projection while its lease is held; whether it is.
    pub async fn commit_projected(&self, lease: &Lease, mut writes: Vec<Write>) -> Result<bool, StoreError> {
        writes.push(self.fence(lease));
        let committed = self.commit_writes(vec![], writes).await?;
        Ok(matches!(committed, Committed::Done(_)))
    }

    /// The heads of these tickets as of now.
    pub async fn heads_now(&self, numbers: &[TicketNumber]) -> Result<Vec<Ticket>, StoreError> {
        let keys: Vec<ItemKey> = numbers.iter().map(|number| ItemKey::Head(*number)).collect();
        let items = self.get_items_strongly(&keys).await?;
        Ok(crate::tickets::readable_heads(items))
    }
}
