//! What policies, schedules, rules and skills have in common: what is refused, what comes of a change, and when they changed.

use crate::kit::{call::Call, error::ApiError, idempotency::Once};
use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use docket_desk::{BookVersion, setup::SetupChange};
use docket_domain::{
    Timestamp,
    calendar::Calendar,
    rule::RuleBookError,
    sla::{Book, BookError, Policy},
};
use http::StatusCode;
use serde_json::Value;
use std::sync::Arc;

/// Changes looked back for when something was made: a change a day for years. Of what is older no time is told.
const MOST_CHANGES: usize = 1_000;

/// Why policies and schedules do not hold together, at the field that it is about.
pub(crate) fn book_error(error: &BookError) -> ApiError {
    let field = match error {
        BookError::RepeatedTitle(_) | BookError::TooManyPolicies(_) => "title",
        BookError::RepeatedName(_) | BookError::TooManyCalendars(_) => "name",
        BookError::MissingCalendar { .. } => "docket.calendar_id",
        BookError::Rules(RuleBookError::RepeatedName { .. } | RuleBookError::TooMany { .. }) => "title",
        BookError::Rules(_) => "actions",
        _ => "base",
    };
    ApiError::invalid(field, error.to_string())
}

/// What is in force after a change that has no key of its own.
pub(crate) fn done<S, T>(change: SetupChange<S, T, ApiError>) -> Result<Arc<S>, ApiError> {
    match change {
        SetupChange::Done(after, _) => Ok(after),
        SetupChange::Refused(error) => Err(error),
        SetupChange::Repeated(_) => Err(ApiError::OtherRequest),
    }
}

/// The answer to a `POST` by what came of it. `shown` finds what was made by what no two of a kind share, since a repeat knows
/// nothing else of it.
pub(crate) async fn made<T>(
    call: &Call,
    once: &Once,
    change: SetupChange<Book, T, ApiError>,
    shown: impl Fn(&Book) -> Result<Value, ApiError>,
) -> Result<Response, ApiError> {
    match change {
        SetupChange::Done(book, _) => Ok(created(once, shown(&book)?, false)),
        SetupChange::Refused(error) => Err(error),
        SetupChange::Repeated(answer) => {
            once.same(answer)?;
            made_before(call, once, shown).await
        }
    }
}

/// The answer to a `POST` whose key an earlier one had.
pub(crate) async fn made_before(
    call: &Call,
    once: &Once,
    shown: impl Fn(&Book) -> Result<Value, ApiError>,
) -> Result<Response, ApiError> {
    let book = newest(call).await?;
    Ok(created(once, shown(&book)?, true))
}

fn created(once: &Once, shown: Value, repeated: bool) -> Response {
    once.mark((StatusCode::CREATED, Json(shown)).into_response(), repeated)
}

/// What is in force this moment, for whoever may have changed it through another function a moment ago.
pub(crate) async fn newest(call: &Call) -> Result<Arc<Book>, ApiError> {
    Ok(call.desk.rules().newest_book().await?)
}

/// When policies and schedules were made and changed.
pub(crate) struct Times {
    /// What was in force, newest first.
    versions: Vec<BookVersion>,
}

/// When one was made, and changed last; nothing where that is too long ago.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct MadeAndChanged {
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}

impl Times {
    /// The times as they are recorded.
    pub async fn of(call: &Call) -> Result<Self, ApiError> {
        let versions = call.desk.rules().versions(MOST_CHANGES).await?;
        Ok(Self { versions })
    }

    /// The times of a policy.
    pub fn policy(&self, policy: &Policy) -> MadeAndChanged {
        let (id, now) = (policy.id, policy.version);
        self.times(
            |in_force| {
                in_force
                    .policies
                    .iter()
                    .find(|(other, _)| *other == id)
                    .map(|(_, v)| *v)
            },
            now,
        )
    }

    /// The times of a schedule.
    pub fn calendar(&self, calendar: &Calendar) -> MadeAndChanged {
        let (id, now) = (calendar.id(), calendar.version());
        self.times(
            |in_force| {
                in_force
                    .calendars
                    .iter()
                    .find(|(other, _)| *other == id)
                    .map(|(_, v)| *v)
            },
            now,
        )
    }

    fn times(&self, version: impl Fn(&BookVersion) -> Option<u64>, now: u64) -> MadeAndChanged {
        let since = |is_so: &dyn Fn(&BookVersion) -> bool| {
            let oldest = self.versions.iter().rposition(is_so)?;
            let is_cut_off = oldest + 1 == MOST_CHANGES;
            self.versions
                .get(oldest)
                .filter(|_| !is_cut_off)
                .map(|in_force| in_force.at)
        };
        MadeAndChanged {
            created_at: since(&|in_force| version(in_force).is_some()),
            updated_at: since(&|in_force| version(in_force) == Some(now)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::PolicyId;

    fn version(second: i64, policies: &[(u64, u64)]) -> BookVersion {
        BookVersion {
            at: Timestamp::from_second(second).unwrap(),
            policies: policies.iter().map(|(id, v)| (PolicyId(*id), *v)).collect(),
            ..BookVersion::default()
        }
    }

    fn of_policy_7(versions: Vec<BookVersion>, now: u64) -> (Option<i64>, Option<i64>) {
        let find = |in_force: &BookVersion| {
            in_force
                .policies
                .iter()
                .find(|(id, _)| id.0 == 7)
                .map(|(_, v)| *v)
        };
        let times = Times { versions }.times(find, now);
        let seconds = |at: Option<Timestamp>| at.map(Timestamp::as_second);
        (seconds(times.created_at), seconds(times.updated_at))
    }

    #[test]
    fn something_was_made_when_it_first_came_into_force_and_changed_when_its_version_did() {
        let history = vec![
            version(50, &[(7, 4), (8, 5)]),
            version(40, &[(7, 4)]),
            version(30, &[(7, 3), (6, 2)]),
            version(20, &[(6, 2)]),
        ];
        assert_eq!(of_policy_7(history, 4), (Some(30), Some(40)));
        assert_eq!(of_policy_7(vec![], 4), (None, None));
    }

    #[test]
    fn what_is_longer_ago_than_is_looked_back_is_not_told() {
        let mut history = vec![version(60, &[(7, 9)])];
        history.resize(MOST_CHANGES, version(50, &[(7, 8)]));
        assert_eq!(of_policy_7(history, 9), (None, Some(60)));
    }
}
