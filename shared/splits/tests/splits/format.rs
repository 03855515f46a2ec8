//! A split as bytes.

use crate::support::{numbers, question, ticket, word};
use docket_search::{Column, Columns, Direction, Document, Kind, Matcher, Order, TextField, Token};
use docket_splits::{LocalFile, SCHEME, Source, Split, SplitError, Splits, split_of};
use std::{io, ops::Range, path::PathBuf, sync::Arc};

fn golden_path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(format!("{SCHEME}.split"))
}

/// Every field and column that there is.
fn documents() -> Vec<Document> {
    let token = |text: &str, position| Token {
        text: text.to_owned(),
        position,
    };
    let fields = [
        TextField::Title,
        TextField::Body,
        TextField::Notes,
        TextField::Who,
        TextField::Files,
    ];
    let texts = fields.map(|field| {
        (
            field,
            vec![token(&format!("{field:?}").to_lowercase(), 0), token("東京", 7)],
        )
    });
    let columns = Columns {
        created: Some(1_790_000_000_000),
        updated: Some(1_790_000_000_001),
        solved: Some(-1),
        due: Some(i64::MAX),
        status: Some(4),
        priority: Some(0),
        requester: Some(12),
        assignee: Some(13),
        group: Some(14),
        organization: Some(15),
        ticket_type: Some(3),
        requester_wrote: Some(1_790_000_000_002),
        task_due: Some(1_790_000_000_003),
        form: Some(16),
        language: Some(17),
        satisfaction: Some(1),
    };
    let whole = Document {
        columns,
        texts: texts.to_vec(),
        keywords: vec!["g:12".to_owned()],
        ..ticket(1, 3, "")
    };
    let person = Document {
        kind: Kind::Person,
        ..ticket(12, 1, "erika")
    };
    let gone = Document {
        texts: Vec::new(),
        tombstone: true,
        ..ticket(2, 9, "")
    };
    vec![whole, person, gone]
}

#[test]
fn split_of_last_release_opens() {
    let splits = Splits::default().with(Split::in_memory(std::fs::read(golden_path()).unwrap()).unwrap());
    for text in ["title", "body", "notes", "who", "files", "東京"] {
        assert_eq!(numbers(&splits, &word(text)), [1]);
    }
    assert_eq!(numbers(&splits, &word("erika")), [12]);
    assert_eq!(numbers(&splits, &Matcher::Keyword("g:12".to_owned())), [1]);
    assert_eq!(splits.version_of(Kind::Ticket, 2), Some((9, true)));
    assert_eq!(splits.alive(), 2);
}

/// Writes the sample of a new scheme, once: `cargo test -p docket-splits -- --ignored writes_the_sample`.
#[test]
#[ignore = "writes the sample of a new scheme"]
fn writes_the_sample() {
    assert!(
        !golden_path().exists(),
        "the sample of a scheme stays as it was released"
    );
    std::fs::write(golden_path(), split_of(&documents()).unwrap().unwrap()).unwrap();
}

/// What was written before a column was thought of has none of its values, and stands beside what was written since.
#[test]
fn split_of_last_release_is_asked_for_a_column_that_came_later() {
    let old = Split::in_memory(std::fs::read(golden_path()).unwrap()).unwrap();
    let mut young = documents().remove(0);
    young.number = 7;
    let new = Split::in_memory(split_of(&[young]).unwrap().unwrap()).unwrap();
    let splits = Splits::new(vec![old, new]);
    assert_eq!(numbers(&splits, &Matcher::Has(Column::Form)), [7]);
    let order = Order::By(Column::Form, Direction::Ascending);
    let answer = splits.ask(&question(Matcher::Kind(Kind::Ticket), order)).unwrap();
    let hits: Vec<u64> = answer.hits.iter().map(|hit| hit.number).collect();
    assert_eq!(hits, [7, 1]);
}

