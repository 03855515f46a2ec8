//! For how long an answer can be taken back after it was sent.

use axum::{Extension, extract::FromRequestParts, http::request::Parts};
use docket_domain::Timestamp;
use jiff::SignedDuration;
use std::convert::Infallible;

/// How long an answer waits before it goes out: long enough to see a mistake, short enough that nobody waits for it.
const STANDARD: SignedDuration = SignedDuration::from_secs(8);

/// How long an answer waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UndoWindow(SignedDuration);

impl UndoWindow {
    /// As long as agents are told.
    pub const fn standard() -> Self {
        Self(STANDARD)
    }

    /// Not at all: an answer is saved as it is sent.
    pub const fn none() -> Self {
        Self(SignedDuration::ZERO)
    }

    /// When an answer that is sent now is saved; nothing where that is at once.
    pub fn ends_at(self, now: Timestamp) -> Option<Timestamp> {
        (!self.0.is_zero()).then(|| now.checked_add(self.0).unwrap_or(Timestamp::MAX))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for UndoWindow {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let window = Extension::<Self>::from_request_parts(parts, state).await;
        Ok(window.map_or(Self::none(), |Extension(window)| window))
    }
}
