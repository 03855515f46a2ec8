//! The fields of an organization as they are sent, and what they mean here.

use crate::{
    fields::values::{KeyedValues, check_room},
    kit::{
        error::ApiError,
        input::{flag, id, removable_id, removable_text, tags, text, texts},
    },
};
use docket_domain::{
    GroupId, Timestamp,
    people::organization::{Claim, Organization, OrganizationError},
};
use serde::{Deserialize, Deserializer};

/// An organization as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OrganizationFields {
    /// Which is meant, where a call may make or change one.
    #[serde(deserialize_with = "id")]
    pub id: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(deserialize_with = "some_texts")]
    pub domain_names: Option<Vec<String>>,
    #[serde(deserialize_with = "removable_text")]
    pub details: Option<Option<String>>,
    #[serde(deserialize_with = "removable_text")]
    pub notes: Option<Option<String>>,
    #[serde(deserialize_with = "removable_id")]
    pub group_id: Option<Option<u64>>,
    #[serde(deserialize_with = "removable_text")]
    pub external_id: Option<Option<String>>,
    #[serde(deserialize_with = "tags")]
    pub tags: Option<Vec<String>>,
    pub organization_fields: KeyedValues,
    #[serde(deserialize_with = "flag")]
    pub shared_tickets: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub shared_comments: Option<bool>,
}

fn some_texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    texts(deserializer).map(Some)
}

impl OrganizationFields {
    /// The caller's own id, if one is sent.
    pub fn foreign_claim(&self) -> Option<Claim> {
        let id = self.external_id.clone().flatten()?;
        Some(Claim::External(id.trim().to_owned()))
    }

    /// The organization with what is said of it, checked.
    pub fn applied_to(&self, read: &Organization, now: Timestamp) -> Result<Organization, ApiError> {
        fn set<T: Clone>(to: &mut T, sent: &Option<T>) {
            if let Some(sent) = sent {
                to.clone_from(sent);
            }
        }
        let mut changed = read.clone();
        set(&mut changed.name, &self.name);
        set(&mut changed.domains, &self.domain_names);
        set(&mut changed.details, &self.details);
        set(&mut changed.notes, &self.notes);
        set(&mut changed.external_id, &self.external_id);
        set(&mut changed.tags, &self.tags);
        self.organization_fields
            .check_lookups(&changed.organization_fields)?;
        self.organization_fields
            .put_into(&mut changed.organization_fields, &mut changed.tier);
        check_room("organization_fields", &changed.organization_fields)?;
        set(&mut changed.shared_tickets, &self.shared_tickets);
        set(&mut changed.shared_comments, &self.shared_comments);
        set(&mut changed.group, &self.group_id.map(|group| group.map(GroupId)));
        let mut changed = changed.checked().map_err(|error| refused(&error))?;
        if changed != *read {
            changed.updated_at = now;
        }
        Ok(changed)
    }
}

/// Why an organization is refused, at the field as it is sent.
fn refused(error: &OrganizationError) -> ApiError {
    match error {
        OrganizationError::NoName => ApiError::blank("name"),
        OrganizationError::NoDomain(_) | OrganizationError::TooManyDomains(_) => {
            ApiError::invalid("domain_names", error.to_string())
        }
        error if error.field() == "tier" => ApiError::invalid("organization_fields.tier", error.to_string()),
        error => ApiError::invalid(error.field(), error.to_string()),
    }
}

/// The field in which a claim was sent.
pub(super) fn field_of(claim: &Claim) -> &'static str {
    match claim {
        Claim::Name(_) => "name",
        Claim::Domain(_) => "domain_names",
        Claim::External(_) => "external_id",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{
        OrganizationId,
        field::{FieldBook, FieldsOf},
    };

    fn applied(body: &str) -> Result<Organization, ApiError> {
        let mut acme = Organization::new(OrganizationId(1), "Acme", Timestamp::UNIX_EPOCH);
        acme.tier = Some("gold".into());
        acme.notes = Some("Pays late".into());
        let mut fields: OrganizationFields = serde_json::from_str(body).unwrap();
        let own = &mut fields.organization_fields;
        own.resolve_in(
            &FieldBook::default(),
            FieldsOf::Organizations,
            "organization_fields",
        )?;
        fields.applied_to(&acme, Timestamp::from_second(60).unwrap())
    }

    #[test]
    fn what_is_not_said_stays_and_null_takes_away() {
        let same = applied("{}").unwrap();
        assert_eq!(
            (same.tier.as_deref(), same.updated_at),
            (Some("gold"), Timestamp::UNIX_EPOCH)
        );
        let changed = applied(r#"{"notes": null, "organization_fields": {"tier": ""}}"#).unwrap();
        assert_eq!((changed.notes, changed.tier), (None, None));
        assert_eq!(changed.updated_at, Timestamp::from_second(60).unwrap());
    }

    #[test]
    fn what_is_wrong_is_told_at_the_field_that_was_sent() {
        for (body, field) in [
            (r#"{"name": " "}"#.to_owned(), "name"),
            (r#"{"domain_names": ["a b"]}"#.to_owned(), "domain_names"),
            (
                format!(r#"{{"organization_fields": {{"tier": "{}"}}}}"#, "x".repeat(256)),
                "organization_fields.tier",
            ),
        ] {
            match applied(&body) {
                Err(ApiError::Invalid(problems)) => assert_eq!(problems[0].field, field),
                other => panic!("{other:?}"),
            }
        }
    }
}
