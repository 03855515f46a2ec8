//! Random documents in random splits, asked random questions: the index finds what looking at each of them finds.

use crate::{
    naive,
    support::{question, split},
};
use docket_search::{
    Bounds, Column, Columns, Direction, Document, Kind, Matcher, Order, Question, TextField, Token,
};
use docket_splits::{Rank, Split, Splits};
use proptest::{collection::vec, option, prelude::*, sample::select};
use std::sync::Arc;

const WORDS: [&str; 9] = ["a", "ab", "abc", "abd", "b", "ba", "東京", "京都", "é"];
const KEYWORDS: [&str; 4] = ["g:1", "g:12", "g:2", "tag:vip"];
const COLUMNS: [Column; 7] = [
    Column::Created,
    Column::Updated,
    Column::Solved,
    Column::Due,
    Column::Status,
    Column::Priority,
    Column::Requester,
];

fn kinds() -> impl Strategy<Value = Kind> {
    select(vec![
        Kind::Ticket,
        Kind::Ticket,
        Kind::Ticket,
        Kind::Person,
        Kind::Organization,
    ])
}

fn token() -> impl Strategy<Value = Token> {
    (select(&WORDS[..]), 0_u32..6).prop_map(|(text, position)| Token {
        text: text.to_owned(),
        position,
    })
}

fn fields() -> impl Strategy<Value = Vec<TextField>> {
    vec(
        select(vec![TextField::Title, TextField::Body, TextField::Notes]),
        0..3,
    )
}

fn number() -> impl Strategy<Value = Option<i64>> {
    option::of(prop_oneof![
        -3_i64..4,
        Just(i64::MIN),
        Just(i64::MAX),
        Just(1_790_000_000_000)
    ])
}

fn columns() -> impl Strategy<Value = Columns> {
    (
        number(),
        number(),
        number(),
        number(),
        number(),
        number(),
        number(),
    )
        .prop_map(
            |(created, updated, solved, due, status, priority, requester)| Columns {
                created,
                updated,
                solved,
                due,
                status,
                priority,
                requester,
                assignee: status,
                group: priority,
                ..Columns::default()
            },
        )
}

prop_compose! {
    fn document(numbers: u64)(
        kind in kinds(),
        number in prop_oneof![9 => 1..numbers, 1 => Just(u64::MAX)],
        version in 1_u64..4,
        columns in columns(),
        texts in vec(
            (select(vec![TextField::Title, TextField::Body, TextField::Notes]), vec(token(), 0..6)),
            0..4,
        ),
        keywords in vec(select(&KEYWORDS[..]), 0..4),
        tombstone in prop::bool::weighted(0.15),
    ) -> Document {
        if tombstone {
            let (texts, keywords, columns) = Default::default();
            return Document { kind, number, version, columns, texts, keywords, tombstone, erases_before: 0 };
        }
        let keywords = keywords.into_iter().map(str::to_owned).collect();
        Document { kind, number, version, columns, texts, keywords, tombstone, erases_before: 0 }
    }
}

fn matcher() -> impl Strategy<Value = Matcher> {
    let words = (fields(), select(&WORDS[..]));
    let beginnings = (fields(), select(vec!["", "a", "ab", "b", "東", "z"]));
    let bounds = (number(), number()).prop_map(|(least, most)| Bounds { least, most });
    let leaf = prop_oneof![
        Just(Matcher::All),
        Just(Matcher::Nothing),
        kinds().prop_map(Matcher::Kind),
        (1_u64..8).prop_map(Matcher::Number),
        words.prop_map(|(fields, word)| Matcher::Word {
            fields,
            word: word.to_owned()
        }),
        beginnings.prop_map(|(fields, prefix)| Matcher::Prefix {
            fields,
            prefix: prefix.to_owned()
        }),
        (fields(), vec(token(), 0..4)).prop_map(|(fields, words)| Matcher::Phrase { fields, words }),
        (fields(), vec(token(), 2..9)).prop_map(|(fields, mut words)| {
            // Several readings of two or three places.
            words.iter_mut().for_each(|word| word.position %= 3);
            Matcher::Phrase { fields, words }
        }),
        select(&KEYWORDS[..]).prop_map(|keyword| Matcher::Keyword(keyword.to_owned())),
        (select(&COLUMNS[..]), bounds).prop_map(|(column, bounds)| Matcher::Within(column, bounds)),
        select(&COLUMNS[..]).prop_map(Matcher::Has),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Matcher::And),
            vec(inner.clone(), 0..4).prop_map(Matcher::Or),
            inner.clone().prop_map(|inner| Matcher::Not(Box::new(inner))),
            (select(vec![0.0, 0.5, 3.0, -1.0, f32::NAN, f32::INFINITY]), inner)
                .prop_map(|(weight, inner)| Matcher::Weighted(weight, Box::new(inner))),
        ]
    })
}

fn orders() -> impl Strategy<Value = (Column, Direction)> {
    (
        select(&COLUMNS[..]),
        select(vec![Direction::Ascending, Direction::Descending]),
    )
}

