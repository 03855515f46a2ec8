//! Why a call is not answered as asked, in the shapes that clients read.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{BlobError, Never, StoreError, tickets::RedactError};
use docket_domain::{
    PersonId,
    job::MOST_OPEN_JOBS,
    ticket::{LinkRefusal, Refusal},
};
use docket_search::Failed;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

/// After how many seconds a call is worth sending again when the store did not answer.
const RETRY_AFTER_SECONDS: u16 = 5;
/// After how many seconds one of many jobs may be over.
const RETRY_JOB_AFTER_SECONDS: u16 = 60;

/// After how many seconds one that was too many is.
const BUSY_SECONDS: u16 = 600;

/// A call that is not answered as asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// Nobody known.
    #[error("the credentials stand for nobody")]
    Unauthenticated,
    /// Somebody known, who may not.
    #[error("{0}")]
    Forbidden(&'static str),
    /// There is no such path, or not with this method.
    #[error("there is no such path")]
    NoSuchPath,
    /// There is no such thing.
    #[error("there is no such record")]
    Missing,
    /// The request as such can't be understood.
    #[error("{0}")]
    BadRequest(String),
    /// Fields that are missing, wrong, or may not be so now.
    #[error("{} fields are not accepted", .0.len())]
    Invalid(Vec<Problem>),
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    OtherRequest,
    /// Somebody else changed it meanwhile.
    #[error("{0}")]
    Conflict(&'static str),
    /// Others changed it again and again meanwhile.
    #[error("others changed it again and again")]
    Contended(#[source] StoreError),
    /// The body is too large.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// It can never be done as it is asked.
    #[error("it can never be done")]
    Never(#[source] Never),
    /// As many jobs are open as there may be.
    #[error("too many jobs are open")]
    TooManyJobs,
    /// Too much comes from those who are not known.
    #[error("too many requests without credentials")]
    Busy,
    /// The search does not answer.
    #[error("the search does not answer")]
    NoSearch,
    /// More would have to be read for an answer than one call may read.
    #[error("more would have to be read than one call may read")]
    TooFar,
    /// The world failed.
    #[error("the store failed")]
    Store(#[source] StoreError),
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The field, as a path from the record: `comment.public`.
    pub field: String,
    /// Its kind: `BlankValue`, `InvalidValue`, `DuplicateValue`.
    pub kind: &'static str,
    /// In words.
    pub words: String,
}

impl ApiError {
    /// One field with a value that can't be.
    pub fn invalid(field: &str, words: impl Into<String>) -> Self {
        Self::problem(field, "InvalidValue", words)
    }

    /// One field that is missing.
    pub fn blank(field: &str) -> Self {
        Self::problem(field, "BlankValue", "cannot be blank")
    }

    /// One field with a value that somebody else has.
    pub fn taken(field: &str) -> Self {
        Self::taken_by(field, "user")
    }

    /// One field with a value that another record of this kind has.
    pub fn taken_by(field: &str, kind: &str) -> Self {
        let words = format!("is already used by another {kind}");
        Self::problem(field, "DuplicateValue", words)
    }

    /// One field with an address that came to somebody's record with a contact: it may be anybody's who wrote it there.
    pub fn unconfirmed(field: &str, person: PersonId) -> Self {
        let words = format!(
            "is a further address of user {person}, and nobody confirmed that it is theirs: verify it there, or take it off them"
        );
        Self::problem(field, "DuplicateValue", words)
    }

    fn problem(field: &str, kind: &'static str, words: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem {
            field: field.to_owned(),
            kind,
            words: words.into(),
        }])
    }

    /// Whether the same is worth another try as it is: nothing was wrong with what was asked.
    pub fn is_of_the_world(&self) -> bool {
        matches!(self, Self::Store(_) | Self::Contended(_) | Self::NoSearch)
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NoSuchPath | Self::Missing => StatusCode::NOT_FOUND,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Invalid(_) | Self::OtherRequest => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) | Self::Contended(_) => StatusCode::CONFLICT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Busy => StatusCode::TOO_MANY_REQUESTS,
            Self::Never(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::TooManyJobs => StatusCode::TOO_MANY_REQUESTS,
            Self::Store(_) | Self::NoSearch | Self::TooFar => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What the caller is told.
    pub fn body(&self) -> Value {
        match self {
            Self::Unauthenticated => json!({ "error": "Couldn't authenticate you" }),
            Self::Forbidden(why) => json!({ "error": { "title": "Forbidden", "message": why } }),
            Self::NoSuchPath => json!({ "error": "InvalidEndpoint", "description": "Not found" }),
            Self::Missing => json!({ "error": "RecordNotFound", "description": "Not found" }),
            Self::BadRequest(why) => json!({ "error": "BadRequest", "description": why }),
            Self::Invalid(problems) => json!({
                "error": "RecordInvalid",
                "description": "Record validation errors",
                "details": details(problems),
            }),
            Self::OtherRequest => json!({
                "error": "IdempotencyKeyReused",
                "description": "This Idempotency-Key was used for another request. Take a new key for a new request.",
            }),
            Self::Conflict(why) => json!({ "error": "UpdateConflict", "description": why }),
            Self::Contended(_) => json!({
                "error": "UpdateConflict",
                "description": "Others changed it again and again meanwhile. Send the request again.",
            }),
            Self::TooLarge(most) => json!({
                "error": "PayloadTooLarge",
                "description": format!("The body is larger than {most} bytes. Send less at once."),
            }),
            Self::Busy => json!({
                "error": "TooManyRequests",
                "description": "Very many requests without credentials came within the hour. Send it again later, or with credentials.",
            }),
            Self::Never(_) => json!({
                "error": "InternalError",
                "description": "The desk can't do this, and sending the request again does not help. Tell whoever runs the desk.",
            }),
            Self::TooManyJobs => json!({
                "error": "TooManyJobs",
                "description": format!("{MOST_OPEN_JOBS} jobs are queued or at work, more are not possible. Wait until one is over (job_statuses)."),
            }),
            Self::Store(_) | Self::NoSearch | Self::TooFar => json!({
                "error": "ServiceUnavailable",
                "description": "The desk can't do this right now. Send the request again in a few seconds.",
            }),
        }
    }
}

fn details(problems: &[Problem]) -> Value {
    let mut details = Map::new();
    for problem in problems {
        let label = problem.field.replace(['_', '.'], " ");
        let mut characters = label.chars();
        let label: String = characters
            .next()
            .map(|first| first.to_uppercase().chain(characters).collect())
            .unwrap_or_default();
        let entry = json!({ "description": format!("{label}: {}", problem.words), "error": problem.kind });
        let entries = details.entry(problem.field.clone()).or_insert_with(|| json!([]));
        if let Value::Array(entries) = entries {
            entries.push(entry);
        }
    }
    Value::Object(details)
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match &self {
            Self::Store(error) => {
                tracing::error!(%error, "a call could not be answered because the store failed");
            }
            Self::Never(error) => tracing::error!(%error, "a call can never be answered as it is asked"),
            _ => {}
        }
        let mut response = (self.status(), Json(self.body())).into_response();
        let headers = response.headers_mut();
        match self {
            Self::Unauthenticated => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::TooManyJobs => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(RETRY_JOB_AFTER_SECONDS));
            }
            Self::Busy => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(BUSY_SECONDS));
            }
            Self::Store(_) | Self::NoSearch | Self::TooFar => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
            }
            _ => {}
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            contended @ StoreError::Contended { .. } => Self::Contended(contended),
            StoreError::Never(never) => Self::Never(never),
            error => Self::Store(error),
        }
    }
}

