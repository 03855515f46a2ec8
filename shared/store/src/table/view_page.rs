//! Pages of what stands in partitions of an index, in one order over all of them.

use crate::{
    Store, StoreError,
    table::{item::text_in, page::Query},
};

/// Which rows are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewPage {
    /// Only what comes behind this place.
    pub after: Option<String>,
    /// Whether the oldest come first; else the newest.
    pub oldest_first: bool,
    /// So many are passed over.
    pub skip: usize,
    /// At most so many.
    pub limit: usize,
}

impl ViewPage {
    /// The newest.
    pub fn newest(limit: usize) -> Self {
        Self {
            after: None,
            oldest_first: false,
            skip: 0,
            limit,
        }
    }
}

impl Store {
    /// The places of these rows in the index `view` in their order, and whether there are more.
    pub(crate) async fn places_in_view(
        &self,
        partitions: &[String],
        asked: &ViewPage,
    ) -> Result<(Vec<String>, bool), StoreError> {
        self.places_of_list("view", partitions, asked).await
    }

    /// The same in another index. Its sort key is called by its name.
    pub(crate) async fn places_of_list(
        &self,
        index: &'static str,
        partitions: &[String],
        asked: &ViewPage,
    ) -> Result<(Vec<String>, bool), StoreError> {
        let wanted = asked.skip + asked.limit + 1;
        let sk = format!("{index}_sk");
        let mut places = Vec::new();
        for pk in partitions {
            let mut query = Query::index(index, pk.clone(), wanted);
            query.newest_first = !asked.oldest_first;
            if let Some(after) = &asked.after {
                let order = if asked.oldest_first { ">" } else { "<" };
                let range = format!("{sk} {order} :after");
                query = query.range(&range, vec![(":after", after.clone())]);
            }
            let items = self.query(query).await?;
            let found = items.iter().filter_map(|item| text_in(item, &sk));
            places.extend(found.map(str::to_owned));
        }
        places.sort();
        if !asked.oldest_first {
            places.reverse();
        }
        let has_more = places.len() >= wanted;
        let places = places.into_iter().skip(asked.skip).take(asked.limit);
        Ok((places.collect(), has_more))
    }
}
