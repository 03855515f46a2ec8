//! When the desk began.

use crate::Desk;
use docket_domain::{PersonId, TicketNumber, Timestamp};
use docket_store::StoreError;

/// Numbers among which the first person and the first ticket are looked for: some were drawn and never used.
const FIRST_NUMBERS: u64 = 100;

impl Desk {
    /// When the desk began: nothing happened on it before. It begins with people; a desk that was filled may have older tickets. It is
    /// looked up once. Nothing where there is nobody yet.
    ///
    /// # Errors
    /// When the table can't be read.
    pub async fn began_at(&self) -> Result<Option<Timestamp>, StoreError> {
        if let Some(known) = self.0.began_at.get() {
            return Ok(Some(*known));
        }
        let ids: Vec<PersonId> = (1..=FIRST_NUMBERS).map(PersonId).collect();
        let numbers: Vec<TicketNumber> = (1..=FIRST_NUMBERS).map(TicketNumber).collect();
        let people = self.people().as_of_now(&ids).await?;
        let tickets = self.tickets().get_many_deleted_too(&numbers).await?;
        let of_people = people.iter().map(|person| person.created_at);
        // What came from another system was made long before it came.
        let of_tickets = tickets
            .iter()
            .map(|ticket| ticket.imported_at.unwrap_or(ticket.created_at));
        let first = of_people.chain(of_tickets).min();
        if let Some(first) = first {
            // Whoever looked at the same time found the same.
            let _ = self.0.began_at.set(first);
        }
        Ok(first)
    }
}
