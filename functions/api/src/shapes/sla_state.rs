//! How the promises of a ticket stand, as tickets bring it along: `include=slas`.

use super::time;
use crate::slas::targets;
use docket_domain::{
    Timestamp,
    sla::{Book, ClockState, Clocks, Course, Metric},
};
use serde_json::{Value, json};

const HOUR_SECONDS: i64 = 3600;
const DAY_SECONDS: i64 = 24 * HOUR_SECONDS;

/// The newest cycle of each clock that was promised something; none of a ticket for which no policy holds.
pub(crate) fn slas(clocks: Option<&Clocks>, book: &Book, now: Timestamp) -> Value {
    let Some(clocks) = clocks else {
        return json!({ "policy_metrics": [] });
    };
    let newest = Metric::ALL.into_iter().filter_map(|metric| clocks.newest(metric));
    let business_hours = clocks.in_force.calendar.is_some();
    let rows: Vec<Value> = newest
        .filter_map(|state| policy_metric(state, business_hours, now))
        .collect();
    let policy = clocks.in_force.policy;
    json!({
        "policy_metrics": rows,
        "docket": {
            "policy_id": policy,
            "policy_title": book.policy(policy).map(|policy| policy.title.as_str()),
            "policy_version": clocks.in_force.policy_version,
        },
    })
}

/// One clock; nothing of one that nobody waits for any more.
fn policy_metric(state: &ClockState, business_hours: bool, now: Timestamp) -> Option<Value> {
    let target_seconds = state.target_seconds?;
    let stage = match state.course {
        Course::Fulfilled => "achieved",
        Course::Suspended => "paused",
        Course::Running if state.is_paused() => "paused",
        Course::Running => "active",
        Course::Dropped | Course::Over => return None,
    };
    let mut shown = json!({
        "metric": targets::name(state.metric),
        "stage": stage,
        "breach_at": state.due_at.map(time),
        "target": targets::minutes(target_seconds),
        "target_in_seconds": target_seconds,
        "business_hours": business_hours,
        "docket": { "instance": state.instance, "is_breached": state.is_breached() },
    });
    if let Some(due_at) = state.due_at.filter(|_| stage == "active") {
        let (unit, left) = time_left(due_at.as_second() - now.as_second());
        shown[unit] = json!(left);
    }
    Some(shown)
}

/// What is left in the unit that fits, below zero after the breach.
fn time_left(seconds: i64) -> (&'static str, i64) {
    match seconds.abs() {
        DAY_SECONDS.. => ("days", seconds / DAY_SECONDS),
        HOUR_SECONDS.. => ("hours", seconds / HOUR_SECONDS),
        _ => ("minutes", seconds / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_told_in_the_unit_that_fits() {
        assert_eq!(time_left(59 * 60 + 59), ("minutes", 59));
        assert_eq!(time_left(3600), ("hours", 1));
        assert_eq!(time_left(-90 * 60), ("hours", -1));
        assert_eq!(time_left(3 * 86_400 + 5), ("days", 3));
    }
}
