//! What rules do, in the shape's words and back.

use crate::{
    filters::{Names, own::FIELD},
    kit::error::ApiError,
};
use docket_domain::{
    GroupId, PersonId,
    field::own_id,
    rule::{RuleAction, RuleKind, TemplateText, Text},
    sla::Recipient,
    ticket::TicketType,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// An action as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ActionFields {
    field: String,
    value: Value,
}

/// The names of actions that the shape knows, with their titles.
pub(super) const FIELDS: [(&str, &str); 15] = [
    ("status", "Status"),
    ("priority", "Priority"),
    ("type", "Type"),
    ("group_id", "Group"),
    ("assignee_id", "Assignee"),
    ("ticket_form_id", "Form"),
    ("custom_status_id", "Ticket status"),
    ("current_tags", "Add tags"),
    ("remove_tags", "Remove tags"),
    ("cc", "Add CC"),
    ("comment_value", "Comment/description"),
    ("comment_mode_is_public", "Comment mode"),
    ("notification_user", "Email user"),
    ("notification_group", "Email group"),
    ("notification_webhook", "Notify by webhook: its https address"),
];

impl ActionFields {
    /// The agent whom it names by id.
    pub fn agent(&self) -> Option<PersonId> {
        let id = match (self.field.as_str(), &self.value) {
            ("assignee_id", value) => value,
            ("notification_user", Value::Array(parts)) => parts.first()?,
            _ => return None,
        };
        number(id).map(PersonId)
    }
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn words(value: &Value) -> Vec<String> {
    let texts: Vec<&str> = match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    texts
        .iter()
        .flat_map(|text| text.split_whitespace())
        .map(str::to_owned)
        .collect()
}

/// The actions that were sent. What the shape can't say of the rule as it is stays.
pub(super) fn actions_of(
    sent: &[ActionFields],
    kind: RuleKind,
    names: &Names,
    before: &[RuleAction],
) -> Result<Vec<RuleAction>, ApiError> {
    // Of a macro's comment, how it is meant stands in an action of its own.
    let is_private = sent.iter().any(|action| {
        action.field == "comment_mode_is_public"
            && (action.value == json!(false) || action.value == json!("false"))
    });
    let mut actions = Vec::new();
    for (place, action) in sent.iter().enumerate() {
        if action.field != "comment_mode_is_public" {
            actions.push(action_of(
                action,
                kind,
                names,
                is_private,
                &format!("actions[{place}]"),
            )?);
        }
    }
    actions.extend(before.iter().filter(|action| shown(action).is_none()).cloned());
    Ok(actions)
}

fn action_of(
    sent: &ActionFields,
    kind: RuleKind,
    names: &Names,
    is_private: bool,
    place: &str,
) -> Result<RuleAction, ApiError> {
    let value = &sent.value;
    let refused = |words: String| ApiError::invalid(&format!("{place}.value"), words);
    let text = value.as_str().map(str::trim).unwrap_or_default();
    let is_blank = value.is_null() || (value.is_string() && text.is_empty());
    let word = |what: &str| refused(format!("{value} is no {what}"));
    let tags = || {
        let tags = words(value);
        if tags.is_empty() {
            Err(ApiError::blank(&format!("{place}.value")))
        } else {
            Ok(tags)
        }
    };
    Ok(match sent.field.as_str() {
        "status" => RuleAction::SetStatus(text.parse().map_err(|_| word("status"))?),
        "priority" => RuleAction::SetPriority(text.parse().map_err(|_| word("priority"))?),
        "type" if is_blank => RuleAction::SetType(None),
        "type" => RuleAction::SetType(Some(text.parse::<TicketType>().map_err(|_| word("type"))?)),
        "group_id" => RuleAction::SetGroup(group(value, names).ok_or_else(|| word("group's id"))?),
        "assignee_id" if is_blank => RuleAction::SetAssignee(None),
        "assignee_id" if text == "current_user" && kind == RuleKind::Macro => RuleAction::AssignToActor,
        "assignee_id" => {
            let agent = number(value).ok_or_else(|| word("agent's id"))?;
            RuleAction::SetAssignee(Some(PersonId(agent)))
        }
        "current_tags" => RuleAction::AddTags(tags()?),
        "remove_tags" => RuleAction::RemoveTags(tags()?),
        "ticket_form_id" => {
            let form = number(value).filter(|id| names.fields().form(*id).is_some());
            RuleAction::SetForm(form.ok_or_else(|| word("form's id"))?)
        }
        "custom_status_id" => {
            let status = number(value).filter(|id| names.fields().status(*id).is_some());
            RuleAction::SetCustomStatus(status.ok_or_else(|| word("status's id"))?)
        }
        "cc" => RuleAction::AddCcs(vec![PersonId(number(value).ok_or_else(|| word("person's id"))?)]),
        "comment_value" | "comment_value_html" => {
            let text = match value {
                Value::Array(parts) => parts.last().and_then(Value::as_str).unwrap_or_default(),
                _ => text,
            };
            let text = own(None, text);
            if is_private {
                RuleAction::AddNote(text)
            } else {
                RuleAction::Reply(text)
            }
        }
        "notification_user" | "notification_group" => notification(sent, names).map_err(refused)?,
        "notification_webhook" => {
            let url = match value {
                Value::Array(parts) => {
                    let template = parts.get(1).unwrap_or(&Value::Null);
                    if ![Value::Null, json!(""), json!([]), json!({})].contains(template) {
                        let words = "has a body: what a webhook is sent can't be written by a rule";
                        return Err(refused(words.to_owned()));
                    }
                    parts.first().and_then(Value::as_str).unwrap_or_default()
                }
                _ => text,
            };
            RuleAction::CallWebhook(url.to_owned())
        }
        other if own_field(other).is_some() => {
            let id = own_field(other).unwrap_or_default();
            let field = names
                .fields()
                .own_ticket_field(id)
                .ok_or_else(|| ApiError::invalid(&format!("{place}.field"), "is no ticket field's id"))?;
            RuleAction::SetField {
                name: field.name(),
                value: field.read(value).map_err(refused)?,
            }
        }
        other => {
            let known: Vec<&str> = FIELDS.iter().map(|(field, _)| *field).collect();
            let words = format!(
                "{other:?} is none of {}: what else a rule can do stands in docket.actions",
                known.join(", ")
            );
            return Err(ApiError::invalid(&format!("{place}.field"), words));
        }
    })
}

/// The number of the ticket field that an action sets.
fn own_field(name: &str) -> Option<u64> {
    let id = name
        .strip_prefix(FIELD)
        .or_else(|| name.strip_prefix("ticket_fields_"));
    own_id(id?)
}

fn group(value: &Value, names: &Names) -> Option<GroupId> {
    let id = number(value)?;
    names
        .groups()
        .iter()
        .any(|(known, _)| *known == id)
        .then_some(GroupId(id))
}

fn own(subject: Option<&str>, body: &str) -> Text {
    Text::Own(TemplateText {
        subject: subject
            .filter(|subject| !subject.trim().is_empty())
            .map(str::to_owned),
        body: body.to_owned(),
    })
}

/// Mail to the requester or to agents: recipient, subject, text.
fn notification(sent: &ActionFields, names: &Names) -> Result<RuleAction, String> {
    let parts = sent.value.as_array().filter(|parts| parts.len() >= 3);
    let parts = parts.ok_or("has to be [recipient, subject, text]")?;
    let text = own(parts[1].as_str(), parts[2].as_str().unwrap_or_default());
    if sent.field == "notification_group" {
        let group = group(&parts[0], names).ok_or_else(|| format!("{} is no group's id", parts[0]))?;
        let to = Recipient::Group(group);
        return Ok(RuleAction::Notify { to, text });
    }
    match parts[0].as_str() {
        Some("requester_id" | "requester_and_ccs") => Ok(RuleAction::Reply(text)),
        Some("assignee_id") => Ok(RuleAction::Notify {
            to: Recipient::Assignee,
            text,
        }),
        _ => {
            let agent = number(&parts[0]).ok_or_else(|| {
                format!(
                    "{} is neither requester_id nor assignee_id nor an agent's id",
                    parts[0]
                )
            })?;
            let to = Recipient::Agent(PersonId(agent));
            Ok(RuleAction::Notify { to, text })
        }
    }
}

/// Actions in the shape, as far as it has words for them.
pub(super) fn shown_all(actions: &[RuleAction], kind: RuleKind) -> Vec<Value> {
    let mut rows = Vec::new();
    for action in actions {
        match (kind, action) {
            (RuleKind::Macro, RuleAction::Reply(Text::Own(text))) => {
                rows.push(row("comment_value", json!(text.body)));
                rows.push(row("comment_mode_is_public", json!("true")));
            }
            (RuleKind::Macro, RuleAction::AddNote(Text::Own(text))) => {
                rows.push(row("comment_value", json!(text.body)));
                rows.push(row("comment_mode_is_public", json!("false")));
            }
            (_, action) => rows.extend(shown(action)),
        }
    }
    rows
}

fn row(field: &str, value: Value) -> Value {
    json!({ "field": field, "value": value })
}

fn shown(action: &RuleAction) -> Option<Value> {
    let mail =
        |to: Value, text: &TemplateText| json!([to, text.subject.as_deref().unwrap_or_default(), text.body]);
    let shown = match action {
        RuleAction::SetStatus(status) => row("status", json!(status)),
        RuleAction::SetPriority(priority) => row("priority", json!(priority)),
        RuleAction::SetType(kind) => row("type", json!(kind)),
        RuleAction::SetGroup(group) => row("group_id", json!(group.to_string())),
        RuleAction::SetAssignee(agent) => row("assignee_id", json!(agent.map(|agent| agent.to_string()))),
        RuleAction::AssignToActor => row("assignee_id", json!("current_user")),
        RuleAction::AddTags(tags) => row("current_tags", json!(tags.join(" "))),
        RuleAction::RemoveTags(tags) => row("remove_tags", json!(tags.join(" "))),
        RuleAction::SetForm(form) => row("ticket_form_id", json!(form.to_string())),
        RuleAction::SetCustomStatus(status) => row("custom_status_id", json!(status.to_string())),
        RuleAction::SetField { name, value } if own_id(name).is_some() => {
            row(&format!("{FIELD}{name}"), json!(value))
        }
        RuleAction::AddCcs(people) if people.len() == 1 => row("cc", json!(people[0].to_string())),
        RuleAction::Reply(Text::Own(text)) => row("notification_user", mail(json!("requester_id"), text)),
        RuleAction::Notify {
            to,
            text: Text::Own(text),
        } => match to {
            Recipient::Assignee => row("notification_user", mail(json!("assignee_id"), text)),
            Recipient::Group(group) => row("notification_group", mail(json!(group.to_string()), text)),
            Recipient::Agent(agent) => row("notification_user", mail(json!(agent.to_string()), text)),
        },
        RuleAction::CallWebhook(url) => row("notification_webhook", json!([url, ""])),
        _ => return None,
    };
    Some(shown)
}
