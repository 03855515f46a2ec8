//! How many of what was found have which value.

use crate::{error::IndexError, kept::reading};
use docket_search::{Facet, Facets, Matcher};
use docket_splits::Splits;

/// Most values of a property that are told.
const MOST_VALUES: usize = 20;

/// By status, group, assignee and tag.
pub(crate) async fn of(splits: Splits, matcher: Matcher) -> Result<Vec<(String, Vec<Facet>)>, IndexError> {
    reading(&splits.clone(), move || {
        let mut facets = Vec::new();
        for facet in Facets::ALL {
            let counts = match facet.column() {
                Some(column) => {
                    let counted = splits.counts_by(&matcher, column, 1, MOST_VALUES)?;
                    counted
                        .counts
                        .into_iter()
                        .filter_map(|(rank, count)| facet.of_rank(rank, count))
                        .collect()
                }
                None => {
                    let counted = splits.counts_by_keyword(&matcher, facet.prefix(), MOST_VALUES)?;
                    counted
                        .counts
                        .into_iter()
                        .map(|(value, count)| facet.of_value(&value, count))
                        .collect()
                }
            };
            facets.push((facet.name().to_owned(), counts));
        }
        Ok(facets)
    })
    .await
}

/// The tags that begin so, the most frequent first.
pub(crate) async fn tags(
    splits: Splits,
    matcher: Matcher,
    beginning: &str,
    most: usize,
) -> Result<Vec<(String, Vec<Facet>)>, IndexError> {
    let prefix = Facets::tags_beginning(beginning);
    reading(&splits.clone(), move || {
        let counted = splits.counts_by_keyword(&matcher, &prefix, most)?;
        let counts = counted.counts.into_iter();
        let facets = counts.map(|(value, count)| Facets::Tags.of_value(&value, count));
        Ok(vec![(Facets::Tags.name().to_owned(), facets.collect())])
    })
    .await
}
