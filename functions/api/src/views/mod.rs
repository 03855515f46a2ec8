//! `views`: those that every desk has and those that were saved, listed, changed, counted and looked at.
//!
//! What a view means is said in `docket_search` ([`docket_search::ViewQuestion`]): its conditions are asked of the index of the search, and
//! each ticket found is held against them. The views that every desk has are counted by the counters that are kept.

mod columns;
mod count;
mod execute;
mod export;
mod fields;
mod list;
mod output;
mod own_fields;
mod paging;
mod shape;
mod standing;
mod write;

use crate::kit::{call::Call, error::ApiError};
use axum::{
    Extension, Router,
    routing::{delete, get, post, put},
};
use count::KeptCounts;
use docket_domain::{ViewId, people::staff::Role, view::View};
use std::sync::Arc;

/// The paths of views.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/views", get(list::list).post(write::create))
        .route("/views/active", get(list::active))
        .route("/views/compact", get(list::compact))
        .route("/views/count", get(list::count))
        .route("/views/count_many", get(count::count_many))
        .route("/views/destroy_many", delete(write::destroy_many))
        .route("/views/preview", post(execute::preview))
        .route("/views/preview/count", post(count::preview))
        .route("/views/search", get(list::search))
        .route("/views/show_many", get(list::show_many))
        .route("/views/update_many", put(write::update_many))
        .route(
            "/views/{id}",
            get(list::show).put(write::update).delete(write::destroy),
        )
        .route("/views/{id}/count", get(count::count))
        .route("/views/{id}/execute", get(execute::execute))
        .route("/views/{id}/export", get(export::export))
        .route("/views/{id}/tickets", get(execute::tickets))
        .layer(Extension(Arc::new(KeptCounts::default())))
}

/// The views that whoever calls is offered, in their order.
async fn offered(call: &Call) -> Result<Vec<View>, ApiError> {
    let mut views = standing::all();
    let saved = call.desk.store().views().all().await?;
    views.extend(saved.into_iter().filter(|view| is_offered(call, view)));
    views.sort_by_key(|view| (view.position, view.id));
    Ok(views)
}

fn is_offered(call: &Call, view: &View) -> bool {
    view.is_for(call.caller.id, &call.caller.groups)
}

/// A view that whoever calls may look at: one that they are offered, and any for an admin.
async fn seen(call: &Call, id: u64) -> Result<View, ApiError> {
    if let Some(view) = standing::view(ViewId(id)) {
        return Ok(view);
    }
    let view = call.desk.store().views().get(ViewId(id)).await?;
    let may = |view: &View| is_offered(call, view) || call.caller.role == Role::Admin;
    view.filter(may).ok_or(ApiError::Missing)
}
