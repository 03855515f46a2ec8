//! What queries read of splits in the bucket, against what is on record.
//!
//! `reads.txt` has requests and kilobytes: more than a tenth above fails; so does more than a tenth below, until the gain is written
//! down. After a change on purpose, write it anew with `UPDATE_GOLDEN=1`.

use super::{
    corpus::{self, Dice},
    questions::{Shape, question},
    reads::{FirstReads, Lying, Reads, first_reads},
};
use docket_search::Document;
use docket_splits::split_of;
use std::{collections::BTreeMap, fmt::Write as _, path::Path};

/// How far a figure may be from what is on record.
const TOLERANCE: f64 = 0.10;
/// Tickets of each split: what was merged, what is to be merged, and what came last.
const SPLITS: [u64; 3] = [1_500, 300, 50];
/// Bytes of a block: a sixteenth of those in use, since the splits are that much smaller than those which are read in blocks.
const BLOCK_BYTES: u64 = 8 * 1024;
/// Queries of a kind.
const QUERIES: u64 = 4;

/// Requests and kilobytes by kind of query and step, such as `one word, first query: reads`.
type Figures = BTreeMap<String, f64>;

fn splits() -> Vec<Lying> {
    let mut dice = Dice::new(1);
    let mut number = 0;
    SPLITS
        .iter()
        .map(|&tickets| {
            let documents: Vec<Document> = (0..tickets)
                .map(|_| {
                    number += 1;
                    corpus::document(number, &mut dice).unwrap().0
                })
                .collect();
            Lying::Memory(split_of(&documents).unwrap().unwrap().into())
        })
        .collect()
}

/// The sums of all queries of a kind.
fn measured() -> Figures {
    let splits = splits();
    let mut figures = Figures::new();
    for shape in Shape::ALL {
        let mut dice = Dice::new(2);
        for _ in 0..QUERIES {
            let mut query = || question(&shape.query(SPLITS.iter().sum(), &mut dice)).unwrap();
            let FirstReads {
                opening,
                first,
                again,
                other,
            } = first_reads(&splits, &query(), &query(), BLOCK_BYTES).unwrap();
            assert_eq!(again, Reads::default(), "{shape:?} reads twice what it has");
            for (step, reads) in [
                ("opening", opening),
                ("first query", first),
                ("another one", other),
            ] {
                let name = format!("{}, {step}", shape.name());
                *figures.entry(format!("{name}: reads")).or_default() += reads.reads as f64;
                *figures.entry(format!("{name}: KB")).or_default() += reads.bytes as f64 / 1024.0;
            }
        }
    }
    figures
}

fn as_text(figures: &Figures) -> String {
    let mut text = String::new();
    for (name, amount) in figures {
        writeln!(text, "{amount:8.1}  {name}").unwrap();
    }
    text
}

fn from_text(text: &str) -> Figures {
    text.lines()
        .filter_map(|line| {
            let (amount, name) = line.trim().split_once("  ")?;
            Some((name.to_owned(), amount.parse().ok()?))
        })
        .collect()
}

#[test]
fn queries_read_of_the_bucket_what_is_on_record() {
    let figures = measured();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bench/search/reads.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, as_text(&figures)).unwrap();
    }
    let on_record = from_text(&std::fs::read_to_string(&path).unwrap());
    let far: Vec<_> = figures
        .iter()
        .filter(|(name, amount)| {
            let on_record = on_record.get(*name).copied().unwrap_or(0.0);
            (*amount - on_record).abs() > on_record * TOLERANCE
        })
        .collect();
    assert!(
        far.is_empty() && figures.len() == on_record.len(),
        "not on record within a tenth: {far:?}; measured:\n{}",
        as_text(&figures)
    );
}
