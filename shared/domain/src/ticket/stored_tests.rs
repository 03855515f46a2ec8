//! What was stored once is read for ever: `samples/` holds each shape that a stored thing ever had. A file is added to
//! and never changed.

use super::*;
use serde_json::Value;
use std::collections::BTreeSet;

const EVENTS: &str = include_str!("../../samples/ticket-events-1.jsonl");

fn samples() -> impl Iterator<Item = Value> {
    EVENTS.lines().map(|line| serde_json::from_str(line).unwrap())
}

fn read(sample: &Value) -> TicketEvent {
    serde_json::from_value(sample.clone()).unwrap_or_else(|error| panic!("{sample}: {error}"))
}

#[test]
fn every_stored_event_is_read_and_says_the_same_when_stored_again() {
    for sample in samples() {
        let event = read(&sample);
        let again = serde_json::to_value(&event).unwrap();
        assert_eq!(read(&again), event);
        // What a new writer leaves out or adds has a default; what was there stays.
        for (name, value) in sample.as_object().unwrap() {
            assert_eq!(&again[name], value, "{name} of {sample}");
        }
    }
}

#[test]
fn a_reader_skips_what_a_newer_writer_added() {
    for mut sample in samples() {
        let event = read(&sample);
        sample["of_a_later_release"] = serde_json::json!({ "deep": [1, 2] });
        assert_eq!(read(&sample), event);
    }
}

#[test]
fn every_kind_of_event_has_a_sample() {
    let stored: BTreeSet<String> = samples()
        .map(|sample| read(&sample).fact.name().to_owned())
        .collect();
    // The parser itself lists what it knows.
    let known = serde_json::from_str::<Fact>(r#"{"type":"None of them"}"#)
        .unwrap_err()
        .to_string();
    let known: BTreeSet<String> = known.split('`').skip(3).step_by(2).map(str::to_owned).collect();
    assert!(known.len() > 10, "{known:?}");
    assert_eq!(known, stored);
}
