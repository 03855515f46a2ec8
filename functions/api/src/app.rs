//! The routes.

use crate::{
    account,
    agents::{availability, settings},
    attachments, deleted_tickets, exports, fields, group_memberships, groups, histories, jobs,
    kit::{admission, error::ApiError, format::without_suffix},
    ledger, organizations, people, recipient_addresses,
    routing::{self, skills},
    rules, satisfaction, schedules, search, skips, slas, suspended_tickets, tags, ticket_lists,
    ticket_metric_events, ticket_metrics,
    tickets::{self, audits, comments, conversation_log, decisions, sla},
    uploads, users, views,
};
use axum::{
    Extension, Router,
    middleware::{from_fn_with_state, map_response},
    response::Response,
    routing::{delete, get, post, put},
};
use docket_desk::Desk;
use docket_domain::rule::RuleKind;
use docket_lambda::compression::compression;
use http::{HeaderValue, header};
use tower::util::MapRequest;

/// The API over a desk: everything under `/api/v2`, every path with and without `.json`. Other paths are left to
/// whatever it is merged with.
pub fn app(desk: Desk) -> Router {
    let routes = Router::new()
        .merge(ticket_routes())
        .merge(tickets::links::routes())
        .merge(search_routes())
        .merge(user_routes())
        .merge(organization_routes())
        .merge(suspended_routes())
        .merge(file_routes())
        .merge(promise_routes())
        .merge(rule_routes())
        .merge(account::routes())
        .merge(exports::routes())
        .merge(histories::routes())
        .merge(satisfaction::routes())
        .merge(skips::routes())
        .merge(tags::routes())
        .merge(ticket_lists::routes())
        .merge(views::routes())
        .merge(rules::routes())
        .route(
            "/recipient_addresses",
            get(recipient_addresses::list).post(recipient_addresses::create),
        )
        .route(
            "/recipient_addresses/{id}",
            get(recipient_addresses::show)
                .put(recipient_addresses::update)
                .delete(recipient_addresses::destroy),
        )
        .route("/ledger", get(ledger::show))
        .route("/routing/backtest", post(routing::backtest))
        .route("/routing/drift", get(routing::drift))
        .merge(group_routes())
        .merge(jobs::routes())
        .merge(fields::routes())
        .merge(people::routes())
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_path)
        .layer(from_fn_with_state(desk, admission::admit))
        .layer(map_response(kept_private))
        .layer(compression());
    Router::new().nest_service("/api/v2", MapRequest::new(routes, without_suffix))
}

fn ticket_routes() -> Router {
    Router::new()
        .route("/tickets", get(ticket_lists::all).post(tickets::create))
        .route("/tickets/show_many", get(tickets::show_many))
        .route(
            "/tickets/{id}",
            get(tickets::show).put(tickets::update).delete(tickets::destroy),
        )
        .route("/tickets/{id}/comments", get(comments::list))
        .route("/tickets/{id}/conversation_log", get(conversation_log::list))
        .route("/tickets/{id}/comments/{comment}/resend", put(comments::resend))
        .route(
            "/tickets/{id}/comments/{comment}/make_private",
            put(tickets::make_private),
        )
        .route("/tickets/{id}/comments/{comment}/redact", put(tickets::redact))
        .route(
            "/tickets/{id}/comments/{comment}/attachments/{attachment}/redact",
            put(tickets::redact_attachment),
        )
        .route("/comment_redactions/{comment}", put(tickets::redact_marked))
        .route("/deleted_tickets", get(deleted_tickets::list))
        .route("/deleted_tickets/{id}", delete(deleted_tickets::destroy))
        .route("/deleted_tickets/{id}/restore", put(deleted_tickets::restore))
        .route("/tickets/{id}/email_ccs", get(tickets::copies))
        .route("/tickets/{id}/collaborators", get(tickets::copies))
        .route("/tickets/{id}/audits", get(audits::list))
        .route("/tickets/{id}/audits/{audit}", get(audits::show))
        .route(
            "/tickets/{id}/audits/{audit}/make_private",
            put(tickets::make_audit_private),
        )
        .route("/tickets/{id}/decisions", get(decisions::list))
        .route("/tickets/{id}/escalate", post(tickets::escalate))
        .route("/tickets/{id}/mark_as_spam", put(tickets::mark_as_spam))
        .route("/tickets/{id}/metrics", get(ticket_metrics::show))
        .route("/tickets/{id}/sla", get(sla::show))
        .route("/tickets/{id}/sla/void", post(sla::void))
        .route("/ticket_metrics", get(ticket_metrics::list))
        .route("/ticket_metrics/{id}", get(ticket_metrics::show))
        .route(
            "/incremental/ticket_metric_events",
            get(ticket_metric_events::incremental),
        )
}

