//! The fields of a user as they are sent, and what they mean here.

use crate::{
    fields::values::KeyedValues,
    kit::{
        error::ApiError,
        input::{at_most, flag, is_email, removable_id, removable_text, tags, text, word},
    },
};
use docket_domain::{
    OrganizationId, Timestamp,
    people::{
        organization::LONGEST_NOTES,
        person::{Identity, LONGEST_PERSON_TEXT, Person},
        staff::Role,
    },
};
use serde::Deserialize;

/// Most tags of a person.
const MOST_TAGS: usize = 100;

/// A user as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UserFields {
    #[serde(deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub email: Option<String>,
    #[serde(deserialize_with = "text")]
    pub phone: Option<String>,
    #[serde(deserialize_with = "text")]
    pub external_id: Option<String>,
    #[serde(deserialize_with = "word")]
    pub role: Option<Option<Role>>,
    #[serde(deserialize_with = "text")]
    pub locale: Option<String>,
    #[serde(deserialize_with = "text")]
    pub time_zone: Option<String>,
    #[serde(deserialize_with = "removable_text")]
    pub details: Option<Option<String>>,
    #[serde(deserialize_with = "removable_text")]
    pub notes: Option<Option<String>>,
    #[serde(deserialize_with = "tags")]
    pub tags: Option<Vec<String>>,
    #[serde(deserialize_with = "flag")]
    pub verified: Option<bool>,
    #[serde(deserialize_with = "removable_id")]
    pub organization_id: Option<Option<u64>>,
    pub user_fields: KeyedValues,
}

impl UserFields {
    /// Refuses what can't be stored, and makes empty texts absent ones.
    pub fn checked(mut self) -> Result<Self, ApiError> {
        let texts = [
            ("name", &mut self.name),
            ("email", &mut self.email),
            ("phone", &mut self.phone),
            ("external_id", &mut self.external_id),
            ("locale", &mut self.locale),
            ("time_zone", &mut self.time_zone),
        ];
        for (field, value) in texts {
            *value = value.take().map(|text| text.trim().to_owned());
            value.take_if(|text| text.is_empty());
            at_most(field, value.as_deref(), LONGEST_PERSON_TEXT)?;
        }
        for (field, text) in [("details", &self.details), ("notes", &self.notes)] {
            at_most(field, text.as_ref().and_then(Option::as_deref), LONGEST_NOTES)?;
        }
        if self.email.as_deref().is_some_and(|email| !is_email(email)) {
            return Err(ApiError::invalid("email", "is not a mail address"));
        }
        for tag in self.tags.iter().flatten() {
            at_most("tags", Some(tag), LONGEST_PERSON_TEXT)?;
        }
        if self.tags.as_ref().is_some_and(|tags| tags.len() > MOST_TAGS) {
            return Err(ApiError::invalid(
                "tags",
                format!("at most {MOST_TAGS} are allowed"),
            ));
        }
        Ok(self)
    }

    /// By what the person is recognised, the address first. A telephone number is none of it: several may share one.
    pub fn identities(&self) -> Vec<(&'static str, Identity)> {
        let email = self.email.as_deref().map(Identity::email);
        let external = self.external_id.clone().map(Identity::External);
        let named = [("email", email), ("external_id", external)];
        named
            .into_iter()
            .filter_map(|(field, identity)| Some((field, identity?)))
            .collect()
    }

    /// The person with what is said of them.
    pub fn applied_to(&self, person: &Person, now: Timestamp) -> Person {
        let mut changed = person.clone();
        let set = |to: &mut Option<String>, value: &Option<String>| {
            if value.is_some() {
                to.clone_from(value);
            }
        };
        if let Some(name) = &self.name {
            changed.name.clone_from(name);
        }
        set(&mut changed.phone, &self.phone);
        set(&mut changed.external_id, &self.external_id);
        set(&mut changed.locale, &self.locale);
        set(&mut changed.time_zone, &self.time_zone);
        for (to, value) in [
            (&mut changed.details, &self.details),
            (&mut changed.notes, &self.notes),
        ] {
            if let Some(value) = value {
                to.clone_from(value);
            }
        }
        if let Some(role) = self.role.flatten() {
            changed.role = role;
        }
        if let Some(tags) = &self.tags {
            changed.tags = tags.clone();
            changed.tags.sort();
            changed.tags.dedup();
        }
        if let Some(organization) = self.organization_id {
            changed.organization = organization.map(OrganizationId);
        }
        self.user_fields
            .put_into(&mut changed.user_fields, &mut changed.tier);
        changed.verified = self.verified.unwrap_or(changed.verified);
        for (_, identity) in self.identities() {
            if !changed.identities.contains(&identity) {
                changed.identities.push(identity);
            }
        }
        if changed.email.is_none() {
            changed.email = self.email.as_deref().map(str::to_lowercase);
        }
        if changed != *person {
            changed.updated_at = now;
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::PersonId;

    fn ann() -> Person {
        let identities = vec![Identity::email("ann@example.com")];
        Person::first_seen(PersonId(1), "Ann", identities, Timestamp::UNIX_EPOCH)
    }

    fn later() -> Timestamp {
        Timestamp::from_second(60).unwrap()
    }

    #[test]
    fn what_is_not_said_stays() {
        assert_eq!(UserFields::default().applied_to(&ann(), later()), ann());
    }

    #[test]
    fn a_new_id_of_the_callers_own_is_an_identity_too() {
        let fields = UserFields {
            external_id: Some("c-7".into()),
            email: Some("ANN@example.com".into()),
            ..UserFields::default()
        };
        let person = fields.applied_to(&ann(), later());
        assert_eq!(person.identities[1..], [Identity::External("c-7".into())]);
        assert_eq!(person.external_id.as_deref(), Some("c-7"));
        assert_eq!(person.updated_at, later());
    }

    #[test]
    fn an_empty_address_is_none() {
        let fields = UserFields {
            email: Some(" ".into()),
            ..UserFields::default()
        };
        assert_eq!(fields.checked().unwrap().email, None);
    }

    #[test]
    fn a_name_beyond_the_limit_is_refused() {
        let fields = |length| UserFields {
            name: Some("x".repeat(length)),
            ..UserFields::default()
        };
        assert!(fields(LONGEST_PERSON_TEXT).checked().is_ok());
        assert!(fields(LONGEST_PERSON_TEXT + 1).checked().is_err());
    }
}
