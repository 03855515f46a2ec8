//! Filters of policies, triggers and automations: what the shape can say of tickets, as a condition and back.
//!
//! Each keeps a condition in CEL. What a filter says becomes one in a fixed form, and a condition in that form is
//! shown as the filter that it came from. Any other condition is shown as itself, under `docket`.

mod events;
mod names;
pub(crate) mod own;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use names::Names;

use self::{
    events::{test_of_change, test_of_event},
    own::OwnTest,
    text::Reader,
};
use crate::kit::error::ApiError;
use docket_domain::ticket::Priority;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most conditions of a filter: each takes a few parts of the 500 that a condition may have.
const MOST_CLAUSES: usize = 40;

/// What a filter is for: what a policy may depend on changes neither by itself nor by work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Policy,
    Trigger,
    Automation,
}

/// A filter as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    pub all: Option<Vec<Clause>>,
    pub any: Option<Vec<Clause>>,
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
pub(crate) struct Clause {
    pub field: String,
    pub operator: Option<String>,
    pub value: Value,
}

/// What of a ticket a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Status,
    Type,
    Priority,
    Group,
    Via,
    Recipient,
}

impl Subject {
    pub const ALL: [Self; 6] = [
        Self::Status,
        Self::Type,
        Self::Priority,
        Self::Group,
        Self::Via,
        Self::Recipient,
    ];

    /// Those that a use knows.
    pub fn of(of: Use) -> impl Iterator<Item = Self> {
        let all = Self::ALL.into_iter();
        all.filter(move |subject| of != Use::Policy || *subject != Self::Status)
    }

    /// The name of its change, where it can change.
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Status => Some("status"),
            Self::Type => Some("type"),
            Self::Priority => Some("priority"),
            Self::Group => Some("group"),
            Self::Via | Self::Recipient => None,
        }
    }

    /// Its name in filters.
    pub fn field(self) -> &'static str {
        match self {
            Self::Status => "status",
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
            Self::Status => "ticket.status",
            Self::Type => "ticket.type",
            Self::Priority => "ticket.priority",
            Self::Group => "ticket.group",
            Self::Via => "ticket.channel",
            Self::Recipient => "ticket.mailbox",
        }
    }
}

/// The name of the tags in filters.
pub(crate) const TAGS: &str = "current_tags";

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
    /// It has just been created; or something else happened.
    Created(bool),
    /// This changed; or did not.
    Changed(Subject, bool),
    /// It changed to this.
    ChangedTo(Subject, Option<String>),
    /// Somebody wrote; to everybody, to agents, or either.
    Commented(Option<bool>),
    /// A text has one of these words, or none of them.
    Words(Part, Vec<String>, bool),
    /// It was done by an agent, or by the requester.
    ByAgent(bool),
    /// Something of what the operator defined.
    Own(OwnTest),
}

/// A text that words are looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Subject,
    Comment,
}

impl Part {
    pub const ALL: [Self; 2] = [Self::Subject, Self::Comment];

    /// Its name in filters.
    pub fn field(self) -> &'static str {
        match self {
            Self::Subject => "subject_includes_word",
            Self::Comment => "comment_includes_word",
        }
    }

    /// Its name in conditions.
    pub fn path(self) -> &'static str {
        match self {
            Self::Subject => "ticket.subject",
            Self::Comment => "event.comment_text",
        }
    }
}

/// The condition that says what a filter says.
pub(crate) fn condition_of(filter: &Filter, names: &Names, of: Use) -> Result<String, ApiError> {
    let root = if of == Use::Policy { "filter" } else { "conditions" };
    let read = |list: &'static str, clauses: &Option<Vec<Clause>>| {
        let clauses = clauses.iter().flatten().enumerate();
        clauses
            .map(|(place, clause)| test_of(clause, names, of, &format!("{root}.{list}[{place}]")))
            .collect::<Result<Vec<_>, _>>()
    };
    let (all, any) = (read("all", &filter.all)?, read("any", &filter.any)?);
    if all.len() + any.len() > MOST_CLAUSES {
        let words = format!("has at most {MOST_CLAUSES} conditions");
        return Err(ApiError::invalid(root, words));
    }
    // Triggers without a word of what happens run at whatever happens.
    let hears = |test: &Test| {
        matches!(
            test,
            Test::Created(_)
                | Test::Changed(..)
                | Test::ChangedTo(..)
                | Test::Commented(_)
                | Test::Words(Part::Comment, ..)
                | Test::ByAgent(_)
        ) || matches!(test, Test::Own(own) if own.hears())
    };
    let is_of_any_event = of == Use::Trigger && !all.iter().chain(&any).any(hears);
    Ok(text::written(&all, &any, is_of_any_event))
}

/// The filter that says what a condition says; nothing where the shape has no words for it.
pub(crate) fn filter_of(condition: &str, names: &Names) -> Option<Value> {
    let (all, any) = Reader::read(condition)?;
    let show = |tests: &[Test]| {
        let clauses: Option<Vec<Value>> = tests.iter().map(|test| shown(test, names)).collect();
        clauses
    };
    Some(json!({ "all": show(&all)?, "any": show(&any)? }))
}

fn test_of(clause: &Clause, names: &Names, of: Use, place: &str) -> Result<Test, ApiError> {
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
    if let Some(test) = own::test_of(clause, operator, names, of, place)? {
        return Ok(Test::Own(test));
    }
    if of == Use::Trigger
        && let Some(test) = test_of_event(clause, operator, place)?
    {
        return Ok(test);
    }
    let Some(subject) = Subject::of(of).find(|subject| subject.field() == clause.field) else {
        return Err(ApiError::invalid(&field, unknown_field(&clause.field, of)));
    };
    if of == Use::Trigger
        && let Some(test) = test_of_change(clause, subject, operator, names, place)?
    {
        return Ok(test);
    }
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

fn unknown_field(field: &str, of: Use) -> String {
    let mut fields: Vec<&str> = Subject::of(of).map(Subject::field).collect();
    if of == Use::Trigger {
        fields.extend(["update_type", "comment_is_public", "role"]);
        fields.extend(Part::ALL.map(Part::field));
    }
    let instead = match field {
        "organization_id" => "write docket.condition, such as organization.name == \"Acme\"",
        "requester_id" => "write docket.condition, such as requester.email == \"ann@example.com\"",
        "assignee_id" | "status" if of == Use::Policy => {
            "what is promised must not change because work goes on"
        }
        _ => "fields of your own are custom_fields_<id>, and anything else is said in docket.condition",
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
