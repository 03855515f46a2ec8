//! What filters say of fields, forms and statuses that the operator defined: `custom_fields_<id>`, `ticket_form_id`,
//! `custom_status_id`.

mod reader;
mod rows;

pub(crate) use rows::rows;

use super::{
    Clause, Names, Use,
    text::{Reader, quoted},
};
use crate::kit::error::ApiError;
use docket_domain::field::{FieldBook, FieldDefinition, FieldKind, own_id};
use serde_json::{Value, json};

/// What the names of fields begin with.
pub(crate) const FIELD: &str = "custom_fields_";
const FORM: &str = "ticket_form_id";
const STATUS: &str = "custom_status_id";
const FORM_CHANGED: &str = "\"form\" in event.changed";
const STATUS_CHANGED: &str = "(\"custom_status\" in event.changed || \"status\" in event.changed)";
/// Most values of one condition.
const MOST_VALUES: usize = 100;

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
const ORDER: [(How, &str, &str); 4] = [
    (How::AtMost, "<=", "less_than_equal"),
    (How::AtLeast, ">=", "greater_than_equal"),
    (How::Below, "<", "less_than"),
    (How::Above, ">", "greater_than"),
];

/// One condition. Values are literals of conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnTest {
    what: What,
    how: How,
    values: Vec<Literal>,
}

/// A value in a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Literal {
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

/// What a filter's field names; nothing where it is none of these.
fn what_of(field: &str) -> Option<What> {
    match field {
        FORM => Some(What::Form),
        STATUS => Some(What::Status),
        _ => {
            let id = field
                .strip_prefix(FIELD)
                .or_else(|| field.strip_prefix("ticket_fields_"));
            id.and_then(own_id).map(What::Field)
        }
    }
}

impl What {
    fn field(self) -> String {
        match self {
            Self::Field(id) => format!("{FIELD}{id}"),
            Self::Form => FORM.to_owned(),
            Self::Status => STATUS.to_owned(),
        }
    }

    fn path(self) -> String {
        match self {
            Self::Field(id) => format!("ticket.fields[\"{id}\"]"),
            Self::Form => "ticket.form".to_owned(),
            Self::Status => "ticket.custom_status".to_owned(),
        }
    }

    fn changed(self) -> String {
        match self {
            Self::Field(id) => format!("\"{id}\" in event.changed_fields"),
            Self::Form => FORM_CHANGED.to_owned(),
            Self::Status => STATUS_CHANGED.to_owned(),
        }
    }
}

/// Reads a condition; nothing where it is about something else.
pub(super) fn test_of(
    clause: &Clause,
    operator: &str,
    names: &Names,
    of: Use,
    place: &str,
) -> Result<Option<OwnTest>, ApiError> {
    let is_own = clause.field.starts_with(FIELD) || clause.field.starts_with("ticket_fields_");
    let Some(what) = what_of(&clause.field) else {
        return match is_own {
            true => Err(unknown(place)),
            false => Ok(None),
        };
    };
    if what == What::Status && of == Use::Policy {
        return Ok(None);
    }
    let book = names.fields();
    let field = match what {
        What::Field(id) => Some(book.own_ticket_field(id).ok_or_else(|| unknown(place))?),
        What::Form | What::Status => None,
    };
    let how = how_of(operator, field, of).ok_or_else(|| {
        let words = format!("{operator:?} can't be used with {}", clause.field);
        ApiError::invalid(&format!("{place}.operator"), words)
    })?;
    let (how, value) = match (operator, how) {
        ("present", _) => (How::IsNot, Value::Null),
        ("not_present", _) => (How::Is, Value::Null),
        (_, How::Changed | How::NotChanged) => {
            return Ok(Some(OwnTest {
                what,
                how,
                values: vec![],
            }));
        }
        _ => (how, clause.value.clone()),
    };
    let several = matches!(how, How::OneOf | How::NoneOf | How::Has | How::HasNot);
    let values = match (several, value) {
        (true, Value::Array(values)) => values,
        (true, Value::String(text)) => text.split_whitespace().map(Value::from).collect(),
        (_, value) => vec![value],
    };
    let place = format!("{place}.value");
    if values.is_empty() || values.len() > MOST_VALUES {
        return Err(ApiError::invalid(
            &place,
            format!("has to be 1 to {MOST_VALUES} values"),
        ));
    }
    let literal = |value: &Value| literal(value, what, field, book, &place);
    let values: Vec<Literal> = values.iter().map(literal).collect::<Result<_, _>>()?;
    let needs_value = !matches!(how, How::Is | How::IsNot | How::ChangedTo) || what == What::Status;
    if needs_value && values.contains(&Literal::Null) {
        return Err(ApiError::blank(&place));
    }
    Ok(Some(OwnTest { what, how, values }))
}

