//! A rule.

use super::{Of, actions::shown_all, hours::clause_of};
use crate::{
    filters::{Names, filter_of},
    kit::address::Address,
    shapes::time,
};
use docket_domain::rule::{RecordTimes, Rule, RuleKind};
use serde_json::{Value, json};

/// The rule. What the shape has no place for stands under `docket`: its condition and its actions as they are.
pub(super) fn rule(
    address: &Address,
    of: Of,
    names: &Names,
    times: Option<&RecordTimes>,
    category: Option<u64>,
    rule: &Rule,
) -> Value {
    let filter = filter_of(&rule.condition, names);
    let is_beyond = filter.is_none();
    let mut filter = filter.unwrap_or_else(|| json!({ "all": [], "any": [] }));
    if let Some(timing) = rule.timing
        && let Some(clause) = clause_of(timing, &filter)
        && let Some(all) = filter["all"].as_array_mut()
    {
        all.insert(0, clause);
    }
    let mut shown = json!({
        "id": rule.id,
        "url": address.resource(&format!("/{}/{}", of.path(), rule.id)),
        "title": rule.name,
        "raw_title": rule.name,
        "description": rule.description,
        "active": rule.is_active,
        "position": rule.position,
        "actions": shown_all(&rule.actions, rule.kind),
        "created_at": times.map(|times| times.created_at).or(names.began()).map(time),
        "updated_at": times.map(|times| times.updated_at).or(names.began()).map(time),
        "docket": {
            "actions": rule.actions,
            "budget": rule.budget,
            "is_last": rule.is_last,
        },
    });
    match rule.kind {
        RuleKind::Macro => shown["restriction"] = Value::Null,
        _ => {
            shown["conditions"] = filter;
            shown["docket"]["condition"] = json!(rule.condition);
            shown["docket"]["is_beyond_filters"] = json!(is_beyond);
            shown["docket"]["timing"] = json!(rule.timing);
        }
    }
    if rule.kind == RuleKind::Trigger {
        shown["default"] = json!(false);
        shown["category_id"] = json!(category.map(|id| id.to_string()));
    }
    shown
}
