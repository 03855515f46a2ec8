//! Organizations: the companies that people write for, and what is the same for all of their people.

use crate::{
    Digest, GroupId, OrganizationId, Timestamp, field::Values, people::person::is_host, record::ChainEnd,
};
use serde::{Deserialize, Serialize};

/// Longest name, id of the operator's own system or tier in characters: what fits one line of a page.
pub const LONGEST_TEXT: usize = 255;
/// Longest tag in characters, as on a ticket.
const LONGEST_TAG: usize = crate::ticket::Ticket::LONGEST_TAG;
/// Most domains of one organization: each is a part of the transaction that changes it, which has room for 100.
pub const MOST_DOMAINS: usize = 30;
/// Most tags: all of them are looked at by conditions.
pub const MOST_TAGS: usize = 100;
/// Longest details or notes in characters: a page of text.
pub const LONGEST_NOTES: usize = 4_000;

/// An organization as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// The id.
    pub id: OrganizationId,
    /// Version of the record, for a guarded change.
    pub v: u64,
    /// Its name; no other has it, whatever its case.
    pub name: String,
    /// Domains of its addresses, lower case: whoever first writes from one of them belongs to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
    /// What was agreed with it, in a word of the operator's own: `gold`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Tags, sorted, without repeats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Id in the operator's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Values of the operator's own fields, by key.
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    pub organization_fields: Values,
    /// What describes it: an address, a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// What agents should know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The group that cares for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// Whether its people see each other's tickets.
    #[serde(default, skip_serializing_if = "is_false")]
    pub shared_tickets: bool,
    /// Whether they may write on each other's tickets, too.
    #[serde(default, skip_serializing_if = "is_false")]
    pub shared_comments: bool,
    /// Made.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// The end of the chain of its audit events; it stands beside the record.
    #[serde(skip)]
    pub chain: ChainEnd,
}

/// What only one organization can have, and by which it is found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Claim {
    /// A name.
    Name(String),
    /// A domain of addresses.
    Domain(String),
    /// An id in the operator's own system.
    External(String),
}

impl Claim {
    /// The word for what is claimed, as it stands in keys.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Name(_) => "organization-name",
            Self::Domain(_) => "organization-domain",
            Self::External(_) => "organization-external",
        }
    }

    /// The digest under which the claim is looked up. The case of names and domains tells no two apart.
    pub fn digest(&self) -> Digest {
        match self {
            Self::Name(text) | Self::Domain(text) => Digest::of(text.trim().to_lowercase().as_bytes()),
            Self::External(id) => Digest::of(id.as_bytes()),
        }
    }

    /// The domain of a mail address.
    pub fn domain_of(address: &str) -> Option<Self> {
        let (_, domain) = address.trim().rsplit_once('@')?;
        (!domain.is_empty()).then(|| Self::Domain(domain.to_lowercase()))
    }
}

/// An organization that can't be.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum OrganizationError {
    /// It has no name.
    #[error("an organization needs a name")]
    NoName,
    /// A text is too long.
    #[error("{field} has {length} characters, at most {longest} are allowed")]
    TooLong {
        /// Which.
        field: &'static str,
        /// How long it is.
        length: usize,
        /// How long it may be.
        longest: usize,
    },
    /// A domain is none.
    #[error("{0:?} is not a domain, such as acme.example")]
    NoDomain(String),
    /// There are too many domains.
    #[error("{0} domains are too many, at most {MOST_DOMAINS} are allowed")]
    TooManyDomains(usize),
    /// There are too many tags.
    #[error("{0} tags are too many, at most {MOST_TAGS} are allowed")]
    TooManyTags(usize),
}

impl OrganizationError {
    /// The field that is wrong, by its name here.
    pub fn field(&self) -> &'static str {
        match self {
            Self::NoName => "name",
            Self::TooLong { field, .. } => field,
            Self::NoDomain(_) | Self::TooManyDomains(_) => "domains",
            Self::TooManyTags(_) => "tags",
        }
    }
}

impl Organization {
    /// A new one.
    pub fn new(id: OrganizationId, name: &str, now: Timestamp) -> Self {
        Self {
            id,
            v: 1,
            name: name.to_owned(),
            domains: Vec::new(),
            tier: None,
            tags: Vec::new(),
            external_id: None,
            organization_fields: Values::new(),
            details: None,
            notes: None,
            group: None,
            shared_tickets: false,
            shared_comments: false,
            created_at: now,
            updated_at: now,
            chain: ChainEnd::default(),
        }
    }

    /// The same with white space trimmed, empty texts absent, domains in lower case, and nothing twice.
    ///
    /// # Errors
    ///
    /// When it can't be stored.
    pub fn checked(mut self) -> Result<Self, OrganizationError> {
        self.name = self.name.trim().to_owned();
        if self.name.is_empty() {
            return Err(OrganizationError::NoName);
        }
        at_most("name", &self.name, LONGEST_TEXT)?;
        for (field, text, longest) in [
            ("tier", &mut self.tier, LONGEST_TEXT),
            ("external_id", &mut self.external_id, LONGEST_TEXT),
            ("details", &mut self.details, LONGEST_NOTES),
            ("notes", &mut self.notes, LONGEST_NOTES),
        ] {
            *text = text.take().map(|text| text.trim().to_owned());
            text.take_if(|text| text.is_empty());
            at_most(field, text.as_deref().unwrap_or_default(), longest)?;
        }
        // The first domain is the one that is shown: their order stays.
        let mut domains: Vec<String> = Vec::with_capacity(self.domains.len());
        for domain in &self.domains {
            let domain = domain.trim().to_lowercase();
            if !is_host(&domain) {
                return Err(OrganizationError::NoDomain(domain));
            }
            if !domains.contains(&domain) {
                domains.push(domain);
            }
        }
        if domains.len() > MOST_DOMAINS {
            return Err(OrganizationError::TooManyDomains(domains.len()));
        }
        self.domains = domains;
        for tag in &self.tags {
            at_most("tags", tag, LONGEST_TAG)?;
        }
        self.tags.sort();
        self.tags.dedup();
        if self.tags.len() > MOST_TAGS {
            return Err(OrganizationError::TooManyTags(self.tags.len()));
        }
        Ok(self)
    }

