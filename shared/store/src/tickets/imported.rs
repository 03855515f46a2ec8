//! Which tickets came from another system, by their ids there.

use crate::{
    StoreError,
    keys::ItemKey,
    parts::Tickets,
    table::{
        Role, Write,
        item::{key_of, n, number_in},
    },
};
use docket_domain::{Digest, TicketNumber};

/// The word in the keys of what leads to such a ticket.
const CLAIM: &str = "imported";

impl Tickets<'_> {
    /// The ticket that was made of the one of this id in another system.
    pub async fn imported(self, external_id: &str) -> Result<Option<TicketNumber>, StoreError> {
        let item = self.0.get_item(&key(external_id)).await?;
        Ok(item
            .as_ref()
            .and_then(|item| number_in(item, "ticket"))
            .map(TicketNumber))
    }

    /// The part that keeps which ticket is made of it. Of two at once one loses, and finds the other's. What leads to a ticket that
    /// is gone leads to the new one.
    pub async fn imported_write(self, external_id: &str, number: TicketNumber) -> Result<Write, StoreError> {
        let (tenant, key) = (&self.0.settings.tenant, key(external_id));
        let before = self.imported(external_id).await?;
        let mut item = key_of(tenant, &key);
        item.insert("ticket".to_owned(), n(number));
        let write = Write::put(&self.0.settings.tickets_table, Role::State, item);
        Ok(match before {
            None => write.when_new(),
            Some(before) => write.when("ticket = :read").with(":read", n(before)),
        })
    }
}

fn key(external_id: &str) -> ItemKey {
    ItemKey::Claim(CLAIM, Digest::of(external_id.as_bytes()))
}
