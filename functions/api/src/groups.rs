//! Groups.

use crate::{
    call::{Call, Ids},
    error::ApiError,
    paging::Paging,
    shapes::group::group,
};
use axum::Json;
use docket_domain::GroupId;
use serde_json::{Value, json};

/// `GET groups`: all groups.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let default = call.desk.setup().await?.default_group;
    let groups = call.desk.groups().await?;
    let paging = Paging::of(&call.address);
    let window = paging.window(groups.len() as u64);
    let rows = window
        .of(&groups)
        .into_iter()
        .map(|row| group(&call.address, row, default))
        .collect();
    let envelope = paging.envelope(&call.address, "groups", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET groups/{id}`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let default = call.desk.setup().await?.default_group;
    let found = call.desk.group(GroupId(id)).await?.ok_or(ApiError::Missing)?;
    Ok(Json(json!({ "group": group(&call.address, &found, default) })))
}
