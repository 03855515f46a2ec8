//! How far an agent has read a ticket. A mark ends by itself: what was not looked at for so long is new again.

use crate::{
    StoreError, keys::GuardKey, parts::ReadMarks, table::item::n, tickets::done_unless_condition_failed,
};
use docket_domain::{PersonId, TicketNumber};

/// How long a mark stands, in seconds: somewhat over a year.
const KEPT_SECONDS: i64 = 400 * 24 * 3_600;

impl ReadMarks<'_> {
    /// Notes that an agent has seen a ticket as it was with a version. One that saw a newer one has seen this.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn note(self, agent: PersonId, number: TicketNumber, v: u64) -> Result<(), StoreError> {
        let key = GuardKey::ReadMark(agent, number);
        let end = self.0.now().as_second() + KEPT_SECONDS;
        let output = self
            .0
            .update_guard(&key)
            .update_expression("SET v = :v, ticket = :ticket, expires_at = :end")
            .condition_expression("attribute_not_exists(PK) OR v < :v")
            .expression_attribute_values(":v", n(v))
            .expression_attribute_values(":ticket", n(number))
            .expression_attribute_values(":end", n(end))
            .send()
            .await;
        done_unless_condition_failed(output).map(drop)
    }
}
