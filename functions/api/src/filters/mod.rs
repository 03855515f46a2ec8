//! Filters of policies, triggers and automations: what the shape can say of tickets, as a condition and back.
//!
//! Each keeps a condition in CEL. What a filter says becomes one in a fixed form, and a condition in that form is
//! shown as the filter that it came from. Any other condition is shown as itself, under `docket`.

mod clause;
mod comparison;
mod events;
mod letters;
mod names;
pub(crate) mod own;
mod sent;
mod shown;
mod subject;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use clause::{Clause, Filter, Use};
pub(crate) use names::Names;
pub(crate) use subject::{Subject, TAGS};

use crate::kit::error::ApiError;
use comparison::Test;
use letters::Reader;
use sent::test_of;
use serde_json::{Value, json};
use shown::shown;

/// Most conditions of a filter: each takes a few parts of the 500 that a condition may have.
const MOST_CLAUSES: usize = 40;

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
    let is_of_any_event = of == Use::Trigger && !all.iter().chain(&any).any(Test::hears);
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
