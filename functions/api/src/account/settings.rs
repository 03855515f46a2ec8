//! `account/settings`: how the desk is, in the words that clients know. It is set where the desk is deployed and in its configuration, not here.

use super::{brands::BRAND, locales};
use crate::kit::{call::Call, error::ApiError, input::Sent};
use axum::Json;
use docket_desk::files::most_file_bytes;
use serde_json::{Map, Value, json};

/// `GET account/settings`.
pub(super) async fn show(call: Call) -> Result<Json<Value>, ApiError> {
    Ok(Json(json!({ "settings": settings(&call).await? })))
}

/// `PUT account/settings`: what is sent as it is does no harm; anything else is not kept.
pub(super) async fn update(call: Call, sent: Sent) -> Result<Json<Value>, ApiError> {
    let fields: Map<String, Value> = sent.read("settings")?;
    let there = settings(&call).await?;
    match difference("settings", &Value::Object(fields), &there) {
        None => Ok(Json(json!({ "settings": there }))),
        Some(field) => {
            let words =
                "can't be changed here: it is set where the desk is deployed, or is so with every desk";
            Err(ApiError::invalid(&field, words))
        }
    }
}

/// The path of the first value that is another one.
fn difference(path: &str, sent: &Value, there: &Value) -> Option<String> {
    match (sent, there) {
        (Value::Object(sent), Value::Object(there)) => sent.iter().find_map(|(name, value)| {
            let path = format!("{path}.{name}");
            match there.get(name) {
                Some(there) => difference(&path, value, there),
                None => Some(path),
            }
        }),
        _ => (sent != there).then(|| path.to_owned()),
    }
}

async fn settings(call: &Call) -> Result<Value, ApiError> {
    let setup = call.desk.setup().await?;
    Ok(json!({
        "active_features": {
            "automations": true,
            "business_hours": true,
            "customer_satisfaction": false,
            "dynamic_contents": false,
            "forum_analytics": false,
            "on_hold_status": true,
            "rich_content_in_emails": true,
            "sandbox": false,
            "side_conversations": false,
            "suspended_ticket_notification": false,
            "ticket_tagging": true,
            "twitter": false,
            "user_tagging": true,
            "voice": false,
        },
        "agents": { "agent_workspace": false },
        "api": { "accepted_api_agreement": true, "api_password_access": false, "api_token_access": true },
        "apps": { "create_private": false, "create_public": false, "use": false },
        "brands": { "default_brand_id": BRAND, "require_brand_on_new_tickets": false },
        "chat": { "available": false, "enabled": false, "integrated": false, "maximum_request_count": 0, "welcome_message": null },
        "email": {
            "accept_wildcard_emails": false,
            "no_mail_delimiter": true,
            "personalized_replies": true,
            "rich_content_in_emails": true,
            "mail_addresses": setup.mailboxes.iter().map(|mailbox| &mailbox.address).collect::<Vec<_>>(),
        },
        "groups": { "check_group_name_uniqueness": false },
        "limits": { "attachment_size": most_file_bytes(call.desk.settings.is_local) },
        "localization": { "default_locale_identifier": locales::DEFAULT, "locale_ids": locales::ids() },
        "tickets": {
            "agent_collision": false,
            "agent_ticket_deletion": true,
            "allow_group_reset": false,
            "assign_tickets_upon_solve": true,
            "collaboration": true,
            "comments_public_by_default": true,
            "emoji_autocompletion": false,
            "is_first_comment_private_enabled": true,
            "list_newest_comments_first": false,
            "markdown_ticket_comments": false,
            "private_attachments": true,
            "rich_text_comments": true,
            "status_hold": true,
            "tagging": true,
            "using_skill_based_routing": true,
        },
        "user": {
            "agent_created_welcome_emails": false,
            "end_user_phone_number_validation": false,
            "have_gravatars_enabled": false,
            "language_selection": true,
            "multiple_organizations": false,
            "tagging": true,
            "time_zone_selection": true,
        },
        "voice": { "agent_confirmation_when_forwarding": false, "enabled": false, "logging": false, "outbound_enabled": false },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named_with_its_path() {
        let there = json!({ "tickets": { "tagging": true, "collaboration": true } });
        assert_eq!(
            difference("settings", &json!({ "tickets": { "tagging": true } }), &there),
            None
        );
        let other = json!({ "tickets": { "collaboration": false } });
        assert_eq!(
            difference("settings", &other, &there).as_deref(),
            Some("settings.tickets.collaboration")
        );
        let unknown = json!({ "lotus": { "x": 1 } });
        assert_eq!(
            difference("settings", &unknown, &there).as_deref(),
            Some("settings.lotus")
        );
    }
}
