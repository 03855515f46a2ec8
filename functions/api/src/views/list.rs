//! Lists of views, and one.

use super::{offered, seen, shape, standing};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::Paging,
    },
    shapes::counted,
    tickets::ids_asked_for,
};
use axum::Json;
use docket_domain::{
    GroupId, ViewId,
    view::{View, ViewFor},
};
use serde_json::{Value, json};

/// Most views in the short list: as with Zendesk.
const MOST_COMPACT: usize = 32;

/// `GET views`: those that whoever calls is offered.
pub(super) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    listed(&call, filtered(&call, offered(&call).await?)?)
}

/// `GET views/active`.
pub(super) async fn active(call: Call) -> Result<Json<Value>, ApiError> {
    let mut views = offered(&call).await?;
    views.retain(|view| view.is_active);
    listed(&call, filtered(&call, views)?)
}

/// `GET views/search?query=`: those whose titles have these words in them.
pub(super) async fn search(call: Call) -> Result<Json<Value>, ApiError> {
    let query = call.address.parameter("query").unwrap_or_default().to_lowercase();
    if query.trim().is_empty() {
        return Err(ApiError::blank("query"));
    }
    let mut views = offered(&call).await?;
    views.retain(|view| {
        let title = view.title.to_lowercase();
        query.split_whitespace().all(|word| title.contains(word))
    });
    listed(&call, filtered(&call, views)?)
}

/// `GET views/compact`: the first of those that are in use.
pub(super) async fn compact(call: Call) -> Result<Json<Value>, ApiError> {
    let mut views = offered(&call).await?;
    views.retain(|view| view.is_active);
    views.truncate(MOST_COMPACT);
    let rows: Vec<Value> = views
        .iter()
        .map(|view| shape::view(&call.address, view))
        .collect();
    Ok(Json(json!({
        "views": rows,
        "count": rows.len(),
        "next_page": null,
        "previous_page": null,
    })))
}

/// `GET views/count`: how many views there are for whoever calls.
pub(super) async fn count(call: Call) -> Result<Json<Value>, ApiError> {
    let value = offered(&call).await?.len();
    Ok(Json(counted(value, call.desk.now())))
}

/// `GET views/show_many?ids=1,2`: these, without those that are not there.
pub(super) async fn show_many(call: Call) -> Result<Json<Value>, ApiError> {
    let views = many(&call).await?;
    let rows: Vec<Value> = views
        .iter()
        .map(|view| shape::view(&call.address, view))
        .collect();
    Ok(Json(json!({
        "views": rows,
        "count": rows.len(),
        "next_page": null,
        "previous_page": null,
    })))
}

/// Those asked for by `ids=` that whoever calls may see, in the order asked for.
pub(super) async fn many(call: &Call) -> Result<Vec<View>, ApiError> {
    let ids: Vec<ViewId> = ids_asked_for(call)?.into_iter().map(ViewId).collect();
    let stored: Vec<ViewId> = ids
        .iter()
        .copied()
        .filter(|id| !standing::is_standing(*id))
        .collect();
    let saved = call.desk.store().views().get_many(&stored).await?;
    let is_admin = call.caller.role == docket_domain::people::staff::Role::Admin;
    let of = |id: ViewId| {
        let saved = saved.iter().find(|view| view.id == id);
        let saved = saved.filter(|view| is_admin || super::is_offered(call, view));
        standing::view(id).or_else(|| saved.cloned())
    };
    Ok(ids.into_iter().filter_map(of).collect())
}

/// `GET views/{id}`.
pub(super) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let view = seen(&call, id).await?;
    Ok(Json(json!({ "view": shape::view(&call.address, &view) })))
}

/// Those that the call's filters leave, in the order asked for.
fn filtered(call: &Call, mut views: Vec<View>) -> Result<Vec<View>, ApiError> {
    let parameter = |name: &str| call.address.parameter(name).filter(|value| !value.is_empty());
    if let Some(active) = call.address.flag("active")? {
        views.retain(|view| view.is_active == active);
    }
    if let Some(access) = parameter("access") {
        let fits: fn(&ViewFor) -> bool = match access {
            "personal" => |is_for| matches!(is_for, ViewFor::Person(_)),
            "shared" => |is_for| !matches!(is_for, ViewFor::Person(_)),
            "account" => |is_for| *is_for == ViewFor::Everyone,
            _ => {
                let words = "is none of personal, shared, account";
                return Err(ApiError::invalid("access", words));
            }
        };
        views.retain(|view| fits(&view.is_for));
    }
    if let Some(group) = parameter("group_id") {
        let group = group.parse().map(GroupId);
        let group = group.map_err(|_| ApiError::invalid("group_id", "is no group's id"))?;
        views.retain(|view| matches!(&view.is_for, ViewFor::Groups(ids) if ids.contains(&group)));
    }
    let sort = parameter("sort").map(|sort| sort.trim_start_matches('-'));
    match parameter("sort_by").or(sort) {
        None | Some("position") => {}
        Some("alphabetical" | "title") => views.sort_by_key(|view| (view.title.to_lowercase(), view.id)),
        Some("created_at") => views.sort_by_key(|view| (view.created_at, view.id)),
        Some("updated_at") => views.sort_by_key(|view| (view.updated_at, view.id)),
        Some("id") => views.sort_by_key(|view| view.id),
        Some(_) => {
            let words = "is none of alphabetical, created_at, updated_at, position";
            return Err(ApiError::invalid("sort_by", words));
        }
    }
    let is_turned = parameter("sort").is_some_and(|sort| sort.starts_with('-'));
    match parameter("sort_order").map(str::to_ascii_lowercase).as_deref() {
        Some("desc") => views.reverse(),
        Some("asc") => {}
        None if is_turned => views.reverse(),
        None => {}
        Some(_) => return Err(ApiError::invalid("sort_order", "is neither asc nor desc")),
    }
    Ok(views)
}

fn listed(call: &Call, views: Vec<View>) -> Result<Json<Value>, ApiError> {
    // They are in the order asked for already.
    let paging = Paging::of(&call.address).ascending();
    let window = paging.window(views.len() as u64);
    let rows = window.of(&views).into_iter();
    let rows = rows.map(|view| shape::view(&call.address, view)).collect();
    let envelope = paging.envelope(&call.address, "views", rows, &window);
    Ok(Json(Value::Object(envelope)))
}
