//! Open conversations of webhook channels, and contacts held back.

use super::{
    item::{item_with, n, value_in},
    write::{Role, Write},
};
use crate::{Desk, StoreError, keys::ItemKey};
use docket_domain::{Digest, TicketNumber, Timestamp, intake::HoldReason};
use serde::{Deserialize, Serialize};

/// A conversation of a channel, and the ticket it goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// The ticket.
    pub ticket: TicketNumber,
    /// Version of this record, for a guarded change.
    pub v: u64,
    /// Until when another contact joins it; nothing: for ever, as its caller gave it an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_until: Option<Timestamp>,
}

/// A contact that was not taken in: suspended or quarantined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldContact {
    /// Its id.
    pub id: Digest,
    /// When it came.
    pub at: Timestamp,
    /// Why it is held.
    pub reason: HoldReason,
    /// More, in words.
    pub detail: String,
    /// The mailbox it was for.
    pub mailbox: String,
    /// The id that the receiving service gave it.
    pub ses_id: String,
    /// Where the original lies.
    pub stored_at: String,
}

impl Desk {
    /// A conversation by its digest.
    pub async fn conversation(&self, digest: &Digest) -> Result<Option<Conversation>, StoreError> {
        match self.get_item(&ItemKey::Conversation(digest.clone())).await? {
            Some(mut item) => value_in(&mut item, "conversation").map(Some),
            None => Ok(None),
        }
    }

    /// The part that opens a conversation, or turns the one read to another ticket. Of several contacts at once one
    /// does so and the others lose, reload and append.
    pub fn conversation_write(
        &self,
        digest: &Digest,
        read: Option<&Conversation>,
        ticket: TicketNumber,
        open_until: Option<Timestamp>,
    ) -> Result<Write, StoreError> {
        let v = read.map_or(1, |read| read.v + 1);
        let conversation = Conversation {
            ticket,
            v,
            open_until,
        };
        let key = ItemKey::Conversation(digest.clone());
        let mut item = item_with(&self.settings.tenant, &key, "conversation", &conversation)?;
        item.insert("v".to_owned(), n(v));
        let write = Write::put(&self.settings.tickets_table, Role::State, item);
        Ok(match read {
            None => write.when_new(),
            Some(read) => write.when("v = :read").with(":read", n(read.v)),
        })
    }

    /// A held contact.
    pub async fn held_contact(&self, id: &Digest) -> Result<Option<HeldContact>, StoreError> {
        match self.get_item(&ItemKey::Held(id.clone())).await? {
            Some(mut item) => value_in(&mut item, "held").map(Some),
            None => Ok(None),
        }
    }

    /// The part that stores a held contact.
    pub fn held_write(&self, held: &HeldContact) -> Result<Write, StoreError> {
        let key = ItemKey::Held(held.id.clone());
        let mut item = item_with(&self.settings.tenant, &key, "held", held)?;
        // Held contacts are listed through the index `view`, under classes of their own.
        let class = if held.reason.is_quarantine() {
            "quarantined"
        } else {
            "suspended"
        };
        let pk = crate::keys::view_pk(&self.settings.tenant, None, class, 0);
        item.insert("view_pk".to_owned(), super::item::s(pk));
        let sk = format!("{}#{}", crate::keys::sortable_time(held.at), held.id);
        item.insert("view_sk".to_owned(), super::item::s(sk));
        Ok(Write::put(&self.settings.tickets_table, Role::State, item))
    }

    /// Held contacts, the oldest first, at most `limit`.
    pub async fn held_contacts(
        &self,
        quarantined: bool,
        limit: usize,
    ) -> Result<Vec<HeldContact>, StoreError> {
        let class = if quarantined { "quarantined" } else { "suspended" };
        let pk = crate::keys::view_pk(&self.settings.tenant, None, class, 0);
        let items = self.query(super::page::Query::index("view", pk, limit)).await?;
        let ids = items
            .iter()
            .filter_map(|item| super::item::text_in(item, "PK")?.rsplit('#').next());
        let mut held = Vec::new();
        for id in ids.map(Digest::from_key) {
            held.extend(self.held_contact(&id).await?);
        }
        Ok(held)
    }
}
