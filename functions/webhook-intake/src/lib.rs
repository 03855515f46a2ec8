//! Webhook intake: a verified call from a channel becomes a ticket or a comment.
//!
//! A call may come twice and calls may come in any order: the webhook's own id guards the commit, and contacts of one
//! customer meet in one conversation item, which of ten at once only one creates.

mod answer;
mod callback_url;
mod contact;
mod intake;
mod payload;
mod verify;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use docket_desk::Desk;

pub use answer::HookError;

/// Largest body, in bytes.
pub const MOST_BODY_BYTES: usize = 1024 * 1024;

/// The routes of `/hooks`.
pub fn app(desk: Desk) -> Router {
    Router::new()
        .route("/hooks/{channel}", post(take))
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .with_state(desk)
}

async fn take(
    State(desk): State<Desk>,
    Path(channel): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return HookError::TooLarge.into_response();
        }
        Err(rejection) => return HookError::NotRead(rejection.to_string()).into_response(),
    };
    match intake::take_call(&desk, &channel, &headers, &body).await {
        Ok(taken) => taken.into_response(&desk, &headers),
        Err(error) => error.into_response(),
    }
}
