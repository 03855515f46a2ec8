//! Conditions of a whole configuration, and names that the operator gave.

use docket_conditions::{ConditionSet, Facts, Vocabulary, names};

use crate::facts::{blank, known};

fn set(of: &[&str]) -> Option<std::collections::BTreeSet<String>> {
    Some(of.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn every_refused_condition_of_a_set_is_told() {
    let sources = [("first", "true"), ("second", "ticket.x"), ("third", "1")];
    let refused = ConditionSet::parse(sources, &Vocabulary::default()).unwrap_err();
    let names: Vec<&str> = refused.iter().map(|refused| refused.name.as_str()).collect();
    assert_eq!(names, ["second", "third"]);
}

#[test]
fn a_set_keeps_its_order_and_an_error_stops_nothing() {
    let sources = [
        ("vip", r#""vip" in ticket.tags"#),
        ("broken", "1 / 0 == 1"),
        ("new", r#"ticket.status == "new""#),
    ];
    let set = ConditionSet::parse(sources, &Vocabulary::default()).unwrap();
    let facts = known();
    let results: Vec<_> = set
        .evaluate(&facts)
        .map(|(name, result)| (name, result.ok().map(|evaluation| evaluation.result)))
        .collect();
    assert_eq!(
        results,
        [("vip", Some(true)), ("broken", None), ("new", Some(false))]
    );
    assert_eq!((set.len(), set.is_empty(), set.iter().count()), (3, false, 3));
}

#[test]
fn a_set_tells_which_calendars_its_facts_must_hold() {
    let sources = [
        ("day", r#"calendar("support").open(now)"#),
        ("always", "true"),
        (
            "night",
            r#"!calendar("support").open(now) && calendar("nights").open(now)"#,
        ),
    ];
    let set = ConditionSet::parse(sources, &Vocabulary::default()).unwrap();
    assert_eq!(
        set.calendars().into_iter().collect::<Vec<_>>(),
        ["nights", "support"]
    );
}

#[test]
fn names_of_the_operator_are_checked_where_they_are_known() {
    let vocabulary = Vocabulary {
        calendars: set(&["support"]),
        groups: set(&["Support", "Sales"]),
        mailboxes: set(&["help@desk.example"]),
        fields: set(&["product"]),
    };
    for source in [
        r#"calendar("support").open(now)"#,
        r#"ticket.group == "Sales" || ticket.group == """#,
        r#"ticket.mailbox in ["help@desk.example"]"#,
        r#"ticket.fields.product == "x" && has(ticket.fields["product"].city)"#,
    ] {
        let parsed = ConditionSet::parse([("rule", source)], &vocabulary);
        assert!(parsed.is_ok(), "{source}: {parsed:?}");
    }
    for (source, expected) in [
        (
            r#"calendar("suport").open(now)"#,
            r#"there is no calendar "suport"; did you mean `support`?"#,
        ),
        (
            r#"ticket.group == "sales""#,
            r#"no group is "sales"; did you mean `Sales`?"#,
        ),
        (
            r#"ticket.group in ["Support", "Ops"]"#,
            r#"no group is "Ops"; there are: Sales, Support"#,
        ),
        (
            r#"ticket.fields.produkt == "x""#,
            "tickets have no field of their own named `produkt`; did you mean `product`?",
        ),
        (
            r#""color" in ticket.fields"#,
            "tickets have no field of their own named `color`; there are: product",
        ),
        (
            r#"has(ticket.fields.color)"#,
            "tickets have no field of their own named `color`; there are: product",
        ),
    ] {
        let refused = ConditionSet::parse([("rule", source)], &vocabulary).unwrap_err();
        assert_eq!(refused[0].error.message, expected, "{source}");
    }
}

#[test]
fn facts_are_stored_and_read_back() {
    for facts in [known(), blank()] {
        let stored = serde_json::to_string(&facts).unwrap();
        assert_eq!(serde_json::from_str::<Facts>(&stored).unwrap(), facts);
    }
}

#[test]
fn stored_facts_without_anything_optional_are_read() {
    let stored = r#"{"ticket":{"number":1,"subject":"","channel":{"kind":"api"},"status":"new",
        "created_at":"1970-01-01T00:00:00Z","updated_at":"1970-01-01T00:00:00Z"},
        "requester":{},"now":"2026-01-30T16:30:00Z"}"#;
    let mut expected = blank();
    // Of before it was kept.
    expected.ticket.custom_status = 0;
    assert_eq!(serde_json::from_str::<Facts>(stored).unwrap(), expected);
}

#[test]
fn every_name_of_the_table_can_be_used() {
    for name in names() {
        let path = name.path;
        let source = match name.type_name.as_str() {
            "map of fields" => format!("size({path}) >= 0"),
            list if list.starts_with("list") => format!("{path} == []"),
            _ => format!("{path} == {path}"),
        };
        assert!(docket_conditions::Condition::parse(&source).is_ok(), "{source}");
        if name.can_be_absent {
            assert!(docket_conditions::Condition::parse(&format!("{path} == null")).is_ok());
        }
    }
}
