//! Writes that come twice. A caller who gives a write a key of its own gets the same answer to the same request, however
//! often it comes, within the life of a guard.

use crate::kit::{customer::Calling, error::ApiError, input::Sent};
use axum::response::Response;
use docket_desk::{Answer, Desk, Guard, GuardKey};
use docket_domain::Digest;
use http::HeaderValue;

/// Longest key in bytes.
const LONGEST_KEY: usize = 255;
/// How long the guard of a job's row stands, in seconds: a job ends after two days, and is not gone on with after that.
const ROW_GUARD_SECONDS: i64 = 4 * 24 * 3600;
/// Characters of the random name of a write without a key.
const CAUSE_CHARACTERS: usize = 20;

/// What makes a write itself and no other.
pub(crate) struct Once {
    key: Option<GuardKey>,
    request: Digest,
    /// The name under which the write's events stand: the guard's key, or one that nobody else has.
    pub cause: String,
}

/// The name of a write without a key, which nobody else has.
pub(crate) fn random_cause(desk: &Desk) -> String {
    format!("api#{}", &desk.unguessable()[..CAUSE_CHARACTERS])
}

impl Once {
    /// What makes this write itself.
    pub fn of(call: &impl Calling, sent: &Sent) -> Result<Self, ApiError> {
        let key = match (call.row(), &sent.key) {
            // A row of a job comes again with its message, and is known by its place.
            (Some(row), _) => Some(GuardKey::JobRow(row.job.clone(), row.index)),
            (None, None) => None,
            (None, Some(key)) if (1..=LONGEST_KEY).contains(&key.len()) => {
                // Keys are the caller's own: two callers may have chosen the same.
                let key = String::from_utf8_lossy(key).into_owned();
                Some(GuardKey::Idempotency(format!("person {}", call.person().id), key))
            }
            (None, Some(_)) => {
                let why = format!("Idempotency-Key has to have 1 to {LONGEST_KEY} characters.");
                return Err(ApiError::BadRequest(why));
            }
        };
        let cause = match &key {
            Some(GuardKey::JobRow(job, index)) => format!("job {job}, row {index}"),
            Some(key) => key.pk(&call.desk().settings.tenant),
            None => random_cause(call.desk()),
        };
        let request = Digest::of_parts([
            sent.method.as_bytes(),
            call.address().path.as_bytes(),
            sent.body.as_ref(),
        ]);
        Ok(Self { key, request, cause })
    }

    /// What the first request with this key did, if it was done.
    pub async fn earlier(&self, call: &impl Calling) -> Result<Option<Answer>, ApiError> {
        let Some(key) = &self.key else {
            return Ok(None);
        };
        match call.desk().guard(key).await? {
            Some(entry) => self.same(entry.answer).map(Some),
            None => Ok(None),
        }
    }

    /// The answer, if it was given to the same request.
    pub fn same(&self, answer: Answer) -> Result<Answer, ApiError> {
        if answer.request.as_ref() == Some(&self.request) {
            return Ok(answer);
        }
        Err(ApiError::OtherRequest)
    }

    /// The guard that goes into the write's transaction.
    pub fn guards(&self, created: bool) -> Vec<Guard> {
        self.key
            .iter()
            .map(|key| {
                let mut guard = Guard::new(key.clone());
                guard.answer.request = Some(self.request.clone());
                guard.answer.created = created;
                if matches!(key, GuardKey::JobRow(..)) {
                    guard.seconds = ROW_GUARD_SECONDS;
                }
                guard
            })
            .collect()
    }

    /// A name for what the write makes, that a repeat knows too.
    pub fn name(&self) -> Option<&str> {
        self.key.as_ref().map(|_| self.cause.as_str())
    }

    /// Says in the answer whether it is a repeat, where a key was given.
    pub fn mark(&self, mut response: Response, repeated: bool) -> Response {
        if self.key.is_some() {
            let word = HeaderValue::from_static(if repeated { "hit" } else { "miss" });
            response.headers_mut().insert("x-idempotency-lookup", word);
        }
        response
    }
}
