//! When there is no page to show: what the person is told, and what the log keeps.

use axum::{
    extract::multipart::MultipartError,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use docket_desk::{BlobError, StoreError};
use docket_domain::people::access::NotAllowed;
use std::sync::Arc;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Nobody is signed in; the address to come back to.
    #[error("nobody is signed in")]
    SignedOut {
        /// Where the person wanted to go.
        back_to: String,
    },
    /// There is no such page, ticket or file.
    #[error("there is no such page")]
    Missing,
    /// The request did not come from a page of ours.
    #[error("the request did not come from a page of the desk")]
    Foreign,
    /// They may not do this.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// A form that can't be read.
    #[error("the form can't be read")]
    Garbled,
    /// A file that does not fit into an answer.
    #[error("the file has {0} bytes, more than can be handed out")]
    TooLarge(usize),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A template failed.
    #[error("the page can't be rendered")]
    Page(#[from] askama::Error),
    /// A piece of work done beside others ended too early.
    #[error("a read was cut off")]
    CutOff(#[from] tokio::task::JoinError),
}

impl From<BlobError> for Failure {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Missing(_) => Self::Missing,
            BlobError::Store(error) => Self::Store(error),
        }
    }
}

impl From<MultipartError> for Failure {
    fn from(_: MultipartError) -> Self {
        Self::Garbled
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        if let Self::SignedOut { back_to } = &self {
            let query = next_query(back_to);
            return Redirect::to(&format!("/agent/sign-in{query}")).into_response();
        }
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

fn next_query(back_to: &str) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    format!("?next={}", utf8_percent_encode(back_to, NON_ALPHANUMERIC))
}

/// An error followed by its causes.
pub struct WithCauses<'a>(pub &'a dyn std::error::Error);

impl std::fmt::Display for WithCauses<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
