//! Contacts held back: suspended, for a person to let in, or quarantined. None is ever deleted; one that was dealt with
//! leaves the lists and keeps what was done, by whom and why.

use crate::{
    StoreError,
    blob::spool_key,
    keys::{Counter, ItemKey, sortable_time, view_pk},
    ledger,
    parts::Held,
    table::{
        Committed, Role, ViewPage, Write,
        item::{item_with, n, number_in, s, value_in},
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

/// Held contacts, suspended and quarantined alike.
#[derive(Clone, Debug)]
pub struct HeldRows {
    /// They.
    pub contacts: Vec<HeldContact>,
    /// The place of the first; nothing where there is none.
    pub first: Option<String>,
    /// The place of the last.
    pub last: Option<String>,
    /// Whether more come behind them.
    pub has_more: bool,
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

    /// Takes away what could be read of a contact, and its original; of how many entries and objects.
    ///
    /// # Errors
    /// When the world failed; it can be done again.
    pub async fn erase(self, id: u64) -> Result<u64, StoreError> {
        let Some(held) = self.get(id).await? else {
            return Ok(0);
        };
        let keys = [held.stored_at.clone(), spool_key(&held.ses_id)];
        let gone = self.0.blobs().erase(&keys, None).await?;
        let left = HeldContact {
            v: held.v + 1,
            detail: String::new(),
            preview: Preview::default(),
            resolution: held.resolution.clone().or_else(|| {
                Some(Resolution {
                    at: self.0.now(),
                    by: PersonId::OF_THE_DESK,
                    ticket: None,
                    reason: "what it said was erased".to_owned(),
                })
            }),
            ..held.clone()
        };
        if (&left.detail, &left.preview) == (&held.detail, &held.preview) {
            return Ok(gone);
        }
        match self.0.commit_writes(vec![], vec![self.write(&left)?]).await? {
            Committed::Lost => Err(StoreError::Contended {
                what: format!("held contact {id}"),
                tries: 1,
            }),
            _ => Ok(gone + 1),
        }
    }

    /// Held contacts that nobody has dealt with. Besides keys, no more is read than is shown.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn page(self, asked: &ViewPage) -> Result<HeldRows, StoreError> {
        let tenant = &self.0.settings.tenant;
        let partitions = [false, true].map(|is_quarantined| view_pk(tenant, None, class(is_quarantined)));
        let (places, has_more) = self.0.places_in_view(&partitions, asked).await?;
        Ok(HeldRows {
            contacts: self.at_places(&places).await?,
            first: places.first().cloned(),
            last: places.last().cloned(),
            has_more,
        })
    }

    /// How many contacts nobody has dealt with, at most so many of either kind.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn count(self, most: usize) -> Result<usize, StoreError> {
        let mut counted = 0;
        for is_quarantined in [false, true] {
            let pk = view_pk(&self.0.settings.tenant, None, class(is_quarantined));
            counted += self.0.count(Query::index("view", pk, most)).await?;
        }
        Ok(counted)
    }

    /// The contacts at these places, in their order.
    async fn at_places(self, places: &[String]) -> Result<Vec<HeldContact>, StoreError> {
        let id = |place: &String| place.rsplit('#').next()?.parse().ok();
        let ids: Vec<u64> = places.iter().filter_map(id).collect();
        let keys: Vec<ItemKey> = ids.iter().map(|id| ItemKey::Held(*id)).collect();
        let mut held = Vec::with_capacity(keys.len());
        for mut item in self.0.get_items(&keys).await? {
            if number_in::<u64>(&item, "v").is_some() {
                held.push(value_in::<HeldContact>(&mut item, "held")?);
            }
        }
        // The index lags behind: what it still lists may have been dealt with.
        held.retain(|contact| contact.resolution.is_none());
        held.sort_by_key(|contact| ids.iter().position(|id| *id == contact.id));
        Ok(held)
    }
}
