//! Items of table `tickets` by their keys.

use crate::{
    Store, StoreError,
    error::{NameOperation, NamedPart},
    keys::ItemKey,
    table::item::{Item, key_of, text_in},
};
use aws_sdk_dynamodb::types::KeysAndAttributes;

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
        self.get_batch(keys, false).await
    }

    /// The same as of now.
    pub(crate) async fn get_items_strongly(&self, keys: &[ItemKey]) -> Result<Vec<Item>, StoreError> {
        self.get_batch(keys, true).await
    }

    async fn get_batch(&self, keys: &[ItemKey], is_strong: bool) -> Result<Vec<Item>, StoreError> {
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
                    .consistent_read(is_strong)
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
