//! A person, as a user.

use super::time;
use crate::{account::locale_id, fields::values::by_key, kit::address::Address};
use docket_domain::{
    field::FieldsOf,
    people::{person::Person, staff::Role},
};
use serde_json::{Value, json};

/// The language of people of whom no other is known.
const DEFAULT_LOCALE: &str = "en-US";

/// The person.
pub(crate) fn user(address: &Address, person: &Person) -> Value {
    let is_staff = person.role.is_staff();
    json!({
        "id": person.id,
        "url": address.resource(&format!("/users/{}", person.id)),
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "shared_phone_number": null,
        "alias": person.alias,
        "role": person.role.as_str(),
        "role_type": null,
        "custom_role_id": null,
        "verified": person.verified,
        "active": person.is_listed() && person.forgotten_at.is_none(),
        "suspended": person.is_suspended(),
        "shared": false,
        "shared_agent": false,
        "moderator": person.moderator.unwrap_or(is_staff),
        "restricted_agent": false,
        "only_private_comments": false,
        "ticket_restriction": restriction(person),
        "report_csv": person.role == Role::Admin,
        "two_factor_auth_enabled": null,
        "external_id": person.external_id,
        "organization_id": person.organization,
        "default_group_id": person.main_group(),
        "locale": person.locale.as_deref().unwrap_or(DEFAULT_LOCALE),
        "locale_id": locale_id(person.locale.as_deref()),
        "time_zone": person.time_zone.as_deref().unwrap_or("UTC"),
        "iana_time_zone": person.time_zone.as_deref().unwrap_or("Etc/UTC"),
        "tags": person.tags,
        "signature": person.signature,
        "details": person.details,
        "notes": person.notes,
        "photo": null,
        "last_login_at": null,
        "user_fields": by_key(
            &address.book().rules.fields,
            FieldsOf::People,
            &person.user_fields,
            person.tier.as_ref(),
        ),
        "docket": { "merged_into": person.merged_into },
        "created_at": time(person.created_at),
        "updated_at": time(person.updated_at),
    })
}

/// Which tickets somebody sees; nothing: all of them.
fn restriction(person: &Person) -> Option<&'static str> {
    match (person.role.is_staff(), person.sees_organization) {
        (true, _) => None,
        (false, true) => Some("organization"),
        (false, false) => Some("requested"),
    }
}

/// A customer as they see themselves: without what agents say of them.
pub(crate) fn own(address: &Address, person: &Person) -> Value {
    let mut shape = user(address, person);
    for of_agents in [
        "notes",
        "details",
        "tags",
        "external_id",
        "signature",
        "user_fields",
    ] {
        if let Some(members) = shape.as_object_mut() {
            members.remove(of_agents);
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{PersonId, Timestamp, people::person::Identity};

    fn person(role: Role) -> Value {
        let identities = vec![Identity::email("ann@example.com")];
        let mut person = Person::first_seen(PersonId(7), "Ann", identities, Timestamp::UNIX_EPOCH);
        person.role = role;
        user(&Address::for_test("/users/7", ""), &person)
    }

    #[test]
    fn ids_are_numbers_and_the_role_is_a_word() {
        let user = person(Role::EndUser);
        assert_eq!(user["id"], 7);
        assert_eq!(user["role"], "end-user");
        assert_eq!(user["url"], "https://desk.example.com/api/v2/users/7.json");
    }

    #[test]
    fn only_end_users_are_restricted_to_their_own_tickets() {
        assert_eq!(person(Role::EndUser)["ticket_restriction"], "requested");
        assert_eq!(person(Role::Agent)["ticket_restriction"], Value::Null);
    }
}
