//! What a redacted comment said goes from the history, from outgoing work and from the bucket.

use super::{Erasure, ErasureOrder, Items, Left, objects_of};
use crate::{
    StoreError,
    blob::{BlobError, pack},
    parts::Tickets,
    table::{
        Role, Write,
        item::{Item, to_attribute, value_in},
    },
    tickets::{
        erasing::words::{Wanted, kinds_of},
        saved::{put_words, words_in},
    },
};
use docket_domain::{
    Digest, TicketNumber,
    contact::comment::{Comment, CommentBody},
    outbox::{OutboxItem, Work},
    record::Words,
    ticket::Ticket,
};
use serde_json::Value;
use std::collections::BTreeSet;

impl Tickets<'_> {
    /// Does what a redaction left to be done.
    pub(super) async fn carry_out(
        self,
        ticket: &Ticket,
        order: &ErasureOrder,
    ) -> Result<Erasure, StoreError> {
        let number = ticket.number;
        let Items {
            events,
            comments,
            words,
            outbox,
            ..
        } = self.items_with_words(number).await?;
        let kinds = kinds_of(&events)?;
        let mut wanted = Wanted {
            ticket,
            order,
            kinds: &kinds,
            decisions: BTreeSet::new(),
            notices: BTreeSet::new(),
        };
        let comments: Result<Vec<Comment>, StoreError> = comments
            .into_iter()
            .map(|mut item| value_in(&mut item, "comment"))
            .collect();
        let comments = comments?;
        let mut writes = Vec::new();
        for item in words {
            writes.extend(self.words_without(item, &mut wanted)?);
        }
        let redacted = comments.iter().find(|comment| comment.v == order.comment);
        for item in &outbox {
            writes.extend(self.work_without(item, order, redacted)?);
        }
        let mut erasure = Erasure {
            count: writes.len() as u64,
            left: Left::Nothing,
        };
        self.write_all(writes).await?;
        let (decisions, notices) = (wanted.decisions, wanted.notices);
        for digest in decisions {
            let found = self.redact_decision(number, &digest, order).await?;
            erasure.count += u64::from(found);
        }
        for digest in notices {
            let found = self.redact_notice(number, &digest, order).await?;
            erasure.count += u64::from(found);
        }
        if let Some(original) = &order.original {
            erasure.add(self.erase_original(number, original).await?);
        }
        erasure.count += self.erase_objects(number, order).await?;
        // A call that was moved on at the same moment may have been put back as it was read.
        let mut again = Vec::new();
        for item in &self.items_with_words(number).await?.outbox {
            again.extend(self.work_without(item, order, redacted)?);
        }
        self.write_all(again).await?;
        Ok(erasure)
    }

    /// Deletes what no comment names any more, of before the redaction.
    async fn erase_objects(self, number: TicketNumber, order: &ErasureOrder) -> Result<u64, StoreError> {
        let comments = self.comments_of(number).await?;
        let answers = self.0.recallable().of_ticket(number).await?;
        let to_come = answers.iter().map(|answer| &answer.comment);
        let named: BTreeSet<Digest> = comments.iter().chain(to_come).flat_map(objects_of).collect();
        let gone = order.objects.iter().filter(|digest| !named.contains(*digest));
        let keys: Vec<String> = gone.map(|digest| self.0.blobs().key(number, digest)).collect();
        self.0.blobs().erase(&keys, Some(order.at)).await
    }

    /// The words of a save without those that have to go; nothing where it has none of them.
    fn words_without(self, mut item: Item, wanted: &mut Wanted<'_>) -> Result<Option<Write>, StoreError> {
        let mut words: Words = words_in(&item)?;
        let changes = wanted.redact(&mut words)
            + crate::tickets::decisions::redact_in(&mut item, &wanted.order.passages)?;
        if changes == 0 {
            return Ok(None);
        }
        words.key = None;
        put_words(&mut item, &words)?;
        Ok(Some(self.replaced(item)))
    }

    /// A call that hands the comment over hands over what it is now. Where somebody moved it on meanwhile, it is looked at the next time.
    fn work_without(
        self,
        item: &Item,
        order: &ErasureOrder,
        redacted: Option<&Comment>,
    ) -> Result<Option<Write>, StoreError> {
        let before: OutboxItem = value_in(&mut item.clone(), "outbox")?;
        let mut after = before.clone();
        let Work::Call {
            comment_v,
            body,
            text,
            html,
            files,
            files_at,
            ..
        } = &mut after.work
        else {
            return Ok(None);
        };
        let Some(comment) = redacted.filter(|_| *comment_v == order.comment) else {
            return Ok(None);
        };
        let said = comment.body_json.as_deref();
        let said = said.and_then(|json| serde_json::from_str::<CommentBody>(json).ok());
        body.clone_from(&comment.body.digest);
        (*text, *html) = said.map_or((None, None), |said| (Some(said.text), said.html));
        files_at.clone_from(&comment.attachments_at);
        *files = match comment.attachments_at {
            None => comment.attachments.clone(),
            Some(_) => vec![],
        };
        if after == before {
            return Ok(None);
        }
        let mut item = item.clone();
        item.insert("outbox".to_owned(), to_attribute("outbox", &after)?);
        let (attempt, stage) = (item.get("attempt").cloned(), item.get("stage").cloned());
        let write = Write::put(&self.0.settings.tickets_table, Role::State, item);
        Ok(Some(match (attempt, stage) {
            (Some(attempt), Some(stage)) => write
                .when("attempt = :attempt AND stage = :stage")
                .with(":attempt", attempt)
                .with(":stage", stage),
            _ => write.when("attribute_exists(PK)"),
        }))
    }

    /// Makes passages unreadable in a decision that lies by itself; whether they stood in it.
    async fn redact_decision(
        self,
        number: TicketNumber,
        digest: &Digest,
        order: &ErasureOrder,
    ) -> Result<bool, StoreError> {
        let Some(mut decision) = self.object_if_there::<Value>(number, digest).await? else {
            return Ok(false);
        };
        let found = super::words::redact_decision(&mut decision, &order.passages) > 0;
        if found {
            self.put_instead(number, digest, &decision).await?;
        }
        Ok(found)
    }

    /// The same in what was mailed to agents.
    async fn redact_notice(
        self,
        number: TicketNumber,
        digest: &Digest,
        order: &ErasureOrder,
    ) -> Result<bool, StoreError> {
        let Some(body) = self.object_if_there::<CommentBody>(number, digest).await? else {
            return Ok(false);
        };
        let redacted = body.redacted(&order.passages);
        if redacted.places > 0 {
            self.put_instead(number, digest, &redacted.body).await?;
        }
        Ok(redacted.places > 0)
    }

    async fn object_if_there<T: serde::de::DeserializeOwned>(
        self,
        number: TicketNumber,
        digest: &Digest,
    ) -> Result<Option<T>, StoreError> {
        match self.0.blobs().json(number, digest).await {
            Ok(found) => Ok(Some(found)),
            Err(BlobError::Missing(_)) => Ok(None),
            Err(BlobError::Store(error)) => Err(error),
        }
    }

    /// First what is to be read from now on, then what has to go: a kill in between leaves both.
    async fn put_instead<T: serde::Serialize>(
        self,
        number: TicketNumber,
        digest: &Digest,
        instead: &T,
    ) -> Result<(), StoreError> {
        let bytes = serde_json::to_vec(instead)
            .map_err(|error| crate::Never::unreadable("blob", error.to_string()))?;
        let blobs = self.0.blobs();
        blobs.put_packed(number, digest, pack(&bytes)?).await?;
        blobs.erase_all_but_newest(&blobs.key(number, digest)).await
    }
}