impl From<Failed> for ApiError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Refused(refused) => Self::invalid("query", refused.to_string()),
            Failed::Unavailable => Self::NoSearch,
        }
    }
}

impl From<BlobError> for ApiError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Store(error) => error.into(),
            BlobError::Missing(key) => {
                Self::Never(Never::unreadable("blob", format!("object {key} is not there")))
            }
        }
    }
}

impl From<RedactError> for ApiError {
    fn from(error: RedactError) -> Self {
        match error {
            RedactError::NoComment | RedactError::NoFile => Self::Missing,
            RedactError::NotThere(_) | RedactError::TooMuch => Self::invalid("text", error.to_string()),
            RedactError::Store(error) => error.into(),
        }
    }
}

/// The field that says what can't be of a ticket and another one.
fn field_of(refusal: &LinkRefusal) -> &'static str {
    match refusal {
        LinkRefusal::Merged(_) => "status",
        LinkRefusal::NotAnIncident | LinkRefusal::OwnProblem => "problem_id",
        LinkRefusal::TooManyFollowers(_) => "followers",
        LinkRefusal::NotMerged
        | LinkRefusal::WroteSince
        | LinkRefusal::UndoOtherFirst(_)
        | LinkRefusal::OtherDeleted(_) => "ticket",
        LinkRefusal::Itself(_)
        | LinkRefusal::NoTicket(_)
        | LinkRefusal::ClosedTicket(_)
        | LinkRefusal::TooManyMerged => "ids",
    }
}

