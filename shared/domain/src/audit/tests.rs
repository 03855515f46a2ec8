use super::*;
use crate::{
    Timestamp,
    assignment::{AgentLoad, Availability},
    configuration::{Group, Mailbox, Setup},
    people::{
        account::Merged,
        organization::Organization,
        person::{Identity, Person, Undeliverable},
        staff::Role,
    },
    record::{CommitmentKey, Recorded as _},
    sla::Book,
    ticket::Actor,
};

/// The first records that were ever stored, a line each: what was stored once is read for ever.
const SAMPLES: &str = include_str!("../../samples/audits-1.jsonl");
/// Those of saved views.
const SAMPLES_OF_VIEWS: &str = include_str!("../../samples/audits-views.jsonl");
/// Those of fields that the operator defined.
const SAMPLES_OF_FIELDS: &str = include_str!("../../samples/audits-fields.jsonl");

fn by() -> ChangedBy {
    ChangedBy::new(Actor::Agent(PersonId(1)), "api#1", Timestamp::UNIX_EPOCH)
}

/// A subject's history: each state, chained to the one before it.
fn history<A: Audit>(states: &[A], key: [u8; 32]) -> (Vec<Record>, Standing) {
    let (mut end, mut records) = (ChainEnd::default(), Vec::new());
    let mut was = Fields::new();
    for (at, state) in states.iter().enumerate() {
        let what = if at == 0 { What::Created } else { What::Changed };
        let fields = state.fields().unwrap();
        let changed = differences(&was, &fields);
        let event = AuditEvent::new(at as u64 + 1, state.subject(), what, changed, &by());
        let chain = state.subject().chain(&Tenant::main());
        let record = Record::of(&chain, &end, &[event], CommitmentKey::new(key)).unwrap();
        (end, was) = (record.end, fields);
        records.push(record);
    }
    let stands = Standing {
        v: states.len() as u64,
        chain: end,
        fields: Some(was),
    };
    (records, stands)
}

fn kim() -> Vec<Person> {
    let identities = vec![Identity::email("kim@x.example")];
    let first = Person::first_seen(PersonId(7), "Kim", identities, Timestamp::UNIX_EPOCH);
    let mut agent = first.clone();
    agent.role = Role::Agent;
    agent.groups = vec![GroupId(1)];
    let mut known = agent.clone();
    known.name = "Kim Ode".to_owned();
    known.phone = Some("+1 555 0100".to_owned());
    known.identities.push(Identity::Phone("+1 555 0100".to_owned()));
    known.organization = Some(OrganizationId(3));
    known.undeliverable = Some(Undeliverable {
        address: "kim@x.example".to_owned(),
        at: Timestamp::UNIX_EPOCH,
        why: "no such user".to_owned(),
    });
    let mut reachable = known.clone();
    reachable.undeliverable = None;
    vec![first, agent, known, reachable]
}

#[test]
fn what_each_change_says_is_who_and_from_what_to_what() {
    let (records, stands) = history(&kim(), [7; 32]);
    let events: Vec<AuditEvent> = records.iter().flat_map(|record| record.read().unwrap()).collect();
    let role = &events[1].changed["role"];
    assert_eq!(
        (&role.from, &role.to),
        (&Some("end-user".into()), &Some("agent".into()))
    );
    assert_eq!(events[1].actor, Actor::Agent(PersonId(1)));
    let name = &events[2].changed["name"];
    assert_eq!(
        (&name.from, &name.to),
        (&Some("Kim".into()), &Some("Kim Ode".into()))
    );
    assert_eq!(events[3].changed["undeliverable.why"].to, None);
    let found = verify(
        &Tenant::main(),
        Subject::Person(PersonId(7)),
        Some(&stands),
        &records,
    );
    assert_eq!(found, []);
}

