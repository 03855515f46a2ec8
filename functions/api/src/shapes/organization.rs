//! An organization.

use super::time;
use crate::{fields::values::by_key, kit::address::Address};
use docket_domain::{field::FieldsOf, people::organization::Organization};
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
        "organization_fields": by_key(
            &address.book().rules.fields,
            FieldsOf::Organizations,
            &organization.organization_fields,
            organization.tier.as_ref(),
        ),
        "created_at": time(organization.created_at),
        "updated_at": time(organization.updated_at),
    })
}
