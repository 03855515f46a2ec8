//! The one helper through which every query goes.

use crate::{Store, StoreError, error::NameOperation, table::item::Item};
use aws_sdk_dynamodb::{
    operation::query::builders::QueryFluentBuilder,
    types::{AttributeValue, Select},
};

/// Most items asked for at once. Tests run with one.
pub const PAGE_ITEMS: i32 = 100;

/// A query: which partition, which range of sort keys, in which order, at most how many.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub index: Option<&'static str>,
    pub pk: String,
    /// Condition on the sort key with its values, for example `("SK <= :to", [(":to", …)])`.
    pub range: Option<(String, Vec<(&'static str, String)>)>,
    pub newest_first: bool,
    /// A strong read; indexes have none.
    pub consistent: bool,
    pub limit: usize,
    /// Most items asked for at once.
    pub at_once: i32,
    /// The key of the item to begin after.
    pub after: Option<Item>,
}

impl Query {
    /// Everything in a partition of the table, read strongly, up to `limit`.
    pub fn partition(pk: String, limit: usize) -> Self {
        Self {
            index: None,
            pk,
            range: None,
            newest_first: false,
            consistent: true,
            limit,
            at_once: PAGE_ITEMS,
            after: None,
        }
    }

    /// Everything in a partition of an index, up to `limit`.
    pub fn index(index: &'static str, pk: String, limit: usize) -> Self {
        Self {
            index: Some(index),
            pk,
            range: None,
            newest_first: false,
            consistent: false,
            limit,
            at_once: PAGE_ITEMS,
            after: None,
        }
    }

    /// Only sort keys for which this holds.
    pub fn range(mut self, condition: &str, values: Vec<(&'static str, String)>) -> Self {
        self.range = Some((condition.to_owned(), values));
        self
    }

    /// So many items at once, where they are small.
    pub fn at_once(mut self, items: i32) -> Self {
        self.at_once = items;
        self
    }

    /// Only what follows the item of this key: those of the index, or of the table, and the item's own.
    pub fn after(mut self, key: Option<Item>) -> Self {
        self.after = key;
        self
    }
}

impl Store {
    /// How many items a query finds, at most its limit.
    pub(crate) async fn count(&self, query: Query) -> Result<usize, StoreError> {
        let mut counted = 0;
        let mut start = query.after.clone();
        loop {
            let wanted = i32::try_from(query.limit - counted).unwrap_or(i32::MAX);
            let request = self.request(&query, wanted, start.take());
            let output = request.select(Select::Count).send().await.named("Query")?;
            counted += usize::try_from(output.count).unwrap_or_default();
            start = output.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() || counted >= query.limit {
                return Ok(counted);
            }
        }
    }

    /// Runs a query to its end or its limit, page by page.
    pub(crate) async fn query(&self, query: Query) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        let mut start = query.after.clone();
        loop {
            let wanted = i32::try_from(query.limit - items.len())
                .unwrap_or(i32::MAX)
                .min(self.at_once(&query));
            let request = self.request(&query, wanted, start.take());
            let output = request.send().await.named("Query")?;
            items.extend(output.items.unwrap_or_default());
            start = output.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() || items.len() >= query.limit {
                return Ok(items);
            }
        }
    }

    /// Most items of a page of a query; smaller pages of a test go before what the query says.
    fn at_once(&self, query: &Query) -> i32 {
        if self.page_items < PAGE_ITEMS {
            self.page_items
        } else {
            query.at_once
        }
    }

    /// One page of a query.
    fn request(&self, query: &Query, wanted: i32, start: Option<Item>) -> QueryFluentBuilder {
        let pk_name = query
            .index
            .map_or_else(|| "PK".to_owned(), |index| format!("{index}_pk"));
        let condition = match &query.range {
            Some((range, _)) => format!("{pk_name} = :pk AND {range}"),
            None => format!("{pk_name} = :pk"),
        };
        let mut request = self
            .clients
            .dynamo
            .query()
            .table_name(&self.settings.tickets_table)
            .set_index_name(query.index.map(str::to_owned))
            .key_condition_expression(&condition)
            .expression_attribute_values(":pk", AttributeValue::S(query.pk.clone()))
            .scan_index_forward(!query.newest_first)
            .limit(wanted)
            .set_exclusive_start_key(start);
        if query.consistent && query.index.is_none() {
            request = request.consistent_read(true);
        }
        for (name, value) in query.range.iter().flat_map(|(_, values)| values) {
            request = request.expression_attribute_values(*name, AttributeValue::S(value.clone()));
        }
        request
    }
}