#[test]
fn no_event_holds_anybodys_words_and_a_history_without_them_still_holds() {
    let (mut records, mut stands) = history(&kim(), [7; 32]);
    for record in &records {
        for bytes in &record.events {
            for word in ["Kim", "kim@", "555", "no such user"] {
                assert!(!bytes.contains(word), "{word} in {bytes}");
            }
        }
    }
    let subject = Subject::Person(PersonId(7));
    for record in &mut records {
        record.words = None;
    }
    // The record itself has been blanked, as whoever erases does.
    let fields = stands.fields.as_mut().unwrap();
    fields.insert("name".to_owned(), "".into());
    for gone in ["email", "identities", "phone"] {
        fields.remove(gone);
    }
    assert_eq!(verify(&Tenant::main(), subject, Some(&stands), &records), []);
    assert!(records.iter().filter(|record| record.is_erased()).count() == 3);
    // What nobody erased still has to be so.
    stands
        .fields
        .as_mut()
        .unwrap()
        .insert("role".to_owned(), "admin".into());
    let found = verify(&Tenant::main(), subject, Some(&stands), &records);
    assert_eq!(found, [Flaw::Sum]);
}

#[test]
fn a_field_of_a_later_release_that_says_nothing_yet_is_no_flaw() {
    let subject = Subject::Person(PersonId(7));
    let (records, mut stands) = history(&kim(), [7; 32]);
    let fields = stands.fields.as_mut().unwrap();
    fields.insert("of_a_later_release".to_owned(), false.into());
    assert_eq!(verify(&Tenant::main(), subject, Some(&stands), &records), []);
    let fields = stands.fields.as_mut().unwrap();
    fields.insert("of_a_later_release".to_owned(), true.into());
    assert_eq!(
        verify(&Tenant::main(), subject, Some(&stands), &records),
        [Flaw::Sum]
    );
}

/// Whoever adds a field to a person or an organization says here whether it is a word: what a person says of themselves, or that
/// somebody says of them.
#[test]
fn each_field_of_people_and_organizations_is_a_word_or_vocabulary() {
    let mut person = kim().remove(2);
    person.locale = Some("de".to_owned());
    person.time_zone = Some("Europe/Berlin".to_owned());
    (person.details, person.notes) = (Some("x".to_owned()), Some("x".to_owned()));
    person.tier = Some("gold".to_owned());
    person.external_id = Some("7".to_owned());
    person.tags = vec!["vip".to_owned()];
    person.user_fields = [("plan".to_owned(), "pro".to_owned())].into();
    (person.alias, person.signature) = (Some("x".to_owned()), Some("x".to_owned()));
    person.note_identity(&Identity::email("kim@x.example"), true, Timestamp::UNIX_EPOCH);
    person.more_organizations = vec![OrganizationId(4)];
    person.default_group = Some(GroupId(1));
    (person.moderator, person.sees_organization) = (Some(true), true);
    person.suspended_at = Some(Timestamp::UNIX_EPOCH);
    person.deleted_at = Some(Timestamp::UNIX_EPOCH);
    person.merged_into = Some(PersonId(8));
    person.merged = vec![Merged {
        person: PersonId(9),
        at: Timestamp::UNIX_EPOCH,
        organizations: vec![],
        fields: vec!["email".to_owned()],
    }];
    let mut acme = Organization::new(OrganizationId(3), "Acme", Timestamp::UNIX_EPOCH);
    acme.domains = vec!["acme.example".to_owned()];
    (acme.tier, acme.external_id) = (Some("gold".to_owned()), Some("7".to_owned()));
    (acme.details, acme.notes) = (Some("x".to_owned()), Some("x".to_owned()));
    acme.organization_fields = [("plan".to_owned(), "pro".to_owned())].into();
    (acme.tags, acme.group) = (vec!["vip".to_owned()], Some(GroupId(1)));
    (acme.shared_tickets, acme.shared_comments) = (true, true);
    let vocabulary = [
        "created_at",
        "default_group",
        "deleted_at",
        "group",
        "groups",
        "merged",
        "merged_into",
        "moderator",
        "more_organizations",
        "organization",
        "role",
        "sees_organization",
        "shared_comments",
        "shared_tickets",
        "suspended_at",
        "tags",
        "tier",
        "undeliverable.at",
        "verified",
    ];
    for (of, fields) in [
        ("person", person.fields().unwrap()),
        ("organization", acme.fields().unwrap()),
    ] {
        let json = serde_json::json!({ "of": of });
        let words: Vec<&str> = AuditEvent::words_in(&json)
            .iter()
            .map(|word| word.path[1])
            .collect();
        for name in fields.keys() {
            let is_word = words.contains(&name.as_str());
            assert!(is_word != vocabulary.contains(&name.as_str()), "{of}: {name}");
        }
        for word in words {
            assert!(fields.contains_key(word), "{of}: {word} is no field");
        }
    }
    // The whole of both, so that a new field does not go by.
    let Person {
        id: _,
        v: _,
        name: _,
        email: _,
        phone: _,
        role: _,
        locale: _,
        time_zone: _,
        organization: _,
        tier: _,
        external_id: _,
        groups: _,
        identities: _,
        details: _,
        notes: _,
        tags: _,
        verified: _,
        undeliverable: _,
        created_at: _,
        updated_at: _,
        chain: _,
        forgotten_at: _,
        user_fields: _,
        more_organizations: _,
        default_group: _,
        identity_notes: _,
        alias: _,
        signature: _,
        moderator: _,
        sees_organization: _,
        suspended_at: _,
        deleted_at: _,
        merged_into: _,
        merged: _,
    } = person;
    let Organization {
        id: _,
        v: _,
        name: _,
        domains: _,
        tier: _,
        tags: _,
        external_id: _,
        details: _,
        notes: _,
        organization_fields: _,
        group: _,
        shared_tickets: _,
        shared_comments: _,
        created_at: _,
        updated_at: _,
        chain: _,
    } = acme;
}

