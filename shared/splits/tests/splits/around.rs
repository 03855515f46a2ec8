//! Tickets by who is around them, and by terms within bounds.

use crate::support::{NOTHING, numbers, splits, ticket};
use docket_search::{Around, Document, Kind, Matcher};
use docket_splits::{Split, Splits, split_of};
use std::ops::Bound::{Excluded, Included, Unbounded};

fn with(keywords: &[&str], document: Document) -> Document {
    Document {
        keywords: keywords.iter().map(|keyword| (*keyword).to_owned()).collect(),
        ..document
    }
}

fn person(number: u64, version: u64, plan: &str) -> Document {
    let plan = format!("fw:plan={plan}");
    Document {
        kind: Kind::Person,
        ..with(&["o:7", &plan], ticket(number, version, ""))
    }
}

fn company(number: u64, plan: &str) -> Document {
    let plan = format!("fw:plan={plan}");
    Document {
        kind: Kind::Organization,
        ..with(&[&plan], ticket(number, 1, ""))
    }
}

fn around(which: Around, plan: &str) -> Matcher {
    let plan = Matcher::Keyword(format!("fw:plan={plan}"));
    Matcher::Around(which, Box::new(plan))
}

#[test]
fn tickets_are_found_by_who_is_around_them_whichever_split_tells_it() {
    let tickets = [
        with(&["r:11", "o:7"], ticket(1, 1, "")),
        with(&["r:12", "o:8"], ticket(2, 1, "")),
        with(&["r:12", "no:organization"], ticket(3, 1, "")),
    ];
    let people = [person(11, 1, "free"), person(12, 1, "gold")];
    let companies = [company(7, "gold"), company(8, "free")];
    let splits = splits(&[&tickets, &people, &companies]);
    assert_eq!(numbers(&splits, &around(Around::Requester, "gold")), [2, 3]);
    assert_eq!(numbers(&splits, &around(Around::Organization, "gold")), [1]);
    assert_eq!(numbers(&splits, &around(Around::Organization, "silver")), NOTHING);
    let both = Matcher::Or(vec![
        around(Around::Organization, "gold"),
        around(Around::Organization, "free"),
    ]);
    assert_eq!(numbers(&splits, &both), [1, 2]);
    let neither = Matcher::And(vec![Matcher::Kind(Kind::Ticket), Matcher::Not(Box::new(both))]);
    assert_eq!(numbers(&splits, &neither), [3]);
}

#[test]
fn who_changed_is_asked_as_they_are_now() {
    let ticket = with(&["r:11"], ticket(1, 1, ""));
    let splits = splits(&[&[ticket, person(11, 1, "free")]]);
    let gold = around(Around::Requester, "gold");
    assert_eq!(numbers(&splits, &gold), NOTHING);
    let later = Split::in_memory(split_of(&[person(11, 2, "gold")]).unwrap().unwrap()).unwrap();
    let splits: Splits = splits.with(later);
    assert_eq!(numbers(&splits, &gold), [1]);
}

#[test]
fn terms_within_bounds_are_those_that_sort_between_them() {
    let days = ["2026-01-31", "2026-02-01", "2026-02-02"];
    let documents: Vec<Document> = (1_u64..)
        .zip(days)
        .map(|(number, day)| {
            with(
                &[format!("fw:day={day}").as_str(), "fw:dawn=2026-02-01"],
                ticket(number, 1, ""),
            )
        })
        .collect();
    let splits = splits(&[&documents]);
    let term = |day: &str| format!("fw:day={day}");
    for (from, to, expected) in [
        (Included(term("2026-02-01")), Excluded(term("~")), vec![2, 3]),
        (Excluded(term("2026-02-01")), Excluded(term("~")), vec![3]),
        (Included(term("")), Excluded(term("2026-02-01")), vec![1]),
        (Included(term("")), Included(term("2026-02-01")), vec![1, 2]),
        (Unbounded, Excluded(term("2026-01-01")), vec![1, 2, 3]),
        (Included(term("2026-03-01")), Excluded(term("~")), vec![]),
    ] {
        let matcher = Matcher::KeywordWithin(from, to);
        assert_eq!(numbers(&splits, &matcher), expected, "{matcher:?}");
    }
}
