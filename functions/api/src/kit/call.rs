//! One call: who calls, and by which address.

use crate::kit::{address::Address, auth, error::ApiError, list_filters};
use axum::{
    extract::{FromRequestParts, Path, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use docket_desk::Desk;
use docket_domain::{audit::ChangedBy, people::person::Person, ticket::Actor};
use http::{Method, request::Parts};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Because of what something changes where a call's write has no name of its own.
pub(crate) const API: &str = "api";

/// What a handler knows of its call; cheap to clone.
#[derive(Clone)]
pub(crate) struct Call {
    /// The desk.
    pub desk: Desk,
    /// Who calls, or for whom an admin calls. Always somebody who works here.
    pub caller: Arc<Person>,
    /// By which address.
    pub address: Arc<Address>,
}

impl Call {
    /// Who changes something with this call, under the name of the write or because of what.
    pub fn changed_by(&self, cause: impl Into<String>) -> ChangedBy {
        ChangedBy::new(Actor::Agent(self.caller.id), cause, self.desk.now())
    }
}

/// Lets a call in whose credentials stand for somebody who works here.
pub(crate) async fn admit(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let address = Address::of(&desk.settings, request.headers(), request.uri());
    let headers = request.headers().clone();
    let is_list = request.method() == Method::GET;
    let refused = list_filters::refuse_others(&address).err().filter(|_| is_list);
    match auth::authenticate(&desk, &headers).await {
        Ok(caller) => {
            if let Some(refused) = refused {
                return refused.into_response();
            }
            request.extensions_mut().insert(Call {
                desk,
                caller: Arc::new(caller),
                address: Arc::new(address),
            });
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Call {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get().cloned().ok_or(ApiError::Unauthenticated)
    }
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
