//! Conditions on values that have an order: numbers, and days.

use super::{
    ViewAsker,
    wrong::{WrongCondition, WrongPart, single, wrong, wrong_operator, wrong_value},
};
use crate::{keyword, make::place_of_number, matcher::Matcher};
use docket_domain::view::ViewCondition;
use jiff::{Span, civil::Date};
use std::ops::Bound::{Excluded, Included};

/// Most days that are counted: ten years.
const MOST_DAYS: i64 = 3_650;

/// Whether an operator is for values that have an order.
#[must_use]
pub fn is_by_order(operator: &str) -> bool {
    let compares = [
        "less_than",
        "less_than_equal",
        "greater_than",
        "greater_than_equal",
    ];
    compares.contains(&operator) || is_within_days(operator)
}

/// Whether an operator is for days alone.
pub(super) fn is_within_days(operator: &str) -> bool {
    ["within_previous_n_days", "within_next_n_days"].contains(&operator)
}

/// A field's value is before another one, or behind it.
pub(super) fn compared(
    condition: &ViewCondition,
    operator: &str,
    name: &str,
) -> Result<Matcher, WrongCondition> {
    let value = single(condition)?;
    let (term, first, behind) = if let Some(day) = day(value) {
        (
            keyword::whole_field(name, &day.to_string()),
            keyword::whole_field(name, ""),
            keyword::behind_whole_field(name),
        )
    } else if let Some(place) = place_of_number(value) {
        (
            keyword::number_in_field(name, &place),
            keyword::number_in_field(name, ""),
            keyword::behind_number_in_field(name),
        )
    } else {
        return Err(wrong_value(condition, value));
    };
    let (from, to) = match operator {
        "less_than" => (Included(first), Excluded(term)),
        "less_than_equal" => (Included(first), Included(term)),
        "greater_than" => (Excluded(term), Excluded(behind)),
        "greater_than_equal" => (Included(term), Excluded(behind)),
        _ => return Err(wrong_operator(condition, "less_than, greater_than")),
    };
    Ok(Matcher::KeywordWithin(from, to))
}

/// A day is among the last so many, today the last of them; or among the next so many, tomorrow the first of them. A day is taken for its
/// first moment, as Zendesk does ("within the previous / next (days)" of date fields, November 2026).
pub(super) fn within_days(
    condition: &ViewCondition,
    operator: &str,
    name: &str,
    asker: &ViewAsker<'_>,
) -> Result<Matcher, WrongCondition> {
    let value = single(condition)?;
    let days = value.trim().parse::<i64>().ok();
    let days = days
        .filter(|days| (0..=MOST_DAYS).contains(days))
        .ok_or_else(|| {
            let words = format!("{value:?} has to be a number of days, at most {MOST_DAYS}");
            wrong(WrongPart::Value, words)
        })?;
    let today = asker.now.to_zoned(asker.zone.clone()).date();
    let span = Span::new().days(days);
    let (behind, last) = match operator {
        "within_previous_n_days" => (today.checked_sub(span).unwrap_or(Date::MIN), today),
        _ => (today, today.checked_add(span).unwrap_or(Date::MAX)),
    };
    let term = |day: Date| keyword::whole_field(name, &day.to_string());
    Ok(Matcher::KeywordWithin(
        Excluded(term(behind)),
        Included(term(last)),
    ))
}

/// A day such as `2026-01-31`.
fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    text.parse().ok().filter(|_| text.len() == "2026-01-31".len())
}
