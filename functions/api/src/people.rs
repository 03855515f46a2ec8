//! The paths around people: their identities, groups, organizations and requests, and what becomes of a record.

use crate::{
    group_memberships, groups,
    memberships::{of_groups, of_organizations},
    organizations, requests,
    users::{around, deleted, identities, members, merge},
};
use axum::{
    Router,
    routing::{get, post, put},
};

/// The paths.
pub(crate) fn routes() -> Router {
    Router::new()
        .merge(requests::routes())
        .merge(user_routes())
        .merge(membership_routes())
}

fn user_routes() -> Router {
    Router::new()
        .route("/users/count", get(around::count))
        .route("/users/request_create", post(around::request_create))
        .route("/users/{id}/related", get(around::related))
        .route("/users/{id}/groups", get(around::groups))
        .route("/users/{id}/groups/count", get(around::count_of_groups))
        .route(
            "/end_users/{id}",
            get(around::end_user).put(around::update_end_user),
        )
        .route("/groups/{id}/users", get(members::of_group))
        .route("/groups/{id}/users/count", get(members::count_of_group))
        .route("/organizations/{id}/users", get(members::of_organization))
        .route(
            "/organizations/{id}/users/count",
            get(members::count_of_organization),
        )
        .route("/users/{id}/merge", put(merge::merge))
        .route("/users/{id}/merge/undo", put(merge::undo))
        .route(
            "/users/{id}/compliance_deletion_statuses",
            get(deleted::compliance),
        )
        .route("/deleted_users", get(deleted::list))
        .route("/deleted_users/count", get(deleted::count))
        .route("/deleted_users/{id}", get(deleted::show).delete(deleted::destroy))
        .route(
            "/users/{id}/identities",
            get(identities::list).post(identities::create),
        )
        .route(
            "/users/{id}/identities/{identity}",
            get(identities::show)
                .put(identities::update)
                .delete(identities::destroy),
        )
        .route(
            "/users/{id}/identities/{identity}/make_primary",
            put(identities::make_primary),
        )
        .route(
            "/users/{id}/identities/{identity}/verify",
            put(identities::verify),
        )
        .route(
            "/users/{id}/identities/{identity}/request_verification",
            put(identities::request_verification),
        )
}

fn membership_routes() -> Router {
    Router::new()
        .route("/groups/count", get(groups::count))
        .route(
            "/group_memberships/assignable",
            get(group_memberships::assignable),
        )
        .route(
            "/groups/{id}/memberships/assignable",
            get(group_memberships::assignable_of_group),
        )
        .route(
            "/users/{id}/group_memberships/{membership}",
            get(group_memberships::show_of_user).delete(group_memberships::destroy_of_user),
        )
        .route(
            "/users/{id}/group_memberships/{membership}/make_default",
            put(of_groups::make_default),
        )
        .route("/organizations/count", get(organizations::count))
        .route("/organizations/{id}/related", get(organizations::related))
        .route(
            "/organization_memberships",
            get(of_organizations::list).post(of_organizations::create),
        )
        .route(
            "/organization_memberships/{id}",
            get(of_organizations::show).delete(of_organizations::destroy),
        )
        .route(
            "/users/{id}/organization_memberships",
            get(of_organizations::of_user).post(of_organizations::create_of_user),
        )
        .route(
            "/users/{id}/organization_memberships/{membership}",
            get(of_organizations::show_of_user).delete(of_organizations::destroy_of_user),
        )
        .route(
            "/users/{id}/organization_memberships/{membership}/make_default",
            put(of_organizations::make_default),
        )
        .route(
            "/organizations/{id}/organization_memberships",
            get(of_organizations::of_organization),
        )
        .route("/users/{id}/organizations", get(of_organizations::organizations))
        .route(
            "/users/{id}/organizations/count",
            get(of_organizations::count_of_organizations),
        )
        .route(
            "/users/{id}/organizations/{organization}",
            axum::routing::delete(of_organizations::leave),
        )
        .route(
            "/users/{id}/organizations/{organization}/make_default",
            put(of_organizations::make_organization_default),
        )
}
