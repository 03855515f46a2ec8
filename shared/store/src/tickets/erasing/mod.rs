//! What has to go of a ticket: all that was said on one that was deleted for good, and what was redacted of another. Each step can be
//! done again and stands by itself, so that a long ticket goes piece by piece; what a redaction leaves to be done is noted until it is.

mod originals;
mod redacted;
mod words;

use crate::{
    StoreError,
    keys::{ItemKey, ticket_pk},
    parts::Tickets,
    table::{
        Committed, Role, Write,
        item::{Item, item_with, text_in, to_attribute, value_in},
        page::Query,
    },
};
use docket_domain::{Digest, TicketNumber, Timestamp, contact::comment::Comment, ticket::Ticket};
use futures_util::{StreamExt as _, stream};
use originals::Gone;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::Instant;

pub use originals::Original;
pub(super) use words::redact_decision;

/// Most items of one ticket that are looked at.
const MOST_ITEMS: usize = 100_000;
/// Items written in one transaction.
const AT_ONCE: usize = 25;
/// Originals that go at once.
const ORIGINALS_AT_ONCE: usize = 8;
/// The attribute with what has to go.
const ORDER: &str = "erasure";

/// What has to go because something of a comment was redacted. It has the words themselves, and goes with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureOrder {
    /// The comment: its version.
    pub comment: u64,
    /// When: what was stored since is somebody else's.
    pub at: Timestamp,
    /// The passages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<String>,
    /// Objects of the ticket that may say them: digests by which it named them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<Digest>,
    /// The mail that the comment came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Original>,
}

/// Why something is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    /// Nothing is.
    #[default]
    Nothing,
    /// A mail is not taken in at another of its mailboxes yet.
    Others,
    /// Time was over.
    Time,
}

/// What came of erasing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erasure {
    /// How many objects and items it was.
    pub count: u64,
    /// What is left.
    pub left: Left,
}

impl Erasure {
    fn add(&mut self, gone: Gone) {
        match gone {
            Gone::Now(count) => self.count += count,
            Gone::NotYet(left) => self.left = self.left.max(left),
        }
    }
}

/// The items of a ticket that words may stand in, by what they are.
#[derive(Default)]
struct Items {
    events: Vec<Item>,
    comments: Vec<Item>,
    words: Vec<Item>,
    outbox: Vec<Item>,
    /// Answers that were not saved, or not yet.
    answers: Vec<Item>,
    orders: Vec<Item>,
    repeats: Vec<Item>,
}

