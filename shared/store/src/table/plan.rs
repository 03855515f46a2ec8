//! What a change of a ticket is made of: the parts of its transaction.

use crate::{
    Store, StoreError,
    keys::{ItemKey, head_index_attributes},
    ledger,
    table::{
        Change, Role, Write,
        item::{Item, item_with, key_of, n, s, to_attribute},
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_domain::{
    Tenant, TicketNumber, Timestamp, assignment,
    contact::comment::Comment,
    nudge::{self, Nudge},
    outbox,
    ticket::{self, Channel, Fact, Ticket, TicketEvent, fact},
};
use std::collections::HashMap;

/// The parts of a transaction, and the ticket with it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The ticket after the change.
    pub after: Ticket,
    pub(crate) writes: Vec<Write>,
}

impl Store {
    /// The transaction of a change.
    pub(crate) fn plan(&self, change: Change, now: Timestamp) -> Result<Plan, StoreError> {
        let placed = change.placed_comments();
        let Change {
            before,
            events,
            comments,
            guards,
            expected_load,
            writes: others,
        } = change;
        let table = &self.settings.tickets_table;
        let tenant = &self.settings.tenant;
        let after = events.iter().fold(before.clone(), ticket::evolve);
        let mut writes = Vec::with_capacity(8 + others.len());
        let keys = guards.iter().map(|guard| guard.key.clone());
        let mut line = ledger::line_of(keys, before.v == 0).filter(|_| !comments.is_empty());
        for mut guard in guards {
            if after.v > 0 {
                guard.answer.ticket.get_or_insert(after.number);
                guard.answer.v.get_or_insert(after.v);
                guard.answer.created = before.v == 0;
            }
            writes.push(self.guard_write(&guard, now)?);
        }
        if !events.is_empty() {
            writes.push(self.head_write(&before, &after)?);
        }
        for event in &events {
            let key = ItemKey::Event(after.number, event.v);
            let mut item = item_with(tenant, &key, "event", event)?;
            add_nudge(&mut item, nudge::nudge(&after, event));
            if let Some(line) = line.take() {
                ledger::mark(&mut item, line, now);
            }
            writes.push(Write::put(table, Role::State, item).when_new());
        }
        for mut comment in placed {
            if comment.attachments_at.is_some() {
                comment.attachments.clear();
            }
            let key = ItemKey::Comment(after.number, comment.v);
            let item = item_with(tenant, &key, "comment", &comment)?;
            writes.push(Write::put(table, Role::State, item).when_new());
        }
        for item in outbox::outgoing(&after, &events, now) {
            writes.push(self.outbox().write(&item)?.when_new());
        }
        for change in assignment::load_changes(&before, &after) {
            writes.push(self.agents().load_write(change, expected_load.as_ref(), now));
        }
        writes.extend(others);
        Ok(Plan { after, writes })
    }

    /// The head with its place in the indexes, on condition that it still is as it was read.
    fn head_write(&self, before: &Ticket, after: &Ticket) -> Result<Write, StoreError> {
        let item = head_item(&self.settings.tenant, after)?;
        let write = Write::put(&self.settings.tickets_table, Role::State, item);
        Ok(if before.v == 0 {
            write.when_new()
        } else {
            write.when("v = :read").with(":read", n(before.v))
        })
    }
}

/// A ticket's head as it is stored, with its place in the indexes. The commit alone stores it; the local desk fills
/// tables for measurements with it.
pub fn head_item(tenant: &Tenant, ticket: &Ticket) -> Result<HashMap<String, AttributeValue>, StoreError> {
    let mut item = key_of(tenant, &ItemKey::Head(ticket.number));
    item.insert("v".to_owned(), n(ticket.v));
    item.insert("head".to_owned(), to_attribute("head", ticket)?);
    for (name, value) in head_index_attributes(tenant, ticket) {
        item.insert(name.to_owned(), s(value));
    }
    Ok(item)
}

/// An event as it is stored, without what it leads to; for the same purpose.
pub fn event_item(
    tenant: &Tenant,
    number: TicketNumber,
    event: &TicketEvent,
) -> Result<HashMap<String, AttributeValue>, StoreError> {
    item_with(tenant, &ItemKey::Event(number, event.v), "event", event)
}

/// The comment that a rule wrote.
pub(crate) fn written_by_rule(event: &TicketEvent) -> Option<Comment> {
    let Fact::CommentAdded(fact::CommentAdded {
        role,
        author,
        public,
        body,
        written_by: Some(by),
        ..
    }) = &event.fact
    else {
        return None;
    };
    Some(Comment {
        v: event.v,
        at: event.at,
        author: *author,
        role: *role,
        public: *public,
        channel: Channel::Agent,
        body: body.clone(),
        snippet: by.snippet.clone(),
        mail: None,
        attachments: vec![],
        attachments_at: None,
        automatic: None,
    })
}

/// Marks an event that a stage should hear of: the stream's filter looks for the attribute.
fn add_nudge(item: &mut Item, nudge: Option<Nudge>) {
    match nudge {
        Some(Nudge::Triage) => {
            item.insert("nudge".to_owned(), s("triage"));
        }
        Some(Nudge::Assignment { group, freed }) => {
            item.insert("nudge".to_owned(), s("assignment"));
            item.insert("nudge_group".to_owned(), n(group));
            if let Some(freed) = freed {
                item.insert("nudge_agent".to_owned(), n(freed));
            }
        }
        None => {}
    }
}
