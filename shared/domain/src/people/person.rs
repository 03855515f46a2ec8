//! People: requesters and agents, and the identities by which a contact is recognised.

use super::{
    account::{IdentityNote, Merged},
    staff::Role,
};
use crate::{Digest, GroupId, OrganizationId, PersonId, Timestamp, field::Values, record::ChainEnd};
use serde::{Deserialize, Serialize};

/// Longest name, language or other short text of a person in characters.
pub const LONGEST_PERSON_TEXT: usize = 255;
/// Longest address of a person in bytes (RFC 5321, 4.5.3.1.3, less the angle brackets).
const LONGEST_EMAIL_BYTES: usize = 254;
/// Longest local part in bytes (RFC 5321, 4.5.3.1.1).
const LONGEST_LOCAL_PART: usize = 64;

/// Longest domain in bytes (RFC 1035, 2.3.4, as it is written).
const LONGEST_DOMAIN_BYTES: usize = 253;

/// Most identities of one person: more are a machine's.
pub const MOST_IDENTITIES: usize = 50;
/// The name of whoever has none, nor an address.
const UNNAMED: &str = "Unknown";
/// What somebody is called of whom nothing is known any more.
const FORGOTTEN: &str = "Forgotten person";

/// Something by which a contact's sender is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Identity {
    /// A mail address.
    Email(String),
    /// A telephone number.
    Phone(String),
    /// An id that a channel's own system gave: (channel, id).
    Channel(String, String),
    /// The id that the operator's own system gave.
    External(String),
}

impl Identity {
    /// A mail address in its canonical form: white space trimmed, lower case. (Local parts that differ only
    /// in case are told apart by no mail system in use.)
    pub fn email(address: &str) -> Self {
        Self::Email(address.trim().to_lowercase())
    }

    /// The digest under which the identity is looked up.
    pub fn digest(&self) -> Digest {
        match self {
            Self::Email(address) => Digest::of_parts(["email", &address.to_lowercase()]),
            Self::Phone(number) => Digest::of_parts(["phone", number]),
            Self::Channel(channel, id) => Digest::of_parts(["channel", channel, id]),
            Self::External(id) => Digest::of_parts(["external", id]),
        }
    }
}

/// An address to which mail goes nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undeliverable {
    /// The address.
    pub address: String,
    /// Since when that is known.
    pub at: Timestamp,
    /// Why, in words.
    pub why: String,
}

/// A person as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The id.
    pub id: PersonId,
    /// Version of the record, for a guarded change.
    pub v: u64,
    /// The name to show; the address when none is known.
    pub name: String,
    /// The address that answers go to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Language as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// IANA time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Their organization. One that is there no longer counts as none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// Further organizations of theirs; the one above is their default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_organizations: Vec<OrganizationId>,
    /// What was agreed with them, where that is not what was agreed with their organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Id in the operator's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Values of the operator's own fields, by key.
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    pub user_fields: Values,
    /// Groups an agent belongs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupId>,
    /// The group that stands for an agent's work where one is asked for; the first of theirs where none is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_group: Option<GroupId>,
    /// Everything they are recognised by.
    pub identities: Vec<Identity>,
    /// What is known of identities besides what they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identity_notes: Vec<IdentityNote>,
    /// The name that customers see instead of an agent's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// What stands below what an agent writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// Whether they may moderate a forum, as other programs ask; nothing: as their role says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moderator: Option<bool>,
    /// Whether a customer sees the tickets of their organizations besides their own.
    #[serde(default, skip_serializing_if = "is_false")]
    pub sees_organization: bool,
    /// Since when nothing that they write is taken in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<Timestamp>,
    /// When they were deleted: nothing leads to them any more, and what they asked stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    /// Who they are now, since two records were one person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<PersonId>,
    /// Whose records became part of this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<Merged>,
    /// What describes them: an address, a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// What agents should know of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Whether the address was confirmed by the person.
    #[serde(default)]
    pub verified: bool,
    /// Set while mail to their address is known to go nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undeliverable: Option<Undeliverable>,
    /// First seen.
    pub created_at: Timestamp,
    /// When everything that is known of them was forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forgotten_at: Option<Timestamp>,
    /// Last changed.
    pub updated_at: Timestamp,
    /// The end of the chain of its audit events; it stands beside the record.
    #[serde(skip)]
    pub chain: ChainEnd,
}

