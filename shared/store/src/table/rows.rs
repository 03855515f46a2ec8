//! Which of the numbers drawn so far have a row: lists are counted and cut into pages by it.
//!
//! A number is drawn before its row is stored, and some never get one. Which ones is found out by looking, once: what was looked
//! at is kept beside the counter, as far as it can't change any more. So a list looks at what was drawn lately, and no more. Of a
//! desk that was never counted each list looks a piece further, and what lies beyond it counts as if all of it were there.

use crate::{
    Store, StoreError,
    keys::{Counter, ItemKey},
    parts::{Organizations, People, Tickets},
    table::{
        Role, Write,
        item::{Item, key_of, n, number_in, text_in},
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_domain::{OrganizationId, PersonId, TicketNumber, Timestamp};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};

/// Most numbers that one list looks at: twenty batches.
const MOST_LOOKED_AT: u64 = 2_000;
/// How long after a number was drawn its row may still be stored: longer than any function runs.
const MAY_COME_WITHIN: SignedDuration = SignedDuration::from_mins(15);
/// Fewest numbers looked at that are worth a write.
const WORTH_KEEPING: u64 = 50;
/// Most absent numbers that are kept: an item of numbers of up to twenty digits stays below 120 KB.
const MOST_ABSENT: usize = 5_000;
/// The attribute that says until which number was looked.
pub(super) const LOOKED_UNTIL: &str = "looked_until";
/// The attribute with the numbers that nobody has.
const ABSENT: &str = "absent";
/// The attribute with the numbers of those that were deleted.
const DELETED: &str = "deleted";

/// The numbers that have a row: all from 1 to the last, without those that are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    last: u64,
    absent: BTreeSet<u64>,
}

impl Rows {
    /// Rows up to a number, without these.
    pub fn new(last: u64, absent: impl IntoIterator<Item = u64>) -> Self {
        let within = absent.into_iter().filter(|number| (1..=last).contains(number));
        Self {
            last,
            absent: within.collect(),
        }
    }

    /// Without further ones.
    #[must_use]
    pub fn without(self, others: impl IntoIterator<Item = u64>) -> Self {
        Self::new(self.last, self.absent.into_iter().chain(others))
    }

    /// The last number drawn.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.last - self.absent.len() as u64
    }

    /// The number of the row at a place, from 1; nothing beyond the last.
    pub fn at(&self, place: u64) -> Option<u64> {
        let mut number = place;
        for absent in &self.absent {
            if *absent > number {
                break;
            }
            number += 1;
        }
        (place > 0 && number <= self.last).then_some(number)
    }
}

/// What is kept of what was looked at.
#[derive(Debug, Default)]
struct Kept {
    looked_until: u64,
    absent: BTreeSet<u64>,
    deleted: BTreeSet<u64>,
}

impl Store {
    /// The rows of what is numbered by a counter; `key` of each.
    async fn rows(&self, counter: Counter, key: fn(u64) -> ItemKey) -> Result<Rows, StoreError> {
        let mut kept = Kept::default();
        let mut last = 0;
        for item in self
            .get_items_strongly(&[ItemKey::Counters, ItemKey::Absent(counter)])
            .await?
        {
            if text_in(&item, "SK") == Some("N") {
                last = number_in(&item, counter.as_str()).unwrap_or(0);
            } else {
                kept = kept_in(&item);
            }
        }
        let from = kept.looked_until + 1;
        let until = last.min(kept.looked_until + MOST_LOOKED_AT);
        let keys: BTreeMap<String, u64> = (from..=until)
            .map(|number| (key(number).pk(&self.settings.tenant), number))
            .collect();
        let asked: Vec<ItemKey> = (from..=until).map(key).collect();
        let mut present = BTreeMap::new();
        for item in self.get_items(&asked).await? {
            let number = text_in(&item, "PK").and_then(|pk| keys.get(pk));
            present.extend(number.map(|number| (*number, made_at(&item))));
        }
        let absent = (from..=until).filter(|number| !present.contains_key(number));
        let absent: Vec<u64> = absent.collect();
        self.keep_looked_at(counter, &kept, &present, &absent).await;
        Ok(Rows::new(
            last,
            kept.absent.into_iter().chain(absent).chain(kept.deleted),
        ))
    }

