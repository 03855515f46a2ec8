//! What is found, and in which order.

use crate::support::{NOTHING, numbers, question, splits, ticket, tokens, word};
use docket_search::{
    Bounds, Column, Columns, Direction, Document, Matcher, Order, Question, TextField, Token,
};
use docket_splits::{Counts, MOST_HELD, SplitError};

const BODY: [TextField; 1] = [TextField::Body];

fn phrase(words: Vec<Token>) -> Matcher {
    Matcher::Phrase {
        fields: BODY.to_vec(),
        words,
    }
}

#[test]
fn prefix_is_complete() {
    let documents: Vec<Document> = (0..3_000)
        .map(|number| ticket(number, 1, &format!("st{number:04} x")))
        .collect();
    let (first, second) = documents.split_at(2_000);
    let splits = splits(&[first, second]);
    let count = |prefix: &str| {
        let matcher = Matcher::Prefix {
            fields: BODY.to_vec(),
            prefix: prefix.to_owned(),
        };
        numbers(&splits, &matcher).len()
    };
    assert_eq!(count("st"), 3_000);
    assert_eq!(count("st1"), 1_000);
    assert_eq!(count("st12"), 100);
    assert_eq!(count("st3"), 0);
}

#[test]
fn a_phrase_stands_in_one_field_and_keeps_its_distances() {
    let mut apart = ticket(3, 1, "red");
    apart.texts.push((TextField::Title, tokens("car")));
    let splits = splits(&[&[
        ticket(1, 1, "a red car"),
        ticket(2, 1, "car red car blue car"),
        apart,
    ]]);
    assert_eq!(numbers(&splits, &phrase(tokens("red car"))), [1, 2]);
    let gap = |first: &str, second: &str, distance: u32| {
        let [first, second] = [(first, 10_u32), (second, 10 + distance)].map(|(text, position)| Token {
            text: text.to_owned(),
            position,
        });
        phrase(vec![first, second])
    };
    assert_eq!(numbers(&splits, &gap("red", "car", 3)), [2]);
    assert_eq!(numbers(&splits, &gap("red", "blue", 1)), NOTHING);
    assert_eq!(numbers(&splits, &gap("red", "blue", 2)), [2]);
}

#[test]
fn a_place_of_a_phrase_may_have_several_readings() {
    let splits = splits(&[&[
        ticket(1, 1, "the color red"),
        ticket(2, 1, "the colour red"),
        ticket(3, 1, "red colour the"),
        ticket(4, 1, "the colours red"),
    ]]);
    let mut words = tokens("the color red");
    words.push(Token {
        text: "colour".to_owned(),
        position: 1,
    });
    assert_eq!(numbers(&splits, &phrase(words.clone())), [1, 2]);
    words.push(Token {
        text: "crimson".to_owned(),
        position: 2,
    });
    assert_eq!(numbers(&splits, &phrase(words.clone())), [1, 2]);
    assert_eq!(numbers(&splits, &phrase(words.split_off(3))), NOTHING);
}

#[test]
fn what_fits_best_comes_first_and_of_equal_ones_the_higher_number() {
    let splits = splits(&[
        &[
            ticket(1, 1, "printer"),
            ticket(2, 1, "printer and a long story of other things"),
            ticket(3, 1, "x"),
        ],
        &[ticket(4, 1, "printer"), ticket(5, 1, "y")],
    ]);
    let order = |matcher: Matcher| -> Vec<u64> {
        let answer = splits.ask(&question(matcher, Order::Relevance)).unwrap();
        answer.hits.iter().map(|hit| hit.number).collect()
    };
    assert_eq!(order(word("printer")), [4, 1, 2]);
    assert_eq!(order(Matcher::All), [5, 4, 3, 2, 1]);
    let heavy = |weight, text: &str| Matcher::Weighted(weight, Box::new(word(text)));
    assert_eq!(
        order(Matcher::Or(vec![heavy(0.0, "printer"), heavy(1.0, "x")])),
        [3, 4, 2, 1]
    );
    assert_eq!(
        order(Matcher::Or(vec![word("printer"), heavy(9.0, "x")])),
        [3, 4, 1, 2]
    );
}

