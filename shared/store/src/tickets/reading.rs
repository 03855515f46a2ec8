//! Reading tickets.

use crate::{
    StoreError,
    keys::{ItemKey, ticket_pk},
    parts::Tickets,
    table::{
        item::{Item, text_in, value_in},
        page::Query,
    },
    tickets::{
        Decisions,
        recallable::readable_in,
        saved::{Saves, chain_in},
    },
};
use docket_domain::{
    TicketNumber,
    contact::comment::Comment,
    outbox::{OutboxItem, RecallableAnswer},
    ticket::{Ticket, TicketEvent},
};
use std::collections::{BTreeMap, HashMap};

/// Most items of one ticket that are read at once. A ticket of this length is a mistake of somebody's machine.
const MOST_ITEMS: usize = 20_000;

/// A ticket with everything stored beside it.
#[derive(Clone, Debug)]
pub struct TicketFile {
    /// The head.
    pub ticket: Ticket,
    /// Its events, in order.
    pub events: Vec<TicketEvent>,
    /// The versions with which its saves begin, in order: what was stored at once.
    pub saves: Vec<u64>,
    /// Its comments, in order.
    pub comments: Vec<Comment>,
    /// Its outgoing work, in order.
    pub outbox: Vec<OutboxItem>,
    /// Agents' answers that can be recalled, or were, as far as they can be read.
    pub recallable: Vec<RecallableAnswer>,
    /// The decisions that stand beside its events.
    pub decisions: Decisions,
}

