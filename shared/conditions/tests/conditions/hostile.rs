//! Input made to hurt: it may be refused, but not overflow a stack of 2 MiB or take long.

use std::time::{Duration, Instant};

use docket_conditions::{Condition, Facts};

use crate::facts::known;

/// Half the stack of a thread of an async runtime: the other half is the caller's.
const STACK_BYTES: usize = 1024 * 1024;

/// Far more than any of it takes in a debug build on a busy machine.
const LONGEST: Duration = Duration::from_secs(5);

/// Parses, and evaluates what is accepted, on a small stack; gives the time it took.
fn survive(sources: Vec<String>, facts: Facts) {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    let work = move || {
        for source in sources {
            let start = Instant::now();
            if let Ok(condition) = Condition::parse(&source) {
                let _ = condition.evaluate(&facts);
            }
            let beginning: String = source.chars().take(60).collect();
            assert!(start.elapsed() < LONGEST, "{beginning}: {:?}", start.elapsed());
        }
    };
    thread.spawn(work).unwrap().join().unwrap();
}

/// `before`, `middle`, `after`, for many counts: just inside every limit, just outside, far outside.
fn nested(before: &str, middle: &str, after: &str) -> Vec<String> {
    let counts = (1..40).chain([48, 64, 96, 128, 200, 500, 1000, 2000, 10_000, 100_000]);
    counts
        .map(|count| format!("{}{middle}{}", before.repeat(count), after.repeat(count)))
        .collect()
}

#[test]
fn deep_nesting_overflows_no_stack() {
    let shapes = [
        ("(", "true", ")"),
        ("[", "1", "]"),
        ("[", "1", "] == []"),
        ("{1:", "1", "}"),
        ("size(", "ticket.tags", ")"),
        ("!(", "true", ")"),
        ("-(", "1", ")"),
        ("(1+", "1", ")"),
        ("ticket.tags.exists(t, ", "true", ")"),
        ("ticket.fields[", "\"x\"", "]"),
        ("a{b:", "1", "}"),
        ("true?", "true", ":true"),
        ("true?(", "true", "):true"),
        ("has(", "ticket.tags", ")"),
    ];
    for (before, middle, after) in shapes {
        survive(nested(before, middle, after), known());
    }
}

#[test]
fn long_chains_overflow_no_stack() {
    let shapes = [
        ("true && ", "true", ""),
        ("true || ", "true", ""),
        ("true && true || ", "true", ""),
        ("!", "true", ""),
        ("-", "1", ""),
        ("- ", "1", " > 0"),
        ("! ! ", "true", ""),
        ("1 + ", "1", " == 1"),
        ("1 - -", "1", " == 1"),
        ("1 * 2 % ", "1", " == 1"),
        ("1 < ", "1", ""),
        ("1 == ", "1", ""),
        ("1 in ", "[1]", ""),
        ("true ? true : ", "true", ""),
        ("true ? ", "true", " : false"),
        ("", "ticket.fields", ".x"),
        ("", "ticket.fields", ".x.x == 1"),
        ("", "ticket.fields", "[0]"),
        ("", "ticket.fields", "[\"x\"].y"),
        ("", "ticket.subject", ".lower()"),
        ("", "ticket.tags", ".map(t, t)"),
        ("", "ticket.tags", ".filter(t, ticket.tags.exists(u, u == t))"),
        ("", "f", "()"),
        ("1, ", "1", ""),
        ("[1], ", "[1]", ""),
        ("a ", "a", ""),
        ("\"a\" ", "\"a\"", ""),
        ("1 + (", "1", ""),
        ("// x\n", "true", ""),
    ];
    for (before, middle, after) in shapes {
        survive(nested(before, middle, after), known());
    }
}

#[test]
fn broken_brackets_and_texts_are_survived() {
    let shapes = [
        ("(", "", ""),
        ("[", "", ""),
        ("{", "", ""),
        (")", "", ""),
        ("]", "true", ""),
        ("([{", "", ""),
        (")(", "", ""),
        ("(]", "", ""),
        ("\"(", "", ""),
        ("'(\"", "", ""),
        ("\"\"\"(", "", ""),
        ("r\"\\\"(", "", ""),
        ("1r\"\\\"(", "", ""),
        ("\\", "", ""),
        ("?", "", ""),
        (".", "", ""),
        (",", "", ""),
        ("&&", "", ""),
        ("\u{0}", "", ""),
        ("\u{202e}", "", ""),
        (">{?[(", "l?(-", ""),
    ];
    for (before, middle, after) in shapes {
        survive(nested(before, middle, after), known());
    }
}

#[test]
fn regular_expressions_search_in_linear_time() {
    let mut facts = known();
    let texts = ["a".repeat(1 << 20), "ä".repeat(1 << 19), "a1_ ".repeat(1 << 18)];
    let patterns = [
        r"(a+)+$",
        r"(a|aa)+b",
        r"(a*)*b",
        r"^(\w+\s?)*$",
        r"(?i)\b(urgent|dringend|outage|notfall)\b",
        r"a{1,499}b",
        r"(?:a?){50}a{50}b",
        r"(?:[a-z]?[0-9]?\s?\b){60}\bq",
        r"\bä+\b.*x",
        r"(\p{L}+ ){5}x",
    ];
    for text in texts {
        facts.ticket.text = text;
        let source = |pattern: &&str| format!("ticket.text.matches(r\"{pattern}\")");
        survive(patterns.iter().map(source).collect(), facts.clone());
    }
}