#[test]
fn words_count_the_same_in_one_split_as_in_several() {
    let documents: Vec<Document> = (0..60)
        .map(|number| {
            ticket(
                number,
                1,
                &format!(
                    "{} w{} w{}",
                    "pad ".repeat(number as usize % 5),
                    number % 7,
                    number % 3
                ),
            )
        })
        .collect();
    let one = splits(&[&documents]);
    let several = splits(&[&documents[..5], &documents[5..6], &documents[6..]]);
    let mut readings = tokens("w1 w2");
    readings.push(Token {
        text: "w4".to_owned(),
        position: 0,
    });
    for matcher in [
        word("w1"),
        Matcher::Or(vec![word("w1"), word("w2"), word("w6")]),
        phrase(readings),
    ] {
        let asked = question(matcher, Order::Relevance);
        let places = |splits: &docket_splits::Splits| -> Vec<u64> {
            splits
                .ask(&asked)
                .unwrap()
                .hits
                .iter()
                .map(|hit| hit.number)
                .collect()
        };
        assert!(!places(&one).is_empty());
        assert_eq!(places(&one), places(&several));
    }
}

#[test]
fn more_than_is_held_is_refused() {
    let splits = splits(&[&[ticket(1, 1, "x")]]);
    let asked = Question {
        skip: MOST_HELD,
        take: 1,
        ..question(Matcher::All, Order::Relevance)
    };
    assert!(matches!(splits.ask(&asked), Err(SplitError::TooFar { .. })));
    let asked = Question {
        skip: usize::MAX,
        take: usize::MAX,
        ..asked
    };
    assert!(matches!(splits.ask(&asked), Err(SplitError::TooFar { .. })));
}

#[test]
fn nothing_goes_on_by_relevance() {
    let splits = splits(&[&[ticket(1, 1, "x")]]);
    let by_column = splits
        .ask(&question(
            Matcher::All,
            Order::By(Column::Created, Direction::Ascending),
        ))
        .unwrap();
    let after = by_column.hits[0].after().unwrap();
    let asked = question(Matcher::All, Order::Relevance);
    assert!(splits.ask(&asked).unwrap().hits[0].after().is_none());
    assert!(matches!(
        splits.ask_after(&asked, after),
        Err(SplitError::NoPlaceByRelevance)
    ));
}

#[test]
fn counts_are_those_of_what_is_alive_and_matches() {
    let with = |number, version, created, keywords: &[&str]| Document {
        columns: Columns {
            created,
            ..Columns::default()
        },
        keywords: keywords.iter().map(|keyword| (*keyword).to_owned()).collect(),
        ..ticket(number, version, "x")
    };
    let splits = splits(&[
        &[
            with(1, 1, Some(5), &["g:1", "tag:vip"]),
            with(2, 1, Some(-1), &["g:2"]),
            with(3, 1, None, &["g:1"]),
        ],
        &[
            with(1, 2, Some(12), &["g:12"]),
            with(4, 1, Some(19), &["g:12", "h:1"]),
        ],
    ]);
    let groups = splits.counts_by_keyword(&Matcher::All, "g:", 10).unwrap();
    let expected = [("g:12", 2), ("g:1", 1), ("g:2", 1)].map(|(group, count)| (group.to_owned(), count));
    assert_eq!(
        groups,
        Counts {
            counts: expected.to_vec(),
            more: false
        }
    );
    let first = splits
        .counts_by_keyword(&Matcher::Keyword("g:12".to_owned()), "", 1)
        .unwrap();
    assert_eq!(
        first,
        Counts {
            counts: vec![("g:12".to_owned(), 2)],
            more: true
        }
    );
    let days = splits.counts_by(&Matcher::All, Column::Created, 10, 10).unwrap();
    assert_eq!(
        days,
        Counts {
            counts: vec![(10, 2), (-10, 1)],
            more: false
        }
    );
    let late = Matcher::Within(
        Column::Created,
        Bounds {
            least: Some(13),
            most: None,
        },
    );
    assert_eq!(
        splits.counts_by(&late, Column::Created, 0, 10).unwrap().counts,
        [(19, 1)]
    );
}

#[test]
fn a_place_with_two_of_the_readings_counts_once() {
    let place = |text: &str, position| Token {
        text: text.to_owned(),
        position,
    };
    let with = |number, other: &str, at| {
        let mut document = ticket(number, 1, "");
        document.texts = vec![(
            TextField::Body,
            vec![place("color", 0), place(other, at), place("red", 1)],
        )];
        document
    };
    // As long and as rare: the higher number decides.
    let splits = splits(&[&[with(1, "colour", 0), with(2, "colour", 9)]]);
    let asked = phrase(vec![place("color", 0), place("colour", 0), place("red", 1)]);
    let answer = splits.ask(&question(asked, Order::Relevance)).unwrap();
    let order: Vec<u64> = answer.hits.iter().map(|hit| hit.number).collect();
    assert_eq!(order, [2, 1]);
}
