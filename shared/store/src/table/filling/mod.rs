//! What commits would leave in the tables, without the tables: for filling a desk of a size that commits would take hours for.
//!
//! Changes are planned as the commit plans them, and each part is applied to the items at hand instead of being sent. Conditions are
//! not looked at: whoever fills a desk is alone with it. What comes of it is put into the tables below the SDK, which only the
//! local desk can do.

mod update;

use crate::{
    Store, StoreError,
    keys::{Counter, ItemKey},
    ledger::{Ledger, mark_of},
    table::{
        Change, Write,
        item::{Item, n, number_in, text_in},
        rows::LOOKED_UNTIL,
        stands,
        write::Action,
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_domain::{Timestamp, ticket::Ticket};
use std::collections::{BTreeMap, HashMap};

/// The items of each table, by its name.
pub type FilledItems = BTreeMap<String, Vec<HashMap<String, AttributeValue>>>;

/// Table, partition key and sort key of an item; the last is empty where the table has none.
type Place = (String, String, String);

/// Items in the making.
pub struct Filling {
    store: Store,
    items: BTreeMap<Place, Item>,
    /// Items that many changes add to: they stay at hand until the end.
    lasting: BTreeMap<Place, Item>,
    ledger: Ledger,
}

impl Filling {
    /// Nothing yet, for the tables of a store.
    pub fn of(store: &Store) -> Self {
        Self {
            store: store.clone(),
            items: BTreeMap::new(),
            lasting: BTreeMap::new(),
            ledger: Ledger::new(),
        }
    }

    /// Keeps items of table `tickets` at hand that many changes add to, as they are stored now.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn go_on_from(&mut self, keys: &[ItemKey]) -> Result<(), StoreError> {
        let settings = &self.store.settings;
        for key in keys {
            let item = super::item::key_of(&settings.tenant, key);
            self.lasting.insert(place(&settings.tickets_table, &item), item);
        }
        for item in self.store.get_items_strongly(keys).await? {
            self.lasting.insert(place(&settings.tickets_table, &item), item);
        }
        Ok(())
    }

    /// Applies a change of a ticket as the commit would store it at this time; the ticket after it.
    ///
    /// # Errors
    /// When it can't be planned, or a part of it can't be applied.
    pub fn change(&mut self, change: Change, now: Timestamp) -> Result<Ticket, StoreError> {
        let plan = self.store.plan(change, now)?;
        let after = plan.after.clone();
        self.write(plan.into_writes(&self.store, now))?;
        Ok(after)
    }

    /// Applies other parts of transactions.
    ///
    /// # Errors
    /// When one of them is an update of a kind that is not known here.
    pub fn write(&mut self, writes: Vec<Write>) -> Result<(), StoreError> {
        for write in writes {
            let table = write.table;
            match write.action {
                Action::Put(item) => {
                    if let Some((hour, line)) = mark_of(&item) {
                        self.ledger.entry(hour).or_default().add(line, 1);
                    }
                    let place = place(&table, &item);
                    *self.at(place) = item;
                }
                Action::Delete { key } => {
                    let place = place(&table, &key);
                    self.items.remove(&place);
                    self.lasting.remove(&place);
                }
                Action::Update { key, expression } => {
                    let item = self.at(place(&table, &key));
                    item.extend(key);
                    update::apply(item, &expression, &write.values)?;
                }
                // Nobody else writes here.
                Action::Check { .. } => {}
            }
        }
        Ok(())
    }

    /// Notes that all numbers of a counter up to one are drawn and have their rows. Its item, and the one of its absent numbers, must
    /// be at hand.
    pub fn drawn(&mut self, counter: Counter, last: u64) {
        let name = counter.as_str();
        let counters = self.lasting_item(&ItemKey::Counters);
        let before: u64 = number_in(counters, name).unwrap_or(0);
        counters.insert(name.to_owned(), n(last));
        // Lists would look at each of them once: a desk that grew by itself has done so long since.
        let absent = self.lasting_item(&ItemKey::Absent(counter));
        if number_in(absent, LOOKED_UNTIL).unwrap_or(0) >= before {
            absent.insert(LOOKED_UNTIL.to_owned(), n(last));
        }
    }

    /// Takes what is finished: all items but those that many changes add to, without guards that have reached their end.
    pub fn take(&mut self) -> FilledItems {
        let items = std::mem::take(&mut self.items);
        self.by_table(items)
    }

    /// The rest, and what the ledger would have counted of all of it.
    pub fn finish(mut self) -> (FilledItems, Ledger) {
        let mut items = std::mem::take(&mut self.items);
        // What nothing was added to is not stored either.
        let lasting = std::mem::take(&mut self.lasting).into_iter();
        items.extend(lasting.filter(|(_, item)| item.len() > 2));
        (self.by_table(items), self.ledger)
    }

    fn by_table(&self, items: BTreeMap<Place, Item>) -> FilledItems {
        let now = self.store.now();
        let mut by_table = FilledItems::new();
        for ((table, ..), item) in items {
            if table != self.store.settings.guard_table || stands(&item, now) {
                by_table.entry(table).or_default().push(item);
            }
        }
        by_table
    }

    /// The item at a place; an empty one where there is none yet.
    fn at(&mut self, place: Place) -> &mut Item {
        if self.lasting.contains_key(&place) {
            return self.lasting.entry(place).or_default();
        }
        self.items.entry(place).or_default()
    }

    fn lasting_item(&mut self, key: &ItemKey) -> &mut Item {
        let settings = &self.store.settings;
        let item = super::item::key_of(&settings.tenant, key);
        let place = place(&settings.tickets_table, &item);
        self.lasting.entry(place).or_insert(item)
    }
}

fn place(table: &str, item: &Item) -> Place {
    let text = |name| text_in(item, name).unwrap_or_default().to_owned();
    (table.to_owned(), text("PK"), text("SK"))
}
