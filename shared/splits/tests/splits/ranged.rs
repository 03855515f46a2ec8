//! How much of a split a search reads.

use crate::support::{numbers, question, ticket, word};
use docket_search::{Bounds, Column, Columns, Direction, Document, Matcher, Order, TextField, Token};
use docket_splits::{Blocks, Fetch, Source, Split, Splits, split_of};
use std::{
    io,
    num::NonZeroUsize,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

struct Object(Vec<u8>);

impl Fetch for Object {
    fn fetch(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        Ok(self.0[range.start as usize..range.end as usize].to_vec())
    }
}

/// A split of 4,000 documents of 60 words.
fn many() -> Vec<u8> {
    let documents: Vec<Document> = (0..4_000_u64)
        .map(|number| {
            let words = (0..60).map(|at| format!("w{:05}", (number * 7_919 + at * at * 31) % 20_000));
            let columns = Columns {
                created: Some(number as i64),
                ..Columns::default()
            };
            let keywords = vec![format!("g:{}", number % 9)];
            Document {
                columns,
                keywords,
                ..ticket(number, 1, &words.collect::<Vec<_>>().join(" "))
            }
        })
        .collect();
    split_of(&documents).unwrap().unwrap()
}

#[test]
fn a_first_search_reads_little_and_a_second_one_nothing() {
    let bytes = many();
    let length = bytes.len() as u64;
    let blocks = Arc::new(Blocks::with_block_bytes(
        Object(bytes),
        length,
        NonZeroUsize::new(64).unwrap(),
        16 * 1024,
    ));
    let splits = Splits::new(vec![Split::open(Arc::clone(&blocks) as _).unwrap()]);
    let opened = blocks.fetched();
    assert!(opened.reads <= 3, "{opened:?}");
    let found = numbers(&splits, &word("w00031"));
    assert!(!found.is_empty());
    let searched = blocks.fetched();
    assert!(searched.reads <= 14, "{searched:?} of {length}");
    assert!(searched.bytes * 4 < length, "{searched:?} of {length}");
    assert_eq!(numbers(&splits, &word("w00031")), found);
    assert_eq!(blocks.fetched(), searched);
}

/// Bytes that can no longer be read after so many reads.
struct Failing {
    bytes: Arc<[u8]>,
    left: AtomicI64,
}

impl Source for Failing {
    fn length(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        if self.left.fetch_sub(1, Ordering::Relaxed) <= 0 {
            return Err(io::Error::other("no connection"));
        }
        Ok(self.bytes[range.start as usize..range.end as usize].to_vec())
    }
}

#[test]
fn wherever_reading_fails_it_is_an_error_that_may_pass() {
    let bytes: Arc<[u8]> = many().into();
    let fields = || vec![TextField::Body, TextField::Title];
    let place = |text: &str, position| Token {
        text: text.to_owned(),
        position,
    };
    let matchers = [
        word("w00031"),
        Matcher::Not(Box::new(word("w00031"))),
        Matcher::Prefix {
            fields: fields(),
            prefix: "w0".to_owned(),
        },
        Matcher::Phrase {
            fields: fields(),
            words: vec![place("w00000", 0), place("w00031", 1), place("x", 1)],
        },
        Matcher::And(vec![
            Matcher::Keyword("g:1".to_owned()),
            Matcher::Has(Column::Created),
        ]),
        Matcher::Within(
            Column::Created,
            Bounds {
                least: Some(5),
                most: Some(3_000),
            },
        ),
    ];
    for matcher in matchers {
        for order in [
            Order::Relevance,
            Order::By(Column::Created, Direction::Descending),
        ] {
            let (mut reads, mut failures) = (0, 0);
            loop {
                let source = Arc::new(Failing {
                    bytes: Arc::clone(&bytes),
                    left: AtomicI64::new(reads),
                });
                let asked = Split::open(source)
                    .and_then(|split| Splits::new(vec![split]).ask(&question(matcher.clone(), order)));
                match asked {
                    Err(error) => assert!(error.may_pass(), "{error:?}"),
                    Ok(_) => break,
                }
                failures += 1;
                reads += 1 + reads / 8;
            }
            assert!(failures > 3, "{failures} reads");
        }
    }
}