fn unknown(place: &str) -> ApiError {
    ApiError::invalid(&format!("{place}.field"), "is no ticket field's id")
}

fn how_of(operator: &str, field: Option<&FieldDefinition>, of: Use) -> Option<How> {
    let has_many = field.is_some_and(|field| field.kind == FieldKind::Multiselect);
    let is_ordered = field.is_some_and(|field| field.kind.is_ordered());
    let hears = of == Use::Trigger;
    if let Some((how, ..)) = ORDER.iter().find(|(_, _, name)| *name == operator) {
        return is_ordered.then_some(*how);
    }
    match operator {
        "is" if has_many => Some(How::Has),
        "is_not" if has_many => Some(How::HasNot),
        "is" => Some(How::Is),
        "is_not" | "not_value" => Some(How::IsNot),
        "present" | "not_present" => Some(How::Is),
        "includes" if has_many => Some(How::Has),
        "not_includes" if has_many => Some(How::HasNot),
        "includes" => Some(How::OneOf),
        "not_includes" => Some(How::NoneOf),
        "changed" if hears => Some(How::Changed),
        "not_changed" if hears => Some(How::NotChanged),
        "value" | "changed_to" if hears && !has_many => Some(How::ChangedTo),
        "value" if !has_many => Some(How::Is),
        _ => None,
    }
}

fn literal(
    value: &Value,
    what: What,
    field: Option<&FieldDefinition>,
    book: &FieldBook,
    place: &str,
) -> Result<Literal, ApiError> {
    let refused = |words: String| ApiError::invalid(place, words);
    let Some(field) = field else {
        let id = match value {
            Value::Null => return Ok(Literal::Null),
            Value::String(text) if text.trim().is_empty() => return Ok(Literal::Null),
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let is_there = |id: &u64| match what {
            What::Form => book.form(*id).is_some(),
            _ => book.status(*id).is_some(),
        };
        let id = id.filter(is_there);
        let id = id.ok_or_else(|| refused(format!("{value} is no {}", what.field())))?;
        return Ok(Literal::Number(id.to_string()));
    };
    let Some(text) = field.read(value).map_err(refused)? else {
        return Ok(Literal::Null);
    };
    Ok(match field.kind {
        FieldKind::Checkbox => Literal::Flag(text == "true"),
        FieldKind::Integer | FieldKind::Decimal => Literal::Number(text),
        _ => Literal::Text(text),
    })
}

impl OwnTest {
    /// Whether it is about what happens.
    pub(super) fn hears(&self) -> bool {
        matches!(self.how, How::Changed | How::NotChanged | How::ChangedTo)
    }

    /// The condition.
    pub(super) fn written(&self) -> String {
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
    pub(super) fn shown(&self) -> (String, &'static str, Value) {
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

    /// Reads one off a condition.
    pub(super) fn read(rest: &mut Reader<'_>) -> Option<Self> {
        let mut on = Reader(rest.0);
        let found = on.own()?;
        rest.0 = on.0;
        Some(found)
    }
}

#[cfg(test)]
mod tests;
