//! The saves of a ticket as they are stored: an item with the events of each, one with the words beside them.

use crate::{
    Never, StoreError,
    keys::{ItemKey, ticket_pk},
    parts::Tickets,
    table::{
        item::{Item, key_of, n, s, text_in},
        page::Query,
    },
    tickets::{Decisions, reading::head_in},
};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_domain::{
    Tenant, TicketNumber,
    record::{ChainEnd, Flaw, Record, RecordError, Words},
    ticket::{TicketEvent, record::verify},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use std::collections::{BTreeMap, HashMap};

/// Most saves of one ticket that are read.
const MOST_SAVES: usize = 20_000;
/// Most saves that are looked at for what happened lately.
const MOST_NEWEST_SAVES: usize = 50;
/// Tickets whose newest saves are asked for at once.
const TICKETS_AT_ONCE: usize = 10;

/// What a history is like, by its chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many events there are.
    pub events: u64,
    /// What does not fit.
    pub flaws: Vec<Flaw>,
    /// How many of its saves had words that were erased.
    pub erased_saves: usize,
}

/// What happened to a ticket, and why.
#[derive(Clone, Debug, Default)]
pub struct TicketHistory {
    /// Its events, in order.
    pub events: Vec<TicketEvent>,
    /// The decisions that stand beside them.
    pub decisions: Decisions,
}

/// The item of a save's events.
pub(crate) fn events_item(tenant: &Tenant, number: TicketNumber, record: &Record) -> Item {
    let mut item = key_of(tenant, &ItemKey::Event(number, record.first_v));
    put_record(&mut item, record);
    item
}

/// Puts the events of a record into their item.
pub(crate) fn put_record(item: &mut Item, record: &Record) {
    let events = record.events.iter().map(s).collect();
    item.insert("events".to_owned(), AttributeValue::L(events));
    item.insert("until".to_owned(), n(record.last_v()));
    item.insert("h".to_owned(), s(record.end.to_string()));
}

/// The item of the words beside them.
pub(crate) fn words_item(
    tenant: &Tenant,
    number: TicketNumber,
    first_v: u64,
    words: &Words,
) -> Result<Item, StoreError> {
    let mut item = key_of(tenant, &ItemKey::Words(number, first_v));
    put_words(&mut item, words)?;
    Ok(item)
}

/// Puts words into an item.
pub(crate) fn put_words(item: &mut Item, words: &Words) -> Result<(), StoreError> {
    let json = serde_json::to_string(words).map_err(|error| unreadable("words", &error.to_string()))?;
    item.insert("words".to_owned(), s(json));
    Ok(())
}

/// The record in an item with events, with the words that lie in the same item.
pub(crate) fn record_in(item: &Item) -> Result<Record, StoreError> {
    let events = item.get("events").and_then(|events| events.as_l().ok());
    let events = events.ok_or_else(|| unreadable("events", "the attribute is missing"))?;
    let texts = events.iter().map(|event| event.as_s().ok().cloned());
    Ok(Record {
        first_v: version_in(item)?,
        events: texts
            .collect::<Option<_>>()
            .ok_or_else(|| unreadable("events", "one is no text"))?,
        end: chain_in(item)?,
        words: item.get("words").map(|_| words_in(item)).transpose()?,
    })
}

pub(crate) fn words_in(item: &Item) -> Result<Words, StoreError> {
    let json = text_in(item, "words").unwrap_or_default();
    serde_json::from_str(json).map_err(|error| unreadable("words", &error.to_string()))
}

/// The end of the chain that an item notes.
pub(crate) fn chain_in(item: &Item) -> Result<ChainEnd, StoreError> {
    let end = text_in(item, "h").and_then(ChainEnd::parse);
    end.ok_or_else(|| unreadable("h", "it is no hash"))
}

/// The saves of a ticket, put together from its items one by one.
#[derive(Debug, Default)]
pub(crate) struct Saves {
    records: BTreeMap<u64, Record>,
    words: BTreeMap<u64, Words>,
    pub decisions: Decisions,
}

impl Saves {
    /// Takes an item with events.
    pub fn take_events(&mut self, item: &Item) -> Result<(), StoreError> {
        let record = record_in(item)?;
        self.records.insert(record.first_v, record);
        Ok(())
    }

    /// Takes an item with words.
    pub fn take_words(&mut self, item: &Item) -> Result<(), StoreError> {
        self.words.insert(version_in(item)?, words_in(item)?);
        self.decisions.take_from(item);
        Ok(())
    }

    /// The versions of words that stand beside no save, or in it beside none of its events.
    fn words_of_nothing(&self) -> Vec<u64> {
        let is_of = |first_v: u64, v: u64| {
            let record = self.records.get(&first_v);
            record.is_some_and(|record| (record.first_v..=record.last_v()).contains(&v))
        };
        let each = self.words.iter().flat_map(|(first_v, words)| {
            let strange = words.said.keys().filter(|v| !is_of(*first_v, **v));
            strange
                .copied()
                .chain((!self.records.contains_key(first_v)).then_some(*first_v))
        });
        let mut versions: Vec<u64> = each.collect();
        versions.dedup();
        versions
    }

    /// The first version of each, in order.
    pub fn first_versions(&self) -> Vec<u64> {
        self.records.keys().copied().collect()
    }

    /// The records, in order.
    pub fn records(mut self) -> Vec<Record> {
        let with_words = |(first_v, record)| Record {
            words: self.words.remove(&first_v),
            ..record
        };
        self.records.into_iter().map(with_words).collect()
    }

