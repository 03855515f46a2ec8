//! What changes of policies and schedules have in common.

use crate::{call::Call, error::ApiError};
use docket_aws::store::SetupChange;
use docket_domain::{
    person::Role,
    sla::{Book, BookError},
};
use std::sync::Arc;

/// Refuses everybody but admins.
pub(crate) fn admin_only(call: &Call) -> Result<(), ApiError> {
    if call.caller.role != Role::Admin {
        return Err(ApiError::Forbidden(
            "Only admins may change policies and schedules.",
        ));
    }
    Ok(())
}

/// Why policies and schedules do not hold together, at the field that it is about.
pub(crate) fn book_error(error: &BookError) -> ApiError {
    let field = match error {
        BookError::RepeatedTitle(_) | BookError::TooManyPolicies(_) => "title",
        BookError::RepeatedName(_) | BookError::TooManyCalendars(_) => "name",
        BookError::MissingCalendar { .. } => "docket.calendar_id",
        _ => "base",
    };
    ApiError::invalid(field, error.to_string())
}

/// What is in force after a change that has no key of its own.
pub(crate) fn done<T>(change: SetupChange<Book, T, ApiError>) -> Result<Arc<Book>, ApiError> {
    match change {
        SetupChange::Done(book, _) => Ok(book),
        SetupChange::Refused(error) => Err(error),
        SetupChange::Repeated(_) => Err(ApiError::OtherRequest),
    }
}

/// What is in force this moment, for whoever may have changed it through another function a moment ago.
pub(crate) async fn newest(call: &Call) -> Result<Arc<Book>, ApiError> {
    done(call.desk.change_book(vec![], |_| Ok(())).await?)
}
