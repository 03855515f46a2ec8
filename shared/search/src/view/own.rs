//! Conditions on what the operator defined: values of fields (`custom_fields_<id>`), forms, statuses.

use super::{
    WrongCondition, WrongPart,
    condition::{not, wrong, wrong_operator, wrong_value},
};
use crate::{keyword, matcher::Matcher, text::fold_exactly};
use docket_domain::view::ViewCondition;

/// The id of the field that a condition of this name is about, if it is one of the operator's own.
#[must_use]
pub fn own_field(name: &str) -> Option<u64> {
    field(name)?.parse().ok()
}

/// What the names of such fields begin with.
const FIELDS: [&str; 2] = ["custom_fields_", "ticket_fields_"];

/// The stored name of the field that a condition is about, if it is one of the operator's own.
pub(super) fn field(name: &str) -> Option<&str> {
    let id = FIELDS.iter().find_map(|start| name.strip_prefix(start))?;
    id.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(id)
        .filter(|id| !id.is_empty())
}

/// A field has this value, or one of these options; or has any.
pub(super) fn value(condition: &ViewCondition, name: &str) -> Result<Matcher, WrongCondition> {
    let is_of_options = condition.operator.ends_with("includes");
    let has = |value: &str| match value {
        // A box that was never ticked has no value.
        "false" => not(Matcher::Keyword(keyword::whole_field(name, "true"))),
        "" => not(Matcher::Keyword(keyword::with_field(name))),
        value if is_of_options => Matcher::Keyword(keyword::field_option(name, &fold_exactly(value))),
        value => Matcher::Keyword(keyword::whole_field(name, &fold_exactly(value))),
    };
    let with = Matcher::Keyword(keyword::with_field(name));
    one_of(condition, with, |value| Some(has(value)))
}

/// A ticket belongs to one of these forms; or to any.
pub(super) fn form(condition: &ViewCondition) -> Result<Matcher, WrongCondition> {
    let with = || Matcher::Keyword(keyword::WITH_FORM.to_owned());
    one_of(condition, with(), |value| match value {
        "" => Some(not(with())),
        value => Some(Matcher::Keyword(keyword::form(value.parse().ok()?))),
    })
}

/// What has one of some values; `with` is what has any.
pub(super) fn one_of(
    condition: &ViewCondition,
    with: Matcher,
    has: impl Fn(&str) -> Option<Matcher>,
) -> Result<Matcher, WrongCondition> {
    let any = || {
        let each = condition.value.each().iter();
        let each = each.map(|value| has(value).ok_or_else(|| wrong_value(condition, value)));
        let each: Vec<Matcher> = each.collect::<Result<_, _>>()?;
        match each.is_empty() {
            true => Err(wrong(WrongPart::Value, "cannot be blank")),
            false => Ok(Matcher::Or(each)),
        }
    };
    match condition.operator.as_str() {
        "is" | "value" | "includes" => any(),
        "is_not" | "not_value" | "not_includes" => Ok(not(any()?)),
        "present" => Ok(with),
        "not_present" => Ok(not(with)),
        _ => {
            let allowed = "is, is_not, includes, not_includes, present, not_present";
            Err(wrong_operator(condition, allowed))
        }
    }
}