#[test]
fn same_documents_are_the_same_bytes() {
    assert_eq!(split_of(&documents()).unwrap(), split_of(&documents()).unwrap());
}

#[test]
fn a_word_that_is_given_twice_at_a_place_stands_there_once() {
    let once = ticket(1, 1, "red car");
    let mut twice = once.clone();
    let again = twice.texts.clone();
    twice.texts.extend(again);
    assert_eq!(split_of(&[twice]).unwrap(), split_of(&[once]).unwrap());
}

#[test]
fn a_cut_or_lengthened_split_is_refused() {
    let bytes = split_of(&documents()).unwrap().unwrap();
    for length in (0..bytes.len()).step_by(if cfg!(debug_assertions) { 7 } else { 1 }) {
        assert!(
            Split::in_memory(bytes[..length].to_vec()).is_err(),
            "{length} bytes"
        );
        assert!(
            Split::open(Arc::new(Bytes(bytes[..length].to_vec()))).is_err(),
            "{length} bytes"
        );
        assert!(
            Split::open(Arc::new(Bytes(bytes[length + 1..].to_vec()))).is_err(),
            "all but {length} bytes"
        );
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(matches!(Split::in_memory(longer), Err(SplitError::NotASplit(_))));
    let inserted = [&[0], &bytes[..]].concat();
    assert!(matches!(Split::in_memory(inserted), Err(SplitError::Cut { .. })));
}

#[test]
fn a_split_with_another_byte_is_refused() {
    let bytes = split_of(&documents()).unwrap().unwrap();
    for at in 0..bytes.len() {
        let mut other = bytes.clone();
        other[at] ^= 1 << (at % 8);
        assert!(Split::in_memory(other).is_err(), "byte {at}");
    }
    assert!(Split::in_memory(b"nothing of the kind".repeat(99)).is_err());
}

#[test]
fn a_split_of_another_scheme_is_refused_by_name() {
    let bytes = split_of(&documents()).unwrap().unwrap();
    let at = bytes
        .windows(SCHEME.len())
        .rposition(|window| window == SCHEME.as_bytes())
        .unwrap();
    let mut other = bytes;
    other[at] = b'0';
    // As a program of the other scheme would have written it.
    let mark = other
        .windows(8)
        .rposition(|window| window == b"dktsplit")
        .unwrap();
    let end = other.len() - 4;
    let checksum = crc32fast::hash(&other[mark + 12..end]).to_le_bytes();
    other[mark + 8..mark + 12].copy_from_slice(&checksum);
    let Err(error) = Split::in_memory(other) else {
        panic!("it was opened")
    };
    assert_eq!(
        error.to_string(),
        format!(
            "a split of scheme 0{}, and this program reads {SCHEME}",
            &SCHEME[1..]
        )
    );
}

#[test]
fn a_file_is_read_in_place() {
    let split = Split::open(Arc::new(LocalFile::open(&golden_path()).unwrap())).unwrap();
    assert_eq!(split.documents(), 3);
    assert_eq!(split.span(Kind::Ticket), Some((1, 2)));
    assert_eq!(split.span(Kind::Organization), None);
    assert_eq!(numbers(&Splits::new(vec![split]), &word("東京")), [1]);
    Split::check(Arc::new(LocalFile::open(&golden_path()).unwrap())).unwrap();
}

#[test]
fn a_source_that_fails_is_an_error() {
    struct Failing;
    impl Source for Failing {
        fn length(&self) -> u64 {
            5_000
        }
        fn read_at(&self, _: Range<u64>) -> io::Result<Vec<u8>> {
            Err(io::Error::other("no connection"))
        }
    }
    assert!(matches!(Split::open(Arc::new(Failing)), Err(SplitError::Read(_))));
}

struct Bytes(Vec<u8>);

impl Source for Bytes {
    fn length(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        let bytes = self.0.get(range.start as usize..range.end as usize);
        bytes
            .map(<[u8]>::to_vec)
            .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
    }
}
