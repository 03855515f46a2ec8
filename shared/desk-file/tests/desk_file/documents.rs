//! The schema and the example in `docs` are those of the code.

use super::names;
use docket_desk_file::{parse, schema};
use docket_domain::{GroupId, configuration::Setup, rule::RuleKind, sla::Book};
use serde_json::{Value, json};
use std::path::PathBuf;

fn document(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name)
}

fn example() -> String {
    std::fs::read_to_string(document("docket.example.yaml")).unwrap()
}

/// After a change on purpose, write it anew with `UPDATE_GOLDEN=1`.
#[test]
fn the_schema_is_that_of_the_types() {
    let path = document("docket.schema.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, schema()).unwrap();
    }
    assert_eq!(schema(), std::fs::read_to_string(path).unwrap());
}

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn accepts(file: &str) -> bool {
    let value: Value = yaml_serde::from_str(file).unwrap();
    validator().is_valid(&value)
}

#[test]
fn the_example_is_read_and_fits_the_schema() {
    let import = |name: &str| std::fs::read_to_string(document(name)).map_err(|error| error.to_string());
    let outcome = parse(&example())
        .unwrap()
        .book(&Book::default(), Some(&names()), &import);
    let outcome = outcome.unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(outcome.book.policies.len(), 3);
    let kinds = RuleKind::ALL.map(|kind| outcome.book.rules.of_kind(kind).len());
    assert_eq!((kinds, outcome.book.rules.templates.len()), ([2, 3, 1, 1], 3));
    let holidays = &outcome.book.calendars[1].draft().holidays;
    assert!(
        holidays.iter().any(|holiday| holiday.name == "Easter Monday"),
        "{holidays:?}"
    );
    let value: Value = yaml_serde::from_str(&example()).unwrap();
    let errors: Vec<String> = validator()
        .iter_errors(&value)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
}

