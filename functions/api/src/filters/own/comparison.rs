//! What filters say of what the operator defined, as it is meant. Values are literals of conditions.

use crate::filters::letters::quoted;
use serde_json::{Value, json};

/// What the names of fields begin with.
pub(crate) const FIELD: &str = "custom_fields_";
pub(super) const FORM: &str = "ticket_form_id";
pub(super) const STATUS: &str = "custom_status_id";
const FORM_CHANGED: &str = "\"form\" in event.changed";
const STATUS_CHANGED: &str = "(\"custom_status\" in event.changed || \"status\" in event.changed)";
/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Field(u64),
    Form,
    Status,
}

/// How.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Is,
    IsNot,
    Below,
    AtMost,
    Above,
    AtLeast,
    /// It is one of these.
    OneOf,
    NoneOf,
    /// It has one of these among others.
    Has,
    HasNot,
    Changed,
    NotChanged,
    ChangedTo,
}

/// Comparisons of an order, with their signs and names, the longer signs first.
pub(super) const ORDER: [(How, &str, &str); 4] = [
    (How::AtMost, "<=", "less_than_equal"),
    (How::AtLeast, ">=", "greater_than_equal"),
    (How::Below, "<", "less_than"),
    (How::Above, ">", "greater_than"),
];

/// One condition. Values are literals of conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnTest {
    pub(super) what: What,
    pub(super) how: How,
    pub(super) values: Vec<Literal>,
}

/// A value in a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    Null,
    Flag(bool),
    Number(String),
    Text(String),
}

impl Literal {
    fn written(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.clone(),
            Self::Text(text) => quoted(text),
        }
    }

    fn shown(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Flag(flag) => json!(flag),
            Self::Number(number) => serde_json::from_str(number).unwrap_or_else(|_| json!(number)),
            Self::Text(text) => json!(text),
        }
    }
}

impl What {
    /// Its name in filters.
    pub(super) fn field(self) -> String {
        match self {
            Self::Field(id) => format!("{FIELD}{id}"),
            Self::Form => FORM.to_owned(),
            Self::Status => STATUS.to_owned(),
        }
    }

    /// Its name in conditions.
    pub(super) fn path(self) -> String {
        match self {
            Self::Field(id) => format!("ticket.fields[\"{id}\"]"),
            Self::Form => "ticket.form".to_owned(),
            Self::Status => "ticket.custom_status".to_owned(),
        }
    }

    /// That it changed, as conditions say it.
    pub(super) fn changed(self) -> String {
        match self {
            Self::Field(id) => format!("\"{id}\" in event.changed_fields"),
            Self::Form => FORM_CHANGED.to_owned(),
            Self::Status => STATUS_CHANGED.to_owned(),
        }
    }
}

impl OwnTest {
    /// Whether it is about what happens.
    pub(crate) fn hears(&self) -> bool {
        matches!(self.how, How::Changed | How::NotChanged | How::ChangedTo)
    }

    /// The condition.
    pub(crate) fn written(&self) -> String {
        let (path, changed) = (self.what.path(), self.what.changed());
        let one = self.values.first().map(Literal::written).unwrap_or_default();
        let all: Vec<String> = self.values.iter().map(Literal::written).collect();
        let all = all.join(", ");
        match self.how {
            How::Is => format!("{path} == {one}"),
            How::IsNot => format!("{path} != {one}"),
            How::OneOf => format!("{path} in [{all}]"),
            How::NoneOf => format!("!({path} in [{all}])"),
            How::Has => format!("[{all}].exists(value, value in {path})"),
            How::HasNot => format!("![{all}].exists(value, value in {path})"),
            How::Changed => changed,
            How::NotChanged => format!("!({changed})"),
            How::ChangedTo => format!("({changed} && {path} == {one})"),
            how => {
                let sign = ORDER.iter().find(|(other, ..)| *other == how);
                let sign = sign.map(|(_, sign, _)| *sign).unwrap_or_default();
                format!("({path} != null && {path} {sign} {one})")
            }
        }
    }

    /// The condition in the shape.
    pub(crate) fn shown(&self) -> (String, &'static str, Value) {
        let one = self.values.first().map_or(Value::Null, Literal::shown);
        let all = || self.values.iter().map(Literal::shown).collect();
        let (operator, value) = match self.how {
            How::Is if one.is_null() => ("not_present", one),
            How::IsNot if one.is_null() => ("present", one),
            How::Is => ("is", one),
            How::IsNot => ("is_not", one),
            How::OneOf | How::Has => ("includes", all()),
            How::NoneOf | How::HasNot => ("not_includes", all()),
            How::Changed => ("changed", Value::Null),
            How::NotChanged => ("not_changed", Value::Null),
            How::ChangedTo => ("value", one),
            how => {
                let name = ORDER.iter().find(|(other, ..)| *other == how);
                (name.map(|(_, _, name)| *name).unwrap_or_default(), one)
            }
        };
        (self.what.field(), operator, value)
    }
}
