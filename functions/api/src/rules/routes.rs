//! The paths of rules beside those that every kind has in common.

use super::{Of, categories, macros, many, revisions};
use axum::{
    Extension, Router,
    routing::{delete, get, post, put},
};
use docket_domain::rule::RuleKind;

/// The paths.
pub(crate) fn routes() -> Router {
    let mut routes = Router::new()
        .route("/macros/new", get(macros::replica))
        .route("/macros/actions", get(macros::actions))
        .route("/macros/categories", get(macros::categories))
        .route("/triggers/{id}/revisions", get(revisions::list))
        .route("/triggers/{id}/revisions/{revision}", get(revisions::show))
        .route(
            "/trigger_categories",
            get(categories::list).post(categories::create),
        )
        .route("/trigger_categories/jobs", post(categories::job))
        .route(
            "/trigger_categories/{id}",
            get(categories::show)
                .patch(categories::update)
                .delete(categories::destroy),
        );
    for kind in [RuleKind::Macro, RuleKind::Trigger, RuleKind::Automation] {
        let of = Of(kind);
        let path = of.path();
        let of_kind = Router::new()
            .route(&format!("/{path}/search"), get(many::search))
            .route(&format!("/{path}/update_many"), put(many::update_many))
            .route(&format!("/{path}/destroy_many"), delete(many::destroy_many))
            .layer(Extension(of));
        routes = routes.merge(of_kind);
    }
    routes
}
