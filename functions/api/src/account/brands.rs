//! `brands`: a desk is one brand.

use crate::kit::{
    call::{Call, Ids},
    error::ApiError,
    paging::Paging,
};
use crate::shapes::time;
use axum::Json;
use serde_json::{Value, json};

/// The number of the only brand.
pub(super) const BRAND: u64 = 1;

/// `GET brands`.
pub(super) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let rows = [brand(&call).await?];
    let paging = Paging::of(&call.address);
    let window = paging.window(rows.len() as u64);
    let page = window.of(&rows).into_iter().cloned().collect();
    let envelope = paging.envelope(&call.address, "brands", page, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET brands/{id}`.
pub(super) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    if id != BRAND {
        return Err(ApiError::Missing);
    }
    Ok(Json(json!({ "brand": brand(&call).await? })))
}

/// What would make another brand, or change this one.
pub(super) async fn refused(_: Call) -> ApiError {
    ApiError::Forbidden(
        "A desk is one brand. Its name and address are set where it is deployed; another brand is another desk.",
    )
}

async fn brand(call: &Call) -> Result<Value, ApiError> {
    let began = call.desk.began_at().await?.map(time);
    let settings = &call.desk.settings;
    let root = call.address.unsigned_file("").replace("/api/v2", "");
    let host = root.split_once("://").map_or(root.as_str(), |(_, host)| host);
    Ok(json!({
        "id": BRAND,
        "url": call.address.resource(&format!("/brands/{BRAND}")),
        "name": settings.brand_name,
        "brand_url": root,
        "subdomain": host.split(['.', ':']).next(),
        "host_mapping": null,
        "has_help_center": false,
        "help_center_state": "disabled",
        "active": true,
        "default": true,
        "is_deleted": false,
        "logo": null,
        "ticket_form_ids": [],
        "signature_template": "{{agent.signature}}",
        "created_at": began,
        "updated_at": began,
    }))
}
