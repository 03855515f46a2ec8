//! Definitions, in the shapes that clients know.

use super::{Of, lookups::word};
use crate::{kit::address::Address, shapes::time};
use docket_domain::{
    field::{CustomStatus, FieldBook, FieldDefinition, FieldKind, FieldOption, FieldsOf, TicketForm},
    ticket::{Priority, Status, TicketType},
};
use serde_json::{Value, json};

/// A field.
pub(super) fn field(address: &Address, of: Of, field: &FieldDefinition, book: &FieldBook) -> Value {
    let mut shown = json!({
        "id": field.id,
        "url": address.resource(&format!("/{}/{}", of.list(), field.id)),
        "type": field.kind.as_str(),
        "title": field.title,
        "raw_title": field.title,
        "description": field.description,
        "raw_description": field.description,
        "position": field.position,
        "active": field.is_active,
        "regexp_for_validation": field.regexp,
        "tag": field.tag,
        "created_at": time(field.created_at),
        "updated_at": time(field.updated_at),
    });
    if of.0 == FieldsOf::Tickets {
        of_ticket(&mut shown, field, book);
    } else {
        shown["key"] = json!(field.key);
        shown["system"] = json!(!field.is_own());
    }
    if let Some(target) = field.target {
        shown["relationship_target_type"] = json!(word(target));
        shown["relationship_filter"] = json!({ "all": [], "any": [] });
    }
    if field.kind.has_options() {
        shown["custom_field_options"] = field.options.iter().map(option).collect();
    }
    shown
}

fn of_ticket(shown: &mut Value, field: &FieldDefinition, book: &FieldBook) {
    let title_in_portal = field.title_in_portal.as_ref().unwrap_or(&field.title);
    let more = json!({
        "required": field.required,
        "collapsed_for_agents": field.collapsed_for_agents,
        "title_in_portal": title_in_portal,
        "raw_title_in_portal": title_in_portal,
        "visible_in_portal": field.visible_in_portal,
        "editable_in_portal": field.editable_in_portal,
        "required_in_portal": field.required_in_portal,
        "agent_can_edit": true,
        "agent_description": field.agent_description,
        "removable": field.is_own(),
        "key": null,
    });
    if let (Some(shown), Value::Object(more)) = (shown.as_object_mut(), more) {
        shown.extend(more);
    }
    let words = |words: Vec<(&str, &str)>| -> Value {
        words
            .into_iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect()
    };
    match field.kind {
        FieldKind::Status => {
            let statuses = Status::ALL
                .iter()
                .map(|word| (titled(word.as_str()), word.as_str()));
            shown["system_field_options"] = words(statuses.collect());
            shown["sub_type_id"] = json!(0);
        }
        FieldKind::Priority => {
            let priorities = Priority::ALL
                .iter()
                .map(|word| (titled(word.as_str()), word.as_str()));
            shown["system_field_options"] = words(priorities.collect());
            shown["sub_type_id"] = json!(0);
        }
        FieldKind::TicketType => {
            let types = TicketType::ALL
                .iter()
                .map(|word| (titled(word.as_str()), word.as_str()));
            shown["system_field_options"] = words(types.collect());
        }
        FieldKind::CustomStatus => {
            let statuses = book.all_statuses();
            shown["custom_statuses"] = statuses.iter().map(status_in_field).collect();
        }
        _ => {}
    }
}

/// A word of the desk's as people read it.
fn titled(word: &'static str) -> &'static str {
    match word {
        "new" => "New",
        "open" => "Open",
        "pending" => "Pending",
        "hold" => "On-hold",
        "solved" => "Solved",
        "closed" => "Closed",
        "low" => "Low",
        "normal" => "Normal",
        "high" => "High",
        "urgent" => "Urgent",
        "question" => "Question",
        "incident" => "Incident",
        "problem" => "Problem",
        "task" => "Task",
        other => other,
    }
}

/// An option within its field.
fn option(option: &FieldOption) -> Value {
    json!({
        "id": option.id,
        "name": option.name,
        "raw_name": option.name,
        "value": option.value,
        "default": option.is_default,
    })
}

/// An option by itself.
pub(super) fn own_option(address: &Address, of: Of, field: &FieldDefinition, at: usize) -> Option<Value> {
    let one = field.options.get(at)?;
    let mut shown = option(one);
    shown["position"] = json!(at);
    shown["url"] = json!(address.resource(&format!("/{}/{}/options/{}", of.list(), field.id, one.id)));
    Some(shown)
}

/// A form.
pub(crate) fn form(address: &Address, form: &TicketForm) -> Value {
    let display_name = form.display_name.as_ref().unwrap_or(&form.name);
    json!({
        "id": form.id,
        "url": address.resource(&format!("/ticket_forms/{}", form.id)),
        "name": form.name,
        "raw_name": form.name,
        "display_name": display_name,
        "raw_display_name": display_name,
        "position": form.position,
        "active": form.is_active,
        "default": form.is_default,
        "end_user_visible": form.end_user_visible,
        "in_all_brands": true,
        "restricted_brand_ids": [],
        "ticket_field_ids": form.fields,
        "agent_conditions": form.agent_conditions,
        "end_user_conditions": form.end_user_conditions,
        "created_at": time(form.created_at),
        "updated_at": time(form.updated_at),
    })
}

/// Which status a form's tickets can have.
pub(super) fn form_status(form: u64, one: docket_domain::field::FormStatus) -> Value {
    json!({
        "id": one.id.to_string(),
        "ticket_form_id": form,
        "custom_status_id": one.status,
    })
}

/// A status.
pub(crate) fn status(address: &Address, status: &CustomStatus) -> Value {
    let mut shown = status_in_field(status);
    shown["url"] = json!(address.resource(&format!("/custom_statuses/{}", status.id)));
    shown
}

fn status_in_field(status: &CustomStatus) -> Value {
    let end_user_label = status.end_user_label.as_ref().unwrap_or(&status.agent_label);
    json!({
        "id": status.id,
        "status_category": status.category,
        "agent_label": status.agent_label,
        "raw_agent_label": status.agent_label,
        "end_user_label": end_user_label,
        "raw_end_user_label": end_user_label,
        "description": status.description,
        "raw_description": status.description,
        "end_user_description": status.end_user_description,
        "raw_end_user_description": status.end_user_description,
        "active": status.is_active,
        "default": status.is_default,
        "created_at": time(status.created_at),
        "updated_at": time(status.updated_at),
    })
}
