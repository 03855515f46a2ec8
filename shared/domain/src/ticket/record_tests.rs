use super::*;
use crate::{
    record::{ChainEnd, CommitmentKey, words::canonical},
    ticket::Fact,
};
use proptest::prelude::*;

const EVENTS: [&str; 8] = [
    include_str!("../../samples/saves-1.jsonl"),
    include_str!("../../samples/saves-exports.jsonl"),
    include_str!("../../samples/saves-fields.jsonl"),
    include_str!("../../samples/saves-links.jsonl"),
    include_str!("../../samples/saves-people.jsonl"),
    include_str!("../../samples/saves-external-ids.jsonl"),
    include_str!("../../samples/saves-incidents.jsonl"),
    include_str!("../../samples/saves-calls-and-forwards.jsonl"),
];
const NUMBER: TicketNumber = TicketNumber(7);

fn chain() -> ChainOf {
    chain_of(&Tenant::main(), NUMBER)
}

fn key() -> CommitmentKey {
    CommitmentKey::new([7; 32])
}

/// The saves of the samples, each as it is stored.
fn samples() -> Vec<Record> {
    let lines = EVENTS.iter().flat_map(|file| file.lines()).map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        let first_v = line["first_v"].as_u64().unwrap();
        let events = serde_json::from_value(line["events"].clone()).unwrap();
        let words = serde_json::from_value(line["words"].clone()).unwrap();
        Record {
            first_v,
            events,
            end: ChainEnd::default(),
            words,
        }
    });
    lines.collect()
}

/// One history of all of the samples, event by event, in saves of three.
fn history() -> (Vec<TicketEvent>, Vec<Record>) {
    let mut events = Vec::new();
    for sample in samples() {
        for mut event in sample.read::<TicketEvent>().unwrap() {
            event.v = events.len() as u64 + 1;
            events.push(event);
        }
    }
    let mut end = ChainEnd::default();
    let save = |events: &[TicketEvent]| {
        let record = Record::of(&chain(), &end, events, key()).unwrap();
        end = record.end;
        record
    };
    let records = events.chunks(3).map(save).collect();
    (events, records)
}

fn flaws(records: &[Record]) -> Vec<Flaw> {
    let last = records.last().unwrap();
    flaws_of_chain(&chain(), records, (last.last_v(), &last.end))
}

#[test]
fn what_was_stored_once_is_read_for_ever_and_stored_again_the_same() {
    for sample in samples() {
        let events = sample.read::<TicketEvent>().unwrap();
        let key = sample.words.as_ref().map_or_else(key, |words| words.key.unwrap());
        let again = Record::of(&chain(), &ChainEnd::default(), &events, key).unwrap();
        assert_eq!(again.events, sample.events);
        assert_eq!(again.words, sample.words);
    }
}

#[test]
fn a_reader_skips_what_a_newer_writer_added() {
    for mut sample in samples() {
        let events = sample.read::<TicketEvent>().unwrap();
        for bytes in &mut sample.events {
            let mut event: Value = serde_json::from_str(bytes).unwrap();
            event["of_a_later_release"] = serde_json::json!({ "deep": [1, 2] });
            *bytes = event.to_string();
        }
        assert_eq!(sample.read::<TicketEvent>().unwrap(), events);
    }
}

