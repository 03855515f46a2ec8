//! A matcher becomes a query of the index.

use crate::{
    phrase::Places,
    schema::{FIELDS, column_name, kind_number},
    without::Without,
};
use docket_search::{Bounds, Column, Matcher, TextField, Token};
use std::{collections::BTreeMap, ops::Bound};
use tantivy::{
    Term,
    query::{
        AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, ExistsQuery, Query, RangeQuery,
        TermQuery, TermSetQuery,
    },
    schema::{Field, IndexRecordOption},
};

type Asked = Box<dyn Query>;

/// What a match without words counts for relevance.
const PLAIN: f32 = 1.0;

/// The query that finds what a matcher matches. Words and phrases count by how rare they are, whatever else by [`PLAIN`], what is
/// excluded and what only filters by nothing.
pub(crate) fn query_of(matcher: &Matcher) -> Asked {
    match matcher {
        Matcher::All => Box::new(AllQuery),
        Matcher::Nothing => Box::new(EmptyQuery),
        Matcher::Kind(kind) => equal(FIELDS.kind, kind_number(*kind)),
        Matcher::Number(number) => equal(FIELDS.number, *number),
        Matcher::Word { fields, word } => in_one_of(fields, |field| word_query(field, word)),
        Matcher::Prefix { fields, prefix } => in_one_of(fields, |field| prefix_query(field, prefix)),
        Matcher::Phrase { fields, words } => phrase(fields, words),
        Matcher::Keyword(keyword) => plain(Box::new(TermQuery::new(
            keyword_term(keyword),
            IndexRecordOption::Basic,
        ))),
        Matcher::AnyKeyword(any) if any.is_empty() => Box::new(EmptyQuery),
        Matcher::AnyKeyword(any) => plain(Box::new(TermSetQuery::new(
            any.iter().map(|keyword| keyword_term(keyword)),
        ))),
        Matcher::KeywordWithin(from, to) => keywords_within(from, to),
        // Whoever asks turns it into keywords before: see `around.rs`.
        Matcher::Around(..) => Box::new(EmptyQuery),
        Matcher::Within(column, bounds) => within(*column, *bounds),
        Matcher::Has(column) => has(*column),
        Matcher::And(all) => and(all),
        Matcher::Or(any) => or(any.iter().map(query_of).collect()),
        Matcher::Not(inner) => Box::new(Without::new(query_of(inner))),
        // A weight below none, or none that is a number, is none.
        Matcher::Weighted(weight, inner) if *weight > 0.0 => {
            Box::new(BoostQuery::new(query_of(inner), weight.min(f32::MAX)))
        }
        Matcher::Weighted(_, inner) => weightless(query_of(inner)),
    }
}

fn keyword_term(keyword: &str) -> Term {
    Term::from_field_text(FIELDS.keywords, keyword)
}

fn keywords_within(from: &Bound<String>, to: &Bound<String>) -> Asked {
    fn border(bound: &Bound<String>) -> Bound<Term> {
        match bound {
            Bound::Included(keyword) => Bound::Included(keyword_term(keyword)),
            Bound::Excluded(keyword) => Bound::Excluded(keyword_term(keyword)),
            Bound::Unbounded => Bound::Unbounded,
        }
    }
    // The library has to be told of which field the terms are.
    let from = match border(from) {
        Bound::Unbounded => Bound::Included(keyword_term("")),
        from => from,
    };
    plain(Box::new(RangeQuery::new(from, border(to))))
}

fn all() -> Asked {
    Box::new(AllQuery)
}

fn plain(query: Asked) -> Asked {
    Box::new(ConstScoreQuery::new(query, PLAIN))
}

fn weightless(query: Asked) -> Asked {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn and(all_of: &[Matcher]) -> Asked {
    match all_of {
        [] => all(),
        [only] => query_of(only),
        _ => Box::new(BooleanQuery::intersection(all_of.iter().map(query_of).collect())),
    }
}

fn or(mut any: Vec<Asked>) -> Asked {
    match any.len() {
        0 => Box::new(EmptyQuery),
        1 => any.remove(0),
        _ => Box::new(BooleanQuery::union(any)),
    }
}

fn in_one_of(fields: &[TextField], query: impl Fn(Field) -> Asked) -> Asked {
    or(distinct(fields)
        .into_iter()
        .map(|field| query(FIELDS.text(field)))
        .collect())
}

/// Fields, each once.
fn distinct(fields: &[TextField]) -> Vec<TextField> {
    let mut fields = fields.to_vec();
    fields.sort_unstable();
    fields.dedup();
    fields
}

fn word_query(field: Field, word: &str) -> Asked {
    Box::new(TermQuery::new(
        Term::from_field_text(field, word),
        IndexRecordOption::WithFreqs,
    ))
}

/// Every word from the prefix itself to before the first that cannot begin with it, however many there are.
fn prefix_query(field: Field, prefix: &str) -> Asked {
    let from = Bound::Included(Term::from_field_text(field, prefix));
    let to = match after_all_with(prefix) {
        Some(next) => Bound::Excluded(Term::from_field_text(field, &next)),
        None => Bound::Unbounded,
    };
    plain(Box::new(RangeQuery::new(from, to)))
}

/// The least text that is greater than all with this beginning: the last character that has a next one is raised.
fn after_all_with(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            _ => char::from_u32(u32::from(last) + 1),
        };
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

fn phrase(fields: &[TextField], words: &[Token]) -> Asked {
    let mut places: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for word in words {
        places.entry(word.position).or_default().push(&word.text);
    }
    for readings in places.values_mut() {
        readings.sort_unstable();
        readings.dedup();
    }
    let Some(first) = places.keys().next().copied() else {
        return Box::new(EmptyQuery);
    };
    in_one_of(fields, |field| {
        if let [readings] = places.values().collect::<Vec<_>>().as_slice() {
            return or(readings.iter().map(|word| word_query(field, word)).collect());
        }
        let terms = places.iter().map(|(position, readings)| {
            let terms = readings
                .iter()
                .map(|word| Term::from_field_text(field, word))
                .collect();
            (position - first, terms)
        });
        Box::new(Places::new(terms.collect()))
    })
}

fn equal(field: Field, number: u64) -> Asked {
    let term = Bound::Included(Term::from_field_u64(field, number));
    plain(Box::new(RangeQuery::new(term.clone(), term)))
}

fn has(column: Column) -> Asked {
    plain(Box::new(ExistsQuery::new(column_name(column).to_owned(), false)))
}

fn within(column: Column, bounds: Bounds) -> Asked {
    let field = FIELDS.column(column);
    let term = |value: i64| Bound::Included(Term::from_field_i64(field, value));
    match (bounds.least, bounds.most) {
        (None, None) => has(column),
        (Some(least), Some(most)) if least > most => Box::new(EmptyQuery),
        (least, most) => {
            let from = least.map_or(Bound::Unbounded, term);
            let to = most.map_or(Bound::Unbounded, term);
            plain(Box::new(RangeQuery::new(from, to)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::after_all_with;

    #[test]
    fn what_comes_after_a_prefix_is_the_least_that_cannot_begin_with_it() {
        assert_eq!(after_all_with("st").as_deref(), Some("su"));
        assert_eq!(after_all_with("s\u{D7FF}").as_deref(), Some("s\u{E000}"));
        assert_eq!(after_all_with("s\u{10FFFF}").as_deref(), Some("t"));
        assert_eq!(after_all_with("\u{10FFFF}"), None);
        assert_eq!(after_all_with(""), None);
    }
}
