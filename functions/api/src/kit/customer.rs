//! Callers who ask: a customer, or whoever works here as the one who asked something. A customer's call is of another type than that
//! of somebody who works here, and only authentication makes either: so no handler of theirs is reached by a customer.

use super::{
    address::Address,
    call::{Call, RowOfJob},
    error::ApiError,
};
use axum::extract::FromRequestParts;
use docket_desk::Desk;
use docket_domain::{audit::ChangedBy, people::person::Person, ticket::Actor};
use http::request::Parts;
use std::sync::Arc;

/// Whoever calls, as somebody with requests of their own; cheap to clone.
#[derive(Clone)]
pub(crate) struct Customer {
    /// The desk.
    pub desk: Desk,
    /// Who calls, or for whom an admin calls.
    pub person: Arc<Person>,
    /// By which address.
    pub address: Arc<Address>,
}

/// Whoever makes a request: somebody known, or somebody without credentials.
#[derive(Clone)]
pub(crate) enum Visitor {
    /// Somebody known.
    Known(Customer),
    /// Somebody without credentials.
    Unknown(Stranger),
}

/// Somebody without credentials.
#[derive(Clone)]
pub(crate) struct Stranger {
    /// The desk.
    pub desk: Desk,
    /// By which address.
    pub address: Arc<Address>,
}

/// What every call that is let in has.
pub(crate) trait Calling {
    /// The desk.
    fn desk(&self) -> &Desk;
    /// Who calls.
    fn person(&self) -> &Person;
    /// By which address.
    fn address(&self) -> &Address;
    /// Of which job this is a row.
    fn row(&self) -> Option<&RowOfJob> {
        None
    }
}

impl Calling for Call {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn person(&self) -> &Person {
        &self.caller
    }

    fn address(&self) -> &Address {
        &self.address
    }

    fn row(&self) -> Option<&RowOfJob> {
        self.row.as_ref()
    }
}

impl Calling for Customer {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn person(&self) -> &Person {
        &self.person
    }

    fn address(&self) -> &Address {
        &self.address
    }
}

impl Customer {
    /// Who changes something with this call, because of what.
    pub fn changed_by(&self, cause: impl Into<String>) -> ChangedBy {
        let actor = match self.person.role.is_staff() {
            true => Actor::Agent(self.person.id),
            false => Actor::Requester(self.person.id),
        };
        ChangedBy::new(actor, cause, self.desk.now())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Customer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        if let Some(customer) = parts.extensions.get::<Self>() {
            return Ok(customer.clone());
        }
        // Whoever works here asks something, too, now and then.
        let call = parts.extensions.get::<Call>().ok_or(ApiError::Unauthenticated)?;
        Ok(Self {
            desk: call.desk.clone(),
            person: call.caller.clone(),
            address: call.address.clone(),
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        if let Some(stranger) = parts.extensions.get::<Stranger>() {
            return Ok(Self::Unknown(stranger.clone()));
        }
        Customer::from_request_parts(parts, state).await.map(Self::Known)
    }
}
