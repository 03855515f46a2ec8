//! A condition as it is meant becomes one as it is shown.

use super::{
    comparison::Test,
    names::Names,
    subject::{Subject, TAGS},
};
use serde_json::{Value, json};

/// A condition in the shape; nothing where a name in it is known no more.
pub(super) fn shown(test: &Test, names: &Names) -> Option<Value> {
    let one = |subject: Subject, word: &Option<String>| match word {
        Some(word) => names.value(subject, word),
        None => Some(Value::Null),
    };
    let several = |subject: Subject, words: &[String]| {
        let values: Option<Vec<Value>> = words.iter().map(|word| names.value(subject, word)).collect();
        values.map(Value::Array)
    };
    let (field, operator, value) = match test {
        Test::Is(subject, word) => (subject.field(), "is", one(*subject, word)?),
        Test::IsNot(subject, word) => (subject.field(), "is_not", one(*subject, word)?),
        Test::OneOf(subject, words) => (subject.field(), "includes", several(*subject, words)?),
        Test::NoneOf(subject, words) => (subject.field(), "not_includes", several(*subject, words)?),
        Test::Below(priority) => (Subject::Priority.field(), "less_than", json!(priority)),
        Test::Above(priority) => (Subject::Priority.field(), "greater_than", json!(priority)),
        Test::Tagged(tags) => (TAGS, "includes", json!(tags.join(" "))),
        Test::Untagged(tags) => (TAGS, "not_includes", json!(tags.join(" "))),
        Test::Created(is_so) => (
            "update_type",
            "is",
            json!(if *is_so { "Create" } else { "Change" }),
        ),
        Test::Changed(subject, true) => (subject.field(), "changed", Value::Null),
        Test::Changed(subject, false) => (subject.field(), "not_changed", Value::Null),
        Test::ChangedTo(subject, word) => (subject.field(), "value", one(*subject, word)?),
        Test::Commented(None) => ("comment_is_public", "is", json!("not_relevant")),
        Test::Commented(Some(public)) => ("comment_is_public", "is", json!(public.to_string())),
        Test::Words(part, words, true) => (part.field(), "includes", json!(words.join(" "))),
        Test::Words(part, words, false) => (part.field(), "not_includes", json!(words.join(" "))),
        Test::ByAgent(is_so) => ("role", "is", json!(if *is_so { "agent" } else { "end_user" })),
        Test::Own(own) => {
            let (field, operator, value) = own.shown();
            return Some(json!({ "field": field, "operator": operator, "value": value }));
        }
    };
    Some(json!({ "field": field, "operator": operator, "value": value }))
}
