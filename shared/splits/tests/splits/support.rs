//! Documents and questions, in few words.

use docket_search::{Document, Kind, Matcher, Order, Question, TextField, Token};
use docket_splits::{Split, Splits, split_of};
use std::sync::Arc;

pub const EVERYWHERE: [TextField; 5] = [
    TextField::Title,
    TextField::Body,
    TextField::Notes,
    TextField::Who,
    TextField::Files,
];

/// Words one after another.
pub fn tokens(text: &str) -> Vec<Token> {
    let words = (0..).zip(text.split_whitespace());
    words
        .map(|(position, word)| Token {
            text: word.to_owned(),
            position,
        })
        .collect()
}

/// A ticket with a text.
pub fn ticket(number: u64, version: u64, text: &str) -> Document {
    Document {
        kind: Kind::Ticket,
        number,
        version,
        columns: Default::default(),
        texts: vec![(TextField::Body, tokens(text))],
        keywords: Vec::new(),
        tombstone: false,
        erases_before: 0,
    }
}

/// What is left of a ticket.
pub fn tombstone(number: u64, version: u64) -> Document {
    Document {
        texts: Vec::new(),
        tombstone: true,
        erases_before: 0,
        ..ticket(number, version, "")
    }
}

pub fn split(documents: &[Document]) -> Arc<Split> {
    Split::in_memory(split_of(documents).unwrap().unwrap()).unwrap()
}

pub fn splits(of: &[&[Document]]) -> Splits {
    Splits::new(of.iter().map(|documents| split(documents)).collect())
}

pub fn word(word: &str) -> Matcher {
    Matcher::Word {
        fields: EVERYWHERE.to_vec(),
        word: word.to_owned(),
    }
}

pub fn question(matcher: Matcher, order: Order) -> Question {
    Question {
        matcher,
        order,
        skip: 0,
        take: 10_000,
    }
}

/// The numbers of what matches, in order of numbers.
pub fn numbers(splits: &Splits, matcher: &Matcher) -> Vec<u64> {
    let answer = splits.ask(&question(matcher.clone(), Order::Relevance)).unwrap();
    assert_eq!(answer.count, answer.hits.len() as u64);
    assert_eq!(answer.count, splits.count(matcher).unwrap());
    let mut numbers: Vec<u64> = answer.hits.iter().map(|hit| hit.number).collect();
    numbers.sort_unstable();
    numbers
}

/// No numbers.
pub const NOTHING: [u64; 0] = [];
