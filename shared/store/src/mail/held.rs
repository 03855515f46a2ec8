//! Contacts held back: suspended, for a person to let in, or quarantined. None is ever deleted; one that was dealt with
//! leaves the lists and keeps what was done, by whom and why.

use crate::{
    StoreError,
    keys::{Counter, ItemKey, sortable_time, view_pk},
    ledger,
    parts::Held,
    table::{
        Role, Write,
        item::{item_with, n, number_in, s, text_in, value_in},
        page::Query,
    },
};
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    contact::intake::HoldReason,
    ledger::{LedgerEntry, LedgerLine},
};
use serde::{Deserialize, Serialize};

/// A contact that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldContact {
    /// Its number.
    pub id: u64,
    /// Version of this record, for a guarded change.
    pub v: u64,
    /// When it came.
    pub at: Timestamp,
    /// When it was accepted, which may have been a while before it was held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    /// Why it is held.
    pub reason: HoldReason,
    /// More, in words.
    pub detail: String,
    /// The mailbox it was for; empty when nobody knows.
    pub mailbox: String,
    /// The id that the receiving service gave it.
    pub ses_id: String,
    /// Where the original lies.
    pub stored_at: String,
    /// What could be read of it.
    #[serde(default)]
    pub preview: Preview,
    /// What was done with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
}

/// What could be read of a held contact without harm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The address it says it is from.
    pub from: String,
    /// The name beside it.
    #[serde(default)]
    pub name: String,
    /// The subject.
    pub subject: String,
    /// Its own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The first words.
    #[serde(default)]
    pub text: String,
}

/// What was done with a held contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: PersonId,
    /// The ticket it is on; nothing: it was discarded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    /// Why, in their words.
    #[serde(default)]
    pub reason: String,
}

/// The class of held contacts in the index `view`.
fn class(is_quarantined: bool) -> &'static str {
    if is_quarantined {
        "quarantined"
    } else {
        "suspended"
    }
}

impl Held<'_> {
    /// A number for a contact to be held.
    pub async fn next_number(self) -> Result<u64, StoreError> {
        self.0.next_number(Counter::Held).await
    }

    /// A held contact.
    pub async fn get(self, id: u64) -> Result<Option<HeldContact>, StoreError> {
        match self.0.get_item(&ItemKey::Held(id)).await? {
            Some(mut item) => value_in(&mut item, "held").map(Some),
            None => Ok(None),
        }
    }

    /// The part that stores a contact to be held.
    pub fn write(self, held: &HeldContact) -> Result<Write, StoreError> {
        let mut item = item_with(&self.0.settings.tenant, &ItemKey::Held(held.id), "held", held)?;
        item.insert("v".to_owned(), n(held.v));
        let entry = if held.reason.is_quarantine() {
            LedgerEntry::Quarantined
        } else {
            LedgerEntry::Suspended
        };
        let accepted_at = held.accepted_at.unwrap_or(held.at);
        ledger::mark(&mut item, LedgerLine::mail(entry), accepted_at);
        if held.resolution.is_none() {
            let class = class(held.reason.is_quarantine());
            let pk = view_pk(&self.0.settings.tenant, None, class);
            item.insert("view_pk".to_owned(), s(pk));
            let sk = format!("{}#{:010}", sortable_time(held.at), held.id);
            item.insert("view_sk".to_owned(), s(sk));
        }
        let write = Write::put(&self.0.settings.tickets_table, Role::State, item);
        Ok(match held.v {
            1 => write.when_new(),
            v => write.when("v = :read").with(":read", n(v - 1)),
        })
    }

    /// Held contacts that nobody has dealt with, the oldest first, at most `limit`.
    pub async fn list(self, quarantined: bool, limit: usize) -> Result<Vec<HeldContact>, StoreError> {
        let pk = view_pk(&self.0.settings.tenant, None, class(quarantined));
        let items = self.0.query(Query::index("view", pk, limit)).await?;
        let keys: Vec<ItemKey> = items
            .iter()
            .filter_map(|item| text_in(item, "PK")?.rsplit('#').next()?.parse().ok())
            .map(ItemKey::Held)
            .collect();
        let mut held = Vec::with_capacity(keys.len());
        for mut item in self.0.get_items(&keys).await? {
            // The index lags behind: what it still lists may have been dealt with.
            if number_in::<u64>(&item, "v").is_some() {
                held.push(value_in::<HeldContact>(&mut item, "held")?);
            }
        }
        held.retain(|contact| contact.resolution.is_none());
        held.sort_by_key(|contact| (contact.at, contact.id));
        Ok(held)
    }
}