impl From<LinkRefusal> for ApiError {
    fn from(refusal: LinkRefusal) -> Self {
        Refusal::from(refusal).into()
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let field = match &refusal {
            // Whoever asks for a deleted ticket is told that there is none.
            Refusal::Missing | Refusal::Deleted | Refusal::DeletedForGood | Refusal::NotDeleted => {
                return Self::Missing;
            }
            Refusal::AlreadyExists => return Self::Conflict("The ticket exists already."),
            Refusal::Stale { .. } => {
                return Self::Conflict(
                    "The ticket was changed after updated_stamp. Read it again, then repeat the update.",
                );
            }
            Refusal::Closed | Refusal::StatusMove { .. } => "status",
            Refusal::NotInGroup(_) => "assignee_id",
            Refusal::Skills(_) => "docket.required_skills",
            Refusal::NoHigherGroup(_) | Refusal::AlreadyInGroup(_) | Refusal::GroupTakesNone(_) => "group_id",
            Refusal::EscalateSolved(_) => "status",
            Refusal::ReasonLength(_) => "reason",
            Refusal::SubjectLength(_) => "subject",
            Refusal::Tags => "tags",
            Refusal::Fields => "docket.fields",
            Refusal::OwnField { id, .. } | Refusal::RequiredField { id, .. } => {
                return Self::invalid(&format!("custom_fields.{id}"), refusal.to_string());
            }
            Refusal::NoForm(_) => "ticket_form_id",
            Refusal::NoCustomStatus(_) | Refusal::StatusOfForm { .. } => "custom_status_id",
            Refusal::DueWithoutTask => "due_at",
            Refusal::NoMacro(_) => return Self::Missing,
            Refusal::TooManyCcs(_) | Refusal::CopiesWithoutMail => "email_ccs",
            Refusal::Snooze | Refusal::SnoozeSolved(_) => "docket.snoozed_until",
            Refusal::NotSolved(_) => "status",
            Refusal::NoBreach { .. } => "instance",
            Refusal::Link(link) => field_of(link),
            Refusal::TooMuchAtOnce { .. } | Refusal::HeadTooLarge { .. } => "ticket",
            // What a decision needs is fetched before it is asked.
            Refusal::Lacks(_) => {
                return Self::Never(Never::unreadable("ticket", refusal.to_string()));
            }
        };
        Self::invalid(field, refusal.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_not_accepted_is_named_with_its_reason() {
        assert_eq!(
            ApiError::blank("comment.body").body(),
            json!({
                "error": "RecordInvalid",
                "description": "Record validation errors",
                "details": { "comment.body": [
                    { "description": "Comment body: cannot be blank", "error": "BlankValue" },
                ] },
            })
        );
    }

    #[test]
    fn only_a_failed_store_is_worth_another_try() {
        let failed = ApiError::Store(StoreError::NotSetUp("x".to_owned())).into_response();
        assert_eq!(failed.headers()[header::RETRY_AFTER], "5");
        assert!(
            !ApiError::Missing
                .into_response()
                .headers()
                .contains_key(header::RETRY_AFTER)
        );
    }

    #[test]
    fn a_race_that_was_lost_is_a_conflict_to_clients_and_worth_another_try() {
        let contended = ApiError::from(StoreError::Contended {
            what: "person 7".to_owned(),
            tries: 5,
        });
        assert!(contended.is_of_the_world());
        assert_eq!(contended.body()["error"], "UpdateConflict");
        assert_eq!(contended.into_response().status(), StatusCode::CONFLICT);
        assert!(!ApiError::Conflict("It was discarded.").is_of_the_world());
    }

    #[test]
    fn what_failed_inside_is_not_told() {
        let error = ApiError::Store(StoreError::NotSetUp("table x".to_owned()));
        assert!(!error.body().to_string().contains("table x"));
    }
}