impl Tickets<'_> {
    /// The head of a ticket, as of now.
    pub async fn get(self, number: TicketNumber) -> Result<Option<Ticket>, StoreError> {
        match self.0.get_item(&ItemKey::Head(number)).await? {
            Some(item) => head_in(item).map(Some),
            None => Ok(None),
        }
    }

    /// The head of a ticket that was not deleted, as of now.
    pub async fn standing(self, number: TicketNumber) -> Result<Option<Ticket>, StoreError> {
        let ticket = self.get(number).await?;
        Ok(ticket.filter(|ticket| !ticket.is_deleted()))
    }

    /// The same with its events, comments and outgoing work.
    pub async fn standing_file(self, number: TicketNumber) -> Result<Option<TicketFile>, StoreError> {
        let file = self.file(number).await?;
        Ok(file.filter(|file| !file.ticket.is_deleted()))
    }

    /// A ticket with its events, comments and outgoing work, as of now.
    pub async fn file(self, number: TicketNumber) -> Result<Option<TicketFile>, StoreError> {
        let items = self
            .0
            .query(Query::partition(
                ticket_pk(&self.0.settings.tenant, number),
                MOST_ITEMS,
            ))
            .await?;
        self.file_of(number, items).await
    }

    /// What these items of a ticket say; nothing where its head is not among them.
    pub(super) async fn file_of(
        self,
        number: TicketNumber,
        items: Vec<Item>,
    ) -> Result<Option<TicketFile>, StoreError> {
        let mut head = None;
        let (mut saves, mut comments) = (Saves::default(), Vec::new());
        let (mut outbox, mut recallable) = (Vec::new(), Vec::new());
        for mut item in items {
            match text_in(&item, "SK").and_then(|sk| sk.chars().next()) {
                Some('H') => head = Some(head_in(item)?),
                Some('E') => saves.take_events(&item)?,
                Some('W') => saves.take_words(&item)?,
                Some('C') => comments.push(value_in(&mut item, "comment")?),
                Some('O') => outbox.push(value_in(&mut item, "outbox")?),
                Some('A') => recallable.extend(readable_in(&item)),
                _ => {}
            }
        }
        let mut whole = Vec::with_capacity(comments.len());
        for comment in comments {
            whole.push(self.0.with_long_list(number, comment).await?);
        }
        let decisions = std::mem::take(&mut saves.decisions);
        let first_versions = saves.first_versions();
        let events = saves.events()?;
        Ok(head.map(|ticket| TicketFile {
            ticket,
            events,
            saves: first_versions,
            comments: whole,
            outbox,
            recallable,
            decisions,
        }))
    }

    /// A comment.
    pub async fn comment(self, number: TicketNumber, v: u64) -> Result<Option<Comment>, StoreError> {
        match self.0.get_item(&ItemKey::Comment(number, v)).await? {
            Some(mut item) => {
                let comment = value_in(&mut item, "comment")?;
                self.0.with_long_list(number, comment).await.map(Some)
            }
            None => Ok(None),
        }
    }

    /// The comments of a ticket, oldest first, as of now.
    pub async fn comments_of(self, number: TicketNumber) -> Result<Vec<Comment>, StoreError> {
        let query = Query::partition(ticket_pk(&self.0.settings.tenant, number), MOST_ITEMS);
        let of_comments = vec![(":comments", "C#".to_owned())];
        let items = self
            .0
            .query(query.range("begins_with(SK, :comments)", of_comments))
            .await?;
        let mut comments = Vec::with_capacity(items.len());
        for mut item in items {
            let comment = value_in(&mut item, "comment")?;
            comments.push(self.0.with_long_list(number, comment).await?);
        }
        Ok(comments)
    }

    /// One comment of each of these tickets, as of now, in one read for a hundred; without those that are not there.
    pub async fn comments(
        self,
        asked: &[(TicketNumber, u64)],
    ) -> Result<BTreeMap<TicketNumber, Comment>, StoreError> {
        let tenant = &self.0.settings.tenant;
        let by_pk: HashMap<String, TicketNumber> = asked
            .iter()
            .map(|(number, _)| (ticket_pk(tenant, *number), *number))
            .collect();
        let keys: Vec<ItemKey> = asked
            .iter()
            .map(|(number, v)| ItemKey::Comment(*number, *v))
            .collect();
        let mut found = BTreeMap::new();
        for mut item in self.0.get_items_strongly(&keys).await? {
            let number = text_in(&item, "PK").and_then(|pk| by_pk.get(pk)).copied();
            let comment = value_in(&mut item, "comment")?;
            if let Some(number) = number {
                found.insert(number, self.0.with_long_list(number, comment).await?);
            }
        }
        Ok(found)
    }

    /// The same without lists of files that lie by themselves, and perhaps a moment old: for lists, which show who wrote and the first
    /// words. One that can't be read is left out.
    pub async fn comments_for_lists(
        self,
        asked: &[(TicketNumber, u64)],
    ) -> Result<BTreeMap<TicketNumber, Comment>, StoreError> {
        let tenant = &self.0.settings.tenant;
        let number_of = |(number, _): &(TicketNumber, u64)| (ticket_pk(tenant, *number), *number);
        let by_pk: HashMap<String, TicketNumber> = asked.iter().map(number_of).collect();
        let key_of = |(number, v): &(TicketNumber, u64)| ItemKey::Comment(*number, *v);
        let keys: Vec<ItemKey> = asked.iter().map(key_of).collect();
        let mut found = BTreeMap::new();
        for mut item in self.0.get_items(&keys).await? {
            let number = text_in(&item, "PK").and_then(|pk| by_pk.get(pk)).copied();
            let Some(number) = number else { continue };
            match value_in(&mut item, "comment") {
                Ok(comment) => drop(found.insert(number, comment)),
                Err(error) => {
                    tracing::error!(ticket = %number, %error, "a comment of ticket {number} can't be read and is left out of a list");
                }
            }
        }
        Ok(found)
    }

    /// A ticket and one of its comments, as of now, in one read. Nothing where there is no such ticket.
    pub async fn with_comment(
        self,
        number: TicketNumber,
        v: u64,
    ) -> Result<Option<(Ticket, Option<Comment>)>, StoreError> {
        let keys = [ItemKey::Head(number), ItemKey::Comment(number, v)];
        let (mut head, mut comment) = (None, None);
        for mut item in self.0.get_items_strongly(&keys).await? {
            if item.contains_key("head") {
                head = Some(head_in(item)?);
            } else {
                comment = Some(value_in(&mut item, "comment")?);
            }
        }
        let Some(ticket) = head else {
            return Ok(None);
        };
        let comment = match comment {
            Some(comment) => Some(self.0.with_long_list(number, comment).await?),
            None => None,
        };
        Ok(Some((ticket, comment)))
    }

    /// The heads of these tickets, in the order given, leaving out those that are not there, were deleted, or can't be read.
    pub async fn get_many(self, numbers: &[TicketNumber]) -> Result<Vec<Ticket>, StoreError> {
        let mut found = self.get_many_deleted_too(numbers).await?;
        found.retain(|ticket| !ticket.is_deleted());
        Ok(found)
    }

    /// The same with those that were deleted.
    pub async fn get_many_deleted_too(self, numbers: &[TicketNumber]) -> Result<Vec<Ticket>, StoreError> {
        let keys = numbers
            .iter()
            .map(|number| ItemKey::Head(*number))
            .collect::<Vec<_>>();
        let found = readable_heads(self.0.get_items(&keys).await?);
        let mut by_number: HashMap<_, _> = found.into_iter().map(|t| (t.number, t)).collect();
        Ok(numbers
            .iter()
            .filter_map(|number| by_number.remove(number))
            .collect())
    }
}

/// The head in its item.
pub(crate) fn head_in(mut item: Item) -> Result<Ticket, StoreError> {
    let chain = chain_in(&item)?;
    let head: Ticket = value_in(&mut item, "head")?;
    Ok(Ticket { chain, ..head })
}

/// The heads in these items. One that can't be read keeps none of the others from being shown and worked on.
pub(crate) fn readable_heads(items: Vec<Item>) -> Vec<Ticket> {
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        let key = text_in(&item, "PK").unwrap_or_default().to_owned();
        match head_in(item) {
            Ok(ticket) => found.push(ticket),
            Err(error) => {
                tracing::error!(key, %error, "the head {key} can't be read and is left out");
            }
        }
    }
    found
}
