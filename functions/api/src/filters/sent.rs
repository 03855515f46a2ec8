//! A condition as it is sent becomes one as it is meant.

use super::{
    clause::{Clause, Use, words},
    comparison::Test,
    events::{test_of_change, test_of_event},
    names::Names,
    own,
    subject::{Part, Subject, TAGS},
};
use crate::kit::error::ApiError;

/// Reads one; `place` is where it stands in what was sent.
pub(super) fn test_of(clause: &Clause, names: &Names, of: Use, place: &str) -> Result<Test, ApiError> {
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