/// The first block of a kind in a document.
fn documented(name: &str, kind: &str) -> String {
    let text = std::fs::read_to_string(document(name)).unwrap();
    let (_, rest) = text.split_once(&format!("```{kind}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_file_of_the_documentation_is_read_and_fits_the_schema() {
    let file = documented("operators/configuration.md", "yaml");
    let book = super::book(&file);
    assert_eq!((book.calendars.len(), book.policies.len()), (1, 2));
    assert!(accepts(&file));
}

#[test]
fn the_rules_of_the_documentation_are_read_and_fit_the_schema() {
    let file = documented("operators/rules.md", "yaml");
    let book = super::book(&file);
    assert_eq!((book.rules.rules.len(), book.rules.templates.len()), (4, 1));
    assert!(accepts(&file));
}

#[test]
fn the_mistake_of_the_documentation_is_told_as_it_stands_there() {
    let file = documented("operators/configuration.md", "yaml")
        .replace("    hours: round_the_clock\n", "    hours: ofice\n");
    let problems = super::outcome(&file, &Book::default()).unwrap_err();
    let shown: Vec<String> = problems
        .iter()
        .map(|problem| problem.shown("docket.yaml", &file))
        .collect();
    assert_eq!(
        shown,
        [documented("operators/configuration.md", "text").trim_end()]
    );
}

/// Everything that can stand in a file stands in the example.
#[test]
fn the_example_has_every_key_of_the_schema() {
    fn keys(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                if let Some(Value::Object(properties)) = map.get("properties") {
                    found.extend(properties.keys().cloned());
                }
                map.values().for_each(|value| keys(value, found));
            }
            Value::Array(list) => list.iter().for_each(|value| keys(value, found)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    keys(&serde_json::from_str(&schema()).unwrap(), &mut all);
    assert!(all.len() > 25, "{all:?}");
    let example = example();
    let missing: Vec<String> = all
        .into_iter()
        .filter(|key| !example.contains(&format!("{key}:")))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    for wrong in [
        "calenders: {}",
        "calendars:",
        "sla_policies:",
        "timers:",
        "calendars: {a: {zone: UTC}}",
        "calendars: {a: {zone: UTC, hours: {mo: '09:00-17:00'}}}",
        "calendars: {a: {zone: UTC, hours: {mon: 9-17}}}",
        "calendars: {a: {zone: UTC, hours: {}}}",
        "calendars: {a: {zone: UTC, hours: {mon: closed}, holidays: [christmas]}}",
        "calendars: {a: {zone: UTC, hours: {mon: closed}, holidays: [{name: x}]}}",
        "sla_policies: {}",
        "sla_policies: [{nam: x}]",
        "sla_policies: [{name: x, pauses_in: [solved]}]",
        "sla_policies: [{name: x, targets: {first_reply: {within: 4}}}]",
        "sla_policies: [{name: x, targets: {first_reply: {within: {normal: 4w}}}}]",
        "sla_policies: [{name: x, targets: {first_reply: {within: 4h, warn: [100%]}}}]",
        "sla_policies: [{name: x, targets: {first_reply: {within: 4h, escalations: [{actions: [{shout: x}]}]}}}]",
        "timers: {close_after: never}",
        "timers: {most_reminders: many}",
        "timers: {most_reminders: 11}",
        "sla_policies: [{name: ''}]",
        "routing: {}",
        "triggers: [{name: x}]",
        "triggers: [{name: x, actions: []}]",
        "triggers: [{name: x, actions: [{set_status: new}]}]",
        "triggers: [{name: x, actions: [{set_priority: none}]}]",
        "triggers: [{name: x, actions: [{set_field: {A: x}}]}]",
        "triggers: [{name: x, actions: [{set_field: {a: x, b: y}}]}]",
        "triggers: [{name: x, actions: [{reply: {subject: x}}]}]",
        "triggers: [{name: x, actions: [{reply: {template: x, text: y}}]}]",
        "triggers: [{name: x, actions: [{notify: {text: x}}]}]",
        "triggers: [{name: x, actions: [{notify: {to: everybody, text: x}}]}]",
        "triggers: [{name: x, actions: [{notify: {to: assignee, template: x, subject: y}}]}]",
        "triggers: [{name: x, actions: [{set_status: open}], after: 1h}]",
        "triggers: [{name: x, actions: [{set_status: open}], budget: 101}]",
        "automations: [{name: x, since: created, actions: [{set_status: open}]}]",
        "automations: [{name: x, after: 1h, since: solved, actions: [{set_status: open}]}]",
        "macros: [{name: x, when: 'true', actions: [assign_to_me]}]",
        "templates: []",
        "groups: [{members: []}]",
        "groups: [{name: x, strategy: random}]",
        "mailboxes: []",
        "mailboxes: [{name: x}]",
        "channels: [{name: A}]",
        "channels: [{name: a, kind: other}]",
        "templates: {x: {texts: {}}}",
        "templates: {x: {default_language: en}}",
        "templates: {x: {texts: {en: {subject: x}}}}",
        "sla_policies: [{name: x, targets: {first_reply: {within: 4h, warn: [1%, 2%, 3%, 4%, 5%]}}}]",
    ] {
        assert!(!accepts(wrong), "{wrong}");
        let read = parse(wrong).and_then(|written| {
            written.book(&Book::default(), None, &super::imports)?;
            let nothing = Setup::new(GroupId(0));
            written.setup(&nothing, None, "").map(|_| ())
        });
        assert!(read.is_err(), "{wrong}");
    }
    for right in [
        "timers: {solve_after: never}",
        "triggers: [{name: x, actions: [{set_field: {a: 3}}, {set_field: {a: }}, {set_type: none}]}]",
        "macros: [{name: x, actions: [assign_to_me, {notify: {to: assignee, subject: x, text: y}}]}]",
    ] {
        assert!(accepts(right), "{right}");
        assert!(parse(right).is_ok(), "{right}");
    }
    assert_eq!(
        validator()
            .validate(&json!({}))
            .err()
            .map(|error| error.to_string()),
        None
    );
}
