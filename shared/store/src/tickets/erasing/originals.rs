//! Mail as it came, of a comment whose words have to go: it goes in every version, unless it is somebody else's, too.

use super::Left;
use crate::{
    StoreError,
    blob::spool_key,
    keys::{GuardKey, ItemKey},
    parts::Tickets,
    table::{
        Answer, Role, Write,
        item::{Item, item_with, value_in},
    },
};
use docket_domain::{
    TicketNumber, Timestamp,
    contact::comment::{Comment, MailFacts},
    ticket::Ticket,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// For how long a mail may not have been taken in at another of its mailboxes: the queue's messages live as long.
const MAY_BE_TAKEN_IN_WITHIN: SignedDuration = SignedDuration::from_hours(14 * 24);
/// The attribute with a repeat.
const REPEAT: &str = "repeat";

/// The mail that a comment came with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// The id that the receiving service gave the delivery.
    pub ses_id: String,
    /// Where it lies.
    pub stored_at: String,
    /// Its own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The contact as which it was held before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<u64>,
    /// When it was taken in.
    pub at: Timestamp,
}

impl Original {
    /// That of a comment.
    pub fn of(mail: &MailFacts, at: Timestamp) -> Self {
        Self {
            ses_id: mail.ses_id.clone(),
            stored_at: mail.stored_at.clone(),
            message_id: mail.message_id.clone(),
            held: mail.held,
            at,
        }
    }
}

/// Whether something is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// So many objects and items; none where it is somebody else's, too.
    Now(u64),
    /// Not yet.
    NotYet(Left),
}

/// Who has an original besides.
enum Elsewhere {
    Nobody,
    Somebody,
    NotTakenInYet,
}

impl Tickets<'_> {
    /// The part of a transaction that notes on its ticket that a mail came once more: its original has the same words.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn repeat_write(self, number: TicketNumber, repeat: &Original) -> Result<Write, StoreError> {
        let key = ItemKey::Repeat(number, repeat.ses_id.clone());
        let item = item_with(&self.0.settings.tenant, &key, REPEAT, repeat)?;
        Ok(Write::put(&self.0.settings.tickets_table, Role::State, item))
    }

    /// Deletes the original of a mail, what stood of it in the spool, and what was read of it while it was held.
    pub(super) async fn erase_original(
        self,
        number: TicketNumber,
        mail: &Original,
    ) -> Result<Gone, StoreError> {
        match self.elsewhere(number, mail).await? {
            Elsewhere::Somebody => return Ok(Gone::Now(0)),
            Elsewhere::NotTakenInYet => return Ok(Gone::NotYet(Left::Others)),
            Elsewhere::Nobody => {}
        }
        let keys = [mail.stored_at.clone(), spool_key(&mail.ses_id)];
        let mut count = self.0.blobs().erase(&keys, None).await?;
        if let Some(held) = mail.held {
            count += self.0.held().erase(held).await?;
        }
        Ok(Gone::Now(count))
    }

    /// Deletes the original of a mail that came once more.
    pub(super) async fn erase_repeat(self, number: TicketNumber, item: &Item) -> Result<Gone, StoreError> {
        let mail: Original = value_in(&mut item.clone(), REPEAT)?;
        let gone = self.erase_original(number, &mail).await?;
        if let Gone::Now(_) = gone {
            self.write_all(vec![self.gone(item)]).await?;
        }
        Ok(gone)
    }

    /// Whether another mailbox's ticket, or a contact that is held there, has the same original. As long as the guards stand they know;
    /// after that the mail's own id leads to its tickets.
    async fn elsewhere(self, number: TicketNumber, mail: &Original) -> Result<Elsewhere, StoreError> {
        let seen = self.0.mail_seen(&mail.ses_id).await?;
        let mailboxes = seen.map(|seen| seen.mailboxes).unwrap_or_default();
        let mut is_waited_for = false;
        for mailbox in &mailboxes {
            let key = GuardKey::Transport(mail.ses_id.clone(), mailbox.clone());
            match self.0.guard(&key).await? {
                Some(entry) if self.needs(number, &entry.answer, mail).await? => {
                    return Ok(Elsewhere::Somebody);
                }
                Some(_) => {}
                None => is_waited_for = true,
            }
        }
        let age = self.0.now().duration_since(mail.at);
        if is_waited_for && age < MAY_BE_TAKEN_IN_WITHIN {
            return Ok(Elsewhere::NotTakenInYet);
        }
        let guards_are_gone = mailboxes.is_empty() || is_waited_for;
        if let (true, Some(id)) = (guards_are_gone, mail.message_id.as_deref()) {
            for other in self.of_mail_ids([id], "").await?.tickets(id, false) {
                if other != number && self.has_comment_of(other, mail).await? {
                    return Ok(Elsewhere::Somebody);
                }
            }
        }
        Ok(Elsewhere::Nobody)
    }

    /// Whether what a mailbox did with a mail needs its original: a comment of another ticket, a contact that nobody dealt with.
    async fn needs(self, number: TicketNumber, answer: &Answer, mail: &Original) -> Result<bool, StoreError> {
        if answer.repeated {
            return Ok(false);
        }
        if let Some(held) = answer.held {
            let held = self.0.held().get(held).await?;
            let resolution = held.and_then(|held| held.resolution.map(|resolution| (held.id, resolution)));
            return match resolution {
                Some((id, _)) if mail.held == Some(id) => Ok(false),
                Some((_, resolution)) => match resolution.ticket.filter(|ticket| *ticket != number) {
                    Some(ticket) => self.has_comment_of(ticket, mail).await,
                    None => Ok(false),
                },
                None => Ok(true),
            };
        }
        match answer.ticket.filter(|ticket| *ticket != number) {
            Some(ticket) => self.has_comment_of(ticket, mail).await,
            None => Ok(false),
        }
    }

    async fn has_comment_of(self, ticket: TicketNumber, mail: &Original) -> Result<bool, StoreError> {
        let head = self.get(ticket).await?;
        let is_gone = |head: &Ticket| head.is_deleted_for_good();
        if head.as_ref().is_none_or(is_gone) {
            return Ok(false);
        }
        let comments = self.comments_of(ticket).await?;
        let has_it = |comment: &Comment| {
            let its = comment.mail.as_ref();
            comment.redacted_at.is_none() && its.is_some_and(|its| its.ses_id == mail.ses_id)
        };
        Ok(comments.iter().any(has_it))
    }
}
