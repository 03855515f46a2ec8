//! The meaning of matchers and orders, without an index: every document is looked at.

use docket_search::{Bounds, Column, Columns, Direction, Document, Kind, Matcher, TextField, Token};
use std::{collections::BTreeMap, ops::Bound};

/// The newest document of each thing in splits in their order, without tombstones.
pub fn alive(splits: &[Vec<Document>]) -> Vec<Document> {
    let mut newest: BTreeMap<(Kind, u64), &Document> = BTreeMap::new();
    for document in splits.iter().flatten() {
        let key = (document.kind, document.number);
        if newest
            .get(&key)
            .is_none_or(|other| other.version <= document.version)
        {
            newest.insert(key, document);
        }
    }
    newest
        .into_values()
        .filter(|document| !document.tombstone)
        .cloned()
        .collect()
}

pub fn column(columns: &Columns, column: Column) -> Option<i64> {
    columns.of(column)
}

fn any_field(document: &Document, fields: &[TextField], test: impl Fn(&[&Token]) -> bool) -> bool {
    fields.iter().any(|field| {
        let texts = document.texts.iter().filter(|(of, _)| of == field);
        let tokens: Vec<&Token> = texts.flat_map(|(_, tokens)| tokens).collect();
        test(&tokens)
    })
}

fn has_phrase(tokens: &[&Token], words: &[Token]) -> bool {
    let Some(first) = words.iter().map(|word| word.position).min() else {
        return false;
    };
    let mut places: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for word in words {
        places.entry(word.position - first).or_default().push(&word.text);
    }
    tokens.iter().any(|start| {
        places.iter().all(|(offset, readings)| {
            let at = start.position + offset;
            tokens
                .iter()
                .any(|token| token.position == at && readings.contains(&token.text.as_str()))
        })
    })
}

pub fn matches(document: &Document, matcher: &Matcher) -> bool {
    match matcher {
        Matcher::All => true,
        Matcher::Nothing => false,
        Matcher::Kind(kind) => document.kind == *kind,
        Matcher::Number(number) => document.number == *number,
        Matcher::Word { fields, word } => any_field(document, fields, |tokens| {
            tokens.iter().any(|token| token.text == *word)
        }),
        Matcher::Prefix { fields, prefix } => any_field(document, fields, |tokens| {
            tokens.iter().any(|token| token.text.starts_with(prefix.as_str()))
        }),
        Matcher::Phrase { fields, words } => any_field(document, fields, |tokens| has_phrase(tokens, words)),
        Matcher::Keyword(keyword) => document.keywords.contains(keyword),
        Matcher::AnyKeyword(any) => document.keywords.iter().any(|keyword| any.contains(keyword)),
        Matcher::KeywordWithin(from, to) => {
            let is_within = |keyword: &&String| {
                let is_behind = match from {
                    Bound::Included(from) => *keyword >= from,
                    Bound::Excluded(from) => *keyword > from,
                    Bound::Unbounded => true,
                };
                let is_before = match to {
                    Bound::Included(to) => *keyword <= to,
                    Bound::Excluded(to) => *keyword < to,
                    Bound::Unbounded => true,
                };
                is_behind && is_before
            };
            document.keywords.iter().any(|keyword| is_within(&keyword))
        }
        Matcher::Around(..) => panic!("one document does not tell who is around it"),
        Matcher::Within(of, Bounds { least, most }) => column(&document.columns, *of).is_some_and(|value| {
            least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most)
        }),
        Matcher::Has(of) => column(&document.columns, *of).is_some(),
        Matcher::And(all) => all.iter().all(|matcher| matches(document, matcher)),
        Matcher::Or(any) => any.iter().any(|matcher| matches(document, matcher)),
        Matcher::Not(inner) => !matches(document, inner),
        Matcher::Weighted(_, inner) => matches(document, inner),
    }
}

/// Kinds and numbers by a column: what has none last, of equal ones by number in the same direction.
pub fn ordered(mut documents: Vec<Document>, by: Column, direction: Direction) -> Vec<(Kind, u64)> {
    documents.sort_by(|left, right| {
        let (first, second) = (column(&left.columns, by), column(&right.columns, by));
        let numbers = (left.number, left.kind).cmp(&(right.number, right.kind));
        let values = match (first, second) {
            (Some(first), Some(second)) => first.cmp(&second),
            (first, second) => {
                let missing = first.is_none().cmp(&second.is_none());
                return missing.then(if direction == Direction::Ascending {
                    numbers
                } else {
                    numbers.reverse()
                });
            }
        };
        let ascending = values.then(numbers);
        if direction == Direction::Ascending {
            ascending
        } else {
            ascending.reverse()
        }
    });
    documents
        .into_iter()
        .map(|document| (document.kind, document.number))
        .collect()
}
