//! The routes, and what every answer carries.

use crate::{
    assets, cookies,
    failure::Failure,
    kept::Kept,
    language::{self, Reader},
    pages::{self, failure},
    policy, portal,
    sign_in_at::SignInAt,
    undo::UndoWindow,
};
use axum::{
    Extension, Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::{Redirect, Response},
    routing::{get, post},
};
use docket_desk::Desk;
use docket_lambda::compression::compression;
use docket_oidc::Web;
use std::sync::Arc;

/// The pages over a desk.
pub fn app(desk: Desk) -> Router {
    let provider = SignInAt::over_the_internet(&desk.settings);
    put_together(desk, UndoWindow::standard(), provider)
}

/// The same, but for an answer that is saved as it is sent, and can't be taken back.
pub fn app_saving_at_once(desk: Desk) -> Router {
    let provider = SignInAt::over_the_internet(&desk.settings);
    put_together(desk, UndoWindow::none(), provider)
}

/// The same as the pages, where the provider at which agents sign in is reached another way.
pub fn app_reaching(desk: Desk, web: Arc<dyn Web>) -> Router {
    let provider = SignInAt::reached_by(&desk.settings, web);
    put_together(desk, UndoWindow::standard(), provider)
}

fn put_together(desk: Desk, window: UndoWindow, provider: SignInAt) -> Router {
    let home = || get(async || Redirect::to("/agent/tickets"));
    Router::new()
        .route("/", home())
        .route("/agent", home())
        .route("/agent/", home())
        .route("/agent/assets/{name}", get(assets::serve))
        .merge(pages::sign_in::routes())
        .merge(pages::sessions::routes())
        .merge(pages::held::routes())
        .route("/agent/availability", post(pages::availability::submit))
        .route("/agent/search", get(pages::search::show))
        .route("/agent/palette", get(pages::palette::show))
        .route("/agent/version", get(pages::version::show))
        .route(
            "/agent/notifications",
            get(pages::notifications::show).post(pages::notifications::submit),
        )
        .route("/agent/notifications/news", get(pages::notifications::news))
        .route(
            "/agent/preferences",
            get(pages::preferences::show).post(pages::preferences::submit),
        )
        .route("/agent/tickets", get(pages::tickets::show))
        .route(
            "/agent/tickets/new",
            get(pages::new_ticket::show).post(pages::new_ticket::submit),
        )
        .route("/agent/tickets/bulk", post(pages::bulk::submit))
        .route("/agent/tickets/bulk/undo", post(pages::bulk::undo))
        .route("/agent/tickets/bulk/{job}", get(pages::bulk_job::show))
        .route("/agent/views", post(pages::saved_views::save))
        .route("/agent/views/counts", get(pages::saved_views::counts))
        .route("/agent/views/{id}", post(pages::view_change::submit))
        .route("/agent/views/{id}/delete", post(pages::saved_views::delete))
        .route(
            "/agent/tickets/{number}",
            get(pages::ticket::show).post(pages::reply::submit),
        )
        .route(
            "/agent/tickets/{number}/attachments/{digest}",
            get(pages::attachments::file),
        )
        .route(
            "/agent/tickets/{number}/comments/{v}/original",
            get(pages::attachments::original),
        )
        .route(
            "/agent/tickets/{number}/comments/{v}/resend",
            post(pages::resend::submit),
        )
        .route(
            "/agent/tickets/{number}/comments/{v}/formatted",
            get(pages::attachments::formatted),
        )
        .route("/agent/tickets/{number}/draft", post(pages::draft::submit))
        .route("/agent/tickets/{number}/presence", post(pages::presence::submit))
        .route(
            "/agent/tickets/{number}/answers/{name}/recall",
            post(pages::recall::recall),
        )
        .route(
            "/agent/tickets/{number}/answers/{name}/discard",
            post(pages::recall::discard),
        )
        .route("/agent/tickets/{number}/snooze", post(pages::snooze::submit))
        .route(
            "/agent/tickets/{number}/properties",
            post(pages::properties::submit),
        )
        .route("/agent/tickets/{number}/merge", post(pages::links::merge))
        .route(
            "/agent/tickets/{number}/merge/undo",
            post(pages::links::undo_merge),
        )
        .route("/agent/tickets/{number}/split", post(pages::links::split))
        .route("/agent/tickets/{number}/problem", post(pages::links::problem))
        .route("/agent/tickets/{number}/sla", get(pages::proof::show))
        .route("/agent/tickets/{number}/escalate", post(pages::escalate::submit))
        .merge(portal::routes())
        .fallback(async || Failure::Missing)
        .method_not_allowed_fallback(async || Failure::Missing)
        .layer(Extension(provider))
        .layer(Extension(Arc::new(Kept::default())))
        .layer(Extension(window))
        .layer(middleware::from_fn_with_state(desk.clone(), finish))
        .layer(compression())
        .with_state(desk)
}

/// Has all of an answer made for whoever reads it.
async fn finish(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let reader = Reader::of_request(request.headers());
    language::answer_for(reader, answer(desk, request, next)).await
}

/// Turns failures into pages and adds the headers that every answer carries, unless a handler chose its own.
async fn answer(desk: Desk, request: Request, next: Next) -> Response {
    let is_portal = portal::is_portal(request.uri().path());
    let mut response = failure::rendered(&desk, next.run(request).await, !is_portal);
    let headers = response.headers_mut();
    let mut add = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    let policy = if is_portal { portal::POLICY } else { policy::PAGE };
    add(header::CONTENT_SECURITY_POLICY, policy);
    if is_portal {
        add(HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    }
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(header::REFERRER_POLICY, "no-referrer");
    add(header::CACHE_CONTROL, "no-store");
    add(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    add(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    if cookies::is_secure(&desk) {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}
