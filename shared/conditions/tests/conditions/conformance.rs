//! Where a condition uses nothing but CEL, it says what CEL's own interpreter says.

use cel::{Context, Program, Value};
use docket_conditions::Facts;
use serde_json::{Value as Json, json};

use crate::facts::known;

/// What conditions add to CEL, leave looser, or name otherwise.
const OURS: &[&str] = &[
    ".lower()",
    ".lowerAscii()",
    ".trim()",
    "rank(",
    "calendar(",
    "\"1d\"",
    "\"30d\"",
    "existsOne",
    "bot.confidence >= 1",
    // the interpreter loses digits here
    "9007199254740993",
    // absent own fields read as null, and their numbers mix
    "fields.color == null",
    "fields.seats",
    "\"nothing\" in",
    "fields.nothing",
    "ticket.fields.product == 3",
    "ticket.fields.product != null",
    "ticket.solved_at",
    "external_id == null",
    "null != requester",
    "organization.external_id",
    "ticket.fields[ticket.tags",
    // the interpreter's own way to print them
    "string(ticket.created_at)",
    "string(ticket.age)",
];

/// The facts as a map, with what conditions derive. The interpreter knows no instants in JSON.
fn context(facts: &Facts) -> Context<'static, 'static> {
    let json = serde_json::to_value(facts).unwrap();
    let mut context = Context::default();
    let mut ticket = json["ticket"].clone();
    ticket["channel"] = json!("mail");
    ticket["mailbox"] = json!("help@desk.example");
    ticket["channel_name"] = json!("");
    ticket["type"] = ticket["ticket_type"].clone();
    ticket["priority_rank"] = json!(3);
    let mut requester = json["requester"].clone();
    requester["domain"] = json!("acme.example");
    let time = |at: docket_domain::Timestamp| own(&format!("timestamp('{at}')"));
    let mut ticket = object(&ticket);
    ticket.push(("created_at", time(facts.ticket.created_at)));
    ticket.push(("age", own("duration('26h')")));
    let mut requester = object(&requester);
    requester.push(("last_contact", time(facts.requester.last_contact.unwrap())));
    context.add_variable_from_value("ticket", map(ticket));
    context.add_variable_from_value("requester", map(requester));
    for name in ["organization", "event", "bot"] {
        context.add_variable_from_value(name, plain(&json[name]));
    }
    context.add_variable_from_value("now", time(facts.now));
    context
}

fn object(json: &Json) -> Vec<(&str, Value)> {
    let pairs = json.as_object().unwrap().iter();
    pairs.map(|(key, value)| (key.as_str(), plain(value))).collect()
}

/// A value of JSON, its whole numbers as ints.
fn plain(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => number
            .as_i64()
            .map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Int),
        Json::String(text) => text.as_str().into(),
        Json::Array(list) => list.iter().map(plain).collect::<Vec<_>>().into(),
        Json::Object(_) => map(object(json)),
    }
}

fn map(pairs: Vec<(&str, Value)>) -> Value {
    let pairs: std::collections::HashMap<String, Value> = pairs
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    pairs.into()
}

/// The interpreter's own instant, from its own reader.
fn own(source: &str) -> Value {
    Program::compile(source)
        .unwrap()
        .execute(&Context::default())
        .unwrap()
}

#[test]
fn plain_cel_means_what_cel_means() {
    let context = context(&known());
    let mut compared = 0;
    for (source, expected) in crate::accepted::ROWS {
        if OURS.iter().any(|ours| source.contains(ours)) {
            continue;
        }
        let program = Program::compile(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        let result = program.execute(&context);
        assert_eq!(result, Ok(Value::Bool(*expected)), "{source}");
        compared += 1;
    }
    assert!(compared >= 80, "{compared}");
}
