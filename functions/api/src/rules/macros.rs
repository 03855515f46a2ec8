//! What macros alone have: a new one from a ticket or another, what they can do, and what they are sorted into.

use super::{
    Of,
    actions::{FIELDS, shown_all},
    many::category_in,
};
use crate::{
    filters::{Names, Subject},
    kit::{call::Call, error::ApiError},
};
use axum::Json;
use docket_domain::{
    RuleId, TicketNumber,
    rule::{RuleAction, RuleKind},
    ticket::{Status, Ticket},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// `GET macros/new?macro_id=` or `?ticket_id=`: one that is not saved, with what another does or what a ticket is.
pub(crate) async fn replica(call: Call) -> Result<Json<Value>, ApiError> {
    let number = |name: &str| {
        let text = call.address.parameter(name)?;
        Some(
            text.parse::<u64>()
                .map_err(|_| ApiError::invalid(name, "is no id")),
        )
    };
    let (title, actions) = match (number("macro_id"), number("ticket_id")) {
        (Some(id), _) => {
            let book = call.desk.rules().book().await?;
            let of = |id| {
                book.rules
                    .rule(RuleId(id))
                    .filter(|rule| rule.kind == RuleKind::Macro)
            };
            let rule = of(id?).ok_or(ApiError::Missing)?;
            (rule.name.clone(), rule.actions.clone())
        }
        (None, Some(id)) => {
            let ticket = call.desk.tickets().standing(TicketNumber(id?)).await?;
            let ticket = ticket.ok_or(ApiError::Missing)?;
            (ticket.subject.clone(), what_is(&ticket))
        }
        (None, None) => {
            let words = "Say from what: macro_id=… or ticket_id=….";
            return Err(ApiError::BadRequest(words.to_owned()));
        }
    };
    Ok(Json(json!({ "macro": {
        "id": null,
        "url": null,
        "title": title,
        "description": null,
        "active": true,
        "position": null,
        "restriction": null,
        "actions": shown_all(&actions, RuleKind::Macro),
        "created_at": null,
        "updated_at": null,
    } })))
}

/// What a macro does that makes another ticket as this one is.
fn what_is(ticket: &Ticket) -> Vec<RuleAction> {
    // Nothing makes a ticket new again, and closed ones close by themselves.
    let status = Some(ticket.status).filter(|status| !matches!(status, Status::New | Status::Closed));
    let mut actions: Vec<RuleAction> = status.map(RuleAction::SetStatus).into_iter().collect();
    actions.extend(ticket.priority.map(RuleAction::SetPriority));
    actions.extend(ticket.ticket_type.map(|kind| RuleAction::SetType(Some(kind))));
    actions.extend(ticket.group.map(RuleAction::SetGroup));
    actions.extend(ticket.assignee.map(|agent| RuleAction::SetAssignee(Some(agent))));
    if !ticket.tags.is_empty() {
        actions.push(RuleAction::AddTags(ticket.tags.clone()));
    }
    actions
}

/// `GET macros/actions`: what a macro can do, and with which values.
pub(crate) async fn actions(call: Call) -> Result<Json<Value>, ApiError> {
    let names = Names::of(&call).await?;
    let of_ticket = FIELDS
        .iter()
        .filter(|(field, _)| !field.starts_with("notification"));
    let rows = of_ticket.map(|(field, title)| {
        let choices = Subject::ALL
            .into_iter()
            .find(|subject| subject.field() == *field)
            .and_then(|subject| names.choices(subject));
        let values = choices.map(|choices| {
            let values = choices.into_iter();
            values
                .map(|(value, title)| json!({ "value": value, "title": title, "enabled": true }))
                .collect::<Vec<Value>>()
        });
        let kind = match *field {
            "current_tags" | "remove_tags" => "tags",
            "comment_value" => "text",
            _ => "list",
        };
        json!({
            "value": field,
            "title": title,
            "type": kind,
            "group": "ticket",
            "repeatable": *field == "cc",
            "nullable": matches!(*field, "assignee_id" | "type"),
            "values": values,
        })
    });
    Ok(Json(json!({ "actions": rows.collect::<Vec<Value>>() })))
}

/// `GET macros/categories`: what stands before `::` in the names of macros in use.
pub(crate) async fn categories(call: Call) -> Result<Json<Value>, ApiError> {
    let book = call.desk.rules().book().await?;
    let macros = book.rules.of_kind(Of(RuleKind::Macro).0);
    let active = macros.iter().filter(|rule| rule.is_active);
    let categories: BTreeSet<&str> = active.filter_map(|rule| category_in(&rule.name)).collect();
    Ok(Json(json!({ "categories": categories })))
}
