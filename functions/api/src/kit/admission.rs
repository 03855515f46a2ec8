//! Letting calls in, each as what its caller is: somebody who works here, a customer, somebody without credentials, or whoever has a link to a
//! file.

use crate::kit::{
    access::{Principal, authorize},
    address::Address,
    auth,
    call::{Call, Reader},
    customer::{Customer, Stranger},
    error::ApiError,
    fields_at_hand::FieldsAtHand,
    list_filters,
};
use axum::{
    extract::{FromRequestParts, MatchedPath, OptionalFromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use docket_desk::Desk;
use docket_domain::contact::file_link::{FileLinkKey, SIGNATURE, is_valid_link};
use http::{Method, header::AUTHORIZATION, request::Parts};
use std::{convert::Infallible, sync::Arc};

/// Lets a call in as the table of [`super::access`] says, by its credentials or without; or by a link to a file that works by itself.
pub(crate) async fn admit(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let address = Address::of(&desk.settings, request.headers(), request.uri());
    let headers = request.headers().clone();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    // Credentials go first: whoever sends some is not led elsewhere with them.
    let is_link = is_read && !headers.contains_key(AUTHORIZATION);
    if let Some(signature) = address.parameter(SIGNATURE).filter(|_| is_link) {
        return match check_link(&desk, &address.path, signature).await {
            Ok(()) => {
                request.extensions_mut().insert(Reader { desk, has_link: true });
                next.run(request).await
            }
            Err(error) => error.into_response(),
        };
    }
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map(|matched| matched.as_str().to_owned());
    let method = request.method().clone();
    let may = |principal| match &route {
        Some(route) => authorize(principal, &method, route),
        // There is no such path, and that is the answer.
        None => Ok(()),
    };
    if !headers.contains_key(AUTHORIZATION) && route.is_some() && may(Principal::Stranger).is_ok() {
        let address = Arc::new(address);
        request.extensions_mut().insert(Stranger { desk, address });
        return next.run(request).await;
    }
    let refused = list_filters::refuse_others(&address).err().filter(|_| is_read);
    let (caller, keys, fields) = tokio::join!(
        auth::authenticate(&desk, &headers),
        link_keys(&desk),
        FieldsAtHand::of(&desk)
    );
    match caller {
        Ok(caller) => {
            if let Err(refused) = may(Principal::of(&caller)) {
                return refused.into_response();
            }
            if let Some(refused) = refused {
                return refused.into_response();
            }
            let address = address.showing(fields);
            let address = match keys.into_iter().next() {
                Some(key) => address.signing_with(key, &desk.settings.tenant, desk.now()),
                None => address,
            };
            let extensions = request.extensions_mut();
            let (caller, address) = (Arc::new(caller), Arc::new(address));
            // Files of tickets the table keeps from customers; those that wait have a token that nobody guesses.
            extensions.insert(Reader {
                desk: desk.clone(),
                has_link: false,
            });
            if caller.role.is_staff() {
                extensions.insert(Call {
                    desk,
                    caller,
                    address,
                    row: None,
                });
            } else {
                extensions.insert(Customer {
                    desk,
                    person: caller,
                    address,
                });
            }
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// Lets whoever has a link to a file that we signed fetch that file.
async fn check_link(desk: &Desk, path: &str, signature: &str) -> Result<(), ApiError> {
    let keys = desk.file_link_keys().await?;
    if is_valid_link(&keys, &desk.settings.tenant, path, signature, desk.now()) {
        return Ok(());
    }
    let words = "This link is none of ours, or works no longer. Ask for the file anew.";
    Err(ApiError::Forbidden(words))
}

/// The keys of links to files. Without them links work with credentials only, and nothing else depends on them.
async fn link_keys(desk: &Desk) -> Vec<FileLinkKey> {
    desk.file_link_keys().await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the keys of links to files can't be had: links work with credentials only");
        vec![]
    })
}

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get().cloned().ok_or_else(|| not_for(parts))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Call {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get().cloned().ok_or_else(|| not_for(parts))
    }
}

/// For handlers that customers reach, too.
impl<S: Send + Sync> OptionalFromRequestParts<S> for Call {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get().cloned())
    }
}

/// Why whoever calls is not who a handler is for.
fn not_for(parts: &Parts) -> ApiError {
    match parts.extensions.get::<Customer>() {
        Some(_) => ApiError::Forbidden("Only agents and admins may do this."),
        None => ApiError::Unauthenticated,
    }
}
