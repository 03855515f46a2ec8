//! An organization.

use super::time;
use crate::kit::address::Address;
use docket_domain::people::organization::Organization;
use serde_json::{Value, json};

/// The organization.
pub(crate) fn organization(address: &Address, organization: &Organization) -> Value {
    json!({
        "id": organization.id,
        "url": address.resource(&format!("/organizations/{}", organization.id)),
        "name": organization.name,
        "domain_names": organization.domains,
        "details": organization.details,
        "notes": organization.notes,
        "group_id": organization.group,
        "shared_tickets": organization.shared_tickets,
        "shared_comments": organization.shared_comments,
        "external_id": organization.external_id,
        "tags": organization.tags,
        "organization_fields": { "tier": organization.tier },
        "created_at": time(organization.created_at),
        "updated_at": time(organization.updated_at),
    })
}
