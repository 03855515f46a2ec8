//! Reading tickets.

use crate::{
    StoreError,
    keys::{ItemKey, ticket_pk},
    parts::Tickets,
    table::{
        item::{text_in, value_in},
        page::Query,
    },
};
use docket_domain::{
    TicketNumber,
    contact::comment::Comment,
    outbox::OutboxItem,
    ticket::{Ticket, TicketEvent},
};

/// Most events of a ticket that are read to compute its clocks anew.
const MOST_EVENTS: usize = 20_000;

/// Most items of one ticket that are read at once. A ticket of this length is a mistake of somebody's machine.
const MOST_ITEMS: usize = 20_000;

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

impl Tickets<'_> {
    /// The head of a ticket, as of now.
    pub async fn get(self, number: TicketNumber) -> Result<Option<Ticket>, StoreError> {
        match self.0.get_item(&ItemKey::Head(number)).await? {
            Some(mut item) => value_in(&mut item, "head").map(Some),
            None => Ok(None),
        }
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
            whole.push(self.0.with_long_list(number, comment).await?);
        }
        Ok(head.map(|ticket| TicketFile {
            ticket,
            events,
            comments: whole,
            outbox,
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

    /// The heads of these tickets, in the order given, leaving out those that are not there or can't be read.
    pub async fn get_many(self, numbers: &[TicketNumber]) -> Result<Vec<Ticket>, StoreError> {
        let keys = numbers
            .iter()
            .map(|number| ItemKey::Head(*number))
            .collect::<Vec<_>>();
        let mut found: Vec<Ticket> = Vec::with_capacity(numbers.len());
        for mut item in self.0.get_items(&keys).await? {
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

    /// The events of a ticket until a version, as of now.
    pub async fn events(self, number: TicketNumber, until: u64) -> Result<Vec<TicketEvent>, StoreError> {
        // The service takes no empty range.
        if until == 0 {
            return Ok(vec![]);
        }
        let from_to = vec![
            (":from", format!("E#{:010}", 1)),
            (":to", format!("E#{until:010}")),
        ];
        let query = Query::partition(ticket_pk(&self.0.settings.tenant, number), MOST_EVENTS)
            .range("SK BETWEEN :from AND :to", from_to);
        let items = self.0.query(query).await?;
        items
            .into_iter()
            .map(|mut item| value_in(&mut item, "event"))
            .collect()
    }
}