    /// Keeps what was found of numbers that were drawn long enough ago. Where that fails it is looked at again.
    async fn keep_looked_at(
        &self,
        counter: Counter,
        kept: &Kept,
        present: &BTreeMap<u64, Option<Timestamp>>,
        absent: &[u64],
    ) {
        let now = self.now();
        let is_old = |at: &Timestamp| at.checked_add(MAY_COME_WITHIN).is_ok_and(|until| until <= now);
        // Numbers are drawn in order: whatever is below one that has a row since long was drawn before it, and is absent for good.
        let mut old = present
            .iter()
            .rev()
            .filter(|(_, at)| at.as_ref().is_some_and(is_old));
        let old = old.next().map_or(0, |(number, _)| *number);
        // What is there stays there, however young it is: only the first gap that may still be filled has to be looked at again.
        let open = absent.iter().find(|number| **number > old);
        let last = present.keys().next_back().copied().unwrap_or(0);
        let until = open.map_or(last, |open| last.min(open - 1));
        // What does not fit is looked at each time.
        let room = MOST_ABSENT.saturating_sub(kept.absent.len());
        let until = absent
            .get(room)
            .map_or(until, |first_without| until.min(first_without - 1));
        if until < kept.looked_until + WORTH_KEEPING {
            return;
        }
        let gaps = absent.iter().filter(|number| **number < until);
        let gaps: Vec<String> = gaps.map(u64::to_string).collect();
        let key = key_of(&self.settings.tenant, &ItemKey::Absent(counter));
        let expression = if gaps.is_empty() {
            "SET looked_until = :until"
        } else {
            "SET looked_until = :until ADD absent :gaps"
        };
        let mut write = Write::update(&self.settings.tickets_table, Role::State, key, expression)
            .with(":until", n(until));
        if !gaps.is_empty() {
            write = write.with(":gaps", AttributeValue::Ns(gaps));
        }
        let write = match kept.looked_until {
            0 => write.when("attribute_not_exists(looked_until)"),
            read => write.when("looked_until = :read").with(":read", n(read)),
        };
        if let Err(error) = self.commit_writes(vec![], vec![write]).await {
            tracing::warn!(%error, "which numbers nobody has could not be kept; the next list looks again");
        }
    }

    /// The part of a transaction that stores a row under a number that was drawn long ago: it may have been taken for absent.
    pub fn present_write(&self, number: TicketNumber) -> Write {
        let key = key_of(&self.settings.tenant, &ItemKey::Absent(Counter::Tickets));
        let gap = AttributeValue::Ns(vec![number.to_string()]);
        Write::update(
            &self.settings.tickets_table,
            Role::State,
            key,
            "DELETE absent :gap",
        )
        .with(":gap", gap)
    }

    /// The part of a transaction that takes a ticket out of what lists count, because it was deleted. None where very many were: then
    /// lists count those that they do not show.
    pub async fn deleted_write(&self, number: TicketNumber) -> Result<Option<Write>, StoreError> {
        let key = ItemKey::Absent(Counter::Tickets);
        let deleted = self
            .get_item(&key)
            .await?
            .map_or(0, |item| numbers_in(&item, DELETED).count());
        let gap = AttributeValue::Ns(vec![number.to_string()]);
        let key = key_of(&self.settings.tenant, &key);
        let write = Write::update(&self.settings.tickets_table, Role::State, key, "ADD deleted :gap");
        Ok((deleted < MOST_ABSENT).then(|| write.with(":gap", gap)))
    }

