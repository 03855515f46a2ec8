//! Filters of policies: what the shape can say of tickets, as a condition and back.
//!
//! A policy keeps a condition in CEL. What a filter says becomes one in a fixed form, and a condition in that form is
//! shown as the filter that it came from. Any other condition is shown as itself, under `docket`.

use super::{filter_text::Reader, names::Names};
use crate::error::ApiError;
use docket_domain::ticket::Priority;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most conditions of a filter: each takes a few parts of the 500 that a condition may have.
const MOST_CLAUSES: usize = 40;

/// A filter as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    all: Option<Vec<Clause>>,
    any: Option<Vec<Clause>>,
}

impl Filter {
    /// Whether it lets every ticket pass.
    pub fn is_empty(&self) -> bool {
        self.all.iter().chain(&self.any).all(Vec::is_empty)
    }
}

/// One condition of a filter as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Clause {
    field: String,
    operator: Option<String>,
    value: Value,
}

/// What of a ticket a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Type,
    Priority,
    Group,
    Via,
    Recipient,
}

impl Subject {
    pub const ALL: [Self; 5] = [
        Self::Type,
        Self::Priority,
        Self::Group,
        Self::Via,
        Self::Recipient,
    ];

    /// Its name in filters.
    pub fn field(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Priority => "priority",
            Self::Group => "group_id",
            Self::Via => "via_id",
            Self::Recipient => "recipient",
        }
    }

    /// Its name in conditions.
    pub fn path(self) -> &'static str {
        match self {
            Self::Type => "ticket.type",
            Self::Priority => "ticket.priority",
            Self::Group => "ticket.group",
            Self::Via => "ticket.channel",
            Self::Recipient => "ticket.mailbox",
        }
    }
}

/// The name of the tags in filters.
pub(super) const TAGS: &str = "current_tags";

/// One condition. Values are words of conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// It is this; nothing: it has none.
    Is(Subject, Option<String>),
    /// It is not this; nothing: it has one.
    IsNot(Subject, Option<String>),
    /// It is one of these.
    OneOf(Subject, Vec<String>),
    /// It is none of these.
    NoneOf(Subject, Vec<String>),
    /// It is less urgent.
    Below(Priority),
    /// It is more urgent.
    Above(Priority),
    /// It has one of these tags.
    Tagged(Vec<String>),
    /// It has none of these tags.
    Untagged(Vec<String>),
}

/// The condition that says what a filter says.
pub(super) fn condition_of(filter: &Filter, names: &Names) -> Result<String, ApiError> {
    let read = |list: &'static str, clauses: &Option<Vec<Clause>>| {
        let clauses = clauses.iter().flatten().enumerate();
        clauses
            .map(|(place, clause)| test_of(clause, names, &format!("filter.{list}[{place}]")))
            .collect::<Result<Vec<_>, _>>()
    };
    let (all, any) = (read("all", &filter.all)?, read("any", &filter.any)?);
    if all.len() + any.len() > MOST_CLAUSES {
        let words = format!("has at most {MOST_CLAUSES} conditions");
        return Err(ApiError::invalid("filter", words));
    }
    Ok(super::filter_text::written(&all, &any))
}

/// The filter that says what a condition says; nothing where the shape has no words for it.
pub(super) fn filter_of(condition: &str, names: &Names) -> Option<Value> {
    let (all, any) = Reader::read(condition)?;
    let show = |tests: &[Test]| {
        let clauses: Option<Vec<Value>> = tests.iter().map(|test| shown(test, names)).collect();
        clauses
    };
    Some(json!({ "all": show(&all)?, "any": show(&any)? }))
}

fn test_of(clause: &Clause, names: &Names, place: &str) -> Result<Test, ApiError> {
    let field = format!("{place}.field");
    let operator = clause.operator.as_deref().unwrap_or("is");
    let unknown_operator = |allowed: &str| {
        let words = format!(
            "{operator:?} can't be used with {}: one of {allowed}",
            clause.field
        );
        Err(ApiError::invalid(&format!("{place}.operator"), words))
    };
    if clause.field == TAGS {
        let tags = words(&clause.value, place)?;
        return match operator {
            "includes" | "is" => Ok(Test::Tagged(tags)),
            "not_includes" | "is_not" => Ok(Test::Untagged(tags)),
            _ => unknown_operator("includes, not_includes"),
        };
    }
    let Some(subject) = Subject::ALL
        .into_iter()
        .find(|subject| subject.field() == clause.field)
    else {
        return Err(ApiError::invalid(&field, unknown_field(&clause.field)));
    };
    let one = || names.word(subject, &clause.value, &format!("{place}.value"));
    let several = || -> Result<Vec<String>, ApiError> {
        let place = format!("{place}.value");
        let values = clause.value.as_array().cloned();
        let values = values.unwrap_or_else(|| vec![clause.value.clone()]);
        let word = |value| {
            names
                .word(subject, value, &place)?
                .ok_or_else(|| ApiError::blank(&place))
        };
        let words: Vec<String> = values.iter().map(word).collect::<Result<_, _>>()?;
        if words.is_empty() {
            Err(ApiError::blank(&place))
        } else {
            Ok(words)
        }
    };
    match operator {
        "is" | "value" => Ok(Test::Is(subject, one()?)),
        "is_not" | "not_value" => Ok(Test::IsNot(subject, one()?)),
        "includes" => Ok(Test::OneOf(subject, several()?)),
        "not_includes" => Ok(Test::NoneOf(subject, several()?)),
        "less_than" | "greater_than" if subject == Subject::Priority => {
            let word = one()?.ok_or_else(|| ApiError::blank(&format!("{place}.value")))?;
            let rank = word
                .parse()
                .map_err(|_| ApiError::blank(&format!("{place}.value")))?;
            Ok(if operator == "less_than" {
                Test::Below(rank)
            } else {
                Test::Above(rank)
            })
        }
        _ if subject == Subject::Priority => {
            unknown_operator("is, is_not, includes, not_includes, less_than, greater_than")
        }
        _ => unknown_operator("is, is_not, includes, not_includes"),
    }
}

