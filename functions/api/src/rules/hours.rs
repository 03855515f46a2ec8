//! When an automation runs, as the shape says it: a condition in hours since something.

use crate::{
    filters::{Clause, Filter},
    kit::error::ApiError,
};
use docket_domain::rule::{Anchor, Timing};
use serde_json::{Value, json};

const HOUR: i64 = 3600;

/// What clients count hours from, and the status that it asks for besides.
const FIELDS: [(&str, Anchor, Option<&str>); 9] = [
    ("NEW", Anchor::Created, None),
    ("OPEN", Anchor::StatusChanged, Some("open")),
    ("PENDING", Anchor::StatusChanged, Some("pending")),
    ("SOLVED", Anchor::StatusChanged, Some("solved")),
    ("assigned_at", Anchor::AssigneeChanged, None),
    ("requester_updated_at", Anchor::CustomerWrote, None),
    ("assignee_updated_at", Anchor::AgentWrote, None),
    ("updated_at", Anchor::PersonChanged, None),
    ("group_changed_at", Anchor::GroupChanged, None),
];

/// The time that a filter says, and the filter without it.
pub(super) fn timing_of(
    filter: &Filter,
    before: Option<Timing>,
) -> Result<(Option<Timing>, Filter), ApiError> {
    let is_time = |clause: &Clause| FIELDS.iter().any(|(field, ..)| *field == clause.field);
    if let Some(place) = filter.any.iter().flatten().position(is_time) {
        let field = format!("conditions.any[{place}].field");
        return Err(ApiError::invalid(&field, "a time stands under all"));
    }
    let says = |clause: &Clause, status: &str| {
        clause.field == "status" && clause.value == status && clause.operator.as_deref() == Some("is")
    };
    let is_said = |status: &str| filter.all.iter().flatten().any(|clause| says(clause, status));
    let mut rest = filter.clone();
    let mut timing = None;
    let mut all = Vec::new();
    for (place, clause) in filter.all.iter().flatten().enumerate() {
        let Some((_, since, status)) = FIELDS.iter().find(|(field, ..)| *field == clause.field) else {
            all.push(clause.clone());
            continue;
        };
        let place = format!("conditions.all[{place}]");
        if timing.is_some() {
            return Err(ApiError::invalid(&place, "an automation has one time"));
        }
        if !matches!(
            clause.operator.as_deref(),
            Some("greater_than" | "is" | "greater_than_equal") | None
        ) {
            let words = "one of greater_than, is: it runs once, so long after";
            return Err(ApiError::invalid(&format!("{place}.operator"), words));
        }
        let hours = match &clause.value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let hours = hours.filter(|hours| *hours > 0);
        let hours = hours.ok_or_else(|| {
            ApiError::invalid(&format!("{place}.value"), "has to be whole hours, 1 or more")
        })?;
        timing = Some(Timing {
            since: *since,
            after_seconds: hours.saturating_mul(HOUR),
        });
        all.extend(status.filter(|status| !is_said(status)).map(|status| Clause {
            field: "status".to_owned(),
            operator: Some("is".to_owned()),
            value: json!(status),
        }));
    }
    rest.all = Some(all);
    Ok((timing.or(before), rest))
}

/// The condition that says a time, where the shape has words for it. Of a status, its own condition says the rest.
pub(super) fn clause_of(timing: Timing, filter: &Value) -> Option<Value> {
    if timing.after_seconds % HOUR != 0 {
        return None;
    }
    let has_status = |status: &str| {
        let clauses = filter["all"].as_array().into_iter().flatten();
        let mut clauses = clauses;
        clauses.any(|clause| {
            clause["field"] == "status" && clause["operator"] == "is" && clause["value"] == status
        })
    };
    let (field, ..) = FIELDS
        .iter()
        .filter(|(_, since, _)| *since == timing.since)
        .find(|(.., status)| status.is_none_or(has_status))?;
    Some(json!({
        "field": field,
        "operator": "greater_than",
        "value": (timing.after_seconds / HOUR).to_string(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(all: Value) -> Filter {
        serde_json::from_value(json!({ "all": all })).unwrap()
    }

    #[test]
    fn hours_since_a_status_are_its_time_and_its_status() {
        let sent = filter(json!([{ "field": "PENDING", "operator": "greater_than", "value": "48" }]));
        let (timing, rest) = timing_of(&sent, None).unwrap();
        let expected = Timing {
            since: Anchor::StatusChanged,
            after_seconds: 48 * 3600,
        };
        assert_eq!(timing, Some(expected));
        let rest = rest.all.unwrap();
        assert_eq!(
            (rest[0].field.as_str(), &rest[0].value),
            ("status", &json!("pending"))
        );
        let shown = json!({ "all": [{ "field": "status", "operator": "is", "value": "pending" }] });
        assert_eq!(clause_of(expected, &shown).unwrap()["field"], "PENDING");
    }

    #[test]
    fn what_is_no_time_is_named_with_its_place() {
        for (all, field) in [
            (
                json!([{ "field": "NEW", "operator": "less_than", "value": 3 }]),
                "conditions.all[0].operator",
            ),
            (
                json!([{ "field": "NEW", "value": "soon" }]),
                "conditions.all[0].value",
            ),
            (
                json!([{ "field": "NEW", "value": 1 }, { "field": "OPEN", "value": 1 }]),
                "conditions.all[1]",
            ),
        ] {
            let Err(ApiError::Invalid(problems)) = timing_of(&filter(all.clone()), None) else {
                panic!("{all} is taken");
            };
            assert_eq!(problems[0].field, field);
        }
    }
}