impl Person {
    /// What is left of somebody who is forgotten: that there was one.
    #[must_use]
    pub fn forgotten(&self, now: Timestamp) -> Self {
        Self {
            v: self.v,
            forgotten_at: Some(now),
            // What was deleted, or became somebody else's, stays so.
            deleted_at: self.deleted_at,
            merged_into: self.merged_into,
            created_at: self.created_at,
            chain: self.chain,
            ..Self::first_seen(self.id, FORGOTTEN, vec![], now)
        }
    }

    /// Why nothing is sent to the address that answers go to; nothing: mail can be sent there.
    pub fn unreachable_because(&self) -> Option<String> {
        let is_no_address = |email: &String| email.to_ascii_lowercase().ends_with(RESERVED_DOMAIN);
        if self.email.as_ref().is_some_and(is_no_address) {
            return Some("nobody knows the address of whoever wrote".to_owned());
        }
        let known = self.undeliverable.as_ref()?;
        let is_current = self
            .email
            .as_ref()
            .is_some_and(|email| email.eq_ignore_ascii_case(&known.address));
        is_current.then(|| format!("mail to {} came back: {}", known.address, known.why))
    }

    /// Takes up what a contact tells of somebody who is known: further identities, which nobody else has, an address where none
    /// [was known](Self::takes_first_address), and a name where only an address stood for one.
    pub fn learn(&mut self, identities: Vec<Identity>, name: &str) {
        let stands_for_none = |known: &str| {
            known == UNNAMED
                || [&self.email, &self.phone]
                    .into_iter()
                    .flatten()
                    .any(|is| is == known)
        };
        if !name.trim().is_empty() && stands_for_none(&self.name) {
            name.trim().clone_into(&mut self.name);
        }
        for identity in identities {
            if self.identities.len() >= MOST_IDENTITIES || self.identities.contains(&identity) {
                continue;
            }
            match &identity {
                Identity::Email(address) if self.takes_first_address() => self.email = Some(address.clone()),
                Identity::Phone(number) => drop(self.phone.get_or_insert_with(|| number.clone())),
                Identity::Email(_) | Identity::Channel(..) | Identity::External(_) => {}
            }
            self.identities.push(identity);
        }
    }

    /// Whether answers go to an address that a contact tells, because it is the first that is known of a customer. Where one was taken
    /// away and others are known, and for whoever works here and signs in by it, somebody says which it is.
    pub fn takes_first_address(&self) -> bool {
        let is_address = |identity: &Identity| matches!(identity, Identity::Email(_));
        self.email.is_none() && !self.role.is_staff() && !self.identities.iter().any(is_address)
    }

    /// A person seen for the first time.
    pub fn first_seen(id: PersonId, name: &str, identities: Vec<Identity>, now: Timestamp) -> Self {
        let email = identities.iter().find_map(|identity| match identity {
            Identity::Email(address) => Some(address.clone()),
            _ => None,
        });
        let phone = identities.iter().find_map(|identity| match identity {
            Identity::Phone(number) => Some(number.clone()),
            _ => None,
        });
        let name = match name.trim() {
            "" => email
                .clone()
                .or_else(|| phone.clone())
                .unwrap_or_else(|| UNNAMED.to_owned()),
            name => name.to_owned(),
        };
        Self {
            id,
            v: 1,
            name,
            email,
            phone,
            role: Role::EndUser,
            locale: None,
            time_zone: None,
            organization: None,
            more_organizations: Vec::new(),
            tier: None,
            external_id: None,
            user_fields: Values::new(),
            groups: Vec::new(),
            default_group: None,
            identities,
            identity_notes: Vec::new(),
            alias: None,
            signature: None,
            moderator: None,
            sees_organization: false,
            suspended_at: None,
            deleted_at: None,
            merged_into: None,
            merged: Vec::new(),
            details: None,
            notes: None,
            tags: Vec::new(),
            verified: false,
            undeliverable: None,
            created_at: now,
            forgotten_at: None,
            updated_at: now,
            chain: ChainEnd::default(),
        }
    }
}

fn is_false(said: &bool) -> bool {
    !said
}

/// The domain under which there is no address (RFC 2606, section 2).
const RESERVED_DOMAIN: &str = ".invalid";

