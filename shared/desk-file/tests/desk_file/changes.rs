//! What would change is told in the words of the file.

use super::{book, names, outcome};
use docket_desk_file::changes;
use docket_domain::sla::Book;
use serde_json::{Value, json};

fn told(from: &Book, to: &str) -> Value {
    let to = outcome(to, from).unwrap().book;
    serde_json::to_value(changes(from, &to, &names()).unwrap()).unwrap()
}

const BASE: &str = "calendars:\n  office: {zone: Europe/Berlin, hours: {mon-fri: '09:00-17:00'}, holidays: [12-25, 12-26]}\n\
                    sla_policies:\n  - {name: A, targets: {first_reply: {within: 4h}}}\n  - {name: B}\n";

#[test]
fn the_same_file_changes_nothing() {
    assert_eq!(told(&book(BASE), BASE), json!([]));
}

#[test]
fn what_comes_goes_and_changes_is_told() {
    let to = "calendars:\n  office: {zone: Europe/Berlin, hours: {mon-thu: '09:00-17:00'}, holidays: [12-26, 01-01]}\n  \
              night: {zone: UTC, hours: {sat: '22:00-06:00'}}\nsla_policies:\n  - {name: A, targets: {first_reply: \
              {within: {normal: 4h, urgent: 1h}}}}\ntimers: {close_after: 2d}\n";
    let expected = json!([
        { "section": "calendar", "name": "night", "kind": "added" },
        { "section": "calendar", "name": "office", "kind": "changed", "fields": [
            { "path": "holidays", "from": "12-25" },
            { "path": "holidays", "to": "01-01" },
            { "path": "hours.mon-fri", "from": "09:00-17:00" },
            { "path": "hours.mon-thu", "to": "09:00-17:00" },
        ] },
        { "section": "sla_policy", "name": "A", "kind": "changed", "fields": [
            { "path": "targets.first_reply.within", "from": "4h", "to": { "normal": "4h", "urgent": "1h" } },
        ] },
        { "section": "sla_policy", "name": "B", "kind": "removed" },
        { "section": "timers", "kind": "changed", "fields": [
            { "path": "close_after", "from": "4d", "to": "2d" },
        ] },
    ]);
    assert_eq!(told(&book(BASE), to), expected);
}

#[test]
fn another_order_is_told_by_places_and_something_new_moves_nobody() {
    let base = book("sla_policies: [{name: A}, {name: B}, {name: C}]");
    let place = |name: &str, from: u64, to: u64| {
        json!({ "section": "sla_policy", "name": name, "kind": "changed", "fields": [
            { "path": "place", "from": from, "to": to },
        ] })
    };
    assert_eq!(
        told(&base, "sla_policies: [{name: B}, {name: A}, {name: C}]"),
        json!([place("B", 2, 1), place("A", 1, 2)])
    );
    assert_eq!(
        told(
            &base,
            "sla_policies: [{name: X}, {name: A}, {name: B}, {name: C}]"
        ),
        json!([{ "section": "sla_policy", "name": "X", "kind": "added" }])
    );
}
