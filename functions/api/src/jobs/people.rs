//! Bulk calls about people, organizations and group memberships.

use super::begin::{begin, changes, named_only, records};
use crate::kit::{call::Call, error::ApiError, input::Sent};
use axum::response::Response;
use docket_domain::job::JobKind;

/// `POST users/create_many`: `{"users": [{…}]}`.
pub(super) async fn create_users(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = records(&sent, "users")?;
    begin(&call, sent, JobKind::CreateUsers, &rows).await
}

/// `PUT users/update_many`: `?ids=1,2` or `?external_ids=a,b` with `{"user": {…}}`, or `{"users": [{"id": 1, …}]}`.
pub(super) async fn update_users(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = changes(&call, &sent, ("user", "users"), true)?;
    begin(&call, sent, JobKind::UpdateUsers, &rows).await
}

/// `POST users/create_or_update_many`: `{"users": [{…}]}`.
pub(super) async fn create_or_update_users(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = records(&sent, "users")?;
    begin(&call, sent, JobKind::CreateOrUpdateUsers, &rows).await
}

/// `POST organizations/create_many`: `{"organizations": [{…}]}`.
pub(super) async fn create_organizations(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = records(&sent, "organizations")?;
    begin(&call, sent, JobKind::CreateOrganizations, &rows).await
}

/// `PUT organizations/update_many`: `?ids=1,2` or `?external_ids=a,b` with `{"organization": {…}}`, or `{"organizations": [{"id": 1, …}]}`.
pub(super) async fn update_organizations(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = changes(&call, &sent, ("organization", "organizations"), true)?;
    begin(&call, sent, JobKind::UpdateOrganizations, &rows).await
}

/// `DELETE organizations/destroy_many?ids=1,2`, or `?external_ids=a,b`.
pub(super) async fn destroy_organizations(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = named_only(&call, true)?;
    begin(&call, sent, JobKind::DeleteOrganizations, &rows).await
}

/// `POST group_memberships/create_many`: `{"group_memberships": [{"user_id": 1, "group_id": 2}]}`.
pub(super) async fn create_memberships(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = records(&sent, "group_memberships")?;
    begin(&call, sent, JobKind::CreateGroupMemberships, &rows).await
}

/// `DELETE group_memberships/destroy_many?ids=1,2`.
pub(super) async fn destroy_memberships(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = named_only(&call, false)?;
    begin(&call, sent, JobKind::DeleteGroupMemberships, &rows).await
}

/// `DELETE users/destroy_many?ids=1,2`, or `?external_ids=a,b`.
pub(super) async fn destroy_users(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = named_only(&call, true)?;
    begin(&call, sent, JobKind::DeleteUsers, &rows).await
}

/// `POST organization_memberships/create_many`: `{"organization_memberships": [{"user_id": 1, "organization_id": 2}]}`.
pub(super) async fn create_organization_memberships(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = records(&sent, "organization_memberships")?;
    begin(&call, sent, JobKind::CreateOrganizationMemberships, &rows).await
}

/// `DELETE organization_memberships/destroy_many?ids=1,2`.
pub(super) async fn destroy_organization_memberships(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let rows = named_only(&call, false)?;
    begin(&call, sent, JobKind::DeleteOrganizationMemberships, &rows).await
}
