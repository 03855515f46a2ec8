//! What is refused when it is saved, where, and in which words.

use docket_conditions::{Condition, Problem};

/// Condition, place, and words.
#[rustfmt::skip]
const ROWS: &[(&str, (u32, u32), &str)] = &[
    // names
    ("tickt.subject == \"x\"", (1, 1), "there is no name `tickt`; did you mean `ticket`?"),
    ("priority == \"high\"", (1, 1), "there is no name `priority`; did you mean `ticket.priority`?"),
    ("ticket.sbject == \"x\"", (1, 8), "`ticket` has no field `sbject`; did you mean `subject`?"),
    ("ticket.prio == \"high\"", (1, 8), "`ticket` has no field `prio`; there are: number, subject, text"),
    ("ticket.tickets > \"x\"", (1, 8), "`ticket` has no field `tickets`"),
    ("requester.organization.name == \"x\"", (1, 11), "`requester` has no field `organization`; `organization` stands on its own, without a dot"),
    ("ticket.subject.length > 3", (1, 16), "a text has no field `length`; did you mean the function `size`?"),
    ("ticket.subject.size > 3", (1, 16), "`size` is a function; write `size(…)`"),
    ("ticket.tags.vip", (1, 13), "a list of text has no field `vip`"),
    ("has(ticket.sbject)", (1, 12), "`ticket` has no field `sbject`; did you mean `subject`?"),
    ("ticket.tags.exists(tag, tg == \"x\")", (1, 25), "there is no name `tg`; did you mean `tag`?"),
    ("true &&\n  \"größe\" == tickt.text", (2, 14), "there is no name `tickt`"),
    ("ticket.requester.email == \"x\"", (1, 8), "`requester` stands on its own, without a dot"),
    ("tier == \"gold\"", (1, 1), "there is no name `tier`; did you mean `requester.tier`?"),
    // functions
    ("ticket.subject.lower(1) == \"x\"", (1, 16), "`lower` takes no argument, not 1"),
    ("ticket.tags.lower() == \"x\"", (1, 8), "`lower` takes a text, not a list of text"),
    ("ticket.tags.any(tag, tag == \"x\")", (1, 13), "did you mean `exists`?"),
    ("length(ticket.subject) > 3", (1, 1), "there is no function `length`; did you mean `size`?"),
    ("ticket.subject.contain(\"x\")", (1, 16), "there is no function `contain` behind a dot; did you mean `contains`?"),
    ("ticket.subject.toLowerCase() == \"x\"", (1, 16), "there is no function `toLowerCase` behind a dot; did you mean `lower`?"),
    ("lenght(ticket.subject) > 3", (1, 1), "there is no function `lenght`; there are: has, size"),
    ("sise(ticket.subject) > 3", (1, 1), "there is no function `sise`; did you mean `size`?"),
    ("contains(ticket.subject, \"x\")", (1, 1), "it stands behind a value: `….contains(…)`"),
    ("now.timestamp(\"2026-01-01T00:00:00Z\") == now", (1, 5), "it stands alone: `timestamp(…)`"),
    ("uint(3) == 3", (1, 1), "there is no function `uint`; conditions leave it out"),
    ("ticket.open(now)", (1, 8), "`open` stands behind `calendar(\"…\")`, not `ticket`"),
    // arguments
    ("ticket.subject.contains()", (1, 16), "`contains` takes one argument, not 0"),
    ("ticket.subject.contains(\"a\", \"b\")", (1, 16), "`contains` takes one argument, not 2"),
    ("matches(ticket.subject)", (1, 1), "`matches` takes 2 arguments, not 1"),
    ("ticket.subject.size(1) == 3", (1, 16), "`size` takes no argument, not 1"),
    ("ticket.tags.exists(tag)", (1, 13), "this takes a variable and a condition"),
    ("now.getHours(\"UTC\", 1) == 3", (1, 5), "`getHours` takes one argument, not 2"),
    ("ticket.age.getHours(\"UTC\") == 3", (1, 12), "`getHours` takes no argument, not 1"),
    ("has(ticket.tags, 1)", (1, 1), "`has` takes one argument, not 2"),
    // types in comparisons
    ("ticket.priority == 3", (1, 17), "a priority (a word) is never equal to an int; it is one of: low, normal, high, urgent"),
    ("ticket.subject == 3", (1, 16), "a text is never equal to an int"),
    ("ticket.number == \"4711\"", (1, 15), "an int is never equal to a text"),
    ("requester.tickets_open > \"x\"", (1, 24), "an int cannot be ordered with a text"),
    ("ticket.tags == \"vip\"", (1, 13), "a list of text is never equal to a text; write `… in …`"),
    ("ticket.age > 24", (1, 12), "a duration cannot be ordered with an int; write `duration(\"90m\")`"),
    ("ticket.created_at < \"2026-01-01\"", (1, 19), "a timestamp cannot be ordered with a text; write `timestamp("),
    ("true > false", (1, 6), "a bool cannot be ordered with a bool"),
    ("ticket.status == ticket.priority", (1, 15), "a status (a word) is never equal to a priority (a word)"),
    ("ticket.priority > \"high\"", (1, 17), "write `ticket.priority_rank >= rank(\"high\")`"),
    ("ticket.status >= \"open\"", (1, 15), "a status has no order; write `… in [\"…\", \"…\"]`"),
    ("ticket == organization", (1, 8), "`ticket` is never equal to `organization`"),
    ("1 < 2 < 3", (1, 7), "a bool cannot be ordered with an int"),
    ("ticket.tags.exists(tag, tag == 3)", (1, 29), "a text is never equal to an int"),
    // words
    ("ticket.status == \"opne\"", (1, 18), "no status is \"opne\"; did you mean `open`?"),
    ("\"opne\" != ticket.status", (1, 1), "no status is \"opne\"; did you mean `open`?"),
    ("ticket.priority == \"High\"", (1, 20), "no priority is \"High\"; did you mean `high`?"),
    ("ticket.status == \"\"", (1, 18), "no status is \"\"; there are: new, open, pending, hold, solved, closed"),
    ("ticket.type in [\"question\", \"bug\"]", (1, 29), "no type is \"bug\"; there are: question, incident, problem, task"),
    ("ticket.channel == \"email\"", (1, 19), "no channel is \"email\"; did you mean `mail`?"),
    ("event.kind == \"comment\"", (1, 15), "no kind of event is \"comment\""),
    ("event.actor == \"agents\"", (1, 16), "no actor is \"agents\"; did you mean `agent`?"),
    ("\"prioriti\" in event.changed", (1, 1), "no changed thing is \"prioriti\"; did you mean `priority`?"),
    ("ticket.priority_rank >= rank(\"hihg\")", (1, 30), "no priority is \"hihg\"; did you mean `high`?"),
    ("event.changed.exists(what, what == \"titel\")", (1, 36), "no changed thing is \"titel\""),
    // null and presence
    ("ticket == null", (1, 8), "`ticket` is never null"),
    ("ticket.subject == null", (1, 16), "`ticket.subject` is never null"),
    ("null == null", (1, 6), "null is null"),
    ("ticket.number > null", (1, 17), "null can only be compared with `==` and `!=`"),
    ("has(organization)", (1, 5), "`has` takes a field; write `organization != null`"),
    ("has(1 + 1)", (1, 7), "`has` takes a field, such as `has(ticket.priority)`"),
    ("organization && true", (1, 1), "`organization` is no value; name one of its fields, such as `organization.name`"),
    // results and booleans
    ("ticket.subject", (1, 8), "a condition is true or false; this one is a text"),
    ("1 + 1", (1, 3), "a condition is true or false; this one is an int"),
    ("ticket.fields.paid", (1, 15), "say what the value is compared with, such as `== true`"),
    ("ticket.fields.paid && true", (1, 15), "`&&` takes true or false; compare the value, such as `== true`"),
    ("ticket.subject || true", (1, 8), "`||` takes true or false, not a text"),
    ("!ticket.number", (1, 9), "`!` takes true or false, not an int"),
    ("ticket.number ? true : false", (1, 8), "`?` takes true or false, not an int"),
    ("(true ? 1 : \"x\") == 1", (1, 7), "both branches of `? :` are of one type; these are an int and a text"),
    ("ticket.tags.all(tag, tag.size())", (1, 26), "the condition on each value takes true or false, not an int"),
    // arithmetic, lists
    ("1 + 1.0 == 2.0", (1, 3), "there is no `+` of an int and a double; write `double(…)` around the int"),
    ("ticket.subject + 1 == \"x\"", (1, 16), "there is no `+` of a text and an int; write `string(…)` around the other"),
    ("now + 3600 > now", (1, 5), "there is no `+` of a timestamp and an int; write `duration(\"90m\")`"),
    ("-ticket.subject == \"x\"", (1, 1), "`-` takes a number, not a text"),
    ("1 in [1, \"x\"]", (1, 10), "a list holds values of one type; this is a text among values of type int"),
    ("[[1]] == [[1]]", (1, 2), "a list takes single values, not a list of int"),
    ("3 in ticket.tags", (1, 3), "an int is never in a list of text"),
    ("\"x\" in ticket.subject", (1, 5), "`in` looks into a list; for a part of a text write `….contains(…)`"),
    ("ticket.tags[\"x\"] == \"y\"", (1, 12), "there is no place in a list of text by a text"),
    ("ticket[\"subject\"] == \"y\"", (1, 7), "fields are written with a dot"),
    ("ticket.tags.contains(\"vip\")", (1, 13), "`contains` looks into a text, not a list of text; for a value of a list write `… in …`"),
    ("ticket.subject.exists(c, c == \"x\")", (1, 16), "this looks at the values of a list, not of a text"),
    ("ticket.tags.exists(ticket, ticket == \"x\")", (1, 20), "`ticket` already means something; choose another variable"),
    ("ticket.tags.exists(1, true)", (1, 20), "the first part is the name of a variable"),
    // literals
    ("ticket.subject.matches(\"(a\")", (1, 24), "the regular expression cannot be read: unclosed group"),
    ("ticket.subject.matches(r\"(?=x)\")", (1, 24), "the regular expression cannot be read: look-around"),
    ("ticket.subject.matches(ticket.text)", (1, 31), "a regular expression must be written out as a text"),
    ("ticket.subject.matches(r\"\\w{100}\")", (1, 24), "the regular expression is too large"),
    ("ticket.subject.matches(r\"(a{9}){60}\")", (1, 24), "the regular expression repeats too much: written without `{…}` it has at most 500"),
    ("ticket.subject.matches(\"a{3,2}\")", (1, 24), "the regular expression cannot be read: invalid repetition count range"),
    ("ticket.age > duration(\"3 days\")", (1, 23), "\"3 days\" is no duration; write such as \"90m\""),
    ("ticket.age > duration(ticket.subject)", (1, 30), "a duration must be written out as a text"),
    ("now > timestamp(\"2026-01-01\")", (1, 17), "\"2026-01-01\" is no timestamp; write such as"),
    ("now.getHours(\"Europe/Berln\") == 3", (1, 14), "\"Europe/Berln\" is no time zone; write such as"),
    ("calendar(ticket.subject).open(now)", (1, 17), "the name of a calendar must be written out"),
    ("calendar(\"x\").open(ticket.created_at)", (1, 27), "`open` can only be asked of `now`"),
    ("calendar(\"x\")", (1, 1), "a condition is true or false; this one is a calendar"),
    // left out
    ("{\"a\": 1}.a == 1", (1, 1), "maps cannot be written out"),
    ("Ticket{a: 1} == 1", (1, 7), "messages cannot be written out"),
    ("3u == 3", (1, 1), "unsigned numbers are left out; write `3`"),
    ("b\"x\" == \"x\"", (1, 1), "bytes are left out; write a text"),
    // form
    ("", (1, 1), "the condition ends too early"),
    ("ticket.subject ==", (1, 18), "the condition ends too early"),
    ("(ticket.number == 1", (1, 20), "the condition ends too early"),
    ("ticket.number == 1)", (1, 19), "`)` is not expected here"),
    ("ticket.number == 1 and true", (1, 20), "`and` means nothing here; write `&&`"),
    ("true ? true ? true : false : false", (1, 13), "a `? :` inside of another stands in brackets"),
    ("true ? true ? true ? true ? true : false : false : false : false", (1, 13), "a `? :` inside of another stands in brackets"),
    ("not true", (1, 5), "`not` means nothing here; write `!`"),
    ("true &&\n not\ttrue", (2, 6), "`not` means nothing here; write `!`"),
    ("ticket.status = \"open\"", (1, 15), "a single `=` compares nothing; write `==`"),
    ("true & false", (1, 6), "a single `&` means nothing; write `&&`"),
    ("true | false", (1, 6), "a single `|` means nothing; write `||`"),
    ("true;", (1, 5), "a condition is one expression, without `;`"),
    ("ticket.status == “open”", (1, 18), "the quotation mark `“` is not one of CEL; write `\"`"),
    ("ticket.status == \"open", (1, 18), "the text that starts here does not end"),
    ("ticket.text.matches(\"\\d\")", (1, 22), "this escape is not one of CEL"),
    ("ticket.größe == 1", (1, 10), "names have the letters A to Z; with 'ö' write `ticket.fields[\"…\"]`"),
    ("ticket.subject == \"x\" § true", (1, 23), "the character '§' stands outside a text"),
    ("\"ö\" == ticket.subject ticket", (1, 23), "`ticket` is not expected here"),
    ("ticket.?subject == \"x\"", (1, 7), "`.?` is not expected here"),
    ("1a == 1", (1, 1), "a name starts with a letter"),
    ("x\"y\" == 1", (1, 2), "an operator is missing before this text"),
];

