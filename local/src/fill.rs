//! Filling a desk with very many tickets, below the SDK: for measurements, and for tests of size.
//!
//! Such a ticket is a head alone, stored as the commit stores it, or a head with its events. A head alone has no history,
//! so the invariants that compare heads with histories say nothing about it. [`whole`] fills a desk with tickets that have everything.

mod steps;
mod story;
mod teller;
pub mod whole;

pub use story::{Shares, Standing, Story};

use crate::stack::LocalDesk;
use docket_desk::StoreError;
use docket_domain::{
    Digest, GroupId, PersonId, Tenant, TicketNumber, Timestamp,
    contact::comment::{AuthorRole, BodyRef},
    ticket::{
        Actor, Channel, Command, CommentFacts, Context, MOST_PARTS, NewTicket, Priority, Refusal, ReplyVia,
        StandardRules, Status, Ticket, TicketEvent, Waiting, decide, fold,
    },
};
use docket_store::{
    keys::ItemKey,
    table::{head_item, ticket_items},
};
use serde_json::Value;

/// Heads that are put into the table at once: a bound of memory.
const CHUNK: usize = 10_000;
/// The version of a ticket made here, as if it had been created, triaged and moved.
pub const FILLED_V: u64 = 3;
/// How the ids of mails begin that a filled ticket received or sent.
pub(crate) const FILLED_MAIL: &str = "filled-";
/// Requesters among whom the tickets are divided.
const REQUESTERS: u64 = 1_000;