#[test]
fn every_kind_of_event_has_a_sample_and_says_where_words_are() {
    // The parser itself lists what it knows.
    let known = serde_json::from_str::<Fact>(r#"{"type":"None of them"}"#)
        .unwrap_err()
        .to_string();
    let known: Vec<&str> = known.split('`').skip(3).step_by(2).collect();
    assert!(known.len() > 10, "{known:?}");
    let (events, _) = history();
    for name in known {
        assert!(words_of(name).is_some(), "{name}");
        assert!(
            events.iter().any(|event| event.fact.name() == name),
            "{name} has no sample"
        );
    }
}

#[test]
fn every_place_with_words_is_there_in_some_sample() {
    let places: Vec<(String, String)> = samples()
        .iter()
        .flat_map(|sample| {
            let events = sample.read::<TicketEvent>().unwrap();
            let said = sample.words.iter().flat_map(|words| &words.said);
            said.flat_map(|(v, said)| {
                let at = usize::try_from(v - sample.first_v).unwrap();
                let name = events[at].fact.name().to_owned();
                said.keys().map(move |place| (name.clone(), place.clone()))
            })
            .collect::<Vec<_>>()
        })
        .collect();
    let (events, _) = history();
    for name in events.iter().map(|event| event.fact.name()) {
        for word in words_of(name).unwrap() {
            let is_there = places.iter().any(|(of, place)| of == name && word.is_at(place));
            assert!(is_there, "{name} {:?}", word.path);
        }
    }
}

#[test]
fn a_hash_is_what_the_text_of_the_design_says() {
    // Worked out by another program: SHA-256 over the parts, each behind its length as four bytes.
    let first = chain().link(1, &ChainEnd::default(), br#"{"v":1}"#);
    assert_eq!(
        first.to_string(),
        "7278786d4af33c7a46c1dbb92121098e0f12e9b86a6dfe2b928f7dadf8063473"
    );
    let second = chain().link(2, &first, br#"{"v":2}"#);
    assert_eq!(
        second.to_string(),
        "80ba8c22c94b983a94faaeba1ab0d0c72021d4b2552854cc22f56bc3c4c12b85"
    );
    assert_eq!(ChainEnd::parse(&second.to_string()), Some(second));
}

#[test]
fn bytes_are_canonical_and_hold_no_floats() {
    let (_, records) = history();
    for bytes in records.iter().flat_map(|record| &record.events) {
        let event: Value = serde_json::from_str(bytes).unwrap();
        assert_eq!(&canonical(&event), bytes);
        assert_eq!(floats(&event), 0, "{bytes}");
    }
}

fn floats(value: &Value) -> usize {
    match value {
        Value::Number(number) => usize::from(number.is_f64()),
        Value::Array(values) => values.iter().map(floats).sum(),
        Value::Object(members) => members.values().map(floats).sum(),
        _ => 0,
    }
}

#[test]
fn a_whole_history_has_no_flaw_and_reads_back() {
    let (events, records) = history();
    assert_eq!(flaws(&records), []);
    let read: Vec<TicketEvent> = records.iter().flat_map(|record| record.read().unwrap()).collect();
    assert_eq!(read, events);
}

#[test]
fn without_its_words_a_history_has_no_flaw_either_and_says_that_they_are_gone() {
    let (events, mut records) = history();
    let spoke: Vec<u64> = records
        .iter()
        .filter_map(|record| record.words.as_ref())
        .flat_map(|words| words.said.keys().copied())
        .collect();
    for record in &mut records {
        record.words = None;
    }
    assert_eq!(flaws(&records), []);
    let read: Vec<TicketEvent> = records.iter().flat_map(|record| record.read().unwrap()).collect();
    for (event, was) in read.iter().zip(&events) {
        assert_eq!(event.is_erased, spoke.contains(&event.v), "{event:?}");
        assert_eq!(event.fact.name(), was.fact.name());
    }
}

#[test]
fn a_commitment_is_no_plain_digest_and_differs_by_key_and_place() {
    let word = Value::String("yes, Tuesday".to_owned());
    let commitment = key().commit(1, "subject", &word);
    assert_ne!(
        commitment,
        CommitmentKey::new([8; 32]).commit(1, "subject", &word)
    );
    assert_ne!(commitment, key().commit(2, "subject", &word));
    assert_ne!(commitment, key().commit(1, "from", &word));
    // Nothing that can be made of the words alone.
    use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
    use sha2::{Digest as _, Sha256};
    for text in [canonical(&word), "yes, Tuesday".to_owned()] {
        assert_ne!(commitment, STANDARD_NO_PAD.encode(Sha256::digest(text)));
    }
}

#[test]
fn other_words_than_those_stored_are_found() {
    let (_, mut records) = history();
    let record = records.iter_mut().find(|record| record.words.is_some()).unwrap();
    let words = record.words.as_mut().unwrap();
    let (v, said) = words.said.iter_mut().next().unwrap();
    let (place, word) = said.iter_mut().next().unwrap();
    *word = Value::String("something else".to_owned());
    let expected = Flaw::OtherWords {
        v: *v,
        place: place.clone(),
    };
    assert_eq!(flaws(&records), [expected]);
}

#[test]
fn a_record_left_out_put_twice_or_moved_is_found() {
    let (_, records) = history();
    let without = [&records[..2], &records[3..]].concat();
    assert!(flaws(&without).contains(&Flaw::Gap {
        expected: 7,
        found: 10
    }));
    let mut moved = records.clone();
    moved.swap(1, 2);
    assert!(!flaws(&moved).is_empty());
    let cut = &records[..records.len() - 1];
    let last = records.last().unwrap();
    let of_head = flaws_of_chain(&chain(), cut, (last.last_v(), &last.end));
    assert_eq!(of_head, [Flaw::Head]);
    // The same events under another number or tenant are others.
    let last = records.last().unwrap();
    let other = flaws_of_chain(
        &chain_of(&Tenant::main(), TicketNumber(8)),
        &records,
        (last.last_v(), &last.end),
    );
    assert!(!other.is_empty());
}

proptest! {
    #[test]
    fn any_byte_of_any_event_that_is_another_is_found(at in any::<prop::sample::Index>(), bit in 0u8..7) {
        let (_, mut records) = history();
        let all: Vec<(usize, usize, usize)> = records
            .iter()
            .enumerate()
            .flat_map(|(r, record)| {
                let events = record.events.iter().enumerate();
                events.flat_map(move |(e, bytes)| (0..bytes.len()).map(move |b| (r, e, b)))
            })
            .collect();
        let (r, e, b) = all[at.index(all.len())];
        let mut bytes = records[r].events[e].clone().into_bytes();
        bytes[b] ^= 1 << bit;
        // Stored as text, so what is no text is found when it is read.
        if let Ok(text) = String::from_utf8(bytes) {
            records[r].events[e] = text;
            let (from, to) = (records[r].first_v, records[r].last_v());
            let is_found = flaws(&records).contains(&Flaw::Broken { from, to });
            prop_assert!(is_found);
        }
    }
}

#[test]
fn nothing_follows_from_whatever_happened_in_another_system() {
    let (events, _) = history();
    let mut followed = 0;
    for event in events {
        let after = Ticket {
            group: Some(crate::GroupId(1)),
            reply_via: crate::ticket::ReplyVia::Mail {
                mailbox: "support@help.example.com".to_owned(),
            },
            followers: vec![crate::PersonId(3)],
            ..fold(NUMBER, [&event])
        };
        let told = |event: &TicketEvent| {
            let events = std::slice::from_ref(event);
            let work = crate::outbox::outgoing(&after, events, event.at).len();
            work + crate::nudge::nudges(&after, events).len()
        };
        followed += usize::from(told(&event) > 0);
        let imported = TicketEvent {
            actor: crate::ticket::Actor::Import(crate::PersonId(2)),
            ..event
        };
        assert_eq!(told(&imported), 0, "{}", imported.fact.name());
    }
    assert!(followed > 5, "the samples show what would follow: {followed}");
}
