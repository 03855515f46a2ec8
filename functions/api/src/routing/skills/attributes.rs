//! `routing/attributes`: what skills are of.

use super::{attribute, checked, name_of, not_required, shape::Shape};
use crate::{
    kit::{
        call::{API, Call, Ids},
        configuration::{done, made, made_before},
        error::ApiError,
        idempotency::Once,
        input::{Sent, text},
        paging::Paging,
    },
    sideloads::asks_for,
};
use axum::{Json, response::Response};
use docket_domain::{
    rule::{RuleBook, SkillAttribute},
    sla::Book,
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// An attribute as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(deserialize_with = "text")]
    name: Option<String>,
}

/// `GET routing/attributes`; `include=attribute_values` brings all values along.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let began = call.desk.began_at().await?;
    let book = call.desk.rules().book().await?;
    let attributes = book.rules.all_attributes();
    let paging = Paging::of(&call.address);
    let window = paging.window(attributes.len() as u64);
    let rows = window.of(&attributes).into_iter();
    let shape = Shape::of(&call, &book.rules, began);
    let rows = rows.map(|row| shape.attribute(row)).collect();
    let mut envelope = paging.envelope(&call.address, "attributes", rows, &window);
    if asks_for(&call, "attribute_values") {
        let skills = book.rules.skills.iter();
        let values = skills.map(|skill| shape.value(skill));
        envelope.insert("attribute_values".to_owned(), values.collect());
    }
    Ok(Json(Value::Object(envelope)))
}

/// `GET routing/attributes/{id}`.
pub(crate) async fn show(call: Call, Ids(id): Ids<String>) -> Result<Json<Value>, ApiError> {
    let began = call.desk.began_at().await?;
    let book = call.desk.rules().book().await?;
    let found = attribute(&book.rules, &call.desk.settings.tenant, &id)?;
    Ok(Json(shown(&Shape::of(&call, &book.rules, began), &found)))
}

fn shown(shape: &Shape<'_>, attribute: &SkillAttribute) -> Value {
    json!({ "attribute": shape.attribute(attribute) })
}

/// `POST routing/attributes`.
pub(crate) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let began = call.desk.began_at().await?;
    let name = name_of(sent.read::<Fields>("attribute")?.name)?;
    let once = Once::of(&call, &sent)?;
    let shown = |book: &Book| {
        let mut all = book.rules.all_attributes().into_iter();
        let made = all.find(|one| one.name == name).ok_or(ApiError::Missing)?;
        Ok(self::shown(&Shape::of(&call, &book.rules, began), &made))
    };
    if once.earlier(&call).await?.is_some() {
        return made_before(&call, &once, shown).await;
    }
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(once.cause.as_str()), once.guards(true), |book| {
            let rules = &mut book.rules;
            rules.settle();
            free(rules, &name, None)?;
            let id = rules.next_attribute_id();
            rules.attributes.push(SkillAttribute::new(id, &name));
            checked(book)
        })
        .await?;
    made(&call, &once, changed, shown).await
}

/// `PUT routing/attributes/{id}`: another name.
pub(crate) async fn update(call: Call, Ids(id): Ids<String>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let began = call.desk.began_at().await?;
    let name = name_of(sent.read::<Fields>("attribute")?.name)?;
    let tenant = &call.desk.settings.tenant;
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            let rules = &mut book.rules;
            rules.settle();
            let old = attribute(rules, tenant, &id)?;
            free(rules, &name, Some(old.id))?;
            for one in rules.attributes.iter_mut().filter(|one| one.id == old.id) {
                one.name.clone_from(&name);
            }
            for skill in rules
                .skills
                .iter_mut()
                .filter(|skill| skill.attribute == old.name)
            {
                skill.attribute.clone_from(&name);
            }
            checked(book)
        })
        .await?;
    let book = done(changed)?;
    let found = attribute(&book.rules, tenant, &id)?;
    Ok(Json(shown(&Shape::of(&call, &book.rules, began), &found)))
}

/// `DELETE routing/attributes/{id}`, with its values. Tickets that require one already go on doing so until they are told otherwise.
pub(crate) async fn destroy(call: Call, Ids(id): Ids<String>) -> Result<StatusCode, ApiError> {
    let tenant = &call.desk.settings.tenant;
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            let rules = &mut book.rules;
            rules.settle();
            let old = attribute(rules, tenant, &id)?;
            not_required(rules, |skill| skill.attribute == old.name)?;
            rules.attributes.retain(|one| one.id != old.id);
            rules.skills.retain(|skill| skill.attribute != old.name);
            Ok(())
        })
        .await?;
    done(changed)?;
    Ok(StatusCode::NO_CONTENT)
}

fn free(rules: &RuleBook, name: &str, but: Option<u64>) -> Result<(), ApiError> {
    let all = rules.all_attributes();
    let other = all.iter().find(|one| one.name == name && Some(one.id) != but);
    other.map_or(Ok(()), |_| Err(ApiError::taken_by("name", "attribute")))
}
