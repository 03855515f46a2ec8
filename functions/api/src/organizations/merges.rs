//! Organizations that become part of others: asked for here, done by function `jobs`. For admins.

use crate::{
    kit::{
        address::Address,
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::{Sent, id},
        paging::Paging,
    },
    shapes::time,
};
use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use docket_desk::{
    Answer,
    organization_merging::{MergeBegun, OrganizationMergeError},
};
use docket_domain::{
    OrganizationId,
    job::JobId,
    people::organization_merge::{OrganizationMerge, OrganizationMergeRefused},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most merges of one organization that are listed.
const MOST_LISTED: usize = 1_000;

/// A merge as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(deserialize_with = "id")]
    winner_id: Option<u64>,
}

/// `POST organizations/{id}/merge`: `{"organization_merge": {"winner_id": 7}}`. The answer is how it stands; it goes on afterwards.
pub(crate) async fn merge(call: Call, Ids(loser): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let fields: Fields = sent.read("organization_merge")?;
    let winner = fields.winner_id.ok_or_else(|| ApiError::blank("winner_id"))?;
    let once = Once::of(&call, &sent)?;
    if let Some(earlier) = once.earlier(&call).await? {
        return answer(&call, &once, &begun_before(&call, &earlier).await?, true);
    }
    let by = call.changed_by(once.cause.as_str());
    let begun = call.desk.merge_organizations(
        OrganizationId(loser),
        OrganizationId(winner),
        &by,
        once.guards(true),
    );
    match begun.await.map_err(|error| refused(error, winner))? {
        MergeBegun::New(merge) => answer(&call, &once, &merge, false),
        MergeBegun::Before(earlier) => {
            let merge = begun_before(&call, &once.same(earlier)?).await?;
            answer(&call, &once, &merge, true)
        }
    }
}

async fn begun_before(call: &Call, earlier: &Answer) -> Result<OrganizationMerge, ApiError> {
    let id = earlier.job.as_ref().ok_or(ApiError::OtherRequest)?;
    let merge = call.desk.organizations().merge(id).await?;
    merge.ok_or(ApiError::Missing)
}

fn refused(error: OrganizationMergeError, winner: u64) -> ApiError {
    match error {
        OrganizationMergeError::NotThere(id) if id.0 == winner => {
            ApiError::invalid("winner_id", "is no organization's id")
        }
        OrganizationMergeError::NotThere(_) => ApiError::Missing,
        OrganizationMergeError::Refused(OrganizationMergeRefused::NotOver) => {
            ApiError::Conflict("One of the organizations takes part in a merge that is not over.")
        }
        OrganizationMergeError::Refused(refusal) => ApiError::invalid("winner_id", refusal.to_string()),
        OrganizationMergeError::Store(error) => error.into(),
    }
}

fn answer(
    call: &Call,
    once: &Once,
    merge: &OrganizationMerge,
    is_repeated: bool,
) -> Result<Response, ApiError> {
    let body = json!({ "organization_merge": shape(&call.address, merge) });
    let response = (StatusCode::ACCEPTED, Json(body)).into_response();
    Ok(once.mark(response, is_repeated))
}

/// `GET organizations/{id}/merges`: those in which it took part, the newest first; also of one that is gone.
pub(crate) async fn of_organization(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let organizations = call.desk.organizations();
    let merges = organizations.merges_of(OrganizationId(id), MOST_LISTED).await?;
    if merges.is_empty() && organizations.get(OrganizationId(id)).await?.is_none() {
        return Err(ApiError::Missing);
    }
    // They are in the order asked for already.
    let paging = Paging::of(&call.address).ascending();
    let window = paging.window(merges.len() as u64);
    let rows = window.of(&merges).into_iter();
    let rows = rows.map(|merge| shape(&call.address, merge)).collect();
    let envelope = paging.envelope(&call.address, "organization_merges", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET organization_merges/{id}`.
pub(crate) async fn show(call: Call, Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    let id = JobId::parse(&id).ok_or(ApiError::Missing)?;
    let merge = call.desk.organizations().merge(&id).await?;
    let merge = merge.ok_or(ApiError::Missing)?;
    Ok(Json(
        json!({ "organization_merge": shape(&call.address, &merge) }),
    ))
}

fn shape(address: &Address, merge: &OrganizationMerge) -> Value {
    json!({
        "id": merge.id,
        "url": address.resource(&format!("/organization_merges/{}", merge.id)),
        "loser_id": merge.loser,
        "winner_id": merge.winner,
        "status": merge.status,
        "docket": { "users_moved": merge.moved, "asked_at": time(merge.asked_at) },
    })
}
