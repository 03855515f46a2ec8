//! A policy.

use super::time;
use crate::{
    filters::{Names, filter_of},
    kit::{address::Address, configuration::Times},
    slas::{settings, targets},
};
use docket_domain::sla::{Hours, Policy};
use serde_json::{Map, Value, json};

/// The policy. What the shape has no place for stands under `docket`: of every policy its condition, and of one whose
/// condition no filter can say only that.
pub(crate) fn sla_policy(address: &Address, names: &Names, times: &Times, policy: &Policy) -> Value {
    let times = times.policy(policy);
    let calendar = match policy.hours {
        Hours::RoundTheClock => None,
        Hours::Calendar(id) => Some(id),
    };
    let filter = filter_of(&policy.condition, names);
    let steps: Map<String, Value> = policy
        .promises
        .iter()
        .map(|promise| {
            let steps = json!({ "warnings": promise.warnings, "escalations": promise.escalations });
            (targets::name(promise.metric).to_owned(), steps)
        })
        .collect();
    json!({
        "id": policy.id,
        "url": address.resource(&format!("/slas/policies/{}", policy.id)),
        "title": policy.title,
        "description": policy.description,
        "position": policy.position,
        "filter": filter.clone().unwrap_or_else(|| json!({ "all": [], "any": [] })),
        "policy_metrics": targets::shown(&policy.promises, calendar.is_some()),
        "metric_settings": settings::shown(),
        "created_at": times.created_at.map(time),
        "updated_at": times.updated_at.map(time),
        "docket": {
            "version": policy.version,
            "condition": policy.condition,
            "is_beyond_filters": filter.is_none(),
            "calendar_id": calendar,
            "pausing": policy.pausing,
            "promises": steps,
        },
    })
}
