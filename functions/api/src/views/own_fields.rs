//! Conditions on fields that the operator defined: there has to be such a field, and what it is compared with has to be one of its
//! values.

use crate::kit::{call::Call, error::ApiError};
use docket_domain::{
    field::{FieldBook, FieldDefinition, FieldKind, FieldsOf},
    view::ViewCondition,
};
use docket_search::{OwnField, is_by_order};
use serde_json::Value;

/// Refuses conditions on fields that the operator did not define, and comparisons that say nothing of a field's values.
pub(super) async fn check_own_fields(
    call: &Call,
    list: &str,
    conditions: &[ViewCondition],
) -> Result<(), ApiError> {
    let own: Vec<_> = conditions
        .iter()
        .enumerate()
        .filter_map(|(place, condition)| Some((place, condition, OwnField::named(&condition.field)?)))
        .collect();
    if own.is_empty() {
        return Ok(());
    }
    let book = call.desk.rules().newest_book().await?;
    for (place, condition, field) in own {
        let wrong = |part: &str, words: String| ApiError::invalid(&format!("{list}[{place}].{part}"), words);
        let definition = definition(&book.rules.fields, field).map_err(|words| wrong("field", words))?;
        check_order(&definition, condition).map_err(|(part, words)| wrong(part, words))?;
    }
    Ok(())
}

fn definition(book: &FieldBook, field: OwnField<'_>) -> Result<FieldDefinition, String> {
    let (found, of) = match field {
        OwnField::OfTicket(id) => {
            let found = book.own_ticket_field(id).cloned();
            return found.ok_or_else(|| format!("{id} is no ticket field's id"));
        }
        OwnField::OfRequester(key) => (book.keyed(FieldsOf::People, key), ("user", key)),
        OwnField::OfOrganization(key) => (book.keyed(FieldsOf::Organizations, key), ("organization", key)),
    };
    found.ok_or_else(|| format!("{:?} is no {} field's key", of.1, of.0))
}

/// What has an order is compared with a value of its own; what has none is not compared.
fn check_order(field: &FieldDefinition, condition: &ViewCondition) -> Result<(), (&'static str, String)> {
    let operator = condition.operator.as_str();
    if !is_by_order(operator) {
        return Ok(());
    }
    let is_of_days = operator.starts_with("within_");
    if !field.kind.is_ordered() || (is_of_days && field.kind != FieldKind::Date) {
        let words = format!(
            "{operator:?} can't be used with a field of type {}",
            field.kind.as_str()
        );
        return Err(("operator", words));
    }
    if is_of_days {
        // It is a number of days, which was read already.
        return Ok(());
    }
    let values = condition.value.each().iter();
    let mut values = values.map(|value| field.read(&Value::String(value.clone())));
    values
        .try_for_each(|read| read.map(drop))
        .map_err(|words| ("value", words))
}
