//! How much of a split a search reads.

use crate::support::{numbers, ticket, word};
use docket_search::Document;
use docket_splits::{Blocks, Fetch, Split, Splits, split_of};
use std::{io, num::NonZeroUsize, ops::Range, sync::Arc};

struct Object(Vec<u8>);

impl Fetch for Object {
    fn fetch(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        Ok(self.0[range.start as usize..range.end as usize].to_vec())
    }
}

#[test]
fn a_first_search_reads_little_and_a_second_one_nothing() {
    let documents: Vec<Document> = (0..4_000_u64)
        .map(|number| {
            let words: Vec<String> = (0..60)
                .map(|at| format!("w{:05}", (number * 7_919 + at * at * 31) % 20_000))
                .collect();
            ticket(number, 1, &words.join(" "))
        })
        .collect();
    let bytes = split_of(&documents).unwrap().unwrap();
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