fn search_routes() -> Router {
    Router::new()
        .route("/search", get(search::search))
        .route("/search/count", get(search::count))
        .route("/search/export", get(search::export))
        .merge(search::routes_of_sources())
}

fn promise_routes() -> Router {
    Router::new()
        .route("/slas/policies", get(slas::list).post(slas::create))
        .route("/slas/policies/definitions", get(slas::definitions))
        .route("/slas/policies/reorder", put(slas::reorder))
        .route(
            "/slas/policies/{id}",
            get(slas::show).put(slas::update).delete(slas::destroy),
        )
        .route(
            "/business_hours/schedules",
            get(schedules::list).post(schedules::create),
        )
        .route(
            "/business_hours/schedules/{id}",
            get(schedules::show)
                .put(schedules::update)
                .delete(schedules::destroy),
        )
        .route(
            "/business_hours/schedules/{id}/workweek",
            put(schedules::workweek),
        )
        .route(
            "/business_hours/schedules/{id}/holidays",
            get(schedules::list_holidays).post(schedules::create_holiday),
        )
        .route(
            "/business_hours/schedules/{id}/holidays/import",
            post(schedules::import),
        )
        .route(
            "/business_hours/schedules/{id}/holidays/{holiday}",
            get(schedules::show_holiday)
                .put(schedules::update_holiday)
                .delete(schedules::destroy_holiday),
        )
}

fn rule_routes() -> Router {
    let of = |kind: RuleKind| {
        let of = rules::Of(kind);
        let path = of.path();
        Router::new()
            .route(&format!("/{path}"), get(rules::list).post(rules::create))
            .route(&format!("/{path}/active"), get(rules::active))
            .route(&format!("/{path}/definitions"), get(rules::definitions))
            .route(&format!("/{path}/reorder"), put(rules::reorder))
            .route(
                &format!("/{path}/{{id}}"),
                get(rules::show).put(rules::update).delete(rules::destroy),
            )
            .layer(Extension(of))
    };
    let mut routes = Router::new()
        .route("/macros/{id}/apply", get(rules::apply))
        .route("/tickets/{id}/macros/{macro}/apply", get(rules::preview))
        .route("/tickets/{id}/macros/{macro}/run", post(rules::run));
    for kind in RuleKind::ALL {
        routes = routes.merge(of(kind));
    }
    routes
}

fn user_routes() -> Router {
    Router::new()
        .route("/users", get(users::list).post(users::create))
        .route("/users/me", get(users::me))
        .route("/users/show_many", get(users::show_many))
        .route("/users/search", get(search::search_users))
        .route(
            "/users/autocomplete",
            get(search::autocomplete_users).post(search::autocomplete_users_by_body),
        )
        .route("/users/create_or_update", post(users::create_or_update))
        .route(
            "/users/{id}",
            get(users::show).put(users::update).delete(users::soft),
        )
}

