//! What only triggers can say: what happened, and what changed.

use super::{
    clause::{Clause, words},
    comparison::Test,
    names::Names,
    subject::{Part, Subject},
};
use crate::kit::error::ApiError;

/// What a trigger can say of what happened.
pub(super) fn test_of_event(clause: &Clause, operator: &str, place: &str) -> Result<Option<Test>, ApiError> {
    let value = clause.value.as_str().map(str::trim).unwrap_or_default();
    let refused = |allowed: &str| {
        let words = format!("{} is none of {allowed}", clause.value);
        Err(ApiError::invalid(&format!("{place}.value"), words))
    };
    let is_not = matches!(operator, "is_not" | "not_includes" | "not_value");
    if let Some(part) = Part::ALL.into_iter().find(|part| part.field() == clause.field) {
        let words = words(&clause.value, place)?;
        let words = words.iter().map(|word| word.to_ascii_lowercase()).collect();
        return Ok(Some(Test::Words(part, words, !is_not)));
    }
    match (clause.field.as_str(), value) {
        ("update_type", "Create" | "create") => Ok(Some(Test::Created(!is_not))),
        ("update_type", "Change" | "change") => Ok(Some(Test::Created(is_not))),
        ("update_type", _) => refused("Create, Change"),
        ("comment_is_public", "true") => Ok(Some(Test::Commented(Some(!is_not)))),
        ("comment_is_public", "false") => Ok(Some(Test::Commented(Some(is_not)))),
        ("comment_is_public", "not_relevant" | "requester_can_see_comment") => {
            Ok(Some(Test::Commented((value != "not_relevant").then_some(true))))
        }
        ("comment_is_public", _) => match clause.value.as_bool() {
            Some(public) => Ok(Some(Test::Commented(Some(public != is_not)))),
            None => refused("true, false, not_relevant"),
        },
        ("role", "agent") => Ok(Some(Test::ByAgent(!is_not))),
        ("role", "end_user") => Ok(Some(Test::ByAgent(is_not))),
        ("role", _) => refused("agent, end_user"),
        _ => Ok(None),
    }
}

/// What a trigger can say of a change.
pub(super) fn test_of_change(
    clause: &Clause,
    subject: Subject,
    operator: &str,
    names: &Names,
    place: &str,
) -> Result<Option<Test>, ApiError> {
    if subject.attribute().is_none() {
        return Ok(None);
    }
    match operator {
        "changed" => Ok(Some(Test::Changed(subject, true))),
        "not_changed" => Ok(Some(Test::Changed(subject, false))),
        "value" | "changed_to" => {
            let word = names.word(subject, &clause.value, &format!("{place}.value"))?;
            Ok(Some(Test::ChangedTo(subject, word)))
        }
        _ => Ok(None),
    }
}
