//! One call: who calls, and by which address.

use crate::kit::{address::Address, error::ApiError};
use axum::extract::{FromRequestParts, Path};
use docket_desk::Desk;
use docket_domain::{audit::ChangedBy, job::JobId, people::person::Person, ticket::Actor};
use http::request::Parts;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Because of what something changes where a call's write has no name of its own.
pub(crate) const API: &str = "api";

/// What a handler knows of its call; cheap to clone.
#[derive(Clone)]
pub(crate) struct Call {
    /// The desk.
    pub desk: Desk,
    /// Who calls, or for whom an admin calls. Always somebody who works here: a customer's call is a [`super::customer::Customer`].
    pub caller: Arc<Person>,
    /// By which address.
    pub address: Arc<Address>,
    /// The row of a job that it is done for; nothing for a call of its own.
    pub row: Option<RowOfJob>,
}

/// A row of a job.
#[derive(Clone, Debug)]
pub(crate) struct RowOfJob {
    /// The job.
    pub job: JobId,
    /// The row's place in it, from 0.
    pub index: u32,
}

impl Call {
    /// Who changes something with this call, under the name of the write or because of what.
    pub fn changed_by(&self, cause: impl Into<String>) -> ChangedBy {
        ChangedBy::new(Actor::Agent(self.caller.id), cause, self.desk.now())
    }
}

/// Who fetches a file: somebody with credentials, or whoever has a link to it that works by itself.
#[derive(Clone)]
pub(crate) struct Reader {
    /// The desk.
    pub desk: Desk,
    /// Whether it is the link that lets them in.
    pub has_link: bool,
}

/// The numbers in the path.
pub(crate) struct Ids<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Ids<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(ids)) => Ok(Self(ids)),
            // What is no number is none of ours: `tickets/count` where there is no such path.
            Err(_) => Err(ApiError::NoSuchPath),
        }
    }
}
