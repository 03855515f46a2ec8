//! Attributes and their values as they are shown.

use super::{attribute_uuid, value_uuid};
use crate::{kit::call::Call, shapes::time};
use docket_domain::{
    Timestamp,
    rule::{RecordTimes, RuleBook, Skill, SkillAttribute},
};
use serde_json::{Value, json};
use std::collections::HashMap;

/// What attributes and values are shown with.
pub(super) struct Shape<'a> {
    call: &'a Call,
    /// The ids of attributes, by their names.
    ids: HashMap<String, String>,
    /// When the desk began: of what was made before times were kept.
    began: Option<Timestamp>,
}

impl<'a> Shape<'a> {
    /// The shape of what these rules have.
    pub fn of(call: &'a Call, rules: &RuleBook, began: Option<Timestamp>) -> Self {
        let tenant = &call.desk.settings.tenant;
        let attributes = rules.all_attributes().into_iter();
        let ids = attributes.map(|attribute| {
            let id = attribute_uuid(tenant, &attribute);
            (attribute.name, id)
        });
        Self {
            call,
            ids: ids.collect(),
            began,
        }
    }

    /// An attribute.
    pub fn attribute(&self, attribute: &SkillAttribute) -> Value {
        let id = attribute_uuid(&self.call.desk.settings.tenant, attribute);
        let (created_at, updated_at) = self.times(attribute.times);
        json!({
            "id": id,
            "url": self.call.address.resource(&format!("/routing/attributes/{id}")),
            "name": attribute.name,
            "created_at": created_at,
            "updated_at": updated_at,
        })
    }

    /// A value.
    pub fn value(&self, skill: &Skill) -> Value {
        let attribute = self.ids.get(&skill.attribute);
        let id = value_uuid(&self.call.desk.settings.tenant, skill);
        let (created_at, updated_at) = self.times(skill.times);
        let of = attribute.map_or("", String::as_str);
        let path = format!("/routing/attributes/{of}/values/{id}");
        json!({
            "id": id,
            "url": self.call.address.resource(&path),
            "name": skill.name,
            "attribute_id": attribute,
            "created_at": created_at,
            "updated_at": updated_at,
        })
    }

    /// When it was made, and changed last.
    fn times(&self, times: Option<RecordTimes>) -> (Option<String>, Option<String>) {
        let created_at = times.map(|times| times.created_at).or(self.began);
        let updated_at = times.map(|times| times.updated_at).or(self.began);
        (created_at.map(time), updated_at.map(time))
    }
}