    /// Everything that no other may have.
    pub fn claims(&self) -> Vec<Claim> {
        let domains = self.domains.iter().cloned().map(Claim::Domain);
        let external = self.external_id.iter().cloned().map(Claim::External);
        std::iter::once(Claim::Name(self.name.clone()))
            .chain(domains)
            .chain(external)
            .collect()
    }

    /// The one of its domains that an address is of, else its first.
    pub fn domain_for(&self, address: Option<&str>) -> Option<&str> {
        let own = address
            .and_then(|address| address.rsplit_once('@'))
            .map(|(_, domain)| domain);
        let named = |domain: &&String| own.is_some_and(|own| own.eq_ignore_ascii_case(domain));
        let found = self.domains.iter().find(named).or_else(|| self.domains.first());
        found.map(String::as_str)
    }
}

fn is_false(said: &bool) -> bool {
    !said
}

fn at_most(field: &'static str, text: &str, longest: usize) -> Result<(), OrganizationError> {
    let length = text.chars().count();
    if length <= longest {
        return Ok(());
    }
    Err(OrganizationError::TooLong {
        field,
        length,
        longest,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acme() -> Organization {
        Organization::new(OrganizationId(1), "Acme", Timestamp::UNIX_EPOCH)
    }

    fn refused(change: impl FnOnce(&mut Organization)) -> OrganizationError {
        let mut organization = acme();
        change(&mut organization);
        organization.checked().unwrap_err()
    }

    #[test]
    fn what_is_stored_is_trimmed_and_holds_nothing_twice() {
        let mut organization = acme();
        organization.name = " Acme ".into();
        organization.domains = vec![" Acme.Example".into(), "acme.test".into(), "acme.example".into()];
        organization.tags = vec!["b".into(), "a".into(), "b".into()];
        organization.tier = Some("  ".into());
        let organization = organization.checked().unwrap();
        assert_eq!(organization.name, "Acme");
        assert_eq!(organization.domains, ["acme.example", "acme.test"]);
        assert_eq!(organization.tags, ["a", "b"]);
        assert_eq!(organization.tier, None);
    }

    #[test]
    fn an_organization_without_a_name_is_refused() {
        assert_eq!(refused(|it| it.name = " ".into()), OrganizationError::NoName);
    }

    #[test]
    fn what_is_no_domain_is_refused() {
        for wrong in [
            "",
            "a@acme.example",
            "acme..example",
            "-acme.example",
            "ac me",
            "b\u{fc}ro.example",
        ] {
            let error = refused(|it| it.domains = vec![wrong.into()]);
            assert_eq!(error, OrganizationError::NoDomain(wrong.into()));
        }
    }

    #[test]
    fn limits_hold_and_one_step_below_them_does_not_matter() {
        let domains = |count: usize| (0..count).map(|n| format!("d{n}.example")).collect::<Vec<_>>();
        let mut organization = acme();
        organization.domains = domains(MOST_DOMAINS);
        organization.name = "\u{fc}".repeat(LONGEST_TEXT);
        assert!(organization.checked().is_ok());
        assert_eq!(
            refused(|it| it.domains = domains(MOST_DOMAINS + 1)),
            OrganizationError::TooManyDomains(MOST_DOMAINS + 1)
        );
        assert_eq!(
            refused(|it| it.name = "x".repeat(LONGEST_TEXT + 1)).field(),
            "name"
        );
        assert_eq!(
            refused(|it| it.notes = Some("x".repeat(LONGEST_NOTES + 1))).to_string(),
            "notes has 4001 characters, at most 4000 are allowed"
        );
    }

    #[test]
    fn names_and_domains_meet_whatever_their_case_and_ids_do_not() {
        let same = |a: Claim, b: Claim| a.digest() == b.digest();
        assert!(same(Claim::Name("ACME".into()), Claim::Name("Acme ".into())));
        assert_eq!(
            Claim::domain_of("Ann@Acme.Example"),
            Some(Claim::Domain("acme.example".into()))
        );
        assert!(!same(Claim::External("a".into()), Claim::External("A".into())));
        assert_eq!(Claim::domain_of("nobody"), None);
    }

    #[test]
    fn the_domain_told_of_a_requester_is_their_own_one() {
        let mut organization = acme();
        organization.domains = vec!["acme.example".into(), "acme.test".into()];
        assert_eq!(organization.domain_for(Some("ann@ACME.test")), Some("acme.test"));
        assert_eq!(
            organization.domain_for(Some("ann@home.example")),
            Some("acme.example")
        );
        assert_eq!(organization.domain_for(None), Some("acme.example"));
    }
}
