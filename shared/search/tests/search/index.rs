//! The simplest index there is: all documents, and sets of their places. It is written apart from the library's own evaluation, so
//! that one mistake does not stand in both.

use docket_search::{Bounds, Column, Document, Kind, Matcher, TextField};
use std::{collections::BTreeSet, ops::Bound};

pub(crate) struct Index {
    pub(crate) documents: Vec<Document>,
}

type Places = BTreeSet<usize>;

impl Index {
    pub(crate) fn found(&self, matcher: &Matcher) -> Places {
        match matcher {
            Matcher::All => (0..self.documents.len()).collect(),
            Matcher::Nothing => Places::new(),
            Matcher::Kind(kind) => self.those(|document| document.kind == *kind),
            Matcher::Number(number) => self.those(|document| document.number == *number),
            Matcher::Word { fields, word } => {
                self.those(|document| words(document, fields).any(|(text, _)| text == word))
            }
            Matcher::Prefix { fields, prefix } => self
                .those(|document| words(document, fields).any(|(text, _)| text.starts_with(prefix.as_str()))),
            Matcher::Phrase { fields, words } => self.those(|document| {
                fields.iter().any(|field| {
                    let here: BTreeSet<(String, i64)> = self::words(document, &[*field])
                        .map(|(text, place)| (text.to_owned(), i64::from(place)))
                        .collect();
                    let places: BTreeSet<i64> = here.iter().map(|(_, place)| *place).collect();
                    let wanted: BTreeSet<u32> = words.iter().map(|word| word.position).collect();
                    let first = i64::from(*wanted.first().unwrap());
                    places.iter().any(|start| {
                        wanted.iter().all(|at| {
                            let spellings = words.iter().filter(|word| word.position == *at);
                            let place = start + i64::from(*at) - first;
                            spellings
                                .into_iter()
                                .any(|word| here.contains(&(word.text.clone(), place)))
                        })
                    })
                })
            }),
            Matcher::Keyword(keyword) => self.those(|document| document.keywords.contains(keyword)),
            Matcher::AnyKeyword(any) => {
                self.those(|document| document.keywords.iter().any(|keyword| any.contains(keyword)))
            }
            Matcher::KeywordWithin(from, to) => self.those(|document| {
                let mut sorted: Vec<&String> = document.keywords.iter().collect();
                sorted.sort();
                let from = sorted.partition_point(|keyword| match from {
                    Bound::Included(from) => *keyword < from,
                    Bound::Excluded(from) => *keyword <= from,
                    Bound::Unbounded => false,
                });
                let to = sorted.partition_point(|keyword| match to {
                    Bound::Included(to) => *keyword <= to,
                    Bound::Excluded(to) => *keyword < to,
                    Bound::Unbounded => true,
                });
                from < to
            }),
            Matcher::Around(which, inner) => {
                let around = self.found(inner).into_iter().map(|at| &self.documents[at]);
                let around = around.filter(|document| document.kind == which.kind());
                let terms: Vec<String> = around.map(|document| which.keyword(document.number)).collect();
                self.those(|document| {
                    document.kind == Kind::Ticket && document.keywords.iter().any(|term| terms.contains(term))
                })
            }
            Matcher::Within(column, Bounds { least, most }) => self.those(|document| {
                let value = column_of(document, *column);
                value.is_some_and(|value| {
                    value >= least.unwrap_or(i64::MIN) && value <= most.unwrap_or(i64::MAX)
                })
            }),
            Matcher::Has(column) => self.those(|document| column_of(document, *column).is_some()),
            Matcher::And(parts) => {
                let mut found = self.found(&Matcher::All);
                for part in parts {
                    found = found.intersection(&self.found(part)).copied().collect();
                }
                found
            }
            Matcher::Or(parts) => parts.iter().flat_map(|part| self.found(part)).collect(),
            Matcher::Not(inner) => {
                let all = self.found(&Matcher::All);
                all.difference(&self.found(inner)).copied().collect()
            }
            Matcher::Weighted(_, inner) => self.found(inner),
        }
    }

    fn those(&self, are_meant: impl Fn(&Document) -> bool) -> Places {
        let places = self.documents.iter().enumerate();
        places
            .filter(|(_, document)| are_meant(document))
            .map(|(at, _)| at)
            .collect()
    }
}

fn words<'d>(document: &'d Document, fields: &'d [TextField]) -> impl Iterator<Item = (&'d String, u32)> {
    let texts = document.texts.iter().filter(|(field, _)| fields.contains(field));
    texts.flat_map(|(_, tokens)| tokens.iter().map(|token| (&token.text, token.position)))
}

fn column_of(document: &Document, column: Column) -> Option<i64> {
    document.columns.of(column)
}
