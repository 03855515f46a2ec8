//! Failures of the world, as opposed to refusals of the domain.

use crate::table::MOST_TRIES;
use aws_sdk_dynamodb::error::SdkError;
use aws_smithy_types::error::{display::DisplayErrorContext, metadata::ProvideErrorMetadata};
use docket_domain::{TicketNumber, ticket::MOST_PARTS};

/// A failure of the world, worth another try; or, as [`StoreError::Never`], one that is not.
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
    /// It can never work, however often it is tried.
    #[error(transparent)]
    Never(#[from] Never),
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
    /// An object that was to be deleted is still there.
    #[error("object {0} was not deleted")]
    Stayed(String),
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
        move |error| Never::unreadable(what, error.to_string()).into()
    }

    /// Others were first at each of the [`MOST_TRIES`] tries.
    pub fn contended(what: impl Into<String>) -> Self {
        Self::Contended {
            what: what.into(),
            tries: MOST_TRIES,
        }
    }

    /// Something stored of a ticket that can't be used.
    pub fn unreadable_ticket(number: TicketNumber, detail: &str) -> Self {
        Never::unreadable("ticket", format!("{number}: {detail}")).into()
    }

    /// Whether another try is of no use.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Never(_))
    }
}

/// Why something can never be done: whoever meets it does not try again, and somebody is told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Never {
    /// Stored data that this code can't read.
    #[error("stored {what} can't be read: {detail}")]
    Unreadable {
        /// What.
        what: &'static str,
        /// Why.
        detail: String,
    },
    /// The service does not take it as it is.
    #[error("{operation} does not take it: {detail}")]
    Invalid {
        /// The operation, as the service names it.
        operation: &'static str,
        /// Why.
        detail: String,
    },
    /// An item or object is larger than the service takes.
    #[error("{what} has {bytes} bytes, {most} are possible")]
    TooLarge {
        /// What.
        what: String,
        /// Its size.
        bytes: usize,
        /// What is possible.
        most: usize,
    },
    /// A transaction has more parts than the service takes.
    #[error("a save has {parts} parts, {MOST_PARTS} are possible")]
    TooManyParts {
        /// How many.
        parts: usize,
    },
}

impl Never {
    /// Stored data that this code can't read.
    pub fn unreadable(what: &'static str, detail: impl Into<String>) -> Self {
        Self::Unreadable {
            what,
            detail: detail.into(),
        }
    }
}

/// The answers by which a service says that the request itself is wrong: DynamoDB and SQS (`ValidationException`), S3, SES.
/// Not among them is what a change of permissions, limits or set-up mends.
const NEVER_CODES: [&str; 9] = [
    "ValidationException",
    "ItemCollectionSizeLimitExceededException",
    "SerializationException",
    "InvalidParameterValue",
    "InvalidMessageContents",
    "BatchRequestTooLong",
    "EntityTooLarge",
    "KeyTooLongError",
    "InvalidRequest",
];

/// Names the operation of a failed call, and tells apart whether it can ever work.
pub(crate) trait NameOperation<T> {
    fn named(self, operation: &'static str) -> Result<T, StoreError>;
}

impl<
    T,
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
> NameOperation<T> for Result<T, SdkError<E, R>>
{
    fn named(self, operation: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| {
            let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
            let detail = DisplayErrorContext(&error).to_string();
            // An index that is being made is there after a while.
            let is_of_index = detail.to_lowercase().contains("index");
            if code.is_some_and(|code| NEVER_CODES.contains(&code)) && !is_of_index {
                return Never::Invalid { operation, detail }.into();
            }
            StoreError::call(operation)(Box::new(error))
        })
    }
}

/// A request that could not even be built, or an answer that could not be read to its end.
pub(crate) trait NamedPart<T> {
    fn named_part(self, operation: &'static str) -> Result<T, StoreError>;
}

impl<T, E: std::error::Error + Send + Sync + 'static> NamedPart<T> for Result<T, E> {
    fn named_part(self, operation: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::call(operation)(Box::new(error)))
    }
}