/// Whether the text is a mail address that can be sent to: `local@domain` of the characters that need no quoting (RFC
/// 5322, section 3.4.1). SES takes no other; a domain in another script is written in its ASCII form.
pub fn is_email(text: &str) -> bool {
    let text = text.trim();
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    text.len() <= LONGEST_EMAIL_BYTES
        && (1..=LONGEST_LOCAL_PART).contains(&local.len())
        && local.chars().all(is_atom)
        && is_host(domain)
}

/// Whether the text is a domain, in its ASCII form.
pub(crate) fn is_host(text: &str) -> bool {
    let is_label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    text.len() <= LONGEST_DOMAIN_BYTES
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
        && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_recognised_whatever_its_case() {
        assert_eq!(
            Identity::email(" Ann@Example.COM ").digest(),
            Identity::Email("ann@example.com".into()).digest()
        );
    }

    #[test]
    fn ids_of_two_channels_do_not_meet() {
        assert_ne!(
            Identity::Channel("bot".into(), "7".into()).digest(),
            Identity::Channel("form".into(), "7".into()).digest()
        );
    }

    #[test]
    fn a_nameless_person_is_shown_by_their_address() {
        let now = Timestamp::UNIX_EPOCH;
        let person = Person::first_seen(PersonId(1), " ", vec![Identity::email("a@b.example")], now);
        assert_eq!(person.name, "a@b.example");
    }

    #[test]
    fn what_is_told_later_is_kept_and_a_name_that_is_known_stays() {
        let now = Timestamp::UNIX_EPOCH;
        let mut person = Person::first_seen(
            PersonId(1),
            "",
            vec![Identity::Channel("bot".into(), "7".into())],
            now,
        );
        person.learn(vec![Identity::email("eve@example.com")], " Eve ");
        assert_eq!(
            (person.name.as_str(), person.email.as_deref()),
            ("Eve", Some("eve@example.com"))
        );
        person.learn(vec![Identity::email("other@example.com")], "Mallory");
        assert_eq!(
            (person.name.as_str(), person.email.as_deref()),
            ("Eve", Some("eve@example.com"))
        );
        assert_eq!(person.identities.len(), 3);
        let mut many = Person::first_seen(PersonId(2), "", vec![Identity::email("a@b.example")], now);
        many.learn(
            (0..100).map(|n| Identity::External(n.to_string())).collect(),
            "Anna",
        );
        assert_eq!(
            (many.name.as_str(), many.identities.len()),
            ("Anna", MOST_IDENTITIES)
        );
    }

    #[test]
    fn a_contact_says_where_answers_go_only_of_a_customer_of_whom_no_address_is_known() {
        let now = Timestamp::UNIX_EPOCH;
        let told = |mut person: Person| {
            person.learn(vec![Identity::email("eve@example.com")], "");
            assert!(person.identities.contains(&Identity::email("eve@example.com")));
            person.email
        };
        let known = vec![Identity::Channel("bot".into(), "7".into())];
        let customer = Person::first_seen(PersonId(1), "Ann", known, now);
        assert_eq!(told(customer.clone()).as_deref(), Some("eve@example.com"));
        for role in [Role::Agent, Role::Admin] {
            let colleague = Person {
                role,
                ..customer.clone()
            };
            assert_eq!(told(colleague), None, "{role:?}");
        }
        let mut others = customer;
        others.learn(
            ["ann@example.com", "other@example.com"]
                .map(Identity::email)
                .into(),
            "",
        );
        assert_eq!(others.email.as_deref(), Some("ann@example.com"));
        others.drop_identity(&Identity::email("ann@example.com"));
        assert_eq!(told(others), None);
    }

    #[test]
    fn an_address_has_two_sides() {
        assert!(is_email(" ann@example.com "));
        for wrong in [
            "",
            "ann",
            "@example.com",
            "ann@",
            "a@b@c",
            "Ann <a@b.example>",
            "a b@c",
            "jürgen@example.org",
            "ann@b\u{fc}ro.example",
            "bob@example.org.",
            "bob@-example.org",
            "a(b)@x.example",
        ] {
            assert!(!is_email(wrong), "{wrong}");
        }
    }

    #[test]
    fn nothing_is_sent_to_whoever_has_no_address() {
        let person = |email| {
            let identities = vec![Identity::email(email)];
            Person::first_seen(PersonId(1), "Eve", identities, Timestamp::UNIX_EPOCH)
        };
        assert!(person("unknown@sender.invalid").unreachable_because().is_some());
        assert_eq!(person("eve@example.com").unreachable_because(), None);
    }
}
