//! Bulk calls: each is stored as a job and answered with how it stands (`job_statuses`); its rows are done afterwards by function
//! `jobs`, each by the very handler that answers the single call.
//!
//! Another kind of row is a [`docket_domain::job::JobKind`], the handler of its single call (`answer` in `row.rs`), a line of words
//! (`words` in `shape.rs`), and a path here that reads the rows of its call.

mod begin;
mod people;
mod row;
mod shape;
mod status;
mod tickets;
mod work;

pub use work::{TakenUp, take_up};

use axum::{
    Router,
    routing::{delete, get, post, put},
};

/// The paths of bulk calls and of job statuses.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/job_statuses", get(status::list))
        .route("/job_statuses/show_many", get(status::show_many))
        .route("/job_statuses/{id}", get(status::show))
        .route("/tickets/create_many", post(tickets::create_many))
        .route("/tickets/update_many", put(tickets::update_many))
        .route("/tickets/destroy_many", delete(tickets::destroy_many))
        .route("/tickets/mark_many_as_spam", put(tickets::mark_many_as_spam))
        .route("/deleted_tickets/restore_many", put(tickets::restore_many))
        .route(
            "/deleted_tickets/destroy_many",
            delete(tickets::destroy_many_permanently),
        )
        .route("/users/create_many", post(people::create_users))
        .route("/users/update_many", put(people::update_users))
        .route(
            "/users/create_or_update_many",
            post(people::create_or_update_users),
        )
        .route("/organizations/create_many", post(people::create_organizations))
        .route("/organizations/update_many", put(people::update_organizations))
        .route(
            "/organizations/destroy_many",
            delete(people::destroy_organizations),
        )
        .route("/group_memberships/create_many", post(people::create_memberships))
        .route(
            "/group_memberships/destroy_many",
            delete(people::destroy_memberships),
        )
        .route("/users/destroy_many", delete(people::destroy_users))
        .route(
            "/organization_memberships/create_many",
            post(people::create_organization_memberships),
        )
        .route(
            "/organization_memberships/destroy_many",
            delete(people::destroy_organization_memberships),
        )
        .route("/imports/tickets/create_many", post(tickets::import_many))
}
