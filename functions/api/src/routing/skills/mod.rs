//! What agents can do and tickets require: `routing/attributes` and what stands below it, in the shapes that clients know, and
//! `routing/skills` in ours. A skill is an attribute's value there; the attribute is what skills are of.

mod attributes;
mod instance_values;
mod shape;
mod values;

pub(crate) use attributes::{create, destroy, list, show, update};
pub(crate) use instance_values::{fulfilled, of_agent, of_agents, of_ticket, set_of_agent, set_of_ticket};
pub(crate) use values::{
    create as create_value, destroy as destroy_value, list as values, show as show_value,
    update as update_value,
};

use crate::{
    filters::{Names, Use},
    kit::{call::Call, error::ApiError},
    slas::condition_rows,
};
use axum::Json;
use docket_domain::{
    SkillId, Tenant,
    rule::{RuleAction, RuleBook, RuleBookError, Skill, SkillAttribute},
    sla::{Book, BookError},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// `GET routing/skills`, ours.
pub(crate) async fn skills(call: Call) -> Result<Json<Value>, ApiError> {
    let book = call.desk.rules().book().await?;
    let skills: Vec<Value> = book
        .rules
        .skills
        .iter()
        .map(|skill| json!({ "id": skill.id, "attribute": skill.attribute, "name": skill.name }))
        .collect();
    Ok(Json(json!({ "skills": skills, "count": skills.len() })))
}

/// `GET routing/attributes/definitions`: by what a ticket can come to require a skill. A routing rule says so here.
pub(crate) async fn definitions(call: Call) -> Result<Json<Value>, ApiError> {
    let names = Names::of(&call).await?;
    let conditions = condition_rows(&names, Use::Automation);
    Ok(Json(json!({
        "definitions": { "conditions_all": conditions, "conditions_any": conditions }
    })))
}

/// The id that clients know an attribute or a value by: their ids are UUIDs, ours are numbers. It stays when a name changes.
fn uuid(tenant: &Tenant, kind: &str, id: u64) -> String {
    Uuid::new_v5(
        &Uuid::NAMESPACE_OID,
        format!("docket {tenant} {kind} {id}").as_bytes(),
    )
    .to_string()
}

/// The id of an attribute.
pub(crate) fn attribute_uuid(tenant: &Tenant, attribute: &SkillAttribute) -> String {
    uuid(tenant, "attribute", attribute.id)
}

/// The id of a value.
pub(crate) fn value_uuid(tenant: &Tenant, skill: &Skill) -> String {
    uuid(tenant, "skill", skill.id.0)
}

/// The attribute of an id.
fn attribute(rules: &RuleBook, tenant: &Tenant, id: &str) -> Result<SkillAttribute, ApiError> {
    let mut all = rules.all_attributes().into_iter();
    let found = all.find(|attribute| attribute_uuid(tenant, attribute).eq_ignore_ascii_case(id));
    found.ok_or(ApiError::Missing)
}

/// The skill of an id, if it is there.
fn skill<'b>(rules: &'b RuleBook, tenant: &Tenant, id: &str) -> Option<&'b Skill> {
    let mut skills = rules.skills.iter();
    skills.find(|skill| value_uuid(tenant, skill).eq_ignore_ascii_case(id))
}

/// Skills by their names, each with a level.
pub(crate) fn by_names(
    rules: &RuleBook,
    skills: &BTreeMap<String, u8>,
    field: &str,
) -> Result<BTreeMap<SkillId, u8>, ApiError> {
    let id = |(name, level): (&String, &u8)| {
        let skill = rules.skills.iter().find(|skill| skill.name == *name);
        let skill = skill.ok_or_else(|| {
            let words = format!("{name:?} is no skill: routing/skills has those there are");
            ApiError::invalid(field, words)
        })?;
        Ok((skill.id, *level))
    };
    skills.iter().map(id).collect()
}

/// A name as sent.
fn name_of(sent: Option<String>) -> Result<String, ApiError> {
    let name = sent.map(|name| name.trim().to_owned());
    name.filter(|name| !name.is_empty())
        .ok_or_else(|| ApiError::blank("name"))
}

/// Checks a book whose skills were changed.
fn checked(book: &Book) -> Result<(), ApiError> {
    book.check().map_err(|error| {
        let field = match &error {
            BookError::Rules(RuleBookError::MissingSkill { .. }) => "base",
            _ => "name",
        };
        ApiError::invalid(field, error.to_string())
    })
}

/// Refuses to take skills away that a rule requires: tickets would wait for what nobody can have.
fn not_required(rules: &RuleBook, go: impl Fn(&Skill) -> bool) -> Result<(), ApiError> {
    for rule in &rules.rules {
        for action in &rule.actions {
            let RuleAction::RequireSkills(needs) = action else {
                continue;
            };
            let mut skills = needs.iter().filter_map(|need| rules.skill(need.skill));
            if let Some(skill) = skills.find(|skill| go(skill)) {
                let words = format!(
                    "the {} {:?} requires the skill {:?}: change that first",
                    rule.kind, rule.name, skill.name
                );
                return Err(ApiError::invalid("base", words));
            }
        }
    }
    Ok(())
}
