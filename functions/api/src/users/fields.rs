//! The fields of a user as they are sent, and what they mean here.

use super::identities::identity_of;
use crate::{
    account::code_of_locale,
    fields::values::KeyedValues,
    kit::{
        error::ApiError,
        input::{at_most, flag, id, is_email, removable_id, removable_text, tags, text, word},
    },
};
use docket_domain::{
    GroupId, OrganizationId, Timestamp,
    people::{
        account::MOST_ORGANIZATIONS,
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
    #[serde(deserialize_with = "removable_text")]
    pub phone: Option<Option<String>>,
    #[serde(deserialize_with = "removable_text")]
    pub external_id: Option<Option<String>>,
    #[serde(deserialize_with = "word")]
    pub role: Option<Option<Role>>,
    #[serde(deserialize_with = "removable_text")]
    pub locale: Option<Option<String>>,
    #[serde(deserialize_with = "removable_text")]
    pub time_zone: Option<Option<String>>,
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
    #[serde(deserialize_with = "removable_text")]
    pub alias: Option<Option<String>>,
    #[serde(deserialize_with = "removable_text")]
    pub signature: Option<Option<String>>,
    #[serde(deserialize_with = "removable_id")]
    pub default_group_id: Option<Option<u64>>,
    #[serde(deserialize_with = "flag")]
    pub moderator: Option<bool>,
    #[serde(deserialize_with = "removable_text")]
    pub ticket_restriction: Option<Option<String>>,
    #[serde(deserialize_with = "flag")]
    pub suspended: Option<bool>,
    /// Further identities of somebody new.
    pub identities: Option<Vec<IdentityFields>>,
    /// The organization by its name.
    pub organization: Option<OrganizationName>,
    /// All organizations, the default one first.
    pub organization_ids: Option<Vec<u64>>,
    /// The language by its number, passed over where it is named.
    #[serde(deserialize_with = "id")]
    pub locale_id: Option<u64>,
    // What a desk has none of, refused where it says something.
    #[serde(deserialize_with = "id")]
    pub custom_role_id: Option<u64>,
    #[serde(deserialize_with = "flag")]
    pub shared_phone_number: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub only_private_comments: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub restricted_agent: Option<bool>,
    #[serde(deserialize_with = "text")]
    pub remote_photo_url: Option<String>,
}

/// An identity of somebody new.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct IdentityFields {
    #[serde(rename = "type", deserialize_with = "text")]
    pub kind: Option<String>,
    #[serde(deserialize_with = "text")]
    pub value: Option<String>,
}

/// An organization by its name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OrganizationName {
    #[serde(deserialize_with = "text")]
    pub name: Option<String>,
}

