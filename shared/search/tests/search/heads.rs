//! Hits held against heads, and heads alone.

use crate::desk::{ask, heads, organization_of};
use docket_domain::ticket::Status;
use docket_search::Seen;

/// The numbers of the tickets that stand by the query, words taken for true.
fn standing(query: &str) -> Vec<u64> {
    let asked = ask(query, &Seen::everything(), 21);
    let heads = heads();
    let standing = heads
        .iter()
        .filter(|head| asked.matches(head, organization_of(head)));
    standing.map(|head| head.number.0).collect()
}

fn found_in_heads(query: &str) -> Vec<u64> {
    let asked = ask(query, &Seen::everything(), 21);
    let heads = heads();
    let found = heads
        .iter()
        .filter(|head| asked.words_in_head(head, organization_of(head)));
    found.map(|head| head.number.0).collect()
}

#[test]
fn a_hit_never_contradicts_its_head() {
    let asked = ask("status<solved lamp", &Seen::everything(), 21);
    let mut head = heads().remove(0);
    assert!(asked.matches(&head, None));
    head.status = Status::Solved;
    assert!(!asked.matches(&head, None));
}

#[test]
fn what_a_head_does_not_tell_is_taken_as_it_was_found() {
    for query in [
        "whatever",
        "-whatever",
        "\"any phrase\"",
        "subject:xy*",
        "submitter:me",
        "-commenter:me",
        "has_attachment:true",
        "has_attachment:false",
    ] {
        assert_eq!(standing(query), [1, 2, 3, 1234], "{query}");
        assert_eq!(standing(&format!("{query} status:open")), [1], "{query}");
    }
}

#[test]
fn a_number_is_an_id_or_a_word() {
    assert_eq!(standing("1234"), [1, 2, 3, 1234]);
    assert_eq!(standing("id:1234"), [1234]);
    assert_eq!(standing("-1234"), [1, 2, 3]);
}

#[test]
fn without_an_index_words_are_found_in_subjects() {
    for (query, expected) in [
        ("lamp", vec![1, 1234]),
        ("lamp status:open", vec![1]),
        ("-lamp", vec![2, 3]),
        ("パスワード", vec![3]),
        ("AB-1234", vec![2]),
        ("1234", vec![2, 1234]),
        ("dark", vec![]),
        ("comment:dark", vec![]),
        ("submitter:me", vec![]),
        ("has_attachment:false", vec![]),
        ("type:user", vec![]),
        ("", vec![1, 2, 3, 1234]),
    ] {
        assert_eq!(found_in_heads(query), expected, "{query}");
    }
}
