//! A membership in an organization.

use super::time;
use crate::kit::address::Address;
use docket_desk::OrganizationMembership;
use docket_domain::{OrganizationId, PersonId, people::organization::Organization};
use serde_json::{Value, json};

/// A membership's own number is made of both: there are fewer organizations than this.
const ORGANIZATIONS_IN_A_NUMBER: u64 = 10_000_000;

/// The membership. It never changes: who leaves and comes again has another beginning.
pub(crate) fn membership(address: &Address, row: &OrganizationMembership, of: &Organization) -> Value {
    let id = row.person.id.0 * ORGANIZATIONS_IN_A_NUMBER + row.organization.0;
    json!({
        "id": id,
        "url": address.resource(&format!("/organization_memberships/{id}")),
        "user_id": row.person.id,
        "organization_id": row.organization,
        "organization_name": of.name,
        "default": row.person.organization == Some(row.organization),
        "view_tickets": of.shared_tickets || row.person.sees_organization,
        "created_at": time(row.since),
        "updated_at": time(row.since),
    })
}

/// The organization and the person of a membership's number.
pub(crate) fn membership_of(id: u64) -> (OrganizationId, PersonId) {
    (
        OrganizationId(id % ORGANIZATIONS_IN_A_NUMBER),
        PersonId(id / ORGANIZATIONS_IN_A_NUMBER),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memberships_number_names_both_and_is_exact_in_json() {
        assert_eq!(membership_of(70_000_003), (OrganizationId(3), PersonId(7)));
        let largest = 900_000_000 * ORGANIZATIONS_IN_A_NUMBER;
        assert!(largest < 1 << 53);
    }
}
