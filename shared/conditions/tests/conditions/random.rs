//! Properties: whatever the source, nothing panics and nothing takes long.

use std::time::{Duration, Instant};

use docket_conditions::Condition;
use proptest::prelude::*;

use crate::facts::{blank, extreme, known};

/// Parses; evaluates what is accepted over both tickets.
fn survives(source: &str) {
    let start = Instant::now();
    if let Ok(condition) = Condition::parse(source) {
        for facts in [known(), blank(), extreme()] {
            let first = condition.evaluate(&facts);
            assert_eq!(first, condition.evaluate(&facts), "{source}");
        }
    }
    assert!(start.elapsed() < Duration::from_secs(5), "{source}");
}

const TOKENS: &[&str] = &[
    "ticket",
    "requester",
    "organization",
    "event",
    "bot",
    "now",
    ".",
    ".",
    "subject",
    "text",
    "tags",
    "fields",
    "priority",
    "status",
    "age",
    "name",
    "confidence",
    "==",
    "!=",
    "<",
    ">=",
    "&&",
    "||",
    "!",
    "-",
    "+",
    "*",
    "/",
    "%",
    "in",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "?",
    ":",
    ",",
    "0",
    "1",
    "2.5",
    "3u",
    "\"open\"",
    "\"high\"",
    "\"\"",
    "null",
    "true",
    "false",
    "has",
    "size",
    "exists",
    "map",
    "contains",
    "matches",
    "duration",
    "\"1h\"",
    "x",
    " ",
    "\n",
    "//",
    "'",
    "\"",
    "\\",
    "ä",
    "r\"",
    "\"\"\"",
    "0x",
    "1e",
    "=",
    "&",
];

/// Parts of which well-formed conditions are made.
fn text() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "ticket.subject",
        "ticket.text",
        "ticket.status",
        "ticket.priority",
        "requester.email",
        "organization.name",
        "bot.intent",
        "ticket.fields.product",
        "ticket.fields.seats",
        "ticket.fields.nope",
        "\"x\"",
        "\"\"",
        "string(ticket.number)",
        "ticket.tags[0]",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} + {b})")),
            inner.clone().prop_map(|a| format!("{a}.lower()")),
            inner.prop_map(|a| format!("(true ? {a} : \"y\")")),
        ]
    })
}

fn number() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        (-3..4_i64).prop_map(|number| number.to_string()),
        prop::sample::select(vec![
            "ticket.number",
            "ticket.reopens",
            "requester.tickets_open",
            "ticket.fields.seats",
            "ticket.fields.amount",
            "ticket.fields.product",
            "ticket.fields.nope",
            "size(ticket.tags)",
            "ticket.age.getHours()",
            "now.getHours(\"Asia/Kolkata\")",
            "rank(ticket.priority)",
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (
                inner.clone(),
                inner.clone(),
                prop::sample::select(vec!["+", "-", "*", "/", "%"])
            )
                .prop_map(|(a, b, sign)| format!("({a} {sign} {b})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner.prop_map(|a| format!("int({a})")),
        ]
    })
}

fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (text(), text(), prop::sample::select(vec!["==", "!="]))
            .prop_map(|(a, b, is)| format!("{a} {is} {b}")),
        (text(), text()).prop_map(|(a, b)| format!("{a}.contains({b})")),
        (
            number(),
            number(),
            prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="])
        )
            .prop_map(|(a, b, is)| format!("{a} {is} {b}")),
        number().prop_map(|a| format!("ticket.tags[{a}] == \"vip\"")),
        number().prop_map(|a| format!("{a} in [1, 2, 3]")),
        any::<i32>().prop_map(|days| format!("now + duration(\"{days}d\") > ticket.created_at")),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (
                inner.clone(),
                inner.clone(),
                prop::sample::select(vec!["&&", "||"])
            )
                .prop_map(|(a, b, sign)| format!("({a} {sign} {b})")),
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            inner
                .clone()
                .prop_map(|a| format!("ticket.tags.exists(t, t.size() > 3 && {a})")),
            inner.prop_map(|a| format!("ticket.fields.all(f, f != \"x\" || {a})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(source in ".{0,200}") {
        survives(&source);
    }

    #[test]
    fn any_row_of_tokens_is_survived(tokens in prop::collection::vec(prop::sample::select(TOKENS), 0..40)) {
        survives(&tokens.concat());
        survives(&tokens.join(" "));
    }

    #[test]
    fn a_damaged_condition_is_survived(
        row in prop::sample::select(crate::accepted::ROWS),
        cut in any::<prop::sample::Index>(),
        put in prop::sample::select(TOKENS),
    ) {
        let source = row.0;
        let mut at = cut.index(source.len() + 1);
        while !source.is_char_boundary(at) {
            at -= 1;
        }
        survives(&format!("{}{put}{}", &source[..at], &source[at..]));
        survives(&format!("{}{put}", &source[..at]));
    }

    #[test]
    fn what_is_well_formed_is_accepted_or_too_big_and_evaluates(source in condition()) {
        match Condition::parse(&source) {
            Ok(_) => survives(&source),
            Err(error) => prop_assert_eq!(error.problem, docket_conditions::Problem::TooBig, "{}: {}", source, error),
        }
    }
}

#[test]
fn facts_as_far_out_as_they_can_be_are_survived() {
    let facts = extreme();
    for (source, _) in crate::accepted::ROWS {
        let condition = Condition::parse(source).unwrap();
        assert_eq!(condition.evaluate(&facts), condition.evaluate(&facts), "{source}");
    }
}

#[test]
fn conditions_and_facts_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Condition>();
    shared::<docket_conditions::ConditionSet>();
    shared::<docket_conditions::Prepared<'_>>();
}