fn organization_routes() -> Router {
    Router::new()
        .route(
            "/organizations",
            get(organizations::list).post(organizations::create),
        )
        .route("/organizations/show_many", get(organizations::show_many))
        .route("/organizations/search", get(search::search_organizations))
        .route(
            "/organizations/autocomplete",
            get(search::autocomplete_organizations),
        )
        .route(
            "/organizations/create_or_update",
            post(organizations::create_or_update),
        )
        .route(
            "/organizations/{id}",
            get(organizations::show)
                .put(organizations::update)
                .delete(organizations::destroy),
        )
        .route("/organizations/{id}/merge", post(organizations::merge))
        .route("/organizations/{id}/merges", get(organizations::merges))
        .route("/organization_merges/{id}", get(organizations::show_merge))
}

fn group_routes() -> Router {
    Router::new()
        .route("/groups", get(groups::list).post(groups::create))
        .route("/groups/assignable", get(groups::list))
        .route(
            "/groups/{id}",
            get(groups::show).put(groups::update).delete(groups::destroy),
        )
        .route("/groups/{id}/memberships", get(group_memberships::of_group))
        .route(
            "/group_memberships",
            get(group_memberships::list).post(group_memberships::create),
        )
        .route(
            "/group_memberships/{id}",
            get(group_memberships::show).delete(group_memberships::destroy),
        )
        .route(
            "/users/{id}/group_memberships",
            get(group_memberships::of_user).post(group_memberships::create_of_user),
        )
        .route("/routing/skills", get(skills::skills))
        .route("/routing/attributes", get(skills::list).post(skills::create))
        .route("/routing/attributes/definitions", get(skills::definitions))
        .route(
            "/routing/attributes/{id}",
            get(skills::show).put(skills::update).delete(skills::destroy),
        )
        .route(
            "/routing/attributes/{id}/values",
            get(skills::values).post(skills::create_value),
        )
        .route(
            "/routing/attributes/{id}/values/{value}",
            get(skills::show_value)
                .put(skills::update_value)
                .patch(skills::update_value)
                .delete(skills::destroy_value),
        )
        .route("/routing/agents/instance_values", get(skills::of_agents))
        .route(
            "/routing/agents/{id}/instance_values",
            get(skills::of_agent).post(skills::set_of_agent),
        )
        .route(
            "/routing/tickets/{id}/instance_values",
            get(skills::of_ticket).post(skills::set_of_ticket),
        )
        .route("/routing/requirements/fulfilled", get(skills::fulfilled))
        .route("/agents/{id}/settings", get(settings::show).put(settings::update))
        .route(
            "/agents/{id}/availability",
            get(availability::show).put(availability::update),
        )
}

fn suspended_routes() -> Router {
    Router::new()
        .route("/suspended_tickets", get(suspended_tickets::list))
        .route(
            "/suspended_tickets/recover_many",
            put(suspended_tickets::recover_many),
        )
        .route(
            "/suspended_tickets/destroy_many",
            delete(suspended_tickets::destroy_many),
        )
        .route(
            "/suspended_tickets/{id}",
            get(suspended_tickets::show).delete(suspended_tickets::destroy),
        )
        .route("/suspended_tickets/{id}/recover", put(suspended_tickets::recover))
        .route(
            "/suspended_tickets/{id}/original",
            get(suspended_tickets::original),
        )
        .route("/suspended_tickets/{id}/replay", get(suspended_tickets::dry_run))
}

fn file_routes() -> Router {
    Router::new()
        .route("/uploads", post(uploads::create))
        .route("/uploads/{token}", delete(uploads::destroy))
        .route("/uploads/{token}/files/{id}", get(uploads::content))
        .route("/attachments/{id}", get(attachments::show))
        .route("/attachments/{id}/content", get(attachments::content))
}

/// Answers are somebody's data: nobody keeps them, and nobody takes them for something else.
async fn kept_private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers
        .entry(header::X_CONTENT_TYPE_OPTIONS)
        .or_insert(HeaderValue::from_static("nosniff"));
    response
}

/// Clients written for these shapes expect 404 both where there is no path and where there is no such method.
async fn no_such_path() -> ApiError {
    ApiError::NoSuchPath
}