impl Tickets<'_> {
    /// The part of a transaction that puts a comment in place of what it was.
    ///
    /// # Errors
    /// When the world failed, or there is no such comment.
    pub async fn replaced_comment(
        self,
        number: TicketNumber,
        comment: &Comment,
    ) -> Result<Write, StoreError> {
        let item = self.0.get_item(&ItemKey::Comment(number, comment.v)).await?;
        let mut item = item.ok_or_else(|| StoreError::unreadable_ticket(number, "a comment is not there"))?;
        let mut comment = comment.clone();
        if comment.attachments_at.is_some() {
            comment.attachments.clear();
        }
        item.insert("comment".to_owned(), to_attribute("comment", &comment)?);
        Ok(self.replaced(item))
    }

    fn replaced(self, item: Item) -> Write {
        Write::put(&self.0.settings.tickets_table, Role::State, item).when("attribute_exists(PK)")
    }

    /// The part of a transaction that notes what has to go because of the event `v`.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn erasure_write(
        self,
        number: TicketNumber,
        v: u64,
        order: &ErasureOrder,
    ) -> Result<Write, StoreError> {
        let key = ItemKey::Erasure(number, v);
        let item = item_with(&self.0.settings.tenant, &key, ORDER, order)?;
        Ok(Write::put(&self.0.settings.tickets_table, Role::State, item).when_new())
    }

    /// Takes away what has to go of a ticket as it is, as long as there is time.
    ///
    /// # Errors
    /// When the world failed; what is left goes the next time.
    pub async fn erase(self, ticket: &Ticket, within: Duration) -> Result<Erasure, StoreError> {
        let until = Instant::now() + within;
        let items = self.items_with_words(ticket.number).await?;
        if ticket.is_deleted_for_good() {
            return self.erase_all(ticket, items, until).await;
        }
        let mut erasure = Erasure::default();
        for item in &items.orders {
            if Instant::now() >= until {
                erasure.add(Gone::NotYet(Left::Time));
                break;
            }
            let order: ErasureOrder = value_in(&mut item.clone(), ORDER)?;
            let done = self.carry_out(ticket, &order).await?;
            erasure.count += done.count;
            erasure.left = erasure.left.max(done.left);
            if done.left == Left::Nothing {
                self.write_all(vec![self.gone(item)]).await?;
            }
        }
        for item in &items.repeats {
            erasure.add(self.erase_repeat(ticket.number, item).await?);
        }
        Ok(erasure)
    }

    async fn items_with_words(self, number: TicketNumber) -> Result<Items, StoreError> {
        let pk = ticket_pk(&self.0.settings.tenant, number);
        let mut found = Items::default();
        for item in self.0.query(Query::partition(pk, MOST_ITEMS)).await? {
            match text_in(&item, "SK").and_then(|sk| sk.chars().next()) {
                Some('E') => found.events.push(item),
                Some('C') => found.comments.push(item),
                Some('W') => found.words.push(item),
                Some('O') => found.outbox.push(item),
                Some('A') => found.answers.push(item),
                Some('R') => found.orders.push(item),
                Some('M') => found.repeats.push(item),
                _ => {}
            }
        }
        Ok(found)
    }

    /// Of a ticket that was deleted for good events stay, which say nothing, and that there were comments. Each comment goes with its
    /// original: who is cut goes on behind it.
    async fn erase_all(self, ticket: &Ticket, items: Items, until: Instant) -> Result<Erasure, StoreError> {
        self.0.drafts().erase_on(ticket.number).await?;
        let prefix = self.0.blobs().prefix(ticket.number);
        let mut erasure = Erasure {
            count: self.0.blobs().erase_under(&prefix).await?,
            left: Left::Nothing,
        };
        let gone = items.words.iter().chain(&items.outbox).chain(&items.answers);
        let writes: Vec<Write> = gone.map(|item| self.gone(item)).collect();
        erasure.count += writes.len() as u64;
        self.write_all(writes).await?;
        let comments = items.comments.into_iter();
        let each = comments.map(|item| self.erase_comment(ticket, item, until));
        let mut each = stream::iter(each).buffer_unordered(ORIGINALS_AT_ONCE);
        while let Some(gone) = each.next().await {
            erasure.add(gone?);
        }
        for item in &items.repeats {
            erasure.add(self.erase_repeat(ticket.number, item).await?);
        }
        // Of a comment that was emptied before only its order knows the original.
        for item in &items.orders {
            let order: ErasureOrder = value_in(&mut item.clone(), ORDER)?;
            let gone = match &order.original {
                Some(original) => self.erase_original(ticket.number, original).await?,
                None => Gone::Now(0),
            };
            erasure.add(gone);
            if let Gone::Now(_) = gone {
                self.write_all(vec![self.gone(item)]).await?;
            }
        }
        Ok(erasure)
    }

    /// Takes a comment's original away, then its words.
    async fn erase_comment(
        self,
        ticket: &Ticket,
        mut item: Item,
        until: Instant,
    ) -> Result<Gone, StoreError> {
        let comment: Comment = value_in(&mut item.clone(), "comment")?;
        let left = comment.without_words(comment.redacted_at.unwrap_or(ticket.updated_at));
        if left == comment {
            return Ok(Gone::Now(0));
        }
        if Instant::now() >= until {
            return Ok(Gone::NotYet(Left::Time));
        }
        let mut count = 0;
        if let Some(original) = comment.mail.as_ref().map(|mail| Original::of(mail, comment.at)) {
            match self.erase_original(ticket.number, &original).await? {
                Gone::Now(gone) => count += gone,
                not_yet @ Gone::NotYet(_) => return Ok(not_yet),
            }
        }
        item.insert("comment".to_owned(), to_attribute("comment", &left)?);
        self.write_all(vec![self.replaced(item)]).await?;
        Ok(Gone::Now(count + 1))
    }

    fn gone(self, item: &Item) -> Write {
        let key = ["PK", "SK"].map(|name| (name.to_owned(), item.get(name).cloned()));
        let key = key.into_iter().filter_map(|(name, value)| Some((name, value?)));
        Write::delete(&self.0.settings.tickets_table, Role::State, key.collect())
    }

    async fn write_all(self, writes: Vec<Write>) -> Result<(), StoreError> {
        let mut writes = writes.into_iter().peekable();
        while writes.peek().is_some() {
            let some: Vec<Write> = writes.by_ref().take(AT_ONCE).collect();
            if let Committed::Lost = self.0.commit_writes(vec![], some).await? {
                let what = "what has to go of a ticket".to_owned();
                return Err(StoreError::Contended { what, tries: 1 });
            }
        }
        Ok(())
    }
}

/// What a comment names in the bucket.
pub fn objects_of(comment: &Comment) -> Vec<Digest> {
    let body = comment.body_json.is_none().then(|| comment.body.digest.clone());
    let files = comment.attachments.iter().map(|file| match &file.packed {
        Some(packed) => packed.pack.clone(),
        None => file.digest.clone(),
    });
    files.chain(body).chain(comment.attachments_at.clone()).collect()
}
