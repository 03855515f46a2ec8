//! What changed about people, agents, groups, organizations and settings: who did it, when, because of what, and what each
//! field was before and is now. A ticket's own events stand in [`crate::ticket`].
//!
//! A record that is overwritten says nothing of what it was. So each change of one appends an event beside it, in the same
//! transaction, stored as a ticket's are ([`crate::record`]): canonical bytes, chained, people's words apart. A record is the
//! sum of its events.

mod event;
mod fields;
mod subjects;

pub use event::{AuditEvent, ChangedBy, Field, What};
pub use fields::{Fields, differences, fields_of};
pub use subjects::Audit;

use crate::{
    GroupId, OrganizationId, PersonId, Tenant, ViewId,
    record::{ChainEnd, ChainOf, Flaw, Record, flaws_of_chain},
};
use std::fmt;

/// What a hash of such an event begins with.
const DOMAIN: &[u8] = b"docket-audit-1";

/// What an audit event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A person: name, identities, role, groups, organization.
    Person(PersonId),
    /// How a person works as an agent: availability, capacity, skills, calendar.
    Agent(PersonId),
    /// A group.
    Group(GroupId),
    /// An organization.
    Organization(OrganizationId),
    /// Mailboxes, channels, the default group.
    Setup,
    /// Policies, calendars, timers and rules in force.
    Rules,
    /// A saved view.
    View(ViewId),
}

impl Subject {
    /// The word for what it is.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Agent(_) => "agent",
            Self::Group(_) => "group",
            Self::Organization(_) => "organization",
            Self::Setup => "setup",
            Self::Rules => "rules",
            Self::View(_) => "view",
        }
    }

    /// Its number among those of its kind; of settings there is one each.
    pub const fn number(self) -> u64 {
        match self {
            Self::Person(id) | Self::Agent(id) => id.0,
            Self::Group(id) => id.0,
            Self::Organization(id) => id.0,
            Self::View(id) => id.0,
            Self::Setup | Self::Rules => 1,
        }
    }

    /// The chain of its events.
    pub fn chain(self, tenant: &Tenant) -> ChainOf {
        ChainOf::of(&[
            DOMAIN,
            tenant.as_str().as_bytes(),
            self.kind().as_bytes(),
            &self.number().to_be_bytes(),
        ])
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setup | Self::Rules => f.write_str(self.kind()),
            _ => write!(f, "{} {}", self.kind(), self.number()),
        }
    }
}

/// What a subject's events add up to: its version, the end of their chain, and its fields; no fields once it was removed.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The version.
    pub v: u64,
    /// The end of the chain.
    pub chain: ChainEnd,
    /// Its fields.
    pub fields: Option<Fields>,
}

/// What does not fit in the history of a subject that stands like this, or was removed where it stands nowhere. Fields whose
/// words were erased are not compared.
pub fn verify(tenant: &Tenant, subject: Subject, stands: Option<&Standing>, records: &[Record]) -> Vec<Flaw> {
    let last = records.last().map(|record| (record.last_v(), record.end));
    let (v, end) = match stands {
        Some(stands) => (stands.v, stands.chain),
        None => last.unwrap_or_default(),
    };
    let mut flaws = flaws_of_chain(&subject.chain(tenant), records, (v, &end));
    // What can't be read as JSON is told already.
    let events: Result<Vec<Vec<AuditEvent>>, _> = records.iter().map(Record::read).collect();
    match events {
        Ok(events) => {
            let sum = event::sum(events.iter().flatten());
            let fields = stands.and_then(|stands| stands.fields.as_ref());
            if !sum.is(fields) {
                flaws.push(Flaw::Sum);
            }
        }
        Err(error) if flaws.is_empty() => flaws.push(Flaw::Unreadable {
            v,
            detail: error.to_string(),
        }),
        Err(_) => {}
    }
    flaws
}

#[cfg(test)]
mod tests;
