//! What a change of a ticket is made of: the parts of its transaction.

use crate::{
    Never, Store, StoreError,
    keys::{ItemKey, head_index_attributes, save_attributes},
    ledger,
    table::{
        Change, Role, Write,
        item::{Item, item_with, key_of, n, s, to_attribute},
    },
    tickets::saved::{events_item, unreadable_record, words_item},
};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_domain::{
    PersonId, Tenant, TicketNumber, Timestamp,
    assignment::{self, Choice, LoadChange},
    contact::comment::{Comment, CommentBody},
    nudge::{self, Nudge},
    outbox::{self, OutboxItem, Work},
    record::{CommitmentKey, Record},
    ticket::{self, Channel, Fact, Ticket, TicketEvent, fact, link_lists::link_changes, record::chain_of},
};
use std::collections::{BTreeMap, HashMap};

/// The attribute of a save's events that says which stages are to hear of it.
pub const NUDGES: &str = "nudges";

/// The parts of a transaction, and the ticket with it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The ticket after the change.
    pub after: Ticket,
    pub(crate) writes: Vec<Write>,
    /// How it changes agents' loads: parts of their own, which tickets that change together have in common.
    loads: Vec<LoadChange>,
    /// The load that was found when an agent was chosen.
    expected_load: Option<Choice>,
}

impl Plan {
    /// All parts.
    pub(crate) fn into_writes(self, store: &Store, now: Timestamp) -> Vec<Write> {
        let loads = self.loads.iter().map(|change| {
            store
                .agents()
                .load_write(*change, self.expected_load.as_ref(), now)
        });
        let loads: Vec<Write> = loads.collect();
        self.writes.into_iter().chain(loads).collect()
    }

    /// Two tickets that change in one transaction: no item may stand in it twice.
    pub(crate) fn with(mut self, beside: Self) -> Self {
        self.writes.extend(beside.writes);
        for change in beside.loads {
            match self.loads.iter_mut().find(|known| known.agent == change.agent) {
                Some(known) => {
                    known.units += change.units;
                    known.override_units += change.override_units;
                }
                None => self.loads.push(change),
            }
        }
        self.loads
            .retain(|change| (change.units, change.override_units) != (0, 0));
        self
    }
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
            key,
            texts: _,
            decisions,
            author_names,
        } = change;
        let table = &self.settings.tickets_table;
        let tenant = &self.settings.tenant;
        let mut after = events.iter().fold(before.clone(), ticket::evolve);
        let mut writes = Vec::with_capacity(8 + others.len());
        let keys = guards.iter().map(|guard| guard.key.clone());
        let mut line = ledger::line_of(keys, before.v == 0).filter(|_| !comments.is_empty());
        let accepted_at = guards.iter().find_map(|guard| guard.accepted_at).unwrap_or(now);
        for mut guard in guards {
            if after.v > 0 {
                guard.answer.ticket.get_or_insert(after.number);
                guard.answer.v.get_or_insert(after.v);
                guard.answer.created = before.v == 0;
            }
            writes.push(self.guard_write(&guard, now)?);
        }
        if !events.is_empty() {
            let key = key.unwrap_or_else(|| self.commitment_key());
            let begins_at = self.sabotage.begins_chain_at(before.chain);
            let chain = chain_of(tenant, after.number);
            let record = Record::of(&chain, &begins_at, &events, key);
            let record = record.map_err(unreadable_record)?;
            let record = self.sabotage.spoil(record, &chain, begins_at);
            after.chain = record.end;
            writes.push(self.head_write(&before, &after)?);
            let mut item = events_item(tenant, after.number, &record);
            add_nudges(&mut item, &nudge::nudges(&after, &events))?;
            add_place(&mut item, tenant, (after.number, record.first_v), now);
            if let Some(line) = line.take() {
                ledger::mark(&mut item, line, accepted_at);
            }
            writes.push(Write::put(table, Role::State, item).when_new());
            if let Some(words) = &record.words {
                let mut item = words_item(tenant, after.number, record.first_v, words)?;
                decisions.put_into(&mut item);
                writes.push(Write::put(table, Role::State, item).when_new());
            }
        }
        let mut has_gaps = false;
        let handed_over: Vec<Comment> = placed.iter().filter(|comment| comment.public).cloned().collect();
        for mut comment in placed {
            if comment.attachments_at.is_some() {
                comment.attachments.clear();
            }
            let key = ItemKey::Comment(after.number, comment.v);
            let mut item = item_with(tenant, &key, "comment", &comment)?;
            // A contact counts once, whatever stands beside it.
            if let Some(line) = ledger::gaps_of(&comment).filter(|_| !std::mem::replace(&mut has_gaps, true))
            {
                ledger::mark(&mut item, line, accepted_at);
            }
            writes.push(Write::put(table, Role::State, item).when_new());
        }
        for mut item in outbox::outgoing(&after, &events, now) {
            carry(&mut item, &handed_over, &author_names);
            writes.push(self.outbox().write(&item)?.when_new());
        }
        for change in link_changes(&before, &after) {
            writes.extend(self.tickets().link_writes(change, after.number, now));
        }
        writes.extend(others);
        Ok(Plan {
            loads: assignment::load_changes(&before, &after),
            after,
            writes,
            expected_load,
        })
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
    item.insert("h".to_owned(), s(ticket.chain.to_string()));
    for (name, value) in head_index_attributes(tenant, ticket) {
        item.insert(name.to_owned(), s(value));
    }
    Ok(item)
}

