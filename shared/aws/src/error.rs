//! Failures of the world, as opposed to refusals of the domain.

use aws_smithy_types::error::display::DisplayErrorContext;

/// A call that failed after the SDK's own retries, or something stored that can't be read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A call failed.
    #[error("{operation} failed: {}", DisplayErrorContext(&**cause))]
    Call {
        /// The operation, as the service names it.
        operation: &'static str,
        /// Why.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Stored data that this code can't read.
    #[error("stored {what} can't be read: {detail}")]
    Unreadable {
        /// What.
        what: &'static str,
        /// Why.
        detail: String,
    },
    /// Too many others changed the same thing.
    #[error("{what} was changed by others {tries} times in a row")]
    Contended {
        /// What.
        what: String,
        /// How often it was tried.
        tries: u32,
    },
    /// A queue did not take everything.
    #[error("queue {queue} did not take {lost} messages")]
    NotTaken {
        /// Which.
        queue: &'static str,
        /// How many.
        lost: usize,
    },
    /// Something that should be set up is not.
    #[error("{0} is not set up; run `docket init`")]
    NotSetUp(String),
}

impl StoreError {
    /// Wraps a failed call.
    pub(crate) fn call(operation: &'static str) -> impl Fn(Box<dyn std::error::Error + Send + Sync>) -> Self {
        move |cause| Self::Call { operation, cause }
    }

    pub(crate) fn unreadable(what: &'static str) -> impl Fn(serde_dynamo::Error) -> Self {
        move |error| Self::Unreadable {
            what,
            detail: error.to_string(),
        }
    }
}

/// Names the operation of a failed call.
pub(crate) trait Named<T> {
    fn named(self, operation: &'static str) -> Result<T, StoreError>;
}

impl<T, E: std::error::Error + Send + Sync + 'static> Named<T> for Result<T, E> {
    fn named(self, operation: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::call(operation)(Box::new(error)))
    }
}
