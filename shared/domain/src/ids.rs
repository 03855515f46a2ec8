//! Identifiers. Numbers that people see are plain integers, as the API's clients expect; text from outside
//! is only ever identified by its digest.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{fmt, str::FromStr};

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

number_id!(
    /// A ticket's number, unique in its tenant. Numbers grow; gaps are allowed.
    TicketNumber
);

/// How many versions a ticket may have before ids of what lies on it would meet those of the next ticket: more than
/// the store reads of one ticket.
const VERSIONS_OF_A_TICKET: u64 = 100_000;

impl TicketNumber {
    /// The id of what version `v` of the ticket added: a comment, an audit, a decision; of a save by its first version.
    pub fn child_id(self, v: u64) -> u64 {
        self.0.saturating_mul(VERSIONS_OF_A_TICKET).saturating_add(v)
    }

    /// Ticket and version of such an id.
    pub fn of_child(id: u64) -> (Self, u64) {
        (Self(id / VERSIONS_OF_A_TICKET), id % VERSIONS_OF_A_TICKET)
    }
}

number_id!(
    /// A person: requester or agent.
    PersonId
);
number_id!(
    /// A group of agents.
    GroupId
);
number_id!(
    /// An organization that people belong to.
    OrganizationId
);
number_id!(
    /// A calendar of opening hours.
    CalendarId
);
number_id!(
    /// A skill of agents, which tickets may require.
    SkillId
);
number_id!(
    /// A policy: what is promised to whom.
    PolicyId
);
number_id!(
    /// A rule: routing rule, trigger, automation or macro.
    RuleId
);
number_id!(
    /// A saved view.
    ViewId
);

impl PersonId {
    /// Stands where the desk itself wrote: no person has the number.
    pub const OF_THE_DESK: Self = Self(0);

    /// Whether the desk itself is meant.
    pub fn is_of_the_desk(self) -> bool {
        self == Self::OF_THE_DESK
    }
}

/// The customer of the operator whose desk this is; in every key. The first release has one, `main`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tenant(String);

/// A tenant's name that cannot stand in a key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("tenant name {0:?} is not 1 to 32 characters of a-z, 0-9 and -")]
pub struct BadTenant(String);

impl Tenant {
    /// Longest name in characters: it stands in every key and in SES tags.
    pub const LONGEST: usize = 32;

    /// Checks a name: 1 to 32 characters of `a-z`, `0-9` and `-`.
    pub fn new(name: &str) -> Result<Self, BadTenant> {
        let well_formed = !name.is_empty()
            && name.len() <= Self::LONGEST
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if well_formed {
            Ok(Self(name.to_owned()))
        } else {
            Err(BadTenant(name.to_owned()))
        }
    }

    /// The one tenant of the first release.
    pub fn main() -> Self {
        Self("main".to_owned())
    }

    /// The name as it stands in keys.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// SHA-256 of some bytes, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest of one run of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(hex(&Sha256::digest(bytes)))
    }

    /// The digest of several parts; each part's length goes in first, so that no two lists of parts
    /// meet in one digest.
    pub fn of_parts<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            let part = part.as_ref();
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hex(&hash.finalize()))
    }

    /// A digest as it was written into a key of ours.
    pub fn from_key(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The hexadecimal text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// One piece of outgoing work: the `n`-th that follows from version `v` of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OutboxId {
    /// The ticket.
    pub ticket: TicketNumber,
    /// The version of the ticket whose event asked for the work.
    pub v: u64,
    /// Position among the work of that version, from 0.
    pub n: u32,
}

impl OutboxId {
    /// The form that stands in SES message tags, which allow only `[A-Za-z0-9_-]`.
    pub fn tag(&self, tenant: &Tenant) -> String {
        format!("{tenant}_{}_{}_{}", self.ticket, self.v, self.n)
    }

    /// Reads [`OutboxId::tag`] back.
    pub fn from_tag(tag: &str) -> Option<(Tenant, Self)> {
        let mut parts = tag.split('_');
        let tenant = Tenant::new(parts.next()?).ok()?;
        let ticket = parts.next()?.parse().ok()?;
        let v = parts.next()?.parse().ok()?;
        let n = parts.next()?.parse().ok()?;
        parts.next().is_none().then_some((tenant, Self { ticket, v, n }))
    }
}

impl fmt::Display for OutboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.ticket, self.v, self.n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_of_parts_tells_where_one_part_ends() {
        assert_ne!(Digest::of_parts(["ab", "c"]), Digest::of_parts(["a", "bc"]));
    }

    #[test]
    fn a_digest_is_the_published_sha_256() {
        assert_eq!(
            Digest::of(b"abc").as_str(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn an_outbox_tag_reads_back() {
        let id = OutboxId {
            ticket: TicketNumber(12),
            v: 3,
            n: 1,
        };
        assert_eq!(
            OutboxId::from_tag(&id.tag(&Tenant::main())),
            Some((Tenant::main(), id))
        );
        assert_eq!(OutboxId::from_tag("main_12_3"), None);
        assert_eq!(OutboxId::from_tag("main_12_3_1_9"), None);
    }

    #[test]
    fn a_tenant_name_with_a_separator_is_refused() {
        assert!(Tenant::new("a#b").is_err());
        assert!(Tenant::new("").is_err());
        assert!(Tenant::new(&"a".repeat(33)).is_err());
        assert!(Tenant::new("acme-2").is_ok());
    }
}