fn check(
    documents: &[Vec<Document>],
    splits: &Splits,
    matcher: &Matcher,
    (by, direction): (Column, Direction),
) {
    let alive = naive::alive(documents);
    assert_eq!(splits.alive(), alive.len() as u64);
    let found: Vec<Document> = alive
        .into_iter()
        .filter(|document| naive::matches(document, matcher))
        .collect();
    let versions = |kind: Kind, number: u64| {
        found
            .iter()
            .find(|document| (document.kind, document.number) == (kind, number))
            .unwrap()
    };
    let expected = naive::ordered(found.clone(), by, direction);

    let asked = question(matcher.clone(), Order::By(by, direction));
    let answer = splits.ask(&asked).unwrap();
    let hits: Vec<(Kind, u64)> = answer.hits.iter().map(|hit| (hit.kind, hit.number)).collect();
    assert_eq!(hits, expected);
    assert_eq!(answer.count, expected.len() as u64);
    for hit in &answer.hits {
        let document = versions(hit.kind, hit.number);
        assert_eq!(hit.version, document.version);
        assert_eq!(hit.rank, Rank::Value(naive::column(&document.columns, by)));
    }

    // Pages by skipping and by going on are the same.
    let size = 2.max(expected.len() / 3);
    let (mut paged, mut after) = (Vec::new(), None);
    for page in 0..=expected.len() / size {
        let skipped = splits
            .ask(&Question {
                skip: page * size,
                take: size,
                ..asked.clone()
            })
            .unwrap();
        let first = Question {
            skip: 0,
            take: size,
            ..asked.clone()
        };
        let gone_on = match after {
            Some(after) => splits.ask_after(&first, after).unwrap(),
            None => splits.ask(&first).unwrap(),
        };
        assert_eq!(gone_on.hits, skipped.hits);
        assert_eq!(gone_on.count, expected.len() as u64);
        after = gone_on.hits.last().and_then(|hit| hit.after()).or(after);
        paged.extend(gone_on.hits.iter().map(|hit| (hit.kind, hit.number)));
    }
    assert_eq!(paged, expected);

    check_groups(splits, &asked, &expected, (by, direction), |(kind, number)| {
        naive::column(&versions(kind, number).columns, Column::Status)
    });

    let relevant = splits.ask(&question(matcher.clone(), Order::Relevance)).unwrap();
    assert_eq!(relevant.count, expected.len() as u64);
    let mut relevant: Vec<(Kind, u64)> = relevant.hits.iter().map(|hit| (hit.kind, hit.number)).collect();
    let mut expected = expected;
    relevant.sort_unstable();
    expected.sort_unstable();
    assert_eq!(relevant, expected);
}

/// In groups there is the same order inside of each, page by page.
fn check_groups(
    splits: &Splits,
    asked: &Question,
    expected: &[(Kind, u64)],
    (by, direction): (Column, Direction),
    group_of: impl Fn((Kind, u64)) -> Option<i64>,
) {
    let group = match direction {
        Direction::Ascending => Direction::Descending,
        Direction::Descending => Direction::Ascending,
    };
    let mut expected = expected.to_vec();
    expected.sort_by(|left, right| {
        let (left, right) = (group_of(*left), group_of(*right));
        let values = match group {
            Direction::Ascending => left.cmp(&right),
            Direction::Descending => right.cmp(&left),
        };
        left.is_none().cmp(&right.is_none()).then(values)
    });
    let listed = Question {
        order: Order::Listed {
            group: Some((Column::Status, group)),
            by: Some(by),
            direction,
        },
        skip: 0,
        take: 2.max(expected.len() / 3),
        ..asked.clone()
    };
    let mut page = splits.ask(&listed).unwrap();
    let mut paged = Vec::new();
    while let Some(last) = page.hits.last() {
        let after = last.after().unwrap();
        paged.extend(page.hits.iter().map(|hit| (hit.kind, hit.number)));
        page = splits.ask_after(&listed, after).unwrap();
    }
    assert_eq!(paged, expected);
}

fn opened(documents: &[Vec<Document>]) -> Vec<Arc<Split>> {
    documents.iter().map(|documents| split(documents)).collect()
}

/// Asks splits as they were written, grown one by one, and with some of them merged.
fn check_all(documents: &[Vec<Document>], questions: &[(Matcher, (Column, Direction))], merged: &[bool]) {
    let opened = opened(documents);
    let grown = opened
        .iter()
        .fold(Splits::default(), |splits, split| splits.with(Arc::clone(split)));
    let splits = Splits::new(opened.clone());
    let pairs = || opened.iter().zip(merged);
    let some: Vec<Arc<Split>> = pairs()
        .filter(|(_, merged)| **merged)
        .map(|(split, _)| Arc::clone(split))
        .collect();
    let mut bytes = Vec::new();
    let result = splits
        .merge(&some, &|_, _| some.len() == opened.len(), &mut bytes)
        .unwrap();
    assert_eq!(result.bytes, bytes.len() as u64);
    // What is merged stands where the last of them stood.
    let last = pairs().rposition(|(_, merged)| *merged);
    let mut after_merge: Vec<Arc<Split>> = Vec::new();
    for (at, (split, merged)) in pairs().enumerate() {
        if !merged {
            after_merge.push(Arc::clone(split));
        } else if last == Some(at) && result.documents > 0 {
            after_merge.push(Split::in_memory(bytes.clone()).unwrap());
        }
    }
    let after_merge = Splits::new(after_merge);
    for (matcher, order) in questions {
        for splits in [&splits, &grown, &after_merge] {
            check(documents, splits, matcher, *order);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn the_index_finds_what_looking_at_each_document_finds(
        documents in vec(vec(document(8), 1..8), 1..5),
        questions in vec((matcher(), orders()), 1..6),
        merged in vec(any::<bool>(), 5),
    ) {
        check_all(&documents, &questions, &merged);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 100, ..ProptestConfig::with_cases(3) })]

    #[test]
    fn of_more_documents_than_a_block_has_the_same_are_found(
        documents in vec(vec(document(400), 150..500), 1..4),
        questions in vec((matcher(), orders()), 8),
        merged in vec(any::<bool>(), 4),
    ) {
        check_all(&documents, &questions, &merged);
    }
}
