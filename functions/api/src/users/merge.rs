//! `PUT users/{id}/merge`, and its undo.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::{Sent, id, text},
    },
    shapes::user::user,
    users::changing::meant_by,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::merging::MergeError;
use docket_domain::{
    PersonId,
    people::{
        account::MergeRefused,
        person::{Identity, Person},
    },
};
use serde::Deserialize;
use serde_json::json;

/// Into whom somebody is merged, as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Into {
    #[serde(deserialize_with = "id")]
    id: Option<u64>,
    #[serde(deserialize_with = "text")]
    email: Option<String>,
}

/// `PUT users/{id}/merge` with `{"user": {"id": 2}}`: the one in the path becomes part of the one in the body, who is the answer.
pub(crate) async fn merge(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let into: Into = sent.read("user")?;
    let (field, winner) = match (into.id, into.email) {
        (Some(id), _) => ("id", Some(PersonId(id))),
        (None, Some(email)) => {
            let found = meant_by(&call, "email", &Identity::email(&email)).await?;
            ("email", found.map(|person| person.id))
        }
        (None, None) => return Err(ApiError::blank("id")),
    };
    let winner = winner.ok_or_else(|| ApiError::invalid(field, "is nobody's"))?;
    let once = Once::of(&call, &sent)?;
    let repeated = once.earlier(&call).await?.is_some();
    let by = call.changed_by(once.cause.clone());
    let merged = call
        .desk
        .people()
        .merge(PersonId(id), winner, &by, once.guards(false));
    let won = merged
        .await
        .map_err(|error| refused(error, PersonId(id), field))?;
    Ok(answer(&call, &once, &won, repeated))
}

/// `PUT users/{id}/merge/undo`: the one in the path is there again, with what came with them.
pub(crate) async fn undo(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let once = Once::of(&call, &sent)?;
    let person = PersonId(id);
    if once.earlier(&call).await?.is_some() {
        let back = call.desk.people().get(person).await?.ok_or(ApiError::Missing)?;
        return Ok(answer(&call, &once, &back, true));
    }
    let by = call.changed_by(once.cause.clone());
    let parted = call.desk.people().part(person, &by, once.guards(false)).await;
    let back = parted.map_err(|error| refused(error, person, "id"))?;
    Ok(answer(&call, &once, &back, false))
}

fn answer(call: &Call, once: &Once, person: &Person, repeated: bool) -> Response {
    let body = json!({ "user": user(&call.address, person) });
    once.mark(Json(body).into_response(), repeated)
}

fn refused(error: MergeError, asked: PersonId, field: &str) -> ApiError {
    match error {
        MergeError::Nobody(id) if id == asked => ApiError::Missing,
        MergeError::Nobody(_) => ApiError::invalid(field, "is nobody's"),
        MergeError::Refused(refused) => {
            let field = match refused {
                MergeRefused::WorksHere => "role",
                _ => field,
            };
            ApiError::invalid(field, refused.to_string())
        }
        MergeError::Store(error) => error.into(),
    }
}
