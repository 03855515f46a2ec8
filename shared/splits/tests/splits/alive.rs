//! Who is alive.

use crate::support::{NOTHING, numbers, question, split, splits, ticket, tombstone, word};
use docket_search::{Document, Kind, Matcher, Order};
use docket_splits::Splits;
use std::sync::Arc;

#[test]
fn the_newest_version_is_found_wherever_it_stands() {
    for of in [
        [&[ticket(7, 2, "new")][..], &[ticket(7, 1, "old")]],
        [&[ticket(7, 1, "old")], &[ticket(7, 2, "new")]],
    ] {
        let splits = splits(&of);
        assert_eq!(numbers(&splits, &word("old")), NOTHING);
        assert_eq!(numbers(&splits, &word("new")), [7]);
        assert_eq!(splits.version_of(Kind::Ticket, 7), Some((2, false)));
    }
}

#[test]
fn same_version_in_two_splits_found_once() {
    let splits = splits(&[&[ticket(7, 3, "erika before")], &[ticket(7, 3, "erika after")]]);
    assert_eq!(numbers(&splits, &word("erika")), [7]);
    assert_eq!(numbers(&splits, &word("before")), NOTHING);
    assert_eq!(numbers(&splits, &word("after")), [7]);
}

#[test]
fn same_thing_twice_in_a_split_found_once() {
    let splits = splits(&[&[
        ticket(7, 3, "x three"),
        ticket(7, 2, "x two"),
        ticket(7, 3, "x last"),
    ]]);
    assert_eq!(numbers(&splits, &word("x")), [7]);
    assert_eq!(numbers(&splits, &word("last")), [7]);
}

#[test]
fn kinds_with_the_same_number_are_different_things() {
    let person = Document {
        kind: Kind::Person,
        ..ticket(7, 9, "x")
    };
    let splits = splits(&[&[ticket(7, 1, "x"), person]]);
    assert_eq!(numbers(&splits, &word("x")), [7, 7]);
    assert_eq!(splits.alive(), 2);
}

#[test]
fn what_is_gone_is_not_found_by_anything() {
    let splits = splits(&[&[ticket(7, 1, "x"), ticket(8, 1, "x")], &[tombstone(7, 2)]]);
    for matcher in [
        Matcher::All,
        word("x"),
        Matcher::Not(Box::new(word("y"))),
        Matcher::Kind(Kind::Ticket),
    ] {
        assert_eq!(numbers(&splits, &matcher), [8]);
    }
    assert_eq!(splits.version_of(Kind::Ticket, 7), Some((2, true)));
}

#[test]
fn one_more_split_is_as_all_of_them_opened_anew() {
    let first = split(&[ticket(1, 1, "x"), ticket(2, 5, "x"), ticket(3, 1, "x")]);
    let second = split(&[ticket(2, 4, "x y"), tombstone(3, 2)]);
    let recent = split(&[ticket(1, 2, "y"), ticket(2, 5, "y")]);
    let anew = Splits::new(vec![Arc::clone(&first), Arc::clone(&second), Arc::clone(&recent)]);
    let base = Splits::new(vec![first, second]);
    let grown = base.with(recent);
    for matcher in [word("x"), word("y"), Matcher::All] {
        let asked = question(matcher, Order::Relevance);
        assert_eq!(grown.ask(&asked).unwrap(), anew.ask(&asked).unwrap());
    }
    assert_eq!(numbers(&grown, &word("y")), [1, 2]);
    // What was opened before stands as it stood.
    assert_eq!(numbers(&base, &word("x")), [1, 2]);
}

#[test]
fn of_no_splits_and_no_documents_nothing_is_found() {
    assert_eq!(numbers(&Splits::default(), &Matcher::All), NOTHING);
    assert_eq!(docket_splits::split_of(&[]).unwrap(), None);
}

#[test]
fn what_is_open_is_shared_by_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Splits>();
    shared::<docket_splits::Split>();
}
