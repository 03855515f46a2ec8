//! Reading organizations.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::Paging,
    },
    shapes::organization::organization,
    tickets::ids_asked_for,
};
use axum::Json;
use docket_domain::{OrganizationId, people::organization::Organization};
use serde_json::{Map, Value, json};

/// `GET organizations`: all of them by id.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let paging = Paging::of(&call.address);
    let organizations = call.desk.organizations();
    let window = if paging.is_counted() {
        paging.window_of_rows(&organizations.rows().await?)
    } else {
        paging.window(organizations.last_number().await?)
    };
    let page = of_ids(&call, &window.keys).await?;
    let rows = page.iter().map(|row| organization(&call.address, row)).collect();
    let envelope = paging.envelope(&call.address, "organizations", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// These organizations in the order asked for.
async fn of_ids(call: &Call, ids: &[u64]) -> Result<Vec<Organization>, ApiError> {
    let asked: Vec<_> = ids.iter().copied().map(OrganizationId).collect();
    let mut found = call.desk.organizations().get_many(&asked).await?;
    found.sort_by_key(|organization| asked.iter().position(|id| *id == organization.id));
    Ok(found)
}

/// `GET organizations/show_many?ids=1,2`: these, without those that are not there.
pub(crate) async fn show_many(call: Call) -> Result<Json<Value>, ApiError> {
    let found = of_ids(&call, &ids_asked_for(&call)?).await?;
    Ok(Json(all(&call, &found)))
}

/// A list that is one page.
fn all(call: &Call, found: &[Organization]) -> Value {
    let mut envelope = Map::new();
    envelope.insert("count".to_owned(), Value::from(found.len()));
    envelope.insert("next_page".to_owned(), Value::Null);
    envelope.insert("previous_page".to_owned(), Value::Null);
    let rows = found.iter().map(|row| organization(&call.address, row));
    envelope.insert("organizations".to_owned(), rows.collect());
    Value::Object(envelope)
}

/// `GET organizations/{id}`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let found = call.desk.organizations().get(OrganizationId(id)).await?;
    let found = found.ok_or(ApiError::Missing)?;
    Ok(Json(
        json!({ "organization": organization(&call.address, &found) }),
    ))
}
