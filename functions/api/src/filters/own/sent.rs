//! A condition on what the operator defined, as it is sent, becomes one as it is meant.

use super::comparison::{FIELD, FORM, How, Literal, ORDER, OwnTest, STATUS, What};
use crate::{
    filters::{
        clause::{Clause, Use},
        names::Names,
    },
    kit::error::ApiError,
};
use docket_domain::field::{FieldBook, FieldDefinition, FieldKind, own_id};
use serde_json::Value;

/// Most values of one condition.
const MOST_VALUES: usize = 100;

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

/// Reads a condition; nothing where it is about something else.
pub(in crate::filters) fn test_of(
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

/// How an operator compares a field; nothing where it can't.
pub(super) fn how_of(operator: &str, field: Option<&FieldDefinition>, of: Use) -> Option<How> {
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
