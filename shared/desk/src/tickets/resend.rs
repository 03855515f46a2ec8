//! Outgoing work that was given up or came back, tried anew because a person says so.

use crate::{Attempt, Changed, Desk, Try, Want, Wish, parts::Tickets};
use docket_domain::{
    OutboxId, PersonId, TicketNumber,
    audit::ChangedBy,
    outbox::{DeliveryOutcome, MailPurpose, OutboxItem, Work},
    ticket::{Actor, Command, Fact, TicketEvent},
};
use docket_store::StoreError;

/// What leads to it, as it stands in events.
const CAUSE: &str = "resend";

/// Sends the answer of a version again.
struct Resend<'a> {
    desk: &'a Desk,
    comment_v: u64,
    by: PersonId,
}

impl Want<StoreError> for Resend<'_> {
    async fn want(&mut self, on: Try) -> Result<Option<Wish>, StoreError> {
        let Some(file) = self.desk.tickets().standing_file(on.ticket.number).await? else {
            return Ok(None);
        };
        let mut comments = file.comments.iter();
        // What was kept to agents since it was written goes to nobody. What was forwarded was theirs from the beginning.
        let is_kept_back =
            comments.any(|comment| comment.v == self.comment_v && !comment.public && comment.tells.is_none());
        if is_kept_back {
            return Ok(None);
        }
        let carries = |item: &&OutboxItem| match &item.work {
            Work::Mail {
                purpose: MailPurpose::Reply { comment_v: v, .. } | MailPurpose::Forward { comment_v: v },
                ..
            }
            | Work::Call { comment_v: v, .. } => *v == self.comment_v,
            Work::Mail { .. } | Work::StatusCall { .. } | Work::RuleCall { .. } | Work::Webhook { .. } => {
                false
            }
        };
        let Some(item) = file.outbox.iter().find(carries) else {
            return Ok(None);
        };
        let Some(again) = item.again(on.now) else {
            return Ok(None);
        };
        let mut writes = vec![self.desk.outbox().change_write(item, &again)?];
        for before in self.desk.people().get_many(&again.work.recipients()).await? {
            let mut person = before.clone();
            if person.undeliverable.take().is_some() {
                let by = ChangedBy::new(Actor::Agent(self.by), CAUSE, on.now);
                person.updated_at = on.now;
                writes.extend(self.desk.people().changed_writes(&before, &person, &by).await?);
            }
        }
        let command = Command::ReportDelivery {
            outbox: item.id,
            outcome: DeliveryOutcome::Resent,
            detail: item.detail.clone().unwrap_or_default(),
            is_answered: (is_lost(&file.events, item.id) && again.answers(on.ticket.requester))
                .then_some(true),
        };
        Ok(Some(Wish {
            cause: Some(format!("outgoing work {}", item.id)),
            writes,
            ..Wish::from(command)
        }))
    }
}

/// Whether the requester does not have the answer that the work carried.
fn is_lost(events: &[TicketEvent], id: OutboxId) -> bool {
    let mut newest_first = events.iter().rev().filter_map(|event| match &event.fact {
        Fact::DeliveryReported {
            outbox, is_answered, ..
        } if *outbox == id => *is_answered,
        _ => None,
    });
    newest_first.next() == Some(false)
}

impl Tickets<'_> {
    /// Sends the answer of version `comment_v` again if it was given up or came back, to those who do not have it; the events
    /// of that, none where there was nothing to send. Whoever asks vouches for the addresses: a mark that mail there goes nowhere is taken off. It leaves with the
    /// next sweep.
    ///
    /// # Errors
    /// As [`Desk::change`].
    pub async fn resend(
        self,
        number: TicketNumber,
        comment_v: u64,
        by: PersonId,
    ) -> Result<Vec<TicketEvent>, StoreError> {
        let mut resend = Resend {
            desk: self.desk,
            comment_v,
            by,
        };
        let attempt = Attempt::by(Actor::Agent(by), CAUSE);
        let changed = self.desk.change(number, attempt, &mut resend).await?;
        Ok(match changed {
            Changed::Done(saved) => saved.events,
            _ => vec![],
        })
    }
}
