//! What the caller is told.

use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use docket_desk::{Desk, StoreError};
use docket_domain::{
    TicketNumber,
    ticket::{Refusal, Status},
};
use serde_json::json;

/// Seconds after which a caller may try again when the desk can't be reached.
const RETRY_AFTER_SECONDS: &str = "5";

/// A call that was not taken.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// No such channel.
    #[error("there is no channel of this name")]
    UnknownChannel,
    /// The signature is missing or wrong.
    #[error("the signature does not fit: {0}")]
    Unsigned(&'static str),
    /// The timestamp is too far from now.
    #[error("the timestamp is {seconds} seconds away from now, at most 300 are allowed")]
    Stale {
        /// How far.
        seconds: i64,
    },
    /// The body is over the limit.
    #[error("the body is larger than 1 MB")]
    TooLarge,
    /// The body did not arrive.
    #[error("the body could not be read: {0}")]
    NotRead(String),
    /// The body is not what it should be.
    #[error("{path}: {problem}")]
    NotUnderstood {
        /// Path of the field, `.` for the whole.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Whoever wrote was suspended.
    #[error("the customer was suspended at this desk: nothing of theirs is taken until that is lifted")]
    Suspended,
    /// The domain said no.
    #[error(transparent)]
    Refused(Refusal),
    /// The world failed.
    #[error(transparent)]
    Failed(#[from] StoreError),
}

impl IntoResponse for HookError {
    fn into_response(self) -> Response {
        let (status, code) = match &self {
            Self::UnknownChannel => (StatusCode::NOT_FOUND, "UnknownChannel"),
            Self::Unsigned(_) => (StatusCode::UNAUTHORIZED, "InvalidSignature"),
            Self::Stale { .. } => (StatusCode::UNAUTHORIZED, "StaleTimestamp"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "BodyTooLarge"),
            Self::NotRead(_) => (StatusCode::BAD_REQUEST, "BodyNotRead"),
            Self::NotUnderstood { .. } => (StatusCode::BAD_REQUEST, "InvalidBody"),
            Self::Suspended => (StatusCode::FORBIDDEN, "SuspendedCustomer"),
            Self::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "Refused"),
            Self::Failed(error) if error.is_final() => {
                tracing::error!(%error, "a webhook call can never be taken as it is");
                let body = json!({ "error": "CanNotBeStored", "description": "the desk can't store this call as it is; \
                                    it was not taken, and sending it again does not help: tell whoever runs the desk" });
                return (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response();
            }
            Self::Failed(error) => {
                tracing::error!(%error, "a webhook call could not be taken and the caller is told to come again");
                let body = json!({ "error": "Unavailable", "description": "the desk can't be reached just now; \
                                    nothing was taken, send the same call again" });
                let retry = [(header::RETRY_AFTER, RETRY_AFTER_SECONDS)];
                return (StatusCode::SERVICE_UNAVAILABLE, retry, Json(body)).into_response();
            }
        };
        let mut body = json!({ "error": code, "description": self.to_string() });
        if let Self::NotUnderstood { path, .. } = &self {
            body["path"] = json!(path);
        }
        (status, Json(body)).into_response()
    }
}

/// A call that was taken, now or before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    pub ticket: TicketNumber,
    pub status: Status,
    pub created: bool,
    /// Whether it was taken before.
    pub repeated: bool,
    /// What of it was left out or cut, in words.
    pub problems: Vec<String>,
}

impl Taken {
    pub fn into_response(self, desk: &Desk, headers: &HeaderMap) -> Response {
        let status = if self.created {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        };
        let url = format!("{}/api/v2/tickets/{}.json", base_url(desk, headers), self.ticket);
        let ticket = json!({ "id": self.ticket, "url": url, "status": self.status });
        let mut body = json!({ "ticket": ticket, "created": self.created });
        if !self.problems.is_empty() {
            body["problems"] = json!(self.problems);
        }
        (status, Json(body)).into_response()
    }
}

fn base_url(desk: &Desk, headers: &HeaderMap) -> String {
    if !desk.settings.public_url.is_empty() {
        return desk.settings.public_url.clone();
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = text("x-forwarded-proto").unwrap_or(if desk.settings.is_local { "http" } else { "https" });
    format!("{scheme}://{}", text("host").unwrap_or("localhost"))
}