#[test]
fn regular_expressions_that_are_deep_or_large_overflow_no_stack() {
    let shapes = [
        ("(", "a", ")"),
        ("(?:", "a", ")*"),
        ("(a|", "b", ")"),
        ("[", "a", "]"),
        ("[a&&[", "a", "]]"),
        ("", "a", "*"),
        ("", "a", "{9}"),
        ("(?i:", "ß", "){2}"),
        ("", "\\pL", "+\\pL"),
        ("", "", "|"),
    ];
    for (before, middle, after) in shapes {
        let patterns = nested(before, middle, after).into_iter();
        let source = |pattern: String| format!("ticket.text.matches(r\"{pattern}\")");
        survive(patterns.map(source).collect(), known());
    }
}

#[test]
fn large_facts_meet_the_budget() {
    let mut facts = known();
    facts.ticket.tags = (0..100_000).map(|tag| format!("tag-{tag}")).collect();
    facts.requester.tags = facts.ticket.tags.clone();
    facts.ticket.text = "x".repeat(10_000_000);
    facts
        .ticket
        .fields
        .insert("list".to_owned(), vec![1; 100_000].into());
    let over = "the condition took more than 200000 steps";
    for source in [
        "ticket.tags.all(a, requester.tags.exists(b, a != b && false))",
        "ticket.tags.filter(a, a in requester.tags).size() > 5",
        "ticket.fields.list.map(a, ticket.fields.list.map(b, b).size()).size() > 0",
        "ticket.tags.all(a, !ticket.text.contains(a))",
        "ticket.tags.all(a, !ticket.text.matches(r\"y\"))",
        "ticket.tags.all(a, !ticket.text.matches(r\"x{1,499}b\"))",
        "ticket.tags.map(a, ticket.text.lowerAscii() + a).size() > 0",
        "1 / 0 == 1 || ticket.tags.all(a, requester.tags.exists(b, a != b && false))",
        "ticket.tags.all(a, ticket.tags == requester.tags)",
        "ticket.tags.all(a, ticket.text == ticket.text)",
        "ticket.tags.all(a, ticket.text <= ticket.text)",
        "[ticket.text.lowerAscii()].exists(b, ticket.tags.all(a, b != a))",
        "ticket.tags.all(a, !(a in [ticket.text.lowerAscii()]))",
        "ticket.tags.map(a, ticket.text.trim() + a).filter(a, true).exists(a, false)",
    ] {
        let start = Instant::now();
        let error = Condition::parse(source).unwrap().evaluate(&facts).unwrap_err();
        assert!(error.to_string().ends_with(over), "{source}: {error}");
        assert!(start.elapsed() < LONGEST, "{source}: {:?}", start.elapsed());
    }
}

#[test]
fn any_one_search_of_the_longest_text_is_within_the_budget() {
    let mut facts = known();
    facts.ticket.text = "a".repeat(20_000);
    let condition = Condition::parse(r#"ticket.text.matches("a{499}$")"#).unwrap();
    assert!(condition.evaluate(&facts).unwrap().result);
}

#[test]
fn texts_that_grow_are_stopped() {
    let doubled = "ticket.text + ticket.text + ticket.text + ticket.text + ticket.text";
    let mut facts = known();
    facts.ticket.text = "x".repeat(100_000);
    let condition = Condition::parse(&format!("{doubled} == \"\"")).unwrap();
    let error = condition.evaluate(&facts).unwrap_err();
    assert!(
        error.to_string().contains("the value grew beyond 65536"),
        "{error}"
    );
}

#[test]
fn fields_nested_without_end_are_looked_into_only_so_far() {
    let mut facts = known();
    let deep = (0..200).fold(serde_json::json!(1), |inner, _| serde_json::json!([inner]));
    facts.ticket.fields.insert("a".to_owned(), deep.clone());
    facts.ticket.fields.insert("b".to_owned(), deep);
    let condition = Condition::parse("ticket.fields.a == ticket.fields.b").unwrap();
    let error = condition.evaluate(&facts).unwrap_err();
    assert!(
        error.to_string().contains("nested deeper than 16 levels"),
        "{error}"
    );
    let shown = Condition::parse("ticket.fields.a == null").unwrap();
    survive(vec![shown.source().to_owned()], facts);
}

#[test]
fn of_a_long_text_the_beginning_is_seen() {
    let mut facts = known();
    facts.ticket.text = format!("{}x{}", "ä".repeat(8191), "y".repeat(10));
    let holds = |source: &str| Condition::parse(source).unwrap().evaluate(&facts).unwrap().result;
    assert!(holds(r#"ticket.text.contains("x")"#));
    assert!(!holds(r#"ticket.text.contains("yy")"#));
    assert!(holds("ticket.text.size() == 8193"));
    facts.ticket.text = "ä".repeat(8192) + "x";
    let holds = |source: &str| Condition::parse(source).unwrap().evaluate(&facts).unwrap().result;
    assert!(!holds(r#"ticket.text.lower().contains("x")"#));
}
