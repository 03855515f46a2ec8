//! Splits become one.

use crate::support::{NOTHING, numbers, question, split, splits, ticket, tombstone, word};
use docket_search::{Document, Kind, Matcher, Order};
use docket_splits::{Split, Splits};
use std::sync::Arc;

fn merge(splits: &Splits, some: &[Arc<Split>], drop: bool) -> (Arc<Split>, Vec<(Kind, u64)>) {
    let mut bytes = Vec::new();
    let merged = splits.merge(some, &|_, _| drop, &mut bytes).unwrap();
    let split = Split::in_memory(bytes).unwrap();
    assert_eq!(merged.documents, split.documents());
    (split, merged.dropped)
}

#[test]
fn what_is_superseded_is_left_out() {
    let first = split(&[ticket(1, 1, "old secret"), ticket(2, 1, "x")]);
    let second = split(&[ticket(1, 2, "new")]);
    let all = [Arc::clone(&first), Arc::clone(&second)];
    let (merged, dropped) = merge(&Splits::new(all.to_vec()), &all, true);
    assert_eq!((merged.documents(), dropped), (2, vec![]));
    let merged = Splits::new(vec![merged]);
    assert_eq!(numbers(&merged, &Matcher::All), [1, 2]);
    assert_eq!(numbers(&merged, &word("secret")), NOTHING);
}

#[test]
fn words_that_had_to_go_are_in_no_byte_of_what_was_merged() {
    let first = split(&[ticket(1, 1, "canary-4711"), ticket(2, 1, "x")]);
    let second = split(&[tombstone(1, 2)]);
    let splits = Splits::new(vec![Arc::clone(&first), second]);
    let mut bytes = Vec::new();
    splits.merge(&[first], &|_, _| false, &mut bytes).unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"canary"));
}

#[test]
fn tombstone_survives_partial_merge() {
    let elsewhere = split(&[ticket(7, 1, "x")]);
    let gone = split(&[tombstone(7, 2), ticket(8, 1, "x")]);
    let more = split(&[ticket(9, 1, "x")]);
    let splits = Splits::new(vec![Arc::clone(&elsewhere), Arc::clone(&gone), Arc::clone(&more)]);
    let (merged, dropped) = merge(&splits, &[gone, more], false);
    assert_eq!(dropped, []);
    let after = Splits::new(vec![Arc::clone(&elsewhere), Arc::clone(&merged)]);
    assert_eq!(numbers(&after, &Matcher::All), [8, 9]);
    // All that can hold its number take part.
    let (whole, dropped) = merge(&after, &[elsewhere, merged], true);
    assert_eq!(dropped, [(Kind::Ticket, 7)]);
    assert_eq!(whole.documents(), 2);
    assert_eq!(numbers(&Splits::new(vec![whole]), &Matcher::All), [8, 9]);
}

#[test]
fn where_nothing_is_left_there_is_no_split() {
    let gone = split(&[tombstone(7, 2)]);
    let mut bytes = Vec::new();
    let merged = Splits::new(vec![Arc::clone(&gone)])
        .merge(&[gone], &|_, _| true, &mut bytes)
        .unwrap();
    assert_eq!(
        (merged.bytes, merged.documents, merged.dropped),
        (0, 0, vec![(Kind::Ticket, 7)])
    );
    assert!(bytes.is_empty());
}

#[test]
fn rebuild_equals_live() {
    // Live: forty small splits with later versions and deletions, merged now and then.
    let text = |number: u64, version: u64| format!("n{number} v{version} m{} common", number % 5);
    let mut live: Vec<Arc<Split>> = Vec::new();
    for commit in 0..40_u64 {
        let mut documents: Vec<Document> = (0..5)
            .map(|at| commit * 5 + at)
            .map(|number| ticket(number, 1, &text(number, 1)))
            .collect();
        for number in (0..commit * 5).step_by(7) {
            documents.push(ticket(number, commit + 1, &text(number, commit + 1)));
        }
        if commit > 0 && commit % 9 == 0 {
            documents.push(tombstone(commit, 1_000));
        }
        live.push(split(&documents));
        if commit % 6 == 5 {
            let splits = Splits::new(live.clone());
            let (merged, _) = merge(&splits, &live[live.len() - 3..], false);
            live.truncate(live.len() - 3);
            live.push(merged);
        }
    }
    let live = Splits::new(live);
    // Anew: what is alive, in one split.
    let mut documents = Vec::new();
    for (_, number, version, gone) in live.versions() {
        if !gone {
            documents.push(ticket(number, version, &text(number, version)));
        }
    }
    documents.sort_by_key(|document| document.number);
    let anew = splits(&[&documents]);
    let matchers = [
        word("common"),
        word("m3"),
        word("v1"),
        word("n100"),
        word("v40"),
        Matcher::All,
    ];
    for matcher in matchers {
        let asked = question(
            matcher,
            Order::By(
                docket_search::Column::Created,
                docket_search::Direction::Ascending,
            ),
        );
        assert_eq!(live.ask(&asked).unwrap(), anew.ask(&asked).unwrap());
    }
}
