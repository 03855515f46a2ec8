//! Items by their keys.

use crate::{
    Store, StoreError,
    error::{NameOperation, NamedPart},
    keys::{GuardKey, ItemKey},
    table::item::{Item, key_of, s, text_in},
};
use aws_sdk_dynamodb::types::KeysAndAttributes;
use std::collections::HashMap;

/// Most keys of a batch read, by the service's own limit.
const BATCH_KEYS: usize = 100;

/// How often keys that the service left out are asked for again.
const MOST_LEFTOVERS: u32 = 8;

impl Store {
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

    /// Many items of table `tickets`, in any order, perhaps a moment old.
    pub(crate) async fn get_items(&self, keys: &[ItemKey]) -> Result<Vec<Item>, StoreError> {
        Ok(self.get_batch(self.wanted(keys, &[]), false).await?.tickets)
    }

    /// The same as of now.
    pub(crate) async fn get_items_strongly(&self, keys: &[ItemKey]) -> Result<Vec<Item>, StoreError> {
        Ok(self.get_batch(self.wanted(keys, &[]), true).await?.tickets)
    }

    /// Many items of both tables as of now, in any order. Guards that have reached their end are among them.
    pub(crate) async fn get_from_both(
        &self,
        keys: &[ItemKey],
        guards: &[GuardKey],
    ) -> Result<FromBoth, StoreError> {
        self.get_batch(self.wanted(keys, guards), true).await
    }

    /// The same, perhaps a moment old.
    pub(crate) async fn get_from_both_lately(
        &self,
        keys: &[ItemKey],
        guards: &[GuardKey],
    ) -> Result<FromBoth, StoreError> {
        self.get_batch(self.wanted(keys, guards), false).await
    }

    /// Guards, in any order, perhaps a moment old. Those that have reached their end are among them.
    pub(crate) async fn get_guards(&self, guards: &[GuardKey]) -> Result<Vec<Item>, StoreError> {
        Ok(self.get_from_both_lately(&[], guards).await?.guards)
    }

    /// The keys with their tables, each once.
    fn wanted(&self, keys: &[ItemKey], guards: &[GuardKey]) -> Vec<(Table, Item)> {
        let tenant = &self.settings.tenant;
        let keys = keys.iter().map(|key| (Table::Tickets, key_of(tenant, key)));
        let guards = guards.iter().map(|guard| {
            let key = Item::from([("PK".to_owned(), s(guard.pk(tenant)))]);
            (Table::Guards, key)
        });
        let mut wanted: Vec<(Table, Item)> = keys.chain(guards).collect();
        wanted.sort_by(|(table, key), (other_table, other)| {
            let names = (text_in(key, "PK"), text_in(key, "SK"));
            (table, names).cmp(&(other_table, (text_in(other, "PK"), text_in(other, "SK"))))
        });
        wanted.dedup();
        wanted
    }

    async fn get_batch(&self, wanted: Vec<(Table, Item)>, is_strong: bool) -> Result<FromBoth, StoreError> {
        let mut found = FromBoth {
            tickets: Vec::with_capacity(wanted.len()),
            guards: Vec::new(),
        };
        for chunk in wanted.chunks(BATCH_KEYS) {
            let mut wanted = chunk.to_vec();
            let mut tries = 0;
            while !wanted.is_empty() {
                let mut by_table: HashMap<String, KeysAndAttributes> = HashMap::new();
                for table in [Table::Tickets, Table::Guards] {
                    let here = wanted.iter().filter(|(other, _)| *other == table);
                    let keys: Vec<Item> = here.map(|(_, key)| key.clone()).collect();
                    if !keys.is_empty() {
                        let asked = KeysAndAttributes::builder()
                            .set_keys(Some(keys))
                            .consistent_read(is_strong)
                            .build()
                            .named_part("BatchGetItem")?;
                        by_table.insert(self.name_of(table).to_owned(), asked);
                    }
                }
                let request = self.clients.dynamo.batch_get_item();
                let output = request
                    .set_request_items(Some(by_table))
                    .send()
                    .await
                    .named("BatchGetItem")?;
                let mut read = output.responses.unwrap_or_default();
                let mut read = |table| read.remove(self.name_of(table)).unwrap_or_default();
                found.tickets.extend(read(Table::Tickets));
                found.guards.extend(read(Table::Guards));
                let mut left = output.unprocessed_keys.unwrap_or_default();
                wanted = [Table::Tickets, Table::Guards]
                    .into_iter()
                    .flat_map(|table| {
                        let keys = left.remove(self.name_of(table)).map(|left| left.keys);
                        keys.unwrap_or_default().into_iter().map(move |key| (table, key))
                    })
                    .collect();
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
        Ok(found)
    }

    fn name_of(&self, table: Table) -> &str {
        match table {
            Table::Tickets => &self.settings.tickets_table,
            Table::Guards => &self.settings.guard_table,
        }
    }
}

/// A table that a batch reads from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Table {
    Tickets,
    Guards,
}

/// Items of both tables.
#[derive(Debug, Default)]
pub(crate) struct FromBoth {
    pub tickets: Vec<Item>,
    pub guards: Vec<Item>,
}