#[test]
fn a_byte_a_word_an_event_or_a_record_that_is_another_is_found() {
    let subject = Subject::Person(PersonId(7));
    let (records, stands) = history(&kim(), [7; 32]);
    let found =
        |records: &[Record], stands: Option<&Standing>| verify(&Tenant::main(), subject, stands, records);
    let mut byte = records.clone();
    byte[1].events[0] = byte[1].events[0].replace("agent", "admin");
    assert!(found(&byte, Some(&stands)).contains(&Flaw::Broken { from: 2, to: 2 }));
    let mut word = records.clone();
    let said = word[2].words.as_mut().unwrap().said.get_mut(&3).unwrap();
    said.insert("changed/name/to".to_owned(), "Eve".into());
    let place = "changed/name/to".to_owned();
    assert!(found(&word, Some(&stands)).contains(&Flaw::OtherWords { v: 3, place }));
    let mut left_out = records.clone();
    left_out.remove(1);
    assert!(found(&left_out, Some(&stands)).contains(&Flaw::Gap {
        expected: 2,
        found: 3
    }));
    let older = Standing {
        v: 3,
        ..stands.clone()
    };
    assert!(found(&records, Some(&older)).contains(&Flaw::Head));
    // Gone without an event that says so.
    assert_eq!(found(&records, None), [Flaw::Sum]);
}

#[test]
fn one_subjects_history_is_no_other_ones() {
    let (records, stands) = history(&kim(), [7; 32]);
    for other in [
        Subject::Person(PersonId(8)),
        Subject::Agent(PersonId(7)),
        Subject::Group(GroupId(7)),
        Subject::Organization(OrganizationId(7)),
    ] {
        assert!(
            !verify(&Tenant::main(), other, Some(&stands), &records).is_empty(),
            "{other}"
        );
    }
    let other = Tenant::new("other").unwrap();
    assert!(!verify(&other, Subject::Person(PersonId(7)), Some(&stands), &records).is_empty());
}

