//! Lookups: fields whose values lead to a ticket, a person or an organization.

use crate::kit::error::ApiError;
use docket_desk::Desk;
use docket_domain::{
    field::{FieldDefinition, FieldsOf},
    people::{organization::Claim, person::Identity},
};
use serde_json::Value;
use std::borrow::Cow;

/// How an id of the caller's own begins.
const EXTERNAL: &str = "external_id:";
/// By which words clients know what a lookup leads to.
const WORDS: [(&str, FieldsOf); 3] = [
    ("zen:user", FieldsOf::People),
    ("zen:ticket", FieldsOf::Tickets),
    ("zen:organization", FieldsOf::Organizations),
];
/// What is said of a value that leads to nothing.
const NOTHING: &str = "is no id of what this field leads to";

/// The word for what a lookup leads to.
pub(crate) fn word(of: FieldsOf) -> &'static str {
    let found = WORDS.iter().find(|(_, known)| *known == of);
    found.map_or("", |(word, _)| *word)
}

/// What a word means.
pub(crate) fn of_word(word: &str) -> Option<FieldsOf> {
    let found = WORDS.iter().find(|(known, _)| *known == word);
    found.map(|(_, of)| *of)
}

/// The value with a number in place of an id of the caller's own.
pub(super) async fn with_number<'v>(
    desk: &Desk,
    field: &FieldDefinition,
    value: &'v Value,
    place: &str,
) -> Result<Cow<'v, Value>, ApiError> {
    let text = value.as_str().map(str::trim).unwrap_or_default();
    let (Some(of), Some(id)) = (field.target, text.strip_prefix(EXTERNAL)) else {
        return Ok(Cow::Borrowed(value));
    };
    let id = id.to_owned();
    let number = match of {
        FieldsOf::People => {
            let person = desk.people().find(&Identity::External(id)).await?;
            person.map(|person| person.id.0)
        }
        FieldsOf::Organizations => {
            let organization = desk.organizations().find(&Claim::External(id)).await?;
            organization.map(|organization| organization.id.0)
        }
        FieldsOf::Tickets => return Err(ApiError::invalid(place, "leads to a ticket, by its number")),
    };
    match number {
        Some(number) => Ok(Cow::Owned(Value::from(number))),
        None => Err(ApiError::invalid(
            place,
            "is no external_id of what this field leads to",
        )),
    }
}

/// Whether a value leads to something, or its field to nothing at all.
pub(super) async fn leads_somewhere(
    desk: &Desk,
    field: &FieldDefinition,
    text: Option<&str>,
) -> Result<bool, ApiError> {
    match text.and_then(|text| field.target_of(text)) {
        Some((of, number)) => Ok(desk.has(of, number).await?),
        None => Ok(true),
    }
}

/// What is wrong with a value that leads to nothing.
pub(super) fn to_nothing(place: &str) -> ApiError {
    ApiError::invalid(place, NOTHING)
}
