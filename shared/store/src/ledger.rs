//! The ledger's counters: one item an hour. What is counted stands as a mark on the fact itself, so that the stream can be
//! counted as it comes and everything can be counted anew from the table.

use crate::{
    StoreError,
    error::NameOperation,
    keys::{GuardKey, ItemKey, ticket_pk},
    parts::LedgerHours,
    table::{
        Committed, Role, Write,
        item::{Item, key_of, n, number_in, s, text_in},
    },
};
use docket_domain::{
    TicketNumber, Timestamp,
    contact::comment::Comment,
    ledger::{HOUR_SECONDS, LedgerCounts, LedgerEntry, LedgerLine, hour_of},
    ticket::Channel,
};
use futures_util::stream::{self, StreamExt as _};
use std::collections::BTreeMap;

/// The mark of a fact that the ledger counts: its line.
const MARK: &str = "ledger";
/// The hour in which a marked fact was accepted, in seconds since 1970.
const MARK_HOUR: &str = "ledger_hour";
/// When an hour's item was last counted anew, in seconds since 1970.
const RECOUNTED_AT: &str = "recounted_at";
/// Tickets that are looked through at once.
const TICKETS_AT_ONCE: usize = 16;
/// Most hours that are read at once: a month.
pub const MOST_HOURS: usize = 31 * 24;

/// The lines of the ledger by hour.
pub type Ledger = BTreeMap<Timestamp, LedgerCounts>;

/// Marks an item as a fact of the ledger, of a contact that was accepted at that time.
pub(crate) fn mark(item: &mut Item, line: LedgerLine, at: Timestamp) {
    item.insert(MARK.to_owned(), s(line.to_string()));
    item.insert(MARK_HOUR.to_owned(), n(hour_of(at).as_second()));
}

/// The line on which a contact stands that became or was added to a ticket. Other changes carry no guard of a contact.
pub(crate) fn line_of(keys: impl Iterator<Item = GuardKey>, is_new: bool) -> Option<LedgerLine> {
    let entry = if is_new {
        LedgerEntry::Ticketed
    } else {
        LedgerEntry::Appended
    };
    keys.into_iter().find_map(|key| match key {
        GuardKey::Transport(..) => Some(LedgerLine::mail(entry)),
        GuardKey::Webhook(..) => Some(LedgerLine::hook(entry)),
        _ => None,
    })
}

/// The line on which a contact stands of whose comment something could not be read.
pub(crate) fn gaps_of(comment: &Comment) -> Option<LedgerLine> {
    let line = match comment.channel {
        Channel::Mail { .. } => LedgerLine::mail(LedgerEntry::Unreadable),
        Channel::Hook { .. } => LedgerLine::hook(LedgerEntry::Unreadable),
        Channel::Api | Channel::Agent | Channel::Portal | Channel::Phone => return None,
    };
    comment.has_gaps.then_some(line)
}

/// What a fact's marks say; nothing where it has none.
pub fn marked(line: Option<&str>, hour_seconds: Option<&str>) -> Option<(Timestamp, LedgerLine)> {
    let hour = Timestamp::from_second(hour_seconds?.parse().ok()?).ok()?;
    Some((hour, LedgerLine::named(line?)?))
}

/// What the marks of an item say.
pub(crate) fn mark_of(item: &Item) -> Option<(Timestamp, LedgerLine)> {
    let hour = number_in::<i64>(item, MARK_HOUR)?.to_string();
    marked(text_in(item, MARK), Some(&hour))
}

