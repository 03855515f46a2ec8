//! Reading tickets.

use super::{
    item::{Item, key_of, text_in, value_in},
    page::Query,
};
use crate::{
    Desk, StoreError,
    error::{NameOperation, NamedPart},
    keys::{ItemKey, ticket_pk},
};
use aws_sdk_dynamodb::types::KeysAndAttributes;
use docket_domain::{
    TicketNumber,
    contact::comment::Comment,
    outbox::OutboxItem,
    ticket::{Ticket, TicketEvent},
};

/// Most items of one ticket that are read at once. A ticket of this length is a mistake of somebody's machine.
const MOST_ITEMS: usize = 20_000;
/// Most keys of a batch read, by the service's own limit.
const BATCH_KEYS: usize = 100;
/// How often keys that the service left out are asked for again.
const MOST_LEFTOVERS: u32 = 8;

/// A ticket with everything stored beside it.
#[derive(Clone, Debug)]
pub struct TicketFile {
    /// The head.
    pub ticket: Ticket,
    /// Its events, in order.
    pub events: Vec<TicketEvent>,
    /// Its comments, in order.
    pub comments: Vec<Comment>,
    /// Its outgoing work, in order.
    pub outbox: Vec<OutboxItem>,
}

impl Desk {
    /// The head of a ticket, as of now.
    pub async fn ticket(&self, number: TicketNumber) -> Result<Option<Ticket>, StoreError> {
        match self.get_item(&ItemKey::Head(number)).await? {
            Some(mut item) => value_in(&mut item, "head").map(Some),
            None => Ok(None),
        }
    }

    /// A ticket with its events, comments and outgoing work, as of now.
    pub async fn ticket_file(&self, number: TicketNumber) -> Result<Option<TicketFile>, StoreError> {
        let items = self
            .query(Query::partition(
                ticket_pk(&self.settings.tenant, number),
                MOST_ITEMS,
            ))
            .await?;
        let mut head = None;
        let (mut events, mut comments, mut outbox) = (Vec::new(), Vec::new(), Vec::new());
        for mut item in items {
            match text_in(&item, "SK").and_then(|sk| sk.chars().next()) {
                Some('H') => head = Some(value_in(&mut item, "head")?),
                Some('E') => events.push(value_in(&mut item, "event")?),
                Some('C') => comments.push(value_in(&mut item, "comment")?),
                Some('O') => outbox.push(value_in(&mut item, "outbox")?),
                _ => {}
            }
        }
        let mut whole = Vec::with_capacity(comments.len());
        for comment in comments {
            whole.push(self.with_long_list(number, comment).await?);
        }
        Ok(head.map(|ticket| TicketFile {
            ticket,
            events,
            comments: whole,
            outbox,
        }))
    }

    /// A comment.
    pub async fn comment(&self, number: TicketNumber, v: u64) -> Result<Option<Comment>, StoreError> {
        match self.get_item(&ItemKey::Comment(number, v)).await? {
            Some(mut item) => {
                let comment = value_in(&mut item, "comment")?;
                self.with_long_list(number, comment).await.map(Some)
            }
            None => Ok(None),
        }
    }

    /// The heads of these tickets, in the order given, leaving out those that are not there or can't be read.
    pub async fn tickets(&self, numbers: &[TicketNumber]) -> Result<Vec<Ticket>, StoreError> {
        let keys = numbers
            .iter()
            .map(|number| ItemKey::Head(*number))
            .collect::<Vec<_>>();
        let mut found: Vec<Ticket> = Vec::with_capacity(numbers.len());
        for mut item in self.get_items(&keys).await? {
            match value_in(&mut item, "head") {
                Ok(ticket) => found.push(ticket),
                // One that can't be read keeps none of the others from being shown and worked on.
                Err(error) => {
                    let key = text_in(&item, "PK").unwrap_or_default();
                    tracing::error!(key, %error, "the head {key} can't be read and is left out");
                }
            }
        }
        let mut by_number: std::collections::HashMap<_, _> =
            found.into_iter().map(|t| (t.number, t)).collect();
        Ok(numbers
            .iter()
            .filter_map(|number| by_number.remove(number))
            .collect())
    }

    /// One item of table `tickets`, read strongly.
    pub(crate) async fn get_item(&self, key: &ItemKey) -> Result<Option<Item>, StoreError> {
        let output = self
            .clients
            .dynamo
            .get_item()
            .table_name(&self.settings.tickets_table)
            .set_key(Some(key_of(&self.settings.tenant, key)))
            .consistent_read(true)
            .send()
            .await
            .named("GetItem")?;
        Ok(output.item)
    }

    /// Many items of table `tickets`, in any order.
    pub(crate) async fn get_items(&self, keys: &[ItemKey]) -> Result<Vec<Item>, StoreError> {
        let mut keys: Vec<Item> = keys
            .iter()
            .map(|key| key_of(&self.settings.tenant, key))
            .collect();
        keys.sort_by(|a, b| (text_in(a, "PK"), text_in(a, "SK")).cmp(&(text_in(b, "PK"), text_in(b, "SK"))));
        keys.dedup();
        let table = &self.settings.tickets_table;
        let mut items = Vec::with_capacity(keys.len());
        for chunk in keys.chunks(BATCH_KEYS) {
            let mut wanted = chunk.to_vec();
            let mut tries = 0;
            while !wanted.is_empty() {
                let asked = KeysAndAttributes::builder()
                    .set_keys(Some(wanted))
                    .build()
                    .named_part("BatchGetItem")?;
                let output = self
                    .clients
                    .dynamo
                    .batch_get_item()
                    .request_items(table, asked)
                    .send()
                    .await
                    .named("BatchGetItem")?;
                items.extend(
                    output
                        .responses
                        .unwrap_or_default()
                        .remove(table)
                        .unwrap_or_default(),
                );
                let left = output.unprocessed_keys.unwrap_or_default().remove(table);
                wanted = left.map(|left| left.keys).unwrap_or_default();
                tries += 1;
                if tries > MOST_LEFTOVERS {
                    return Err(StoreError::Contended {
                        what: "a batch of reads".to_owned(),
                        tries,
                    });
                }
                if !wanted.is_empty() {
                    self.wait_a_little(tries).await;
                }
            }
        }
        Ok(items)
    }
}
