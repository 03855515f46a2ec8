//! Where one is signed in, and signing out there.

use crate::{
    browser,
    failure::Failure,
    frame::Frame,
    pages::sign_in,
    policy,
    session::{Pressed, SignedIn, own_address},
    sign_in_at::SignInAt,
    words::{self, Moment},
};
use askama::Template;
use axum::{
    Extension, Form, Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use docket_desk::{Desk, Session};
use docket_domain::Timestamp;

/// The routes.
pub fn routes() -> Router<Desk> {
    Router::new()
        .route("/agent/sessions", get(show))
        .route("/agent/sessions/end", post(end_all))
        .route("/agent/sessions/{id}/end", post(end))
}

#[derive(Template)]
#[template(path = "sessions.html")]
struct SessionsPage {
    frame: Frame,
    rows: Vec<Row>,
    /// Whether the provider forgets the browser, too, with the last button.
    reaches_provider: bool,
}

/// A browser in which one is signed in.
struct Row {
    id: String,
    browser: String,
    is_this: bool,
    opened: Moment,
    used: Moment,
}

async fn show(
    State(desk): State<Desk>,
    Extension(at): Extension<SignInAt>,
    signed_in: SignedIn,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let groups = desk.groups().all().await?;
    let (frame, sessions) = tokio::try_join!(Frame::of_place(&desk, &signed_in, &groups), async {
        Ok(desk.sessions().of(signed_in.person.id).await?)
    })?;
    let now = desk.now();
    let forget = forget(&desk, &at, &headers).await;
    let page = SessionsPage {
        frame,
        rows: sessions
            .into_iter()
            .map(|session| Row::of(session, &signed_in.session, now))
            .collect(),
        reaches_provider: forget.is_some(),
    };
    let mut response = Html(page.render()?).into_response();
    if let Some((_, origin)) = forget {
        // The last button leads on to the provider.
        if let Ok(policy) = HeaderValue::from_str(&policy::page_with_forms_to(&origin)) {
            response
                .headers_mut()
                .insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
    Ok(response)
}

/// Signs out one browser, which may be this one.
async fn end(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(leaving): Form<Pressed>,
) -> Result<Response, Failure> {
    signed_in.check(&leaving.csrf)?;
    desk.sessions().close_named(signed_in.person.id, &id).await?;
    if id == signed_in.session.id {
        return Ok((sign_in::forgotten(&desk), Redirect::to("/agent/sign-in?out=1")).into_response());
    }
    Ok(Redirect::to("/agent/sessions").into_response())
}

/// Signs out everywhere, and at the provider.
async fn end_all(
    State(desk): State<Desk>,
    Extension(at): Extension<SignInAt>,
    signed_in: SignedIn,
    headers: HeaderMap,
    Form(leaving): Form<Pressed>,
) -> Result<Response, Failure> {
    signed_in.check(&leaving.csrf)?;
    desk.sessions().close_all(signed_in.person.id).await?;
    tracing::info!(person = %signed_in.person.id, "Person {} signs out everywhere.", signed_in.person.id);
    let on = match forget(&desk, &at, &headers).await {
        Some((address, _)) => address,
        None => "/agent/sign-in?out=1".to_owned(),
    };
    Ok((sign_in::forgotten(&desk), Redirect::to(&on)).into_response())
}

/// Where the provider forgets this browser, and its origin.
async fn forget(desk: &Desk, at: &SignInAt, headers: &HeaderMap) -> Option<(String, String)> {
    let home = own_address(desk, headers)?;
    let back_to = format!("{home}{}", sign_in::PAGE);
    let address = at.provider()?.sign_out_address(&back_to, desk.now()).await?;
    let origin = address.origin().ascii_serialization();
    Some((address.into(), origin))
}

impl Row {
    fn of(session: Session, this: &Session, now: Timestamp) -> Self {
        Self {
            is_this: session.id == this.id,
            opened: words::ago(session.opened_at, now),
            used: words::ago(session.used_at, now),
            browser: browser::shown(&session.browser),
            id: session.id,
        }
    }
}
