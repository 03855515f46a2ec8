//! Tickets that are deleted and restored, and what of their words has to go by and by.

use crate::{Attempt, Changed, Try, Wish, parts::Tickets};
use docket_domain::{
    TicketNumber, Timestamp,
    ticket::{Actor, Command, Ticket},
};
use docket_store::{StoreError, tickets::Left};
use std::time::Duration;

/// How long one ticket's words are taken away at once: others are due, too.
const ERASING_TIME: Duration = Duration::from_secs(10);
/// When it is gone on with where that was not enough.
const GOES_ON_AFTER: Duration = Duration::from_secs(60);
/// When it is asked again whether others still need what is to go.
const ASKS_AGAIN_AFTER: Duration = Duration::from_secs(15 * 60);

impl Tickets<'_> {
    /// Sets a ticket aside: nobody finds it, and nothing happens to it, until it is restored or deleted for good.
    ///
    /// # Errors
    /// As [`Desk::change`](crate::Desk::change).
    pub async fn delete(self, number: TicketNumber, attempt: Attempt) -> Result<Changed, StoreError> {
        let wish = Wish {
            writes: self.desk.deleted_write(number).await?.into_iter().collect(),
            ..Wish::from(Command::Delete)
        };
        self.change_where(number, attempt, wish, |ticket| !ticket.is_deleted())
            .await
    }

    /// Takes a deleted ticket back.
    ///
    /// # Errors
    /// As [`Desk::change`](crate::Desk::change).
    pub async fn restore(self, number: TicketNumber, attempt: Attempt) -> Result<Changed, StoreError> {
        let wish = Wish {
            writes: vec![self.desk.restored_write(number)],
            ..Wish::from(Command::Restore)
        };
        self.desk.change_by(number, attempt, wish).await
    }

    /// Does something with a ticket that is so; nothing where it is not.
    async fn change_where(
        self,
        number: TicketNumber,
        attempt: Attempt,
        wish: Wish,
        is_so: fn(&Ticket) -> bool,
    ) -> Result<Changed, StoreError> {
        let mut want = |on: Try| {
            let wish = is_so(&on.ticket).then(|| wish.clone());
            async { Ok::<_, StoreError>(wish) }
        };
        self.desk.change(number, attempt, &mut want).await
    }

    /// Deletes a ticket for good that was deleted before. What was said on it is gone a little later, by the sweep.
    ///
    /// # Errors
    /// As [`Desk::change`](crate::Desk::change).
    pub async fn delete_permanently(
        self,
        number: TicketNumber,
        attempt: Attempt,
    ) -> Result<Changed, StoreError> {
        let command = Command::DeletePermanently;
        self.desk.change_by(number, attempt, command).await
    }

    /// Takes away what has to go of a ticket, if its time has come.
    ///
    /// # Errors
    /// When the world failed; what is left goes the next time.
    pub async fn erase_what_is_due(self, ticket: &Ticket) -> Result<(), StoreError> {
        if ticket.erase_due_at.is_none_or(|at| at > self.desk.now()) {
            return Ok(());
        }
        let erasure = self.erase(ticket, ERASING_TIME).await?;
        let wait = match erasure.left {
            Left::Nothing => None,
            Left::Time => Some(GOES_ON_AFTER),
            Left::Others => Some(ASKS_AGAIN_AFTER),
        };
        let again_at = wait.map(|wait| self.desk.now().checked_add(wait).unwrap_or(Timestamp::MAX));
        let command = Command::RecordErasure {
            redacted_v: ticket.redacted_v,
            count: erasure.count,
            again_at,
        };
        let attempt = Attempt::by(
            Actor::System,
            format!("redacted in version {}", ticket.redacted_v),
        );
        let recorded = self.desk.change_by(ticket.number, attempt, command).await?;
        if let Changed::Refused(refusal) = recorded {
            return Err(StoreError::unreadable_ticket(
                ticket.number,
                &format!("that its words are gone can't be recorded: {refusal}"),
            ));
        }
        Ok(())
    }

    /// Has the original of a mail looked at that came once more to a ticket of which something had to go.
    ///
    /// # Errors
    /// As [`Desk::change`](crate::Desk::change).
    pub async fn look_after_repeat(self, number: TicketNumber) -> Result<(), StoreError> {
        let ticket = self.get(number).await?;
        let Some(ticket) = ticket.filter(|ticket| ticket.redacted_v > 0 && ticket.erase_due_at.is_none())
        else {
            return Ok(());
        };
        let again_at = self
            .desk
            .now()
            .checked_add(GOES_ON_AFTER)
            .unwrap_or(Timestamp::MAX);
        let command = Command::RecordErasure {
            redacted_v: ticket.redacted_v,
            count: 0,
            again_at: Some(again_at),
        };
        let attempt = Attempt::by(Actor::System, "a mail came once more");
        self.desk.change_by(number, attempt, command).await?;
        Ok(())
    }
}