    /// The events, in order.
    pub fn events(self) -> Result<Vec<TicketEvent>, StoreError> {
        let mut events = Vec::new();
        for record in self.records() {
            events.extend(record.read().map_err(unreadable_record)?);
        }
        Ok(events)
    }
}

pub(crate) fn unreadable_record(error: RecordError) -> StoreError {
    unreadable("events", &error.to_string())
}

fn unreadable(what: &'static str, detail: &str) -> StoreError {
    Never::unreadable(what, detail).into()
}

/// The version at the end of an item's sort key.
fn version_in(item: &Item) -> Result<u64, StoreError> {
    let sk = text_in(item, "SK").unwrap_or_default();
    let version = sk.rsplit_once('#').and_then(|(_, v)| v.parse().ok());
    version.ok_or_else(|| unreadable("SK", "it names no version"))
}

impl Tickets<'_> {
    /// The events of a ticket until a version, as of now.
    pub async fn events(self, number: TicketNumber, until: u64) -> Result<Vec<TicketEvent>, StoreError> {
        Ok(self.history(number, until).await?.events)
    }

    /// The events of a ticket until a version, with the decisions that stand beside them, as of now.
    pub async fn history(self, number: TicketNumber, until: u64) -> Result<TicketHistory, StoreError> {
        let mut saves = self.saves(number, until).await?;
        let decisions = std::mem::take(&mut saves.decisions);
        let mut events = saves.events()?;
        events.retain(|event| event.v <= until);
        Ok(TicketHistory { events, decisions })
    }

    /// What the history of a ticket is like, by its chain; nothing where there is no such ticket. The head is read first, so a
    /// save that comes in between is left out.
    pub async fn verify(self, number: TicketNumber) -> Result<Option<Verified>, StoreError> {
        let mut head = self.0.get_item(&ItemKey::Head(number)).await?;
        if head.is_none() {
            if self.saves(number, u64::MAX).await?.records.is_empty() {
                return Ok(None);
            }
            // It may have been made a moment ago.
            head = self.0.get_item(&ItemKey::Head(number)).await?;
        }
        let Some(item) = head else {
            return Ok(Some(Verified {
                flaws: vec![Flaw::Head],
                ..Verified::default()
            }));
        };
        let head = head_in(item)?;
        let saves = self.saves(number, head.v).await?;
        let strange = saves.words_of_nothing();
        let records = saves.records();
        let mut flaws = verify(&self.0.settings.tenant, &head, &records);
        flaws.extend(strange.into_iter().map(|v| Flaw::StrangeWords { v }));
        Ok(Some(Verified {
            events: head.v,
            flaws,
            erased_saves: records.iter().filter(|record| record.is_erased()).count(),
        }))
    }

    /// The newest events of a ticket after a version, in their order, without what people said in them: of at most
    /// `MOST_NEWEST_SAVES` saves.
    pub async fn newest_events(
        self,
        number: TicketNumber,
        after: u64,
    ) -> Result<Vec<TicketEvent>, StoreError> {
        let from_to = vec![
            (
                ":from",
                format!("E#{:010}", (after + 1).min(ItemKey::LAST_VERSION)),
            ),
            (":to", format!("E#{:010}", ItemKey::LAST_VERSION)),
        ];
        let pk = ticket_pk(&self.0.settings.tenant, number);
        let mut query = Query::partition(pk, MOST_NEWEST_SAVES).range("SK BETWEEN :from AND :to", from_to);
        query.newest_first = true;
        let mut saves = Saves::default();
        for item in self.0.query(query).await? {
            saves.take_events(&item)?;
        }
        saves.events()
    }

    /// The same of some tickets, each after a version of its own. Of one whose events can't be read there are none: that is said, and keeps
    /// none of the others.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn newest_events_of(
        self,
        tickets: &[(TicketNumber, u64)],
    ) -> Result<HashMap<TicketNumber, Vec<TicketEvent>>, StoreError> {
        let asked = tickets.iter().copied().map(|(number, after)| async move {
            match self.newest_events(number, after).await {
                Ok(events) => Ok((number, events)),
                Err(error) if error.is_final() => {
                    tracing::error!(ticket = %number, %error, "the newest events of ticket {number} can't be read and are told to nobody");
                    Ok((number, vec![]))
                }
                Err(error) => Err(error),
            }
        });
        stream::iter(asked)
            .buffer_unordered(TICKETS_AT_ONCE)
            .try_collect()
            .await
    }

    async fn saves(self, number: TicketNumber, until: u64) -> Result<Saves, StoreError> {
        let mut saves = Saves::default();
        // The service takes no empty range.
        if until == 0 {
            return Ok(saves);
        }
        let of = |prefix: char| {
            let from_to = vec![
                (":from", format!("{prefix}#{:010}", 1)),
                (
                    ":to",
                    format!("{prefix}#{:010}", until.min(ItemKey::LAST_VERSION)),
                ),
            ];
            let query = Query::partition(ticket_pk(&self.0.settings.tenant, number), MOST_SAVES)
                .range("SK BETWEEN :from AND :to", from_to);
            self.0.query(query)
        };
        // One after the other: a save that comes in between has its words, too.
        let (events, words) = (of('E').await?, of('W').await?);
        for item in &events {
            saves.take_events(item)?;
        }
        for item in &words {
            saves.take_words(item)?;
        }
        Ok(saves)
    }
}
