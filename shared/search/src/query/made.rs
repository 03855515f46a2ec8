//! Queries that a program makes: nothing in them is read as the language.

use super::{
    ast::{Condition, Operator, Property, Query, Shape, Term, Text, Value},
    keys::Key,
    values,
};
use crate::{
    document::Kind,
    limits::{LONGEST_QUERY_BYTES, MOST_WORDS},
    text::{clip, pieces},
};

impl Query {
    /// Those of a kind in which all of these words stand, the last perhaps not typed to its end: for lists that follow what is typed.
    /// What is too long is cut.
    pub fn names_beginning(kind: Kind, text: &str) -> Self {
        let words: Vec<&str> = clip(text, LONGEST_QUERY_BYTES)
            .split_whitespace()
            .filter(|word| !pieces(word).is_empty())
            .take(MOST_WORDS)
            .collect();
        let last = words.len().saturating_sub(1);
        let texts = words.iter().enumerate().map(|(at, word)| Text {
            text: (*word).to_owned(),
            shape: if at == last && values::check_beginning(word).is_ok() {
                Shape::Beginning
            } else {
                Shape::Word
            },
        });
        let mut query = Self::of_kind(kind);
        query.has_ignored = words.is_empty() && !text.trim().is_empty();
        query
            .terms
            .extend(texts.map(|text| holds(Condition::Words(text))));
        query
    }

    /// Those of people who have a telephone number with these digits in it.
    pub fn phones_with(digits: &str) -> Self {
        let mut query = Self::of_kind(Kind::Person);
        query.terms.push(holds(Condition::Property(Property {
            key: Key::Phone,
            field: None,
            operator: Operator::Is,
            value: Value::Text(Text {
                text: clip(digits, LONGEST_QUERY_BYTES).to_owned(),
                shape: Shape::Beginning,
            }),
        })));
        query
    }

    /// Those of a kind with this id of the operator's own.
    pub fn by_external_id(kind: Kind, id: &str) -> Self {
        let mut query = Self::of_kind(kind);
        query.terms.push(holds(Condition::Property(Property {
            key: Key::ExternalId,
            field: None,
            operator: Operator::Is,
            value: Value::Exact(id.to_owned()),
        })));
        query
    }

    /// Those of a kind whose field of the operator's own has this value, as a whole.
    pub fn by_own_field(kind: Kind, name: &str, value: &str) -> Self {
        let mut query = Self::of_kind(kind);
        query.terms.push(holds(Condition::Property(Property {
            key: Key::OwnField,
            field: Some(name.to_owned()),
            operator: Operator::Is,
            value: Value::Exact(value.to_owned()),
        })));
        query
    }

    /// All of a kind.
    pub fn of_kind(kind: Kind) -> Self {
        Self {
            terms: vec![holds(Condition::Property(Property {
                key: Key::Kind,
                field: None,
                operator: Operator::Is,
                value: Value::Kind(Some(kind)),
            }))],
            ..Self::default()
        }
    }

    /// The same of documents of one kind only: what `filter[type]` asks for.
    #[must_use]
    pub fn and_of_kind(mut self, kind: Kind) -> Self {
        let others = [Kind::Ticket, Kind::Person, Kind::Organization]
            .into_iter()
            .filter(|other| *other != kind);
        let terms = others.flat_map(|other| Self::of_kind(other).terms);
        self.terms.extend(terms.map(|term| Term {
            negated: true,
            ..term
        }));
        self
    }
}

fn holds(condition: Condition) -> Term {
    Term {
        negated: false,
        condition,
    }
}
