//! What the documentation for authors says is so.

use docket_conditions::{Condition, limits, names};

const DOCUMENTATION: &str = include_str!("../../README.md");

/// Refuses the documentation if it lacks one of the rows.
fn assert_documented(rows: &[String]) {
    let missing: Vec<&str> = rows
        .iter()
        .map(String::as_str)
        .filter(|row| !DOCUMENTATION.contains(row))
        .collect();
    assert!(missing.is_empty(), "rows to add:\n{}", missing.join("\n"));
}

#[test]
fn every_name_is_documented_with_its_type() {
    let rows: Vec<String> = names()
        .iter()
        .map(|name| {
            let absent = if name.can_be_absent { "yes" } else { "" };
            format!(
                "| `{}` | {} | {absent} | {} |",
                name.path, name.type_name, name.meaning
            )
        })
        .collect();
    assert_documented(&rows);
}

#[test]
fn every_word_is_documented() {
    let rows: Vec<String> = names()
        .iter()
        .filter(|name| !name.words.is_empty())
        .map(|name| format!("| `{}` | `{}` |", name.path, name.words.join("`, `")))
        .collect();
    assert!(rows.len() >= 7);
    assert_documented(&rows);
}

#[test]
fn every_limit_of_an_author_is_documented() {
    let rows = [
        ("length of a condition", limits::LONGEST_SOURCE_BYTES, "bytes"),
        ("depth of nesting", limits::DEEPEST_TREE, "levels"),
        ("parts", limits::MOST_NODES, ""),
        ("values of a list that is written out", limits::LONGEST_LIST, ""),
        (
            "`exists`, `all`, `filter`, `map` in each other",
            limits::DEEPEST_MACROS,
            "",
        ),
        (
            "length of a regular expression",
            limits::LONGEST_REGEX_BYTES,
            "bytes",
        ),
        (
            "characters of a regular expression, `{…}` written out",
            limits::MOST_REGEX_POSITIONS,
            "",
        ),
        (
            "nesting of a regular expression",
            limits::DEEPEST_REGEX as usize,
            "levels",
        ),
        (
            "size of a regular expression, compiled",
            limits::LARGEST_REGEX_BYTES / 1024,
            "KiB",
        ),
        (
            "text a condition is shown of each text",
            limits::LONGEST_TEXT_BYTES / 1024,
            "KiB",
        ),
        (
            "text or list that `+` and `map` build",
            limits::LARGEST_BUILT / 1024,
            "KiB",
        ),
        (
            "nesting of an own field that is compared",
            limits::DEEPEST_FIELD,
            "levels",
        ),
        ("work of one evaluation", limits::MOST_STEPS as usize, "steps"),
    ];
    let rows =
        rows.map(|(what, value, unit)| format!("| {what} | {} |", format!("{value} {unit}").trim_end()));
    assert_documented(&rows);
}

#[test]
fn every_example_is_accepted() {
    let mut count = 0;
    for block in DOCUMENTATION.split("```cel\n").skip(1) {
        for example in block.split("```").next().unwrap().lines() {
            assert!(
                Condition::parse(example).is_ok(),
                "{example}: {:?}",
                Condition::parse(example)
            );
            count += 1;
        }
    }
    assert!(count >= 12, "{count}");
}

/// A use of each documented function, with what is to be read in the documentation.
const FUNCTIONS: &[(&str, &str)] = &[
    ("text.contains(", r#"ticket.text.contains("x")"#),
    ("text.startsWith(", r#"ticket.text.startsWith("x")"#),
    ("text.endsWith(", r#"ticket.text.endsWith("x")"#),
    ("text.matches(", r#"ticket.text.matches("x")"#),
    ("text.lower()", r#"ticket.text.lower() == "x""#),
    ("text.lowerAscii()", r#"ticket.text.lowerAscii() == "x""#),
    ("text.trim()", r#"ticket.text.trim() == "x""#),
    ("x.size()", "ticket.text.size() == 1"),
    ("list.exists(", "ticket.tags.exists(x, true)"),
    ("list.all(", "ticket.tags.all(x, true)"),
    ("list.exists_one(", "ticket.tags.exists_one(x, true)"),
    ("list.existsOne(", "ticket.tags.existsOne(x, true)"),
    ("list.filter(", "ticket.tags.filter(x, true) == []"),
    ("list.map(", "ticket.tags.map(x, x) == []"),
    ("has(", "has(ticket.priority)"),
    ("rank(", r#"rank("high") == 3"#),
    ("calendar(", r#"calendar("x").open(now)"#),
    ("duration(", r#"duration("1h") < ticket.age"#),
    ("timestamp(", r#"timestamp("2026-01-31T12:00:00Z") < now"#),
    ("getHours(", "now.getHours() == 1"),
    ("`getFullYear`", "now.getFullYear() == 1"),
    ("`getMonth`", "now.getMonth() == 1"),
    ("`getDayOfYear`", "now.getDayOfYear() == 1"),
    ("`getDayOfMonth`", "now.getDayOfMonth() == 1"),
    ("`getDate`", "now.getDate() == 1"),
    ("`getDayOfWeek`", "now.getDayOfWeek() == 1"),
    ("`getMinutes`", "now.getMinutes() == 1"),
    ("`getSeconds`", "now.getSeconds() == 1"),
    ("`getMilliseconds`", "now.getMilliseconds() == 1"),
    ("int(x)", "int(1.5) == 1"),
    ("double(x)", "double(1) == 1.0"),
    ("string(x)", r#"string(1) == "1""#),
];

#[test]
fn every_function_is_documented() {
    for (documented, source) in FUNCTIONS {
        assert!(DOCUMENTATION.contains(documented), "{documented}");
        assert!(Condition::parse(source).is_ok(), "{source}");
    }
}
