//! Outgoing work that was given up or came back, tried anew because a person says so.

use crate::{
    Desk, StoreError,
    operations::OperationError,
    store::{Change, Committed, MOST_TRIES},
};
use docket_domain::{
    PersonId, TicketNumber,
    delivery::{OutboxItem, Outcome, came_back},
    ticket::{Actor, Command},
    work::{MailPurpose, Work},
};

impl Desk {
    /// Sends the answer of version `comment_v` again if it was given up or came back; whether there was anything to send. Whoever asks
    /// vouches for the address: a mark that mail there goes nowhere is taken off. It leaves with the next sweep.
    pub async fn resend(
        &self,
        number: TicketNumber,
        comment_v: u64,
        by: PersonId,
    ) -> Result<bool, OperationError> {
        for _ in 0..MOST_TRIES {
            let Some(file) = self.ticket_file(number).await? else {
                return Ok(false);
            };
            let carries = |item: &&OutboxItem| match &item.work {
                Work::Mail {
                    purpose: MailPurpose::Reply { comment_v: v, .. },
                    ..
                }
                | Work::Call { comment_v: v, .. } => *v == comment_v,
                Work::Mail { .. } | Work::RuleCall { .. } | Work::Webhook { .. } => false,
            };
            let Some(item) = file.outbox.iter().find(carries) else {
                return Ok(false);
            };
            let came_back = came_back(&file.events, item.id);
            let Some(again) = item.again(self.now(), came_back) else {
                return Ok(false);
            };
            let command = Command::ReportDelivery {
                outbox: item.id,
                outcome: Outcome::Resent,
                detail: item.detail.clone().unwrap_or_default(),
            };
            let (actor, cause) = (Actor::Agent(by), format!("outgoing work {}", item.id));
            let mut writes = vec![self.outbox_change(item, &again)?];
            for before in self.people(&again.work.recipients()).await? {
                let mut person = before.clone();
                if person.undeliverable.take().is_some() {
                    writes.extend(self.changed_person_writes(&before, &person)?);
                }
            }
            let events = self
                .decide::<OperationError>(&file.ticket, command, &actor, &cause)
                .await?;
            let change = Change {
                writes,
                ..Change::new(file.ticket, events)
            };
            if matches!(self.commit(change).await?, Committed::Done(_)) {
                return Ok(true);
            }
        }
        Err(StoreError::Contended {
            what: format!("ticket {number}"),
            tries: MOST_TRIES,
        }
        .into())
    }
}
