//! `triggers/{id}/revisions`: what a trigger was after each change, by the audit events of the rules.

use super::{Of, shape};
use crate::{
    filters::Names,
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::Paging,
    },
    shapes::time,
};
use axum::Json;
use docket_domain::{
    RuleId,
    audit::{AuditEvent, Subject},
    rule::RuleKind,
    ticket::Actor,
};
use serde_json::{Value, json};

const TRIGGERS: Of = Of(RuleKind::Trigger);

/// `GET triggers/{id}/revisions`, the newest first.
pub(crate) async fn list(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let mut events = changes_of(&call, RuleId(id)).await?;
    events.reverse();
    let paging = Paging::of(&call.address).ascending();
    let window = paging.window(events.len() as u64);
    let page = window.of(&events);
    let names = Names::of(&call).await?;
    let mut rows = Vec::with_capacity(page.len());
    for event in page {
        rows.push(revision(&call, &names, RuleId(id), event).await?);
    }
    let envelope = paging.envelope(&call.address, "trigger_revisions", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET triggers/{id}/revisions/{revision}`.
pub(crate) async fn show(call: Call, Ids((id, revision)): Ids<(u64, u64)>) -> Result<Json<Value>, ApiError> {
    let events = changes_of(&call, RuleId(id)).await?;
    let event = events.iter().find(|event| event.v == revision);
    let names = Names::of(&call).await?;
    let row = self::revision(&call, &names, RuleId(id), event.ok_or(ApiError::Missing)?).await?;
    Ok(Json(json!({ "trigger_revision": row })))
}

/// The changes of the rules that changed this trigger, which has to be in force.
async fn changes_of(call: &Call, id: RuleId) -> Result<Vec<AuditEvent>, ApiError> {
    let book = call.desk.rules().book().await?;
    let rule = book.rules.rule(id).filter(|rule| rule.kind == RuleKind::Trigger);
    rule.ok_or(ApiError::Missing)?;
    let mut events = call.desk.audits().events(Subject::Rules).await?;
    events.retain(|event| event.changed.contains_key(&format!("rules.{id}")));
    Ok(events)
}

async fn revision(call: &Call, names: &Names, id: RuleId, event: &AuditEvent) -> Result<Value, ApiError> {
    let book = call.desk.rules().version(event.v).await?;
    let rule = book.as_ref().and_then(|book| book.rules.rule(id));
    let snapshot = rule.map(|rule| {
        let shown = shape::rule(&call.address, TRIGGERS, names, None, None, rule);
        json!({
            "title": shown["title"],
            "description": shown["description"],
            "active": shown["active"],
            "conditions": shown["conditions"],
            "actions": shown["actions"],
        })
    });
    let author = match &event.actor {
        Actor::Agent(person) => Some(*person),
        _ => None,
    };
    Ok(json!({
        "id": event.v,
        "url": call.address.resource(&format!("/triggers/{id}/revisions/{}", event.v)),
        "author_id": author,
        "created_at": time(event.at),
        "snapshot": snapshot,
    }))
}
