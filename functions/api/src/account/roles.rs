//! `custom_roles`: the roles there are of those who work here.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::Paging,
    },
    shapes::time,
};
use axum::Json;
use docket_domain::people::staff::Role;
use serde_json::{Value, json};

/// `GET custom_roles`.
pub(super) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let rows = roles(&call).await?;
    let paging = Paging::of(&call.address);
    let window = paging.window(rows.len() as u64);
    let page = window.of(&rows).into_iter().cloned().collect();
    let envelope = paging.envelope(&call.address, "custom_roles", page, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET custom_roles/{id}`.
pub(super) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let mut rows = roles(&call).await?.into_iter();
    let found = rows.find(|role| role["id"] == id).ok_or(ApiError::Missing)?;
    Ok(Json(json!({ "custom_role": found })))
}

/// What would make a role, or change one.
pub(super) async fn refused(_: Call) -> ApiError {
    ApiError::Forbidden("Who works here is an agent or an admin; there are no other roles to be made.")
}

/// The roles there are, as rows.
pub(crate) async fn roles(call: &Call) -> Result<Vec<Value>, ApiError> {
    let began = call.desk.began_at().await?.map(time);
    let staff = call.desk.agents().all().await?;
    let of = |role: Role| staff.iter().filter(|person| person.role == role).count();
    let row = |id: u64, name: &str, description: &str, role: Role| {
        let is_admin = role == Role::Admin;
        let access = |admin: &'static str, agent: &'static str| if is_admin { admin } else { agent };
        json!({
            "id": id,
            "name": name,
            "description": description,
            "role_type": if is_admin { 4 } else { 0 },
            "team_member_count": of(role),
            "created_at": began,
            "updated_at": began,
            "configuration": {
                "ticket_access": "all",
                "ticket_comment_access": "public",
                "ticket_deletion": true,
                "ticket_editing": true,
                "ticket_merge": true,
                "ticket_tag_editing": true,
                "end_user_profile_access": "full",
                "end_user_list_access": "full",
                "organization_editing": is_admin,
                "group_access": is_admin,
                "macro_access": access("full", "readonly"),
                "view_access": access("full", "readonly"),
                "manage_business_rules": is_admin,
                "manage_extensions_and_channels": is_admin,
                "manage_suspended_tickets": true,
                "manage_team_members": access("all", "readonly"),
                "chat_access": false,
                "voice_access": false,
                "forum_access": "readonly",
                "light_agent": false,
            },
        })
    };
    Ok(vec![
        row(1, "Agent", "Answers customers.", Role::Agent),
        row(
            2,
            "Administrator",
            "Answers customers, and sets up the desk.",
            Role::Admin,
        ),
    ])
}
