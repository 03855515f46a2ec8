//! The figures of a ticket.

use super::time;
use crate::kit::address::Address;
use docket_domain::{
    TicketNumber,
    metrics::{Elapsed, Figures},
};
use serde_json::{Value, json};

/// The figures. They have their ticket's id.
pub(crate) fn ticket_metric(address: &Address, number: TicketNumber, figures: &Figures) -> Value {
    let moment = |at: Option<docket_domain::Timestamp>| at.map(time);
    json!({
        "id": number,
        "url": address.resource(&format!("/ticket_metrics/{number}")),
        "ticket_id": number,
        "created_at": time(figures.created_at),
        "updated_at": time(figures.updated_at),
        "group_stations": figures.group_stations,
        "assignee_stations": figures.assignee_stations,
        "reopens": figures.reopens,
        "replies": figures.replies,
        "assignee_updated_at": moment(figures.assignee_updated_at),
        "requester_updated_at": moment(figures.requester_updated_at),
        "status_updated_at": time(figures.status_updated_at),
        "custom_status_updated_at": time(figures.status_updated_at),
        "initially_assigned_at": moment(figures.initially_assigned_at),
        "assigned_at": moment(figures.assigned_at),
        "solved_at": moment(figures.solved_at),
        "latest_comment_added_at": moment(figures.latest_comment_added_at),
        "reply_time_in_minutes": minutes(figures.reply_time),
        "reply_time_in_seconds": { "calendar": figures.reply_time.map(|elapsed| elapsed.calendar_seconds) },
        "first_resolution_time_in_minutes": minutes(figures.first_resolution_time),
        "full_resolution_time_in_minutes": minutes(figures.full_resolution_time),
        "agent_wait_time_in_minutes": minutes(Some(figures.agent_wait_time)),
        "requester_wait_time_in_minutes": minutes(Some(figures.requester_wait_time)),
        "on_hold_time_in_minutes": minutes(Some(figures.on_hold_time)),
    })
}

/// Whole minutes that have passed; null where it has not happened.
pub(super) fn minutes(elapsed: Option<Elapsed>) -> Value {
    json!({
        "calendar": elapsed.map(|elapsed| elapsed.calendar_seconds / 60),
        "business": elapsed.map(|elapsed| elapsed.business_seconds / 60),
    })
}