/// The items of a ticket that was made in one save, without what it leads to, for the same purpose.
pub fn ticket_items(
    tenant: &Tenant,
    ticket: &Ticket,
    events: &[TicketEvent],
    key: CommitmentKey,
) -> Result<Vec<HashMap<String, AttributeValue>>, StoreError> {
    let blank = Ticket::blank(ticket.number);
    let record =
        Record::of(&chain_of(tenant, ticket.number), &blank.chain, events, key).map_err(unreadable_record)?;
    let chain = record.end;
    let mut of_events = events_item(tenant, ticket.number, &record);
    let last = events.last().map_or(ticket.created_at, |event| event.at);
    let came = ticket.imported_at.map_or(last, |at| at.max(last));
    add_place(&mut of_events, tenant, (ticket.number, record.first_v), came);
    let mut items = vec![
        head_item(
            tenant,
            &Ticket {
                chain,
                ..ticket.clone()
            },
        )?,
        of_events,
    ];
    if let Some(words) = &record.words {
        items.push(words_item(tenant, ticket.number, record.first_v, words)?);
    }
    Ok(items)
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
        body_json: None,
        snippet: by.snippet.clone(),
        mail: None,
        attachments: vec![],
        attachments_at: None,
        automatic: None,
        has_gaps: false,
        redacted_at: None,
        tells: None,
    })
}

/// Puts what stands in a comment's item, and its author's name, into the call that hands it over: whoever calls reads no table.
fn carry(item: &mut OutboxItem, comments: &[Comment], author_names: &BTreeMap<PersonId, String>) {
    let Work::Call {
        comment_v,
        text,
        html,
        author,
        author_name,
        files,
        files_at,
        ..
    } = &mut item.work
    else {
        return;
    };
    *author_name = author_names.get(author).cloned();
    let Some(comment) = comments.iter().find(|comment| comment.v == *comment_v) else {
        return;
    };
    files_at.clone_from(&comment.attachments_at);
    if files_at.is_none() {
        files.clone_from(&comment.attachments);
    }
    let body = comment.body_json.as_ref();
    if let Some(body) = body.and_then(|json| serde_json::from_str::<CommentBody>(json).ok()) {
        (*text, *html) = (Some(body.text), body.html);
    }
}

/// Marks a save that stages should hear of: the stream's filter looks for the attribute.
fn add_nudges(item: &mut Item, nudges: &[Nudge]) -> Result<(), StoreError> {
    if !nudges.is_empty() {
        let json = serde_json::to_string(nudges);
        let json = json.map_err(|error| Never::unreadable("nudges", error.to_string()))?;
        item.insert(NUDGES.to_owned(), s(json));
    }
    Ok(())
}

/// Gives a save its place in the index by time: the second in which it came about here, whatever time its events tell.
fn add_place(item: &mut Item, tenant: &Tenant, (number, first_v): (TicketNumber, u64), at: Timestamp) {
    for (name, value) in save_attributes(tenant, number, first_v, at) {
        item.insert(name.to_owned(), s(value));
    }
}

/// The stages that are to hear of a save, from its item's attribute [`NUDGES`].
///
/// # Errors
/// When the text is none that a save was marked with.
pub fn nudges_of(text: &str) -> Result<Vec<Nudge>, serde_json::Error> {
    serde_json::from_str(text)
}