    /// The part of a transaction that takes a person out of what lists count, because they were deleted or are part of another
    /// now. None where very many were: then lists count those that they do not show.
    pub(crate) async fn set_aside_write(&self, person: PersonId) -> Result<Option<Write>, StoreError> {
        let key = ItemKey::Absent(Counter::People);
        let item = self.get_item(&key).await?;
        let set_aside = item.map_or(0, |item| numbers_in(&item, DELETED).count());
        let gap = AttributeValue::Ns(vec![person.to_string()]);
        let key = key_of(&self.settings.tenant, &key);
        let write = Write::update(&self.settings.tickets_table, Role::State, key, "ADD deleted :gap");
        Ok((set_aside < MOST_ABSENT).then(|| write.with(":gap", gap)))
    }

    /// The part of a transaction that takes a person back into it.
    pub(crate) fn stands_again_write(&self, person: PersonId) -> Write {
        let key = key_of(&self.settings.tenant, &ItemKey::Absent(Counter::People));
        let gap = AttributeValue::Ns(vec![person.to_string()]);
        let expression = "DELETE deleted :gap";
        Write::update(&self.settings.tickets_table, Role::State, key, expression).with(":gap", gap)
    }

    /// The part of a transaction that takes it back into what lists count, because it was restored.
    pub fn restored_write(&self, number: TicketNumber) -> Write {
        let key = key_of(&self.settings.tenant, &ItemKey::Absent(Counter::Tickets));
        let gap = AttributeValue::Ns(vec![number.to_string()]);
        Write::update(
            &self.settings.tickets_table,
            Role::State,
            key,
            "DELETE deleted :gap",
        )
        .with(":gap", gap)
    }

    /// The part of a transaction that says that a number's row is there no longer.
    pub(crate) fn absent_write(&self, counter: Counter, number: u64) -> Write {
        let key = key_of(&self.settings.tenant, &ItemKey::Absent(counter));
        let gap = AttributeValue::Ns(vec![number.to_string()]);
        Write::update(&self.settings.tickets_table, Role::State, key, "ADD absent :gap").with(":gap", gap)
    }
}

fn kept_in(item: &Item) -> Kept {
    Kept {
        looked_until: number_in(item, LOOKED_UNTIL).unwrap_or(0),
        absent: numbers_in(item, ABSENT).collect(),
        deleted: numbers_in(item, DELETED).collect(),
    }
}

fn numbers_in<'i>(item: &'i Item, name: &str) -> impl Iterator<Item = u64> + 'i {
    let numbers = item.get(name).and_then(|numbers| numbers.as_ns().ok());
    numbers
        .into_iter()
        .flatten()
        .filter_map(|number| number.parse().ok())
}

/// When a record was made: it stands in the one map that its item has.
fn made_at(item: &Item) -> Option<Timestamp> {
    let mut maps = item.values().filter_map(|value| value.as_m().ok());
    maps.find_map(|map| map.get("created_at")?.as_s().ok()?.parse().ok())
}

impl Tickets<'_> {
    /// The numbers that have a ticket.
    pub async fn rows(self) -> Result<Rows, StoreError> {
        let key = |number| ItemKey::Head(TicketNumber(number));
        self.0.rows(Counter::Tickets, key).await
    }
}

impl People<'_> {
    /// The ids that somebody has.
    pub async fn rows(self) -> Result<Rows, StoreError> {
        self.0
            .rows(Counter::People, |id| ItemKey::Person(PersonId(id)))
            .await
    }
}

impl Organizations<'_> {
    /// The ids that an organization has.
    pub async fn rows(self) -> Result<Rows, StoreError> {
        let key = |id| ItemKey::Organization(OrganizationId(id));
        self.0.rows(Counter::Organizations, key).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_neither_counted_nor_has_a_place() {
        let rows = Rows::new(7, [1, 3, 4, 9]);
        assert_eq!(rows.count(), 4);
        let numbers: Vec<_> = (0..=5).map(|place| rows.at(place)).collect();
        assert_eq!(numbers, [None, Some(2), Some(5), Some(6), Some(7), None]);
        assert_eq!(rows.without([7, 3]).count(), 3);
        assert_eq!(Rows::default().at(1), None);
    }
}
