//! Macros as they are run: what one would do, on no ticket or on one, and doing it.

use super::actions::shown_all;
use crate::{
    filters::own::FIELD,
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::Sent,
    },
    tickets::Written,
};
use axum::{Json, response::Response};
use docket_desk::Attempt;
use docket_domain::{
    RuleId, TicketNumber,
    rule::{Rule, RuleAction, RuleKind, Text},
    sla::Book,
    ticket::{Actor, Command, Fact, Rules as _, TicketEvent, fact},
};
use serde_json::{Map, Value, json};

fn macro_of(book: &Book, id: RuleId) -> Result<&Rule, ApiError> {
    let rule = book.rules.rule(id).filter(|rule| rule.kind == RuleKind::Macro);
    rule.filter(|rule| rule.is_active).ok_or(ApiError::Missing)
}

/// `GET macros/{id}/apply`: the fields that it sets, as an update of a ticket would send them.
pub(crate) async fn apply(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let book = call.desk.rules().book().await?;
    let rule = macro_of(&book, RuleId(id))?;
    let ticket = set_by(rule, &call, |text| match text {
        Text::Own(own) => Ok(own.body.clone()),
        Text::Template(name) => Ok(book
            .rules
            .template(name)
            .and_then(|template| template.text([]))
            .map(|(_, text)| text.body.clone())
            .unwrap_or_default()),
    })?;
    Ok(Json(json!({ "result": { "ticket": ticket } })))
}

/// `GET tickets/{ticket}/macros/{id}/apply`: the same for one ticket, with its texts filled in. Nothing is changed.
pub(crate) async fn preview(call: Call, Ids((ticket, id)): Ids<(u64, u64)>) -> Result<Json<Value>, ApiError> {
    let number = TicketNumber(ticket);
    let ticket = call
        .desk
        .tickets()
        .standing(number)
        .await?
        .ok_or(ApiError::Missing)?;
    let rules = call.desk.rules().to_write(&ticket, call.caller.id).await?;
    let rule = macro_of(rules.checked().book(), RuleId(id))?;
    let set = set_by(rule, &call, |text| {
        rules
            .write(text, &ticket, true)
            .map(|written| written.text.text)
            .map_err(|why| ApiError::invalid("macro", why))
    })?;
    Ok(Json(json!({ "result": { "ticket": set } })))
}

/// What a macro sets, in the shape of a ticket's update.
fn set_by(
    rule: &Rule,
    call: &Call,
    fill: impl Fn(&Text) -> Result<String, ApiError>,
) -> Result<Map<String, Value>, ApiError> {
    let mut ticket = Map::new();
    let mut own = Vec::new();
    for row in shown_all(&rule.actions, RuleKind::Macro) {
        let field = row["field"].as_str().unwrap_or_default();
        let value = &row["value"];
        let number = || value.as_str().and_then(|id| id.parse::<u64>().ok());
        match field {
            "status" | "priority" | "type" => drop(ticket.insert(field.to_owned(), value.clone())),
            "assignee_id" if value == "current_user" => {
                ticket.insert(field.to_owned(), json!(call.caller.id));
            }
            "group_id" | "assignee_id" | "ticket_form_id" | "custom_status_id" => {
                drop(ticket.insert(field.to_owned(), json!(number())))
            }
            "current_tags" => {
                let tags: Vec<&str> = value.as_str().unwrap_or_default().split(' ').collect();
                ticket.insert("additional_tags".to_owned(), json!(tags));
            }
            "remove_tags" => {
                let tags: Vec<&str> = value.as_str().unwrap_or_default().split(' ').collect();
                ticket.insert("remove_tags".to_owned(), json!(tags));
            }
            field => {
                let id = field.strip_prefix(FIELD).and_then(|id| id.parse::<u64>().ok());
                own.extend(id.map(|id| json!({ "id": id, "value": value })));
            }
        }
    }
    if !own.is_empty() {
        ticket.insert("custom_fields".to_owned(), Value::Array(own));
    }
    for action in &rule.actions {
        let (text, public) = match action {
            RuleAction::Reply(text) => (text, true),
            RuleAction::AddNote(text) => (text, false),
            _ => continue,
        };
        let body = fill(text)?;
        ticket.insert("comment".to_owned(), json!({ "body": body, "public": public }));
    }
    Ok(ticket)
}

/// `POST tickets/{ticket}/macros/{id}/run`: does it, in one save.
pub(crate) async fn run(
    call: Call,
    Ids((ticket, id)): Ids<(u64, u64)>,
    sent: Sent,
) -> Result<Response, ApiError> {
    let number = TicketNumber(ticket);
    let once = Once::of(&call, &sent)?;
    if let Some(earlier) = once.earlier(&call).await? {
        return Written::before(&earlier)?.answer(&call, &once).await;
    }
    let attempt = Attempt::by(Actor::Agent(call.caller.id), once.cause.clone()).guarded(once.guards(false));
    let command = Command::RunMacro { rule: RuleId(id) };
    let changed = call.desk.change_by(number, attempt, command).await?;
    let written = Written::of(changed, &once)?;
    let left = written
        .saved
        .as_ref()
        .and_then(|saved| left_undone(&saved.events));
    let mut response = written.answer(&call, &once).await?;
    if let Some(left) = left {
        response.extensions_mut().insert(left);
    }
    Ok(response)
}

/// What a macro left undone, in words: it goes with an answer for whoever runs it on many, who look at no audit.
#[derive(Clone)]
pub(crate) struct LeftUndone(pub String);

fn left_undone(events: &[TicketEvent]) -> Option<LeftUndone> {
    events.iter().find_map(|event| match &event.fact {
        Fact::RuleRan(fact::RuleRan { left_undone, .. }) if event.actor.is_agent() => {
            (!left_undone.is_empty()).then(|| LeftUndone(left_undone.join("; ")))
        }
        _ => None,
    })
}
