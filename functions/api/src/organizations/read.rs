//! Reading organizations.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::Paging,
        place_paging::MOST_BY_NUMBER,
    },
    shapes::{counted, organization::organization},
    tickets::{external_ids_asked_for, ids_asked_for},
};
use axum::Json;
use docket_domain::{
    OrganizationId,
    people::organization::{Claim, Organization},
};
use docket_search::{Asker, Kind, SearchRequest, Wanted};
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

/// `GET organizations/count`.
pub(crate) async fn count(call: Call) -> Result<Json<Value>, ApiError> {
    let count = call.desk.organizations().rows().await?.count();
    Ok(Json(counted(count, call.desk.now())))
}

/// `GET organizations/{id}/related`: how many people belong to it, at most 10,000, and how many tickets they asked, as the search
/// says.
pub(crate) async fn related(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let organization = OrganizationId(id);
    let organizations = call.desk.organizations();
    if organizations.get(organization).await?.is_none() {
        return Err(ApiError::Missing);
    }
    let users = organizations
        .count_of_members(organization, MOST_BY_NUMBER)
        .await?;
    let tickets = tickets_of(&call, organization).await;
    Ok(Json(
        json!({ "organization_related": { "users_count": users, "tickets_count": tickets } }),
    ))
}

/// How many tickets its people asked; nothing where the search does not answer.
async fn tickets_of(call: &Call, organization: OrganizationId) -> Option<u64> {
    let request = SearchRequest {
        by: Asker::Staff(Some(call.caller.id)),
        wanted: Wanted::QueryOf(Kind::Ticket, format!("organization:{organization}")),
        sort_by: None,
        sort_order: None,
        skip: 0,
        take: 0,
        after: None,
        time_zone: None,
        with_snippets: false,
        with_facets: false,
    };
    let answer = call.desk.find(request).await;
    answer.ok().map(|answer| answer.count)
}

/// These organizations in the order asked for.
async fn of_ids(call: &Call, ids: &[u64]) -> Result<Vec<Organization>, ApiError> {
    let asked: Vec<_> = ids.iter().copied().map(OrganizationId).collect();
    let mut found = call.desk.organizations().get_many(&asked).await?;
    found.sort_by_key(|organization| asked.iter().position(|id| *id == organization.id));
    Ok(found)
}

/// `GET organizations/show_many?ids=1,2`, or `external_ids=a,b`: these, without those that are not there.
pub(crate) async fn show_many(call: Call) -> Result<Json<Value>, ApiError> {
    let found = match external_ids_asked_for(&call)? {
        Some(ids) => of_external_ids(&call, ids).await?,
        None => of_ids(&call, &ids_asked_for(&call)?).await?,
    };
    Ok(Json(all(&call, &found)))
}

async fn of_external_ids(call: &Call, ids: Vec<String>) -> Result<Vec<Organization>, ApiError> {
    let mut found = Vec::new();
    for id in ids {
        found.extend(call.desk.organizations().find(&Claim::External(id)).await?);
    }
    Ok(found)
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
