//! Open conversations of webhook channels.

use crate::{
    StoreError,
    keys::ItemKey,
    parts::Tickets,
    table::{
        Role, Write,
        item::{item_with, n, value_in},
    },
};
use docket_domain::{Digest, TicketNumber, Timestamp};
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

impl Tickets<'_> {
    /// A conversation by its digest.
    pub async fn conversation(self, digest: &Digest) -> Result<Option<Conversation>, StoreError> {
        match self.0.get_item(&ItemKey::Conversation(digest.clone())).await? {
            Some(mut item) => value_in(&mut item, "conversation").map(Some),
            None => Ok(None),
        }
    }

    /// The part that opens a conversation, or turns the one read to another ticket. Of several contacts at once one
    /// does so and the others lose, reload and append.
    pub fn conversation_write(
        self,
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
        let mut item = item_with(&self.0.settings.tenant, &key, "conversation", &conversation)?;
        item.insert("v".to_owned(), n(v));
        let write = Write::put(&self.0.settings.tickets_table, Role::State, item);
        Ok(match read {
            None => write.when_new(),
            Some(read) => write.when("v = :read").with(":read", n(read.v)),
        })
    }
}
