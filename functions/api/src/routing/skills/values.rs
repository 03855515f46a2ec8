//! `routing/attributes/{id}/values`: skills.

use super::{attribute, checked, name_of, not_required, shape::Shape, skill};
use crate::kit::{
    call::{API, Call, Ids},
    configuration::{done, made, made_before},
    error::ApiError,
    idempotency::Once,
    input::{Sent, text},
};
use axum::{Json, response::Response};
use docket_domain::{
    SkillId, Tenant,
    rule::{RuleBook, Skill},
    sla::Book,
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// A value as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(deserialize_with = "text")]
    name: Option<String>,
    /// By what tickets come to require it.
    conditions: Option<Value>,
}

impl Fields {
    fn read(sent: &Sent) -> Result<String, ApiError> {
        let fields: Self = sent.read("attribute_value")?;
        if fields.conditions.is_some() {
            let words = "are said by a routing rule that requires the skill: routing/rules";
            return Err(ApiError::invalid("conditions", words));
        }
        name_of(fields.name)
    }
}

/// `GET routing/attributes/{id}/values`.
pub(crate) async fn list(call: Call, Ids(of): Ids<String>) -> Result<Json<Value>, ApiError> {
    let began = call.desk.began_at().await?;
    let book = call.desk.rules().book().await?;
    let of = attribute(&book.rules, &call.desk.settings.tenant, &of)?;
    let skills = book.rules.skills.iter();
    let shape = Shape::of(&call, &book.rules, began);
    let values: Vec<Value> = skills
        .filter(|skill| skill.attribute == of.name)
        .map(|skill| shape.value(skill))
        .collect();
    Ok(Json(json!({ "attribute_values": values, "count": values.len() })))
}

/// `GET routing/attributes/{id}/values/{id}`.
pub(crate) async fn show(call: Call, Ids((of, id)): Ids<(String, String)>) -> Result<Json<Value>, ApiError> {
    let began = call.desk.began_at().await?;
    let book = call.desk.rules().book().await?;
    let found = value(&book.rules, &call.desk.settings.tenant, &of, &id)?;
    Ok(Json(shown(&Shape::of(&call, &book.rules, began), found)))
}

fn shown(shape: &Shape<'_>, skill: &Skill) -> Value {
    json!({ "attribute_value": shape.value(skill) })
}

/// The skill of an id, below the attribute that it is of.
fn value<'b>(rules: &'b RuleBook, tenant: &Tenant, of: &str, id: &str) -> Result<&'b Skill, ApiError> {
    let of = attribute(rules, tenant, of)?;
    let found = skill(rules, tenant, id).filter(|skill| skill.attribute == of.name);
    found.ok_or(ApiError::Missing)
}

/// `POST routing/attributes/{id}/values`.
pub(crate) async fn create(call: Call, Ids(of): Ids<String>, sent: Sent) -> Result<Response, ApiError> {
    let began = call.desk.began_at().await?;
    let name = Fields::read(&sent)?;
    let once = Once::of(&call, &sent)?;
    let shown = |book: &Book| {
        let made = book.rules.skills.iter().find(|skill| skill.name == name);
        Ok(self::shown(
            &Shape::of(&call, &book.rules, began),
            made.ok_or(ApiError::Missing)?,
        ))
    };
    if once.earlier(&call).await?.is_some() {
        return made_before(&call, &once, shown).await;
    }
    let tenant = &call.desk.settings.tenant;
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(once.cause.as_str()), once.guards(true), |book| {
            let rules = &mut book.rules;
            let of = attribute(rules, tenant, &of)?;
            free(rules, &name, None)?;
            let id = rules.next_skill_id();
            rules.skills.push(Skill::new(id, &of.name, &name));
            checked(book)
        })
        .await?;
    made(&call, &once, changed, shown).await
}

/// `PATCH` or `PUT routing/attributes/{id}/values/{id}`: another name.
pub(crate) async fn update(
    call: Call,
    Ids((of, id)): Ids<(String, String)>,
    sent: Sent,
) -> Result<Json<Value>, ApiError> {
    let began = call.desk.began_at().await?;
    let name = Fields::read(&sent)?;
    let tenant = &call.desk.settings.tenant;
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            let rules = &mut book.rules;
            let old = value(rules, tenant, &of, &id)?.id;
            free(rules, &name, Some(old))?;
            for skill in rules.skills.iter_mut().filter(|skill| skill.id == old) {
                skill.name.clone_from(&name);
            }
            checked(book)
        })
        .await?;
    let book = done(changed)?;
    let found = value(&book.rules, tenant, &of, &id)?;
    Ok(Json(shown(&Shape::of(&call, &book.rules, began), found)))
}

/// `DELETE routing/attributes/{id}/values/{id}`. Tickets that require it already go on doing so until they are told otherwise.
pub(crate) async fn destroy(
    call: Call,
    Ids((of, id)): Ids<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let tenant = &call.desk.settings.tenant;
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            let rules = &mut book.rules;
            let old = value(rules, tenant, &of, &id)?.id;
            not_required(rules, |skill| skill.id == old)?;
            // The attribute stays, though it may have no other value.
            rules.settle();
            rules.skills.retain(|skill| skill.id != old);
            Ok(())
        })
        .await?;
    done(changed)?;
    Ok(StatusCode::NO_CONTENT)
}

fn free(rules: &RuleBook, name: &str, but: Option<SkillId>) -> Result<(), ApiError> {
    let mut skills = rules.skills.iter();
    match skills.find(|skill| skill.name == name && Some(skill.id) != but) {
        None => Ok(()),
        Some(other) => {
            let words = format!(
                "is a value of {:?}, and no two values share a name",
                other.attribute
            );
            Err(ApiError::invalid("name", words))
        }
    }
}
