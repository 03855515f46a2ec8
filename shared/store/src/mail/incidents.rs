//! The tickets of what monitors told lately, by what it is about.

use crate::{
    StoreError,
    keys::GuardKey,
    parts::Mail,
    table::{
        Role, Write,
        item::{n, number_in, s},
    },
};
use docket_domain::{Digest, TicketNumber};
use std::collections::HashMap;

/// How long the last notice of an incident leads to its ticket, in seconds: a monitor that is silent for a week tells of something else.
const INCIDENT_SECONDS: i64 = 7 * 24 * 3600;

/// The ticket of what a monitor tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IncidentPlace {
    /// The ticket.
    pub ticket: TicketNumber,
    /// Version of this record, for a guarded change.
    v: u64,
}

impl Mail<'_> {
    /// Where an incident leads, as of now.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn incident(self, digest: &Digest) -> Result<Option<IncidentPlace>, StoreError> {
        let item = self.0.guard_item(&GuardKey::Incident(digest.clone())).await?;
        let place = item.and_then(|item| {
            Some(IncidentPlace {
                ticket: TicketNumber(number_in(&item, "ticket")?),
                v: number_in(&item, "v")?,
            })
        });
        Ok(place)
    }

    /// The part that lets an incident lead to a ticket for some days. Of two notices at once one does so; the other looks again.
    pub fn incident_write(self, digest: &Digest, read: Option<IncidentPlace>, ticket: TicketNumber) -> Write {
        let key = GuardKey::Incident(digest.clone());
        let now = self.0.now().as_second();
        let read = read.map_or(0, |read| read.v);
        let item = HashMap::from([
            ("PK".to_owned(), s(key.pk(&self.0.settings.tenant))),
            ("expires_at".to_owned(), n(now + INCIDENT_SECONDS)),
            ("v".to_owned(), n(read + 1)),
            ("ticket".to_owned(), n(ticket)),
        ]);
        Write::put(&self.0.settings.guard_table, Role::State, item)
            .when("attribute_not_exists(PK) OR expires_at <= :now OR v = :read")
            .with(":now", n(now))
            .with(":read", n(read))
    }
}