impl UserFields {
    /// Refuses what can't be stored, and makes empty texts absent ones.
    pub fn checked(mut self) -> Result<Self, ApiError> {
        let texts = [("name", &mut self.name), ("email", &mut self.email)];
        for (field, value) in texts {
            *value = value.take().map(|text| text.trim().to_owned());
            value.take_if(|text| text.is_empty());
            at_most(field, value.as_deref(), LONGEST_PERSON_TEXT)?;
        }
        let removable = [
            ("phone", &mut self.phone),
            ("external_id", &mut self.external_id),
            ("locale", &mut self.locale),
            ("time_zone", &mut self.time_zone),
        ];
        for (field, value) in removable {
            if let Some(Some(text)) = value {
                *text = text.trim().to_owned();
                at_most(field, Some(text), LONGEST_PERSON_TEXT)?;
            }
        }
        if let (Some(id), None) = (self.locale_id, self.locale.as_ref().and_then(Option::as_ref)) {
            let code = code_of_locale(id);
            let code = code.ok_or_else(|| ApiError::invalid("locale_id", "is no locale's id"))?;
            self.locale = Some(Some(code.to_owned()));
        }
        for (field, text) in [("details", &self.details), ("notes", &self.notes)] {
            at_most(field, text.as_ref().and_then(Option::as_deref), LONGEST_NOTES)?;
        }
        self.check_what_is_new()?;
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

    fn check_what_is_new(&self) -> Result<(), ApiError> {
        at_most(
            "alias",
            self.alias.as_ref().and_then(Option::as_deref),
            LONGEST_PERSON_TEXT,
        )?;
        at_most(
            "signature",
            self.signature.as_ref().and_then(Option::as_deref),
            LONGEST_NOTES,
        )?;
        if self
            .organization_ids
            .as_ref()
            .is_some_and(|ids| ids.len() > MOST_ORGANIZATIONS)
        {
            let words = format!("at most {MOST_ORGANIZATIONS} are possible");
            return Err(ApiError::invalid("organization_ids", words));
        }
        let none_here = [
            ("custom_role_id", self.custom_role_id.is_some()),
            ("shared_phone_number", self.shared_phone_number == Some(true)),
            ("only_private_comments", self.only_private_comments == Some(true)),
            ("restricted_agent", self.restricted_agent == Some(true)),
            (
                "remote_photo_url",
                self.remote_photo_url.as_ref().is_some_and(|url| !url.is_empty()),
            ),
        ];
        match none_here.into_iter().find(|(_, is_said)| *is_said) {
            Some((field, _)) => Err(ApiError::invalid(field, "is not kept here")),
            None => self.further_identities().map(drop),
        }
    }

    /// The identities that are sent as a list.
    fn further_identities(&self) -> Result<Vec<Identity>, ApiError> {
        let sent = self.identities.iter().flatten();
        sent.map(|sent| identity_of(sent.kind.as_deref(), sent.value.as_deref()))
            .collect()
    }

    /// By what the person is recognised, the address first. A telephone number is none of it: several may share one.
    pub fn identities(&self) -> Vec<(&'static str, Identity)> {
        let email = self.email.as_deref().map(Identity::email);
        let external = self.external_id.clone().flatten().map(Identity::External);
        let named = [("email", email), ("external_id", external)];
        let mut all: Vec<_> = named
            .into_iter()
            .filter_map(|(field, identity)| Some((field, identity?)))
            .collect();
        // They were checked before.
        for identity in self.further_identities().unwrap_or_default() {
            if !all.iter().any(|(_, known)| *known == identity) {
                all.push(("identities", identity));
            }
        }
        all
    }

    /// The person with what is said of them.
    pub fn applied_to(&self, person: &Person, now: Timestamp) -> Person {
        let mut changed = person.clone();
        if let Some(name) = &self.name {
            changed.name.clone_from(name);
        }
        if let (Some(None), Some(id)) = (&self.external_id, person.external_id.clone()) {
            // Nobody is found by it any more.
            changed.drop_identity(&Identity::External(id));
        }
        for (to, value) in [
            (&mut changed.phone, &self.phone),
            (&mut changed.external_id, &self.external_id),
            (&mut changed.locale, &self.locale),
            (&mut changed.time_zone, &self.time_zone),
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
        match self.organization_id {
            // The default one is another; further ones stay.
            Some(Some(organization)) if changed.organization != Some(OrganizationId(organization)) => {
                let more = changed.more_organizations.clone();
                changed.set_organizations(std::iter::once(OrganizationId(organization)).chain(more));
            }
            Some(None) => changed.set_organizations([]),
            _ => {}
        }
        if let Some(ids) = &self.organization_ids {
            changed.set_organizations(ids.iter().copied().map(OrganizationId));
        }
        for (to, value) in [
            (&mut changed.alias, &self.alias),
            (&mut changed.signature, &self.signature),
        ] {
            if let Some(value) = value {
                to.clone_from(value);
            }
        }
        if let Some(group) = self.default_group_id {
            changed.default_group = group.map(GroupId);
        }
        changed.moderator = self.moderator.or(changed.moderator);
        if let Some(restriction) = &self.ticket_restriction {
            changed.sees_organization = restriction.as_deref() == Some("organization");
        }
        match self.suspended {
            Some(true) => drop(changed.suspended_at.get_or_insert(now)),
            Some(false) => changed.suspended_at = None,
            None => {}
        }
        self.user_fields
            .put_into(&mut changed.user_fields, &mut changed.tier);
        if let Some(verified) = self.verified {
            changed.verified = verified;
            let primary = changed.email.clone().map(|email| Identity::email(&email));
            if let Some(primary) = primary.filter(|primary| changed.identities.contains(primary))
                && changed.note_of(&primary).verified != verified
            {
                changed.note_identity(&primary, verified, now);
            }
        }
        if changed.email.is_none() {
            changed.email = self.email.as_deref().map(str::to_lowercase);
        }
        for (_, identity) in self.identities() {
            let is_new = !changed.identities.contains(&identity);
            let is_further = match &identity {
                Identity::Email(_) => !changed.is_primary(&identity),
                Identity::Phone(number) => changed.phone.as_ref() != Some(number),
                Identity::Channel(..) | Identity::External(_) => false,
            };
            // Whoever says it knows whose it is.
            if is_further && (is_new || !changed.is_named_by(&identity)) {
                changed.note_identity(&identity, false, now);
            }
            if is_new {
                changed.identities.push(identity);
            }
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
            external_id: Some(Some("c-7".into())),
            email: Some("ANN@example.com".into()),
            ..UserFields::default()
        };
        let person = fields.applied_to(&ann(), later());
        assert_eq!(person.identities[1..], [Identity::External("c-7".into())]);
        assert_eq!(person.external_id.as_deref(), Some("c-7"));
        assert_eq!(person.updated_at, later());
    }

    #[test]
    fn what_is_taken_away_is_gone_and_leads_to_them_no_more() {
        let said =
            r#"{ "phone": "+49 1", "external_id": "c-7", "locale_id": 14, "time_zone": "Europe/Berlin" }"#;
        let fields: UserFields = serde_json::from_str(said).unwrap();
        let known = fields.checked().unwrap().applied_to(&ann(), later());
        assert_eq!(known.locale.as_deref(), Some("de"));
        let said = r#"{ "phone": "", "external_id": null, "locale": null, "time_zone": " " }"#;
        let fields: UserFields = serde_json::from_str(said).unwrap();
        let person = fields.checked().unwrap().applied_to(&known, later());
        let updated_at = person.updated_at;
        assert_eq!(person, Person { updated_at, ..ann() });
    }

    #[test]
    fn a_language_that_has_no_number_and_a_shared_telephone_are_refused() {
        for said in [r#"{ "locale_id": 4711 }"#, r#"{ "shared_phone_number": true }"#] {
            let fields: UserFields = serde_json::from_str(said).unwrap();
            assert!(fields.checked().is_err(), "{said}");
        }
        let named = r#"{ "locale": "fr", "locale_id": 4711 }"#;
        let fields: UserFields = serde_json::from_str(named).unwrap();
        assert_eq!(fields.checked().unwrap().locale, Some(Some("fr".into())));
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
