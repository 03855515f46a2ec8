//! `metric_settings`: what starts and ends clocks. Here that stands in one table for all policies, so the settings are
//! shown as they are, and a write that wants them otherwise is refused.

use crate::kit::error::ApiError;
use serde_json::{Value, json};

/// The settings of every policy.
pub(crate) fn shown() -> Value {
    json!({
        "first_reply_time": {
            "activate_on_ticket_created_for_end_user": true,
            "activate_on_agent_ticket_created_for_end_user_with_internal_note": true,
            "activate_on_light_agent_on_email_forward_ticket_from_end_user": true,
            "fulfill_on_agent_internal_note": false,
        },
        "next_reply_time": { "fulfill_on_non_requesting_agent_internal_note_after_activation": false },
        "periodic_update_time": { "activate_on_agent_internal_note": false },
    })
}

/// Refuses settings that say something else. Those that are not known are passed over.
pub(super) fn check(sent: &Value) -> Result<(), ApiError> {
    let fixed = shown();
    for (metric, settings) in sent.as_object().into_iter().flatten() {
        for (setting, value) in settings.as_object().into_iter().flatten() {
            let Some(is) = fixed[metric].get(setting) else {
                continue;
            };
            if !value.is_null() && value != is {
                let words = format!("is always {is}: what starts and ends a clock can't be chosen");
                return Err(ApiError::invalid(
                    &format!("metric_settings.{metric}.{setting}"),
                    words,
                ));
            }
        }
    }
    Ok(())
}
