//! Metric events: what happened to a clock.

use super::{audit_events::event_id, ticket_metric::minutes, time};
use crate::slas::targets;
use docket_domain::{
    TicketNumber,
    metrics::{Kind, MetricEvent},
    sla::Book,
};
use serde_json::{Value, json};

/// The event. `book` gives the policy's title, if it still has one.
pub(crate) fn metric_event(number: TicketNumber, event: &MetricEvent, book: &Book) -> Value {
    let word = match event.kind {
        Kind::Activate => "activate",
        Kind::Pause => "pause",
        Kind::Fulfill => "fulfill",
        Kind::UpdateStatus(_) => "update_status",
        Kind::ApplySla(_) => "apply_sla",
        Kind::Breach { .. } => "breach",
    };
    let mut shown = json!({
        "id": event_id(number, event.v, event.n.into()),
        "ticket_id": number,
        "metric": event.measured.as_str(),
        "instance_id": event.instance,
        "type": word,
        "time": time(event.time),
    });
    match event.kind {
        Kind::UpdateStatus(elapsed) => shown["status"] = minutes(Some(elapsed)),
        Kind::ApplySla(target) => {
            let id = target.in_force.policy;
            let policy = book.policy(id);
            shown["sla"] = json!({
                "target": targets::minutes(target.target_seconds),
                "target_in_seconds": target.target_seconds,
                "business_hours": target.in_force.calendar.is_some(),
                "policy": {
                    "id": id,
                    "title": policy.map(|policy| policy.title.as_str()),
                    "description": policy.map(|policy| policy.description.as_str()),
                },
            });
        }
        // A breach that holds no more is known by this in the shape.
        Kind::Breach { is_void: true } => shown["deleted"] = json!(true),
        Kind::Breach { is_void: false } | Kind::Activate | Kind::Pause | Kind::Fulfill => {}
    }
    shown
}
