//! How many of what matches have which value.

use crate::{
    SplitError,
    ask::each_found,
    documents::Documents,
    schema::FIELDS,
    splits::{Part, Splits},
};
use docket_search::{Column, Matcher};
use std::{collections::HashMap, hash::Hash};
use tantivy::{DocSet, TERMINATED, schema::IndexRecordOption};

/// Most different values that are told apart. What comes beyond is not counted, and the answer says so.
pub const MOST_VALUES: usize = 10_000;

/// Values with how many have them, the most frequent first, of equal ones the lesser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts<V> {
    /// Values and how many have them.
    pub counts: Vec<(V, u64)>,
    /// Whether there were more values than [`MOST_VALUES`], or than were asked for.
    pub more: bool,
}

impl Splits {
    /// How many of what matches have which number in a column, in steps of so many: for a step of a day in milliseconds, how many a day,
    /// each day by its first millisecond. What has none is not counted. A step below 1 is 1.
    ///
    /// # Errors
    /// When a split could not be read.
    pub fn counts_by(
        &self,
        matcher: &Matcher,
        column: Column,
        step: i64,
        most: usize,
    ) -> Result<Counts<i64>, SplitError> {
        let step = step.max(1);
        let mut tally = Tally::default();
        self.each_part(matcher, |part, weight| {
            let values = part.split.column(column)?;
            each_found(part, weight, &mut |document, _| {
                if let Some(value) = values.first(document) {
                    // The first step of all may begin below the least number.
                    tally.add(value.div_euclid(step).saturating_mul(step), 1);
                }
            })
        })?;
        Ok(tally.most_frequent(most))
    }

    /// How many of what matches have which keyword with this beginning: by `g:` how many a group.
    ///
    /// # Errors
    /// When a split could not be read.
    pub fn counts_by_keyword(
        &self,
        matcher: &Matcher,
        beginning: &str,
        most: usize,
    ) -> Result<Counts<String>, SplitError> {
        let mut tally = Tally::default();
        self.each_part(matcher, |part, weight| {
            let mut found = Documents::none_of(part.split.documents());
            each_found(part, weight, &mut |document, _| found.add(document))?;
            count_keywords(part, &found, beginning, &mut tally)
        })?;
        Ok(tally.most_frequent(most))
    }
}

fn count_keywords(
    part: &Part,
    found: &Documents,
    beginning: &str,
    tally: &mut Tally<String>,
) -> Result<(), SplitError> {
    let index = part.split.reader().inverted_index(FIELDS.keywords)?;
    let mut keywords = index.terms().range().ge(beginning.as_bytes()).into_stream()?;
    while let Some((keyword, place)) = keywords.next() {
        if !keyword.starts_with(beginning.as_bytes()) {
            break;
        }
        let mut with = index.read_postings_from_terminfo(place, IndexRecordOption::Basic)?;
        let mut count = 0;
        while with.doc() != TERMINATED {
            count += u64::from(found.has(with.doc()));
            with.advance();
        }
        if count > 0 && !tally.add(String::from_utf8_lossy(keyword).into_owned(), count) {
            break;
        }
    }
    Ok(())
}

struct Tally<V> {
    counts: HashMap<V, u64>,
    more: bool,
}

impl<V> Default for Tally<V> {
    fn default() -> Self {
        Self {
            counts: HashMap::new(),
            more: false,
        }
    }
}

impl<V: Hash + Eq + Ord + Clone> Tally<V> {
    /// Adds to a value. False where there are too many values for another one.
    fn add(&mut self, value: V, count: u64) -> bool {
        if let Some(counted) = self.counts.get_mut(&value) {
            *counted += count;
            return true;
        }
        self.more = self.more || self.counts.len() >= MOST_VALUES;
        if self.counts.len() < MOST_VALUES {
            self.counts.insert(value, count);
        }
        !self.more
    }

    fn most_frequent(self, most: usize) -> Counts<V> {
        let mut counts: Vec<(V, u64)> = self.counts.into_iter().collect();
        counts.sort_unstable_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        let more = self.more || counts.len() > most;
        counts.truncate(most);
        Counts { counts, more }
    }
}