#[test]
fn a_removed_subject_stands_nowhere() {
    let acme = Organization::new(OrganizationId(3), "Acme", Timestamp::UNIX_EPOCH);
    let subject = acme.subject();
    let (mut records, stands) = history(&[acme], [7; 32]);
    let gone = AuditEvent::new(2, subject, What::Removed, Default::default(), &by());
    let chain = subject.chain(&Tenant::main());
    records.push(Record::of(&chain, &records[0].end, &[gone], CommitmentKey::new([7; 32])).unwrap());
    assert_eq!(verify(&Tenant::main(), subject, None, &records), []);
    let back = Standing {
        v: 2,
        chain: records[1].end,
        ..stands
    };
    assert_eq!(
        verify(&Tenant::main(), subject, Some(&back), &records),
        [Flaw::Sum]
    );
}

#[test]
fn settings_tell_each_mailbox_and_rule_apart_and_no_text_of_the_operators() {
    let mailbox = |id, name: &str| Mailbox {
        id,
        name: name.to_owned(),
        address: format!("box{id}@in.example.com"),
        signature: Some("Yours, the team".to_owned()),
        ..Mailbox::default()
    };
    let before = Setup {
        v: 1,
        mailboxes: vec![mailbox(1, "Support"), mailbox(2, "Sales")],
        ..Setup::new(GroupId(1))
    };
    let mut after = before.clone();
    after.mailboxes[1].signature = Some("Bye".to_owned());
    let changed = differences(&before.fields().unwrap(), &after.fields().unwrap());
    let names: Vec<&String> = changed.keys().collect();
    assert_eq!(names, ["mailboxes.2.signature"]);
    assert!(!format!("{changed:?}").contains("Bye"));
    after.mailboxes.pop();
    let changed = differences(&before.fields().unwrap(), &after.fields().unwrap());
    assert!(
        changed
            .keys()
            .all(|name| name.starts_with("mailboxes.2.") || name == "order")
    );
    let mut book = Book::default();
    let none = book.fields().unwrap();
    book.timers.close_after_seconds = 60;
    let changed = differences(&none, &book.fields().unwrap());
    assert_eq!(changed.keys().collect::<Vec<_>>(), ["timers.close_after_seconds"]);
}

/// Every number in an event's bytes is whole: floats have more than one form.
#[test]
fn what_is_audited_has_no_floats() {
    let group = Group::new(GroupId(1), "Support", Timestamp::UNIX_EPOCH);
    let mut load = AgentLoad::new(PersonId(7));
    load.availability = Availability::Away;
    let fields = [
        group.fields().unwrap(),
        load.fields().unwrap(),
        kim().pop().unwrap().fields().unwrap(),
        Book::default().fields().unwrap(),
    ];
    assert!(fields.iter().flatten().all(|(_, value)| !value.is_f64()));
}

#[test]
fn what_was_stored_once_is_read_for_ever_and_stored_again_the_same() {
    let mut kinds = Vec::new();
    for line in [SAMPLES, SAMPLES_OF_VIEWS, SAMPLES_OF_FIELDS]
        .into_iter()
        .flat_map(str::lines)
    {
        let sample: serde_json::Value = serde_json::from_str(line).unwrap();
        let record = Record {
            first_v: sample["first_v"].as_u64().unwrap(),
            events: serde_json::from_value(sample["events"].clone()).unwrap(),
            end: ChainEnd::default(),
            words: serde_json::from_value(sample["words"].clone()).unwrap(),
        };
        let events: Vec<AuditEvent> = record.read().unwrap();
        kinds.extend(events.iter().map(|event| (event.of.clone(), event.what)));
        let key = record
            .words
            .as_ref()
            .map_or(CommitmentKey::new([7; 32]), |words| words.key.unwrap());
        let chain = Subject::Setup.chain(&Tenant::main());
        let again = Record::of(&chain, &ChainEnd::default(), &events, key).unwrap();
        assert_eq!(again.events, record.events);
        assert_eq!(again.words, record.words);
    }
    for kind in [
        "person",
        "agent",
        "group",
        "organization",
        "setup",
        "rules",
        "view",
    ] {
        assert!(kinds.iter().any(|(of, _)| of == kind), "{kind} has no sample");
    }
    for what in [What::Created, What::Changed, What::Removed] {
        assert!(
            kinds.iter().any(|(_, known)| *known == what),
            "{what:?} has no sample"
        );
    }
}
