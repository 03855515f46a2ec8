//! Making, changing and taking away organizations: an admin's work.

use super::fields::{OrganizationFields, field_of};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::Sent,
    },
    shapes::organization::organization,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{Answer, Committed, MOST_TRIES, StoreError, Write};
use docket_domain::{
    GroupId, OrganizationId,
    audit::ChangedBy,
    field::FieldsOf,
    people::organization::{Claim, Organization},
};
use http::StatusCode;
use serde_json::json;

/// Which organization a call is about.
#[derive(Clone, Copy)]
enum Which {
    /// One that is not there yet.
    New,
    /// The one of the id or the caller's own id that is sent, or else a new one.
    NewOrKnown,
    /// This one.
    Known(OrganizationId),
}

/// `POST organizations`.
pub(crate) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    write(&call, &sent, Which::New).await
}

/// `POST organizations/create_or_update`: changes the one of the `id` or `external_id` that is sent, or makes it.
pub(crate) async fn create_or_update(call: Call, sent: Sent) -> Result<Response, ApiError> {
    write(&call, &sent, Which::NewOrKnown).await
}

/// `PUT organizations/{id}`.
pub(crate) async fn update(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    write(&call, &sent, Which::Known(OrganizationId(id))).await
}

/// `DELETE organizations/{id}`: its name, domains and id are free again, and its people have none.
pub(crate) async fn destroy(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<StatusCode, ApiError> {
    let once = Once::of(&call, &sent)?;
    if once.earlier(&call).await?.is_some() {
        return Ok(StatusCode::NO_CONTENT);
    }
    for nth in 0..MOST_TRIES {
        call.desk.wait_before(nth).await;
        let found = call.desk.organizations().get(OrganizationId(id)).await?;
        if found.is_some()
            && !call
                .desk
                .organizations()
                .takes_part(OrganizationId(id))
                .await?
                .is_free()
        {
            return Err(ApiError::Conflict(
                "The organization takes part in a merge that is not over.",
            ));
        }
        let writes = call.desk.organizations().deleted_writes(
            &found.ok_or(ApiError::Missing)?,
            &call.changed_by(once.cause.as_str()),
        )?;
        let guards = once.guards(false);
        if !matches!(call.desk.commit_writes(guards, writes).await?, Committed::Lost) {
            clear_members_softly(&call, OrganizationId(id)).await;
            return Ok(StatusCode::NO_CONTENT);
        }
    }
    Err(contended())
}

/// What is left of the list of its members the sweep takes away.
async fn clear_members_softly(call: &Call, id: OrganizationId) {
    if let Err(error) = call.desk.organizations().clear_members(id).await {
        tracing::warn!(organization = %id, %error, "the members of organization {id} are left to the sweep");
    }
}

async fn write(call: &Call, sent: &Sent, which: Which) -> Result<Response, ApiError> {
    let mut fields: OrganizationFields = sent.read("organization")?;
    let own = &mut fields.organization_fields;
    own.resolve(call, FieldsOf::Organizations, "organization_fields")
        .await?;
    let once = Once::of(call, sent)?;
    if let Some(earlier) = once.earlier(call).await? {
        return repeated(call, &once, &fields, which, &earlier).await;
    }
    if let Some(Some(group)) = fields.group_id
        && call.desk.groups().get(GroupId(group)).await?.is_none()
    {
        return Err(ApiError::invalid("group_id", "is no group's id"));
    }
    for nth in 0..MOST_TRIES {
        call.desk.wait_before(nth).await;
        let read = known(call, &fields, which).await?;
        let (made, writes) = plan(
            call,
            &fields,
            read.as_ref(),
            &call.changed_by(once.cause.as_str()),
        )
        .await?;
        let created = read.is_none();
        let guards = once.guards(created);
        if writes.is_empty() && guards.is_empty() {
            return Ok(answer(call, &once, &made, created, false));
        }
        match call.desk.commit_writes(guards, writes).await? {
            Committed::Done(_) => return Ok(answer(call, &once, &made, created, false)),
            Committed::Duplicate(earlier) => {
                let earlier = once.same(earlier)?;
                return repeated(call, &once, &fields, which, &earlier).await;
            }
            // Somebody else took the name, or changed the organization, at the same time.
            Committed::Lost => {}
        }
    }
    Err(contended())
}

/// The organization that is to be changed; nothing where one is to be made.
async fn known(
    call: &Call,
    fields: &OrganizationFields,
    which: Which,
) -> Result<Option<Organization>, ApiError> {
    let id = match which {
        Which::New => return Ok(None),
        Which::Known(id) => Some(id),
        Which::NewOrKnown => fields.id.map(OrganizationId),
    };
    match (id, fields.foreign_claim()) {
        (Some(id), _) => call
            .desk
            .organizations()
            .get(id)
            .await?
            .map(Some)
            .ok_or(ApiError::Missing),
        (None, Some(claim)) => Ok(call.desk.organizations().find(&claim).await?),
        (None, None) => Ok(None),
    }
}

/// The organization as it will be, and the parts that store it: none where nothing changes.
async fn plan(
    call: &Call,
    fields: &OrganizationFields,
    read: Option<&Organization>,
    by: &ChangedBy,
) -> Result<(Organization, Vec<Write>), ApiError> {
    let now = by.at;
    // A number is drawn only for what can be stored.
    let blank = Organization::new(OrganizationId(0), "", now);
    let mut made = fields.applied_to(read.unwrap_or(&blank), now)?;
    if read == Some(&made) {
        return Ok((made, vec![]));
    }
    if let Some(read) = read
        && call
            .desk
            .organizations()
            .takes_part(read.id)
            .await?
            .goes_by
            .is_some()
    {
        return Err(ApiError::Conflict(
            "The organization becomes part of another one. Change that one.",
        ));
    }
    if let Some(claim) = call.desk.organizations().claim_of_another(&made).await? {
        return Err(ApiError::taken_by(field_of(&claim), "organization"));
    }
    let writes = match read {
        Some(read) => call.desk.organizations().changed_writes(read, &made, by)?,
        None => {
            made.id = call.desk.organizations().next_id().await?;
            call.desk.organizations().new_writes(&made, by)?
        }
    };
    Ok((made, writes))
}

/// The answer to a repeat: the organization that the first request made or changed, as it is now. Names are unique.
async fn repeated(
    call: &Call,
    once: &Once,
    fields: &OrganizationFields,
    which: Which,
    earlier: &Answer,
) -> Result<Response, ApiError> {
    let found = match known(call, fields, which).await? {
        None => {
            let name = fields.name.clone().unwrap_or_default();
            call.desk.organizations().find(&Claim::Name(name)).await?
        }
        found => found,
    };
    let found = found.ok_or(ApiError::Missing)?;
    Ok(answer(call, once, &found, earlier.created, true))
}

fn answer(call: &Call, once: &Once, made: &Organization, created: bool, repeated: bool) -> Response {
    let status = if created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let body = json!({ "organization": organization(&call.address, made) });
    once.mark((status, Json(body)).into_response(), repeated)
}

fn contended() -> ApiError {
    StoreError::contended("the organization").into()
}
