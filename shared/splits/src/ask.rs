//! Asking: what matches, in which order, how many.

use crate::{
    SplitError,
    place::{Best, Place},
    query::query_of,
    schema::FIELDS,
    split::Newest,
    splits::{Part, Splits},
    statistics::Statistics,
};
use docket_search::{Column, Direction, Kind, Matcher, Order, Question};
use tantivy::query::{EnableScoring, Weight};

/// Most results that are held at once, left out and taken together.
pub const MOST_HELD: usize = 10_000;

/// Something that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// What it is about.
    pub kind: Kind,
    /// Its number among its kind.
    pub number: u64,
    /// The version that was found.
    pub version: u64,
    /// By what it has its place.
    pub rank: Rank,
}

/// By what a hit has its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rank {
    /// How well it fits; to be compared within one answer only.
    Score(f32),
    /// Its number in the column of the order.
    Value(Option<i64>),
    /// Its numbers in the columns of the groups and of the order.
    Listed(Option<i64>, Option<i64>),
}

/// Where a page ended, from which the next one goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// The last hit's number in the column of the groups, where there are groups.
    pub group: Option<i64>,
    /// The last hit's number in the column of the order.
    pub value: Option<i64>,
    /// Its number.
    pub number: u64,
    /// Its kind.
    pub kind: Kind,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Those asked for, in their order.
    pub hits: Vec<Hit>,
    /// How many there are in all, those left out included.
    pub count: u64,
}

impl Hit {
    /// Where a page that ends with it goes on; nothing by relevance.
    #[must_use]
    pub fn after(&self) -> Option<After> {
        let (group, value) = match self.rank {
            Rank::Value(value) => (None, value),
            Rank::Listed(group, value) => (group, value),
            Rank::Score(_) => return None,
        };
        Some(After {
            group,
            value,
            number: self.number,
            kind: self.kind,
        })
    }
}

impl Splits {
    /// Answers a question. It reads what is needed of the splits, and blocks as they do.
    ///
    /// # Errors
    /// When too much is to be left out, or a split could not be read.
    pub fn ask(&self, question: &Question) -> Result<Answer, SplitError> {
        self.found(question, None)
    }

    /// As [`Self::ask`], but what comes after a hit of an earlier page. The count is that of all pages.
    ///
    /// # Errors
    /// When the order is by relevance, too much is to be left out, or a split could not be read.
    pub fn ask_after(&self, question: &Question, after: After) -> Result<Answer, SplitError> {
        let place = match question.order {
            Order::Relevance => return Err(SplitError::NoPlaceByRelevance),
            Order::By(_, direction) => Place::by_value(after.value, after.number, after.kind, direction),
            Order::Listed { group, direction, .. } => {
                Place::by_value(after.value, after.number, after.kind, direction)
                    .in_group(group.map(|(_, direction)| (after.group, direction)))
            }
        };
        self.found(question, Some(place))
    }

    /// How many match.
    ///
    /// # Errors
    /// When a split could not be read.
    pub fn count(&self, matcher: &Matcher) -> Result<u64, SplitError> {
        let mut count = 0;
        self.each_part(matcher, |part, weight| {
            each_found(part, weight, &mut |_, _| count += 1)
        })?;
        Ok(count)
    }

    fn found(&self, question: &Question, after: Option<Place>) -> Result<Answer, SplitError> {
        let wanted = question.skip.saturating_add(question.take);
        if wanted > MOST_HELD {
            return Err(SplitError::TooFar {
                wanted,
                most: MOST_HELD,
            });
        }
        let mut best = Best::new(wanted, after);
        match question.order {
            Order::Relevance => self.by_relevance(&question.matcher, &mut best)?,
            Order::By(column, direction) => {
                self.by_column(&question.matcher, column, direction, &mut best)?
            }
            Order::Listed { group, by, direction } => {
                self.listed(&question.matcher, group, (by, direction), &mut best)?
            }
        }
        let (hits, count) = best.after_the_first(question.skip);
        Ok(Answer { hits, count })
    }

    fn by_relevance(&self, matcher: &Matcher, best: &mut Best) -> Result<(), SplitError> {
        let Some(first) = self.parts().first() else {
            return Ok(());
        };
        let statistics = Statistics(self.parts());
        let scoring = EnableScoring::Enabled {
            searcher: first.split.searcher(),
            statistics_provider: &statistics,
        };
        let matcher = self.without_around(matcher)?;
        let weight = query_of(&matcher).weight(scoring)?;
        for part in self.parts() {
            weight.for_each(part.split.reader(), &mut |document, score| {
                if let Some(thing) = part.found(document) {
                    best.offer(Place::by_score(score, thing), *thing, Rank::Score(score));
                }
            })?;
        }
        Ok(())
    }

    fn by_column(
        &self,
        matcher: &Matcher,
        column: Column,
        direction: Direction,
        best: &mut Best,
    ) -> Result<(), SplitError> {
        self.each_part(matcher, |part, weight| {
            let values = part.split.column(column)?;
            each_found(part, weight, &mut |document, thing| {
                let value = values.first(document);
                let place = Place::by_value(value, thing.number, thing.kind, direction);
                best.offer(place, *thing, Rank::Value(value));
            })
        })
    }

    fn listed(
        &self,
        matcher: &Matcher,
        group: Option<(Column, Direction)>,
        (by, direction): (Option<Column>, Direction),
        best: &mut Best,
    ) -> Result<(), SplitError> {
        self.each_part(matcher, |part, weight| {
            let column = |of: Option<Column>| of.map(|of| part.split.column(of)).transpose();
            let (groups, values) = (column(group.map(|(of, _)| of))?, column(by)?);
            each_found(part, weight, &mut |document, thing| {
                let value = values.and_then(|values| values.first(document));
                let of_group = groups.and_then(|groups| groups.first(document));
                let place = Place::by_value(value, thing.number, thing.kind, direction)
                    .in_group(group.map(|(_, direction)| (of_group, direction)));
                best.offer(place, *thing, Rank::Listed(of_group, value));
            })
        })
    }

    /// Hands over each split with a query that only filters.
    pub(crate) fn each_part(
        &self,
        matcher: &Matcher,
        mut each: impl FnMut(&Part, &dyn Weight) -> Result<(), SplitError>,
    ) -> Result<(), SplitError> {
        let matcher = self.without_around(matcher)?;
        let query = query_of(&matcher);
        let weight = query.weight(EnableScoring::disabled_from_schema(&FIELDS.schema))?;
        self.parts()
            .iter()
            .try_for_each(|part| each(part, weight.as_ref()))
    }
}

/// Hands over each document of a split that matches and is alive.
pub(crate) fn each_found(
    part: &Part,
    weight: &dyn Weight,
    each: &mut dyn FnMut(u32, &Newest),
) -> Result<(), SplitError> {
    weight.for_each_no_score(part.split.reader(), &mut |documents| {
        for document in documents {
            if let Some(thing) = part.found(*document) {
                each(*document, thing);
            }
        }
    })?;
    Ok(())
}
