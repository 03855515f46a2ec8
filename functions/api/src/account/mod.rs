//! The desk as an account: its languages, its one brand, its settings and roles, and what it does not have. Clients look around before they
//! begin; each of these paths answers, so that none of them stops there.

mod absent;
mod brands;
pub(crate) mod locales;
mod roles;
mod settings;

pub(crate) use locales::{code_of_locale, locale_id};
pub(crate) use roles::roles;

use axum::{Router, routing::get};

/// The paths.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/locales", get(locales::list))
        .route("/locales/agent", get(locales::list))
        .route("/locales/public", get(locales::list))
        .route("/locales/current", get(locales::current))
        .route("/locales/detect_best_locale", get(locales::detect))
        .route("/locales/{id}", get(locales::show))
        .route("/brands", get(brands::list).post(brands::refused))
        .route("/brands/check_host_mapping", get(brands::refused))
        .route("/brands/{id}/check_host_mapping", get(brands::refused))
        .route(
            "/brands/{id}",
            get(brands::show).put(brands::refused).delete(brands::refused),
        )
        .route("/account/settings", get(settings::show).put(settings::update))
        .route("/custom_roles", get(roles::list).post(roles::refused))
        .route(
            "/custom_roles/{id}",
            get(roles::show).put(roles::refused).delete(roles::refused),
        )
        .merge(absent::routes())
}
