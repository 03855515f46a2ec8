//! What has to go of a ticket: all that was said on one that was deleted for good, and what was redacted of another. Each step can be
//! done again; what a redaction leaves to be done is noted until it is.

use crate::{
    StoreError,
    blob::{BlobError, spool_key},
    keys::{ItemKey, ticket_pk},
    parts::Tickets,
    table::{
        Committed, Role, Write,
        item::{Item, item_with, text_in, to_attribute, value_in},
        page::Query,
    },
    tickets::saved::{put_words, words_in},
};
use docket_domain::{
    Digest, TicketNumber,
    contact::{
        comment::{Comment, MailFacts},
        redaction::redact_json,
    },
    record::Words,
    ticket::{Deletion, Ticket, stands_on_head},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// Most items of one ticket that are looked at.
const MOST_ITEMS: usize = 100_000;
/// Items written in one transaction.
const AT_ONCE: usize = 25;
/// The attribute with what has to go.
const ORDER: &str = "erasure";

/// What has to go because something of a comment was redacted. It has the words themselves, and goes with them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureOrder {
    /// The comment: its version.
    pub comment: u64,
    /// The passages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<String>,
    /// Objects of the ticket that may say them: digests by which it named them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<Digest>,
}

/// The items of a ticket that words may stand in, by what they are.
#[derive(Default)]
struct Items {
    comments: Vec<Item>,
    words: Vec<Item>,
    outbox: Vec<Item>,
    orders: Vec<Item>,
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
        let item = item.ok_or_else(|| StoreError::unreadable_ticket(number, "a comment is not there"))?;
        self.comment_write(item, comment)
    }

    /// The same, of an item that was read: what else stands in it stays.
    fn comment_write(self, mut item: Item, comment: &Comment) -> Result<Write, StoreError> {
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

    /// Takes away what has to go of a ticket as it is; of how many objects and items it did.
    ///
    /// # Errors
    /// When the world failed; what is left goes the next time.
    pub async fn erase(self, ticket: &Ticket) -> Result<u64, StoreError> {
        let items = self.items_with_words(ticket.number).await?;
        if ticket.deletion.as_ref().is_some_and(Deletion::is_for_good) {
            return self.erase_all(ticket, items).await;
        }
        let mut count = 0;
        for item in &items.orders {
            let order: ErasureOrder = value_in(&mut item.clone(), ORDER)?;
            count += self.carry_out(ticket.number, &order).await?;
            self.write_all(vec![self.gone(item)]).await?;
        }
        Ok(count)
    }

    async fn items_with_words(self, number: TicketNumber) -> Result<Items, StoreError> {
        let pk = ticket_pk(&self.0.settings.tenant, number);
        let mut found = Items::default();
        for item in self.0.query(Query::partition(pk, MOST_ITEMS)).await? {
            match text_in(&item, "SK").and_then(|sk| sk.chars().next()) {
                Some('C') => found.comments.push(item),
                Some('W') => found.words.push(item),
                Some('O') => found.outbox.push(item),
                Some('R') => found.orders.push(item),
                _ => {}
            }
        }
        Ok(found)
    }

    /// Of a ticket that was deleted for good events stay, which say nothing, and that there were comments.
    async fn erase_all(self, ticket: &Ticket, items: Items) -> Result<u64, StoreError> {
        let at = ticket.updated_at;
        let prefix = self.0.blobs().prefix(ticket.number);
        let mut count = self.0.blobs().erase_under(&prefix).await?;
        let mut writes = Vec::new();
        for mut item in items.comments {
            let comment: Comment = value_in(&mut item.clone(), "comment")?;
            if let Some(mail) = &comment.mail {
                count += self.erase_original(ticket.number, mail).await?;
            }
            let left = comment.without_words(comment.redacted_at.unwrap_or(at));
            if left != comment {
                item.insert("comment".to_owned(), to_attribute("comment", &left)?);
                writes.push(self.replaced(item));
            }
        }
        let gone = items.words.iter().chain(&items.outbox).chain(&items.orders);
        writes.extend(gone.map(|item| self.gone(item)));
        count += writes.len() as u64;
        self.write_all(writes).await?;
        Ok(count)
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

    /// What a comment said goes from the history, from outgoing work and from the bucket.
    async fn carry_out(self, number: TicketNumber, order: &ErasureOrder) -> Result<u64, StoreError> {
        // As it is now: an order that was carried out before may have changed it.
        let items = self.items_with_words(number).await?;
        let mut writes = Vec::new();
        let mut large = BTreeSet::new();
        for item in items.words {
            writes.extend(self.words_without(item, order, &mut large)?);
        }
        for mut item in items.outbox {
            let mut work: Value = value_in(&mut item.clone(), "outbox")?;
            if redact_json(&mut work, &order.passages) > 0 {
                item.insert("outbox".to_owned(), to_attribute("outbox", &work)?);
                writes.push(self.outbox_write(item));
            }
        }
        let mut count = writes.len() as u64;
        self.write_all(writes).await?;
        for digest in large {
            count += u64::from(self.redact_object(number, &digest, &order.passages).await?);
        }
        let mut named = BTreeSet::new();
        for mut item in items.comments {
            let comment: Comment = value_in(&mut item, "comment")?;
            if comment.v == order.comment
                && let Some(mail) = &comment.mail
            {
                count += self.erase_original(number, mail).await?;
            }
            let comment = self.0.with_long_list(number, comment).await?;
            named.extend(objects_of(&comment));
        }
        let gone = order.objects.iter().filter(|digest| !named.contains(*digest));
        let keys: Vec<String> = gone.map(|digest| self.0.blobs().key(number, digest)).collect();
        count += self.0.blobs().erase(&keys).await?;
        Ok(count)
    }

    /// The words of a save without those that have to go; nothing where it has none of them. `large` gets the names of what it says that
    /// lies by itself.
    fn words_without(
        self,
        mut item: Item,
        order: &ErasureOrder,
        large: &mut BTreeSet<Digest>,
    ) -> Result<Option<Write>, StoreError> {
        let mut words: Words = words_in(&item)?;
        let mut changes = words.erase(order.comment, |_| true);
        for (place, said) in words.said.values_mut().flatten() {
            if matches!(place.as_str(), "decision" | "body/digest")
                && let Some(digest) = said.as_str()
            {
                large.insert(Digest::from_key(digest));
            } else if !stands_on_head(place) {
                changes += redact_json(said, &order.passages);
            }
        }
        changes += super::decisions::redact_in(&mut item, &order.passages)?;
        if changes == 0 {
            return Ok(None);
        }
        words.key = None;
        put_words(&mut item, &words)?;
        Ok(Some(self.replaced(item)))
    }

    /// Outgoing work that somebody moved on meanwhile is looked at the next time.
    fn outbox_write(self, item: Item) -> Write {
        let attempt = item.get("attempt").cloned();
        let stage = item.get("stage").cloned();
        let write = Write::put(&self.0.settings.tickets_table, Role::State, item);
        match (attempt, stage) {
            (Some(attempt), Some(stage)) => write
                .when("attempt = :attempt AND stage = :stage")
                .with(":attempt", attempt)
                .with(":stage", stage),
            _ => write.when("attribute_exists(PK)"),
        }
    }

    /// Makes passages unreadable in a large decision, or in what was mailed to agents; whether they stood in it.
    async fn redact_object(
        self,
        number: TicketNumber,
        digest: &Digest,
        passages: &[String],
    ) -> Result<bool, StoreError> {
        let blobs = self.0.blobs();
        let mut json: Value = match blobs.json(number, digest).await {
            Ok(json) => json,
            Err(BlobError::Missing(_)) => return Ok(false),
            Err(BlobError::Store(error)) => return Err(error),
        };
        if redact_json(&mut json, passages) == 0 {
            return Ok(false);
        }
        let bytes =
            serde_json::to_vec(&json).map_err(|error| crate::Never::unreadable("blob", error.to_string()))?;
        blobs.erase(&[blobs.key(number, digest)]).await?;
        blobs
            .put_packed(number, digest, crate::blob::pack(&bytes)?)
            .await?;
        Ok(true)
    }

    /// Deletes the original of a mail, unless another ticket has it, too.
    async fn erase_original(self, number: TicketNumber, mail: &MailFacts) -> Result<u64, StoreError> {
        if self.is_on_another(number, mail).await? {
            return Ok(0);
        }
        let keys = [mail.stored_at.clone(), spool_key(&mail.ses_id)];
        let mut count = self.0.blobs().erase(&keys).await?;
        if let Some(held) = mail.held {
            count += self.0.held().erase(held).await?;
        }
        Ok(count)
    }

    async fn is_on_another(self, number: TicketNumber, mail: &MailFacts) -> Result<bool, StoreError> {
        let Some(id) = mail.message_id.as_deref() else {
            return Ok(false);
        };
        let known = self.of_mail_ids([id], "").await?;
        for other in known.tickets(id, false) {
            if other == number {
                continue;
            }
            let comments = self.comments_of(other).await?;
            let has_it = |comment: &Comment| {
                let its = comment.mail.as_ref();
                comment.redacted_at.is_none() && its.is_some_and(|its| its.stored_at == mail.stored_at)
            };
            if comments.iter().any(has_it) {
                return Ok(true);
            }
        }
        Ok(false)
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
