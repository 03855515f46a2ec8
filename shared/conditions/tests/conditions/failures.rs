//! Accepted conditions that have no answer for some facts.

use docket_conditions::Condition;

use crate::facts::known;

/// Condition, and place and words of its error.
const ROWS: &[(&str, &str)] = &[
    ("1 / 0 == 1", "line 1, column 3: division by zero"),
    (
        "ticket.number % (ticket.reopens - 2) == 0",
        "line 1, column 15: division by zero",
    ),
    (
        "9223372036854775807 + ticket.reopens > 0",
        "line 1, column 21: the number is too large",
    ),
    (
        "-9223372036854775807 - 2 < 0",
        "line 1, column 22: the number is too large",
    ),
    (
        "-(-9223372036854775807 - 1) < 0",
        "line 1, column 1: the number is too large",
    ),
    (
        "(-9223372036854775807 - 1) / -1 < 0",
        "line 1, column 28: the number is too large",
    ),
    (
        "(-9223372036854775807 - 1) % -1 < 0",
        "line 1, column 28: the number is too large",
    ),
    (
        "ticket.number * 9223372036854775807 > 0",
        "line 1, column 15: the number is too large",
    ),
    ("int(1e300) > 0", "line 1, column 1: the number is too large"),
    (
        r#"ticket.tags[3] == "x""#,
        "line 1, column 12: the list has 3 values and none at 3",
    ),
    (
        r#"ticket.tags[-1] == "x""#,
        "line 1, column 12: the list has 3 values and none at -1",
    ),
    (
        "ticket.fields.product > 3",
        "line 1, column 23: expected a text, found an int",
    ),
    (
        "ticket.fields.product.city == 3",
        "line 1, column 23: expected a map, found a text",
    ),
    (
        "ticket.fields.product + 3 == 4",
        "line 1, column 23: expected a number, found a text",
    ),
    (
        r#"ticket.fields.seats.contains("1")"#,
        "line 1, column 15: expected a text, found an int",
    ),
    (
        "ticket.fields.seats.exists(x, true)",
        "line 1, column 21: expected a list, found an int",
    ),
    (
        "3 in ticket.fields.product",
        "line 1, column 3: expected a list, found a text",
    ),
    (
        r#"int(ticket.subject) > 0"#,
        r#"line 1, column 1: the text is not a number (characters: 30)"#,
    ),
    (
        r#"double("x") > 0.0"#,
        r#"line 1, column 1: the text is not a number (characters: 1)"#,
    ),
    (
        r#"now + duration("9000000d") > now"#,
        "line 1, column 5: the time is outside the years -9999 to 9999",
    ),
    (
        "duration(\"106751991167300d\") +\n  duration(\"106751991167300d\") > ticket.age",
        "line 1, column 30: the time is outside the years -9999 to 9999",
    ),
    (
        "true &&\n  calendar(\"nights\").open(now)",
        "line 2, column 22: no calendar is named \"nights\"",
    ),
    ("[0].all(x, 1 / x == 1)", "line 1, column 14: division by zero"),
];

#[test]
fn what_has_no_answer_is_an_error_with_its_place() {
    let facts = known();
    for (source, expected) in ROWS {
        let condition = Condition::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        let error = condition.evaluate(&facts).expect_err(source);
        assert_eq!(error.to_string(), *expected, "{source}");
    }
}