fn unknown_field(field: &str) -> String {
    let fields: Vec<&str> = Subject::ALL.into_iter().map(Subject::field).collect();
    let instead = match field {
        "organization_id" => "write docket.condition, such as organization.name == \"Acme\"",
        "requester_id" => "write docket.condition, such as requester.email == \"ann@example.com\"",
        "assignee_id" | "status" => "what is promised must not change because work goes on",
        _ => "anything else is said in docket.condition",
    };
    format!("{field:?} is not among {}, {TAGS}: {instead}", fields.join(", "))
}

/// Words parted by white space, or a list of them.
fn words(value: &Value, place: &str) -> Result<Vec<String>, ApiError> {
    let texts: Vec<&str> = match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    let words: Vec<String> = texts
        .iter()
        .flat_map(|text| text.split_whitespace())
        .map(str::to_owned)
        .collect();
    if words.is_empty() {
        Err(ApiError::blank(&format!("{place}.value")))
    } else {
        Ok(words)
    }
}

/// A condition in the shape; nothing where a name in it is known no more.
fn shown(test: &Test, names: &Names) -> Option<Value> {
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
    };
    Some(json!({ "field": field, "operator": operator, "value": value }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::for_test(&[(1, "Support"), (7, "Tier \"2\"")])
    }

    fn condition(filter: Value) -> Result<String, ApiError> {
        condition_of(&serde_json::from_value(filter).unwrap(), &names())
    }

    fn check(filter: Value, expected: &str) {
        assert_eq!(condition(filter.clone()).unwrap(), expected);
        let back = filter_of(expected, &names()).unwrap();
        assert_eq!(back, filter, "{expected}");
        docket_conditions::Condition::parse(expected).unwrap();
    }

    fn clause(field: &str, operator: &str, value: impl Into<Value>) -> Value {
        json!({ "field": field, "operator": operator, "value": value.into() })
    }

    #[test]
    fn what_a_filter_says_a_condition_says_and_leads_back() {
        check(json!({ "all": [], "any": [] }), "true");
        check(
            json!({ "all": [clause("type", "is", "incident"), clause("via_id", "is", 4)], "any": [] }),
            r#"ticket.type == "incident" && ticket.channel == "mail""#,
        );
        check(
            json!({ "all": [clause("group_id", "is_not", 7)], "any": [clause("priority", "is", Value::Null), clause("current_tags", "includes", "vip gold")] }),
            r#"ticket.group != "Tier \"2\"" && (ticket.priority == null || ticket.tags.exists(tag, tag in ["vip", "gold"]))"#,
        );
        check(
            json!({ "all": [], "any": [clause("recipient", "is", "a@x.example")] }),
            r#"(ticket.mailbox == "a@x.example")"#,
        );
        check(
            json!({ "all": [
                clause("group_id", "includes", vec![1, 7]),
                clause("type", "not_includes", vec!["task"]),
                clause("current_tags", "not_includes", "spam"),
                clause("priority", "greater_than", "normal"),
                clause("priority", "less_than", "urgent"),
            ], "any": [] }),
            r#"ticket.group in ["Support", "Tier \"2\""] && !(ticket.type in ["task"]) && !ticket.tags.exists(tag, tag in ["spam"]) && ticket.priority_rank > rank("normal") && ticket.priority_rank < rank("urgent")"#,
        );
    }

    #[test]
    fn a_condition_beyond_filters_is_none() {
        for condition in [
            r#"requester.tier == "gold""#,
            r#"ticket.type == "incident" || ticket.type == "task""#,
            r#"ticket.type=="incident""#,
            r#"ticket.group == "Gone""#,
            r#"(ticket.type == "task") && (ticket.type == "task")"#,
            r#"ticket.type == "task" && "#,
            r#"ticket.tags.exists(tag, tag in [])"#,
            r#"ticket.type == "a" + "b""#,
            "",
        ] {
            assert_eq!(filter_of(condition, &names()), None, "{condition}");
        }
    }

    #[test]
    fn what_a_filter_can_not_say_is_named_with_its_place() {
        for (filter, field, words) in [
            (
                clause("organization_id", "is", 3),
                "filter.all[0].field",
                "organization.name",
            ),
            (
                clause("brand_id", "is", 3),
                "filter.all[0].field",
                "docket.condition",
            ),
            (
                clause("type", "within", "task"),
                "filter.all[0].operator",
                "is_not",
            ),
            (clause("group_id", "is", 99), "filter.all[0].value", "no group"),
            (clause("via_id", "is", 999), "filter.all[0].value", "4"),
            (clause("type", "is", "chore"), "filter.all[0].value", "task"),
            (
                clause("current_tags", "includes", "  "),
                "filter.all[0].value",
                "blank",
            ),
            (
                clause("type", "includes", Vec::<Value>::new()),
                "filter.all[0].value",
                "blank",
            ),
        ] {
            let Err(ApiError::Invalid(problems)) = condition(json!({ "all": [filter] })) else {
                panic!("{filter} is taken");
            };
            assert_eq!(problems[0].field, field);
            assert!(problems[0].words.contains(words), "{}", problems[0].words);
        }
    }
}