/// A desk could not be filled.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// A head can't be made an item.
    #[error(transparent)]
    Head(#[from] StoreError),
    /// An item can't be written as JSON.
    #[error("a head can't be written")]
    Json(#[from] serde_json::Error),
    /// The table did not take them.
    #[error(transparent)]
    Table(#[from] embedded_aws::FillError),
    /// The domain said no to what was to happen to a ticket.
    #[error("what was to happen to a ticket is refused")]
    Refused(#[from] Refusal),
    /// What a view counts is not known.
    #[error("the counts of views can't be brought up to date")]
    Counts(#[from] docket_projection::ProjectionError),
    /// The agents can't take what is open.
    #[error("the agents have no room for what is open: {0}")]
    NoRoom(String),
    /// The capacity of agents can't be changed.
    #[error("the agents can't be given room")]
    Capacity(#[from] docket_desk::agents::LoadSettingsError),
    /// The desk has no mailbox.
    #[error("the desk has no mailbox")]
    NoMailbox,
    /// There are as many groups as there can be.
    #[error("there is no room for another group")]
    NoGroup,
}

/// An open ticket that waits for an agent until `overdue_at`: it stands in the indexes `view`, `due`, `waiting`, `person`
/// and `changed`.
pub fn open_ticket(number: TicketNumber, created_at: Timestamp, overdue_at: Timestamp) -> Ticket {
    Ticket {
        status: Status::Open,
        group: Some(GroupId(1)),
        waiting: Some(Waiting {
            since: created_at,
            overdue_at,
            reason: Some("nobody of the group is at work".to_owned()),
            changes_at: None,
        }),
        ..made(number, created_at)
    }
}

/// A ticket solved at `solved_at` that closes at `close_due_at`.
pub fn solved_ticket(number: TicketNumber, solved_at: Timestamp, close_due_at: Timestamp) -> Ticket {
    Ticket {
        status: Status::Solved,
        solved_at: Some(solved_at),
        close_due_at: Some(close_due_at),
        ..made(number, solved_at)
    }
}

fn made(number: TicketNumber, created_at: Timestamp) -> Ticket {
    Ticket {
        v: FILLED_V,
        subject: format!("Order {number} has not arrived"),
        requester: PersonId(1 + number.0 % REQUESTERS),
        priority: Some(Priority::Normal),
        created_at,
        updated_at: created_at,
        ..Ticket::blank(number)
    }
}

/// A ticket that a requester wrote, as the commit would store it: its head with its clocks, and its events.
pub fn written_ticket(
    number: TicketNumber,
    created_at: Timestamp,
) -> Result<(Ticket, Vec<TicketEvent>), Refusal> {
    let new = NewTicket {
        priority: Some(Priority::Normal),
        ..contact(number, format!("Order {number} has not arrived"))
    };
    let context = Context {
        actor: &Actor::Requester(new.requester),
        cause: "filled",
        rules: &StandardRules::default(),
        history: None,
        room: MOST_PARTS,
    };
    let blank = Ticket::blank(number);
    let events = decide(&blank, Command::Create(Box::new(new)), &context, created_at)?.events;
    Ok((fold(number, &events), events))
}

/// What somebody wrote through the API; its text is not stored.
pub fn contact(number: TicketNumber, subject: String) -> NewTicket {
    let requester = PersonId(1 + number.0 % REQUESTERS);
    let body = BodyRef {
        digest: Digest::of(b""),
        bytes: 0,
    };
    NewTicket {
        subject,
        requester,
        channel: Channel::Api,
        reply_via: ReplyVia::Nowhere,
        external_id: None,
        priority: None,
        ticket_type: None,
        tags: vec![],
        follows: None,
        acknowledge: false,
        unacknowledged: None,
        comment: CommentFacts {
            role: AuthorRole::Requester,
            author: requester,
            public: true,
            body,
            automatic: None,
            monitor: None,
            mentions: vec![],
            tells: None,
        },
        note: None,
        ccs: vec![],
    }
}

/// An item in DynamoDB's JSON form.
fn json(item: impl Into<serde_dynamo::Item>) -> Result<Value, FillError> {
    Ok(serde_json::to_value(item.into())?)
}

/// A head as its item in DynamoDB's JSON form.
pub fn head_json(tenant: &Tenant, ticket: &Ticket) -> Result<Value, FillError> {
    json(head_item(tenant, ticket)?)
}

impl LocalDesk {
    /// Adds a group without members.
    pub fn fill_group(&self, id: GroupId, name: &str, created_at: Timestamp) -> Result<(), FillError> {
        let settings = &self.desk.settings;
        let key = ItemKey::Group(id);
        let item = serde_json::json!({
            "PK": { "S": key.pk(&settings.tenant) },
            "SK": { "S": key.sk() },
            "group": { "M": {
                "id": { "N": id.to_string() },
                "name": { "S": name },
                "created_at": { "S": created_at.to_string() },
            } },
        });
        self.aws.fill_table(&settings.tickets_table, vec![item])?;
        Ok(())
    }

    /// Puts the heads of tickets into the table; their number comes back.
    pub fn fill(&self, tickets: impl IntoIterator<Item = Ticket>) -> Result<usize, FillError> {
        let mut tickets = tickets.into_iter().peekable();
        let settings = &self.desk.settings;
        let mut count = 0;
        while tickets.peek().is_some() {
            let chunk = tickets.by_ref().take(CHUNK);
            let items = chunk
                .map(|ticket| head_json(&settings.tenant, &ticket))
                .collect::<Result<Vec<_>, _>>()?;
            count += items.len();
            self.aws.fill_table(&settings.tickets_table, items)?;
        }
        Ok(count)
    }

    /// Puts tickets with their events into the table, all at once.
    pub fn fill_written(
        &self,
        tickets: impl IntoIterator<Item = (Ticket, Vec<TicketEvent>)>,
    ) -> Result<(), FillError> {
        let mut items = Vec::new();
        for (ticket, events) in tickets {
            items.extend(self.written_json(&ticket, &events)?);
        }
        self.aws.fill_table(&self.desk.settings.tickets_table, items)?;
        Ok(())
    }

    /// The items of a ticket in DynamoDB's JSON form: its head, its events, their words.
    pub fn written_json(&self, ticket: &Ticket, events: &[TicketEvent]) -> Result<Vec<Value>, FillError> {
        let (tenant, key) = (&self.desk.settings.tenant, self.desk.commitment_key());
        let items = ticket_items(tenant, ticket, events, key)?;
        items.into_iter().map(json).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use embedded_aws::{Clock, Storage};

    #[tokio::test]
    async fn a_filled_ticket_is_read_and_listed_like_any_other() {
        let local = LocalDesk::open(Options::new(Storage::Memory, Clock::wall()))
            .await
            .unwrap();
        let at: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
        let tickets = [
            solved_ticket(TicketNumber(1), at, at),
            open_ticket(TicketNumber(2), at, Timestamp::MAX),
        ];
        assert_eq!(local.fill(tickets.clone()).unwrap(), 2);
        for ticket in tickets {
            let read = local.desk.tickets().get(ticket.number).await.unwrap();
            assert_eq!(read.as_ref(), Some(&ticket));
        }
        assert_eq!(local.desk.due().oldest().await.unwrap(), Some(at));
    }
}
