//! Attributes and their values as they are shown.

use super::{attribute_uuid, value_uuid};
use crate::{call::Call, shapes::time};
use docket_domain::rule::{RuleBook, Skill, SkillAttribute, SkillTimes};
use serde_json::{Value, json};

/// An attribute.
pub(super) fn attribute(call: &Call, attribute: &SkillAttribute) -> Value {
    let id = attribute_uuid(&call.desk.settings.tenant, attribute);
    let (created_at, updated_at) = times(attribute.times);
    json!({
        "id": id,
        "url": call.address.resource(&format!("/routing/attributes/{id}")),
        "name": attribute.name,
        "created_at": created_at,
        "updated_at": updated_at,
    })
}

/// A value.
pub(super) fn value(call: &Call, rules: &RuleBook, skill: &Skill) -> Value {
    let tenant = &call.desk.settings.tenant;
    let mut attributes = rules.all_attributes().into_iter();
    let attribute = attributes.find(|attribute| attribute.name == skill.attribute);
    let attribute = attribute.map(|attribute| attribute_uuid(tenant, &attribute));
    let id = value_uuid(tenant, skill);
    let (created_at, updated_at) = times(skill.times);
    let of = attribute.as_deref().unwrap_or_default();
    json!({
        "id": id,
        "url": call.address.resource(&format!("/routing/attributes/{of}/values/{id}")),
        "name": skill.name,
        "attribute_id": attribute,
        "created_at": created_at,
        "updated_at": updated_at,
    })
}

/// Unknown of what was made before times were kept.
fn times(times: Option<SkillTimes>) -> (Option<String>, Option<String>) {
    (
        times.map(|times| time(times.created_at)),
        times.map(|times| time(times.updated_at)),
    )
}