#[test]
fn mistakes_are_refused_with_their_place_and_what_would_be_right() {
    let mut wrong = Vec::new();
    for (source, (line, column), expected) in ROWS {
        match Condition::parse(source) {
            Ok(_) => wrong.push(format!("{source}: accepted")),
            Err(error) => {
                let place = (error.place.line, error.place.column);
                if place != (*line, *column) || !error.message.contains(expected) {
                    wrong.push(format!("{source}\n    {error}\n    {line}, {column}: {expected}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ROWS.len() >= 60);
}

#[test]
fn limits_are_told() {
    let chain = |part: &str, sign: &str, count: usize| vec![part; count].join(sign);
    for (source, expected) in [
        (
            "true || ".repeat(600) + "true",
            "a condition has at most 4000 bytes",
        ),
        (
            "(".repeat(40) + "true" + &")".repeat(40),
            "nested at most 32 levels deep",
        ),
        (
            format!("{} == 1", chain("1", " + ", 40)),
            "nested at most 32 levels deep",
        ),
        (chain("true", "||", 300), "a condition has at most 500 parts"),
        (
            format!("1 in [{}]", chain("1", ",", 101)),
            "a list that is written out has at most 100 values",
        ),
        (
            "[1].all(a, [1].all(b, [1].all(c, true)))".to_owned(),
            "at most 2 of `exists`, `all`, `filter`, `map` stand in each other",
        ),
        (
            format!("ticket.text.matches(\"{}\")", "a".repeat(401)),
            "a regular expression has at most 400 bytes",
        ),
    ] {
        let error = Condition::parse(&source).unwrap_err();
        assert_eq!(error.problem, Problem::TooBig, "{source}");
        assert!(error.message.contains(expected), "{error}");
    }
}

#[test]
fn what_just_fits_a_limit_is_accepted() {
    let chain = |part: &str, sign: &str, count: usize| vec![part; count].join(sign);
    for source in [
        "(".repeat(24) + "true" + &")".repeat(24),
        format!("{} == 1", chain("1", " + ", 28)),
        chain("true", "||", 250),
        format!("1 in [{}]", chain("1", ",", 100)),
        "!".repeat(28) + "true",
        "false ? true : ".repeat(24) + "true",
        "true ? (".repeat(12) + "true" + &") : false".repeat(12),
        "[1].all(a, [1].all(b, true))".to_owned(),
        format!("ticket.text.matches(\"{}\")", "a".repeat(400)),
        format!("true{}", " ".repeat(3996)),
    ] {
        assert!(
            Condition::parse(&source).is_ok(),
            "{source}: {:?}",
            Condition::parse(&source)
        );
    }
}