impl LedgerHours<'_> {
    /// Adds to the ledger. A count whose answer is lost may be added twice: a recount mends that.
    pub async fn add(self, counted: &Ledger) -> Result<(), StoreError> {
        for (hour, counts) in counted {
            let mut expression = String::from("ADD ");
            let mut request = self
                .0
                .clients
                .dynamo
                .update_item()
                .table_name(&self.0.settings.tickets_table);
            for (name, value) in key_of(&self.0.settings.tenant, &ItemKey::Ledger(*hour)) {
                request = request.key(name, value);
            }
            for (at, (line, count)) in counts.lines().enumerate() {
                let comma = if at == 0 { "" } else { ", " };
                expression.push_str(&format!("{comma}{} :n{at}", attribute(line)));
                request = request.expression_attribute_values(format!(":n{at}"), n(count));
            }
            if !counts.is_empty() {
                request
                    .update_expression(expression)
                    .send()
                    .await
                    .named("UpdateItem")?;
            }
        }
        Ok(())
    }

    /// Adds contacts that were accepted at a time to a line of its hour.
    pub async fn add_contacts(self, line: LedgerLine, count: u64, at: Timestamp) -> Result<(), StoreError> {
        let mut counts = LedgerCounts::default();
        counts.add(line, count);
        self.add(&Ledger::from([(hour_of(at), counts)])).await
    }

    /// The ledger of the hours from `from` up to, not with, `to`; at most [`MOST_HOURS`] of them.
    pub async fn hours(self, from: Timestamp, to: Timestamp) -> Result<Ledger, StoreError> {
        let keys: Vec<ItemKey> = hours(from, to).take(MOST_HOURS).map(ItemKey::Ledger).collect();
        let mut ledger = Ledger::new();
        for item in self.0.get_items(&keys).await? {
            let hour = text_in(&item, "PK").and_then(|pk| pk.rsplit('#').next()?.parse().ok());
            let Some(hour) = hour.and_then(|second| Timestamp::from_second(second).ok()) else {
                continue;
            };
            let counts = ledger.entry(hour).or_default();
            for line in LedgerLine::all() {
                counts.add(line, number_in(&item, &attribute(line)).unwrap_or(0));
            }
            let recounted_at = number_in(&item, RECOUNTED_AT);
            counts.recounted_at = recounted_at.and_then(|second| Timestamp::from_second(second).ok());
        }
        Ok(ledger)
    }

    /// The same, unless somebody has added to the hour since it was read as `before`; whether it was replaced.
    pub async fn replace_hour(
        self,
        hour: Timestamp,
        before: &LedgerCounts,
        counts: &LedgerCounts,
    ) -> Result<bool, StoreError> {
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        for (at, line) in LedgerLine::all().enumerate() {
            let (name, value) = (attribute(line), format!(":n{at}"));
            let is_none = match before.of(line.channel, line.entry) {
                0 => format!("attribute_not_exists({name}) OR "),
                _ => String::new(),
            };
            conditions.push(format!("({is_none}{name} = {value})"));
            values.push((value, n(before.of(line.channel, line.entry))));
        }
        let write = self.hour_write(hour, counts).when(&conditions.join(" AND "));
        let write = values
            .into_iter()
            .fold(write, |write, (name, value)| write.with(&name, value));
        Ok(matches!(
            self.0.commit_writes(vec![], vec![write]).await?,
            Committed::Done(_)
        ))
    }

    /// Replaces the ledger of an hour that is over by what was counted anew.
    pub async fn put_hour(self, hour: Timestamp, counts: &LedgerCounts) -> Result<(), StoreError> {
        let write = self.hour_write(hour, counts);
        self.0.commit_writes(vec![], vec![write]).await?;
        Ok(())
    }

    fn hour_write(self, hour: Timestamp, counts: &LedgerCounts) -> Write {
        let mut item = key_of(&self.0.settings.tenant, &ItemKey::Ledger(hour));
        for (line, count) in counts.lines() {
            item.insert(attribute(line), n(count));
        }
        item.insert(RECOUNTED_AT.to_owned(), n(self.0.now().as_second()));
        Write::put(&self.0.settings.tickets_table, Role::State, item)
    }

    /// What of an hour stands on tickets, from the marks on those that have changed since: what is read grows with what happened,
    /// not with the desk.
    pub async fn on_tickets(self, hour: Timestamp) -> Result<LedgerCounts, StoreError> {
        let numbers = self.0.tickets().changed_since(hour).await?;
        let asked = numbers.into_iter().map(|number| self.on_ticket(number, hour));
        let mut found = stream::iter(asked).buffer_unordered(TICKETS_AT_ONCE);
        let mut counts = LedgerCounts::default();
        while let Some(on_ticket) = found.next().await {
            counts.add_all(&on_ticket?);
        }
        Ok(counts)
    }

    async fn on_ticket(self, number: TicketNumber, hour: Timestamp) -> Result<LedgerCounts, StoreError> {
        let mut counts = LedgerCounts::default();
        let mut start: Option<Item> = None;
        loop {
            let output = self
                .0
                .clients
                .dynamo
                .query()
                .table_name(&self.0.settings.tickets_table)
                .key_condition_expression("PK = :pk")
                .filter_expression("ledger_hour = :hour")
                .projection_expression("ledger")
                .expression_attribute_values(":pk", s(ticket_pk(&self.0.settings.tenant, number)))
                .expression_attribute_values(":hour", n(hour.as_second()))
                .consistent_read(true)
                .set_exclusive_start_key(start.take())
                .send()
                .await
                .named("Query")?;
            for item in output.items() {
                if let Some(line) = text_in(item, MARK).and_then(LedgerLine::named) {
                    counts.add(line, 1);
                }
            }
            start = output.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(counts);
            }
        }
    }

    /// Everything in the table that the ledger counts, and every original that a comment or a held contact names: for
    /// maintenance, since it reads the whole table.
    pub async fn scan(self) -> Result<(Ledger, BTreeMap<String, u64>), StoreError> {
        let (mut ledger, mut originals) = (Ledger::new(), BTreeMap::<String, u64>::new());
        let mut start: Option<Item> = None;
        loop {
            let output = self
                .0
                .clients
                .dynamo
                .scan()
                .table_name(&self.0.settings.tickets_table)
                .projection_expression(
                    "ledger, ledger_hour, #comment.mail.stored_at, #comment.mail.released, held.stored_at",
                )
                .filter_expression(
                    "attribute_exists(ledger) OR attribute_exists(#comment.mail) OR attribute_exists(held)",
                )
                // COMMENT is a reserved word of DynamoDB.
                .expression_attribute_names("#comment", "comment")
                .consistent_read(true)
                .set_exclusive_start_key(start.take())
                .send()
                .await
                .named("Scan")?;
            for item in output.items() {
                if let Some((hour, line)) = mark_of(item) {
                    ledger.entry(hour).or_default().add(line, 1);
                }
                if let Some(key) = original_in(item) {
                    *originals.entry(key).or_default() += 1;
                }
            }
            start = output.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok((ledger, originals));
            }
        }
    }
}

/// The original behind a contact. One that was held and let in stands on the ledger as held.
fn original_in(item: &Item) -> Option<String> {
    let map = |item: &Item, name: &str| item.get(name)?.as_m().ok().cloned();
    let mail = map(item, "comment").and_then(|comment| map(&comment, "mail"));
    let is_released = mail
        .as_ref()
        .and_then(|mail| mail.get("released")?.as_bool().ok().copied());
    if is_released == Some(true) {
        return None;
    }
    let held = map(item, "held");
    let key = mail.or(held)?.get("stored_at")?.as_s().ok()?.clone();
    Some(key)
}

/// The attribute of a line in an hour's item.
fn attribute(line: LedgerLine) -> String {
    line.to_string().replace(':', "_")
}

/// The hours that begin from `from` on and before `to`.
fn hours(from: Timestamp, to: Timestamp) -> impl Iterator<Item = Timestamp> {
    let first = hour_of(from).as_second();
    let step = usize::try_from(HOUR_SECONDS).unwrap_or(1);
    (first..to.as_second())
        .step_by(step)
        .filter_map(|second| Timestamp::from_second(second).ok())
}
