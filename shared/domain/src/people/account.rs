//! What somebody's record is to others: by what it is found, to which organizations it belongs, whether it stands, and how two
//! records become one and two again.

use super::person::{Identity, MOST_IDENTITIES, Person};
use crate::{GroupId, OrganizationId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

/// Most organizations of one person: each is a part of the transaction that changes them, which has room for 100.
pub const MOST_ORGANIZATIONS: usize = 20;
/// Most records that become one.
pub const MOST_MERGED: usize = 20;
/// Most records, each part of the next, through which somebody is followed.
pub const MERGED_ONE_AFTER_ANOTHER: usize = 20;
/// Hexadecimal digits of a digest that make an identity's number: 52 bits, so that it is exact in every program that reads JSON.
const NUMBER_DIGITS: usize = 13;

/// What is known of an identity besides what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityNote {
    /// Its number.
    pub id: u64,
    /// Whether the person confirmed it, or somebody for them.
    pub verified: bool,
    /// Since when it is theirs.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

/// That a record became part of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// Whose it was.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// Organizations that came with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organizations: Vec<OrganizationId>,
    /// Fields that had no value and have its: `email`, `phone`, `external_id`, `suspended`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// Why two records don't become one, or two again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeRefused {
    /// They are the same.
    #[error("nobody can be merged with themselves")]
    Same,
    /// Somebody works here.
    #[error("who works here can't be merged; make them an end user first")]
    WorksHere,
    /// One of them stands no more.
    #[error("somebody who was deleted, forgotten or merged can't be merged")]
    Gone,
    /// What both are found by is more than one can have.
    #[error("together they have more than {MOST_IDENTITIES} identities")]
    TooManyIdentities,
    /// The same of organizations.
    #[error("together they have more than {MOST_ORGANIZATIONS} organizations")]
    TooManyOrganizations,
    /// Very many are one already.
    #[error("{MOST_MERGED} records were merged into this one already")]
    TooManyMerged,
    /// Nothing to undo.
    #[error("nothing was merged here")]
    NotMerged,
    /// The one who got it was merged, too: that is undone first.
    #[error("person {0}, into whom they were merged, stands no more: undo that first")]
    MergedOn(PersonId),
}

impl Identity {
    /// Its number: the same for the same identity, and nobody else's.
    pub fn number(&self) -> u64 {
        u64::from_str_radix(&self.digest().as_str()[..NUMBER_DIGITS], 16).unwrap_or_default()
    }
}

impl Person {
    /// Whether the record is somebody's: not deleted, forgotten or part of another.
    pub fn is_standing(&self) -> bool {
        self.deleted_at.is_none() && self.merged_into.is_none() && self.forgotten_at.is_none()
    }

    /// Whether they are not to be heard.
    pub fn is_suspended(&self) -> bool {
        self.suspended_at.is_some()
    }

    /// Whether they work here, now.
    pub fn may_work(&self) -> bool {
        self.role.is_staff() && self.is_standing() && !self.is_suspended()
    }

    /// Whether whoever has a mail address is this person: it is the one that answers go to, or one that was confirmed. Others may have
    /// come with a contact, which whoever wrote it could say anything in.
    pub fn signs_in_by(&self, address: &str) -> bool {
        let identity = Identity::email(address);
        let address = address.trim();
        // Beyond ASCII two addresses become one in lower case, as the Kelvin sign becomes a k; a provider may have given them to two.
        let is_spelt_so = address.to_lowercase() == address.to_ascii_lowercase();
        is_spelt_so
            && self.held_identities().contains(&identity)
            && (self.is_primary(&identity) || self.note_of(&identity).verified)
    }

    /// Whether whoever names an identity means them: answers go there, somebody who works here said that it is theirs, or another system
    /// gave it to them. Others came with a contact, which whoever wrote it could say anything in.
    pub fn is_named_by(&self, identity: &Identity) -> bool {
        let is_reached = match identity {
            Identity::Email(_) => self.is_primary(identity),
            Identity::Phone(number) => self.phone.as_ref() == Some(number),
            Identity::Channel(..) | Identity::External(_) => true,
        };
        let id = identity.number();
        let is_said = || self.identity_notes.iter().any(|note| note.id == id);
        self.held_identities().contains(identity) && (is_reached || is_said())
    }

    /// By what they are found. What a record keeps that stands no more says only what it was.
    pub fn held_identities(&self) -> &[Identity] {
        if self.is_standing() { &self.identities } else { &[] }
    }

    /// All their organizations, the default one first. A record that stands no more is of none.
    pub fn organizations(&self) -> Vec<OrganizationId> {
        if !self.is_standing() {
            return vec![];
        }
        self.kept_organizations()
    }

    fn kept_organizations(&self) -> Vec<OrganizationId> {
        let more = self.more_organizations.iter().copied();
        self.organization.into_iter().chain(more).collect()
    }

    /// Makes these their organizations, the first their default; none twice.
    pub fn set_organizations(&mut self, all: impl IntoIterator<Item = OrganizationId>) {
        let mut kept: Vec<OrganizationId> = Vec::new();
        for id in all {
            if !kept.contains(&id) {
                kept.push(id);
            }
        }
        let mut kept = kept.into_iter();
        self.organization = kept.next();
        self.more_organizations = kept.collect();
    }

    /// Belongs to one organization in place of another, of which it takes the place; so do those that came with records which became
    /// part of this one. What came with none of them does not come to go with one.
    pub fn go_over(&mut self, from: OrganizationId, to: OrganizationId) {
        let had = self.kept_organizations();
        let in_place = |id: &OrganizationId| if *id == from { to } else { *id };
        self.set_organizations(had.iter().map(in_place));
        for merged in &mut self.merged {
            match had.contains(&to) {
                true => merged.organizations.retain(|id| *id != from),
                false => merged.organizations = merged.organizations.iter().map(in_place).collect(),
            }
        }
    }

    /// The group that stands for all of an agent's.
    pub fn main_group(&self) -> Option<GroupId> {
        let chosen = self.default_group.filter(|group| self.groups.contains(group));
        chosen.or_else(|| self.groups.first().copied())
    }

    /// Whether lists show the record.
    pub fn is_listed(&self) -> bool {
        self.deleted_at.is_none() && self.merged_into.is_none()
    }

    /// Whether somebody is this person, or was before two records became one.
    pub fn is_or_was(&self, person: PersonId) -> bool {
        self.id == person || self.merged.iter().any(|merged| merged.person == person)
    }

    /// What is known of one of their identities.
    pub fn note_of(&self, identity: &Identity) -> IdentityNote {
        let id = identity.number();
        let noted = self.identity_notes.iter().find(|note| note.id == id);
        noted.cloned().unwrap_or_else(|| IdentityNote {
            id,
            // Before each had its own, the person's word was about their address.
            verified: self.verified && self.is_primary(identity),
            created_at: self.created_at,
            updated_at: self.created_at,
        })
    }

    /// Whether answers go to it.
    pub fn is_primary(&self, identity: &Identity) -> bool {
        match identity {
            Identity::Email(address) => self
                .email
                .as_ref()
                .is_some_and(|email| email.eq_ignore_ascii_case(address)),
            Identity::Phone(number) => self.email.is_none() && self.phone.as_ref() == Some(number),
            Identity::Channel(..) | Identity::External(_) => false,
        }
    }

    /// Notes something of an identity.
    pub fn note_identity(&mut self, identity: &Identity, verified: bool, now: Timestamp) {
        let is_theirs = self.identities.contains(identity);
        let mut note = self.note_of(identity);
        if !is_theirs {
            note.created_at = now;
        }
        note.verified = verified;
        note.updated_at = now;
        self.identity_notes.retain(|known| known.id != note.id);
        self.identity_notes.push(note);
        if self.is_primary(identity) {
            self.verified = verified;
        }
    }

    /// Takes an identity away. If answers went there, they go to another address that was confirmed; where none was, somebody has to say
    /// where to. One that came with a contact may be anybody's.
    pub fn drop_identity(&mut self, identity: &Identity) {
        let was_primary = self.is_primary(identity);
        self.identities.retain(|known| known != identity);
        let id = identity.number();
        self.identity_notes.retain(|note| note.id != id);
        match identity {
            Identity::Email(_) if was_primary => {
                self.email = self.identities.iter().find_map(|known| match known {
                    Identity::Email(address) if self.note_of(known).verified => Some(address.clone()),
                    _ => None,
                });
                self.verified = self.email.is_some();
            }
            Identity::Phone(number) if self.phone.as_ref() == Some(number) => self.phone = None,
            Identity::External(id) if self.external_id.as_ref() == Some(id) => self.external_id = None,
            _ => {}
        }
    }

    /// The record with which this one becomes one, and this one as it is kept then.
    ///
    /// # Errors
    /// When they can't become one.
    pub fn merged_into(&self, winner: &Self, now: Timestamp) -> Result<(Self, Self), MergeRefused> {
        if self.id == winner.id {
            return Err(MergeRefused::Same);
        }
        if self.role.is_staff() || winner.role.is_staff() {
            return Err(MergeRefused::WorksHere);
        }
        if !self.is_standing() || !winner.is_standing() {
            return Err(MergeRefused::Gone);
        }
        if winner.merged.len() >= MOST_MERGED {
            return Err(MergeRefused::TooManyMerged);
        }
        let mut after = winner.clone();
        for identity in &self.identities {
            after.identities.push(identity.clone());
            // What nobody said of the one, nobody says of both.
            if self.is_named_by(identity) {
                let note = self.note_of(identity);
                after.identity_notes.retain(|known| known.id != note.id);
                after.identity_notes.push(note);
            }
        }
        if after.identities.len() > MOST_IDENTITIES {
            return Err(MergeRefused::TooManyIdentities);
        }
        let had = winner.organizations();
        let gained: Vec<OrganizationId> = self.organizations();
        let gained: Vec<OrganizationId> = gained.into_iter().filter(|id| !had.contains(id)).collect();
        after.set_organizations(had.into_iter().chain(gained.iter().copied()));
        if after.organizations().len() > MOST_ORGANIZATIONS {
            return Err(MergeRefused::TooManyOrganizations);
        }
        let mut fields = Vec::new();
        let mut fill = |to: &mut Option<String>, from: &Option<String>, name: &str| {
            if to.is_none() && from.is_some() {
                to.clone_from(from);
                fields.push(name.to_owned());
            }
        };
        fill(&mut after.email, &self.email, "email");
        fill(&mut after.phone, &self.phone, "phone");
        fill(&mut after.external_id, &self.external_id, "external_id");
        // Suspended is whoever either of them was.
        if after.suspended_at.is_none() && self.suspended_at.is_some() {
            after.suspended_at = self.suspended_at;
            fields.push("suspended".to_owned());
        }
        after.merged.push(Merged {
            person: self.id,
            at: now,
            organizations: gained,
            fields,
        });
        after.updated_at = now;
        let gone = Self {
            merged_into: Some(winner.id),
            updated_at: now,
            ..self.clone()
        };
        Ok((after, gone))
    }

    /// The record that this one became part of, and this one, as they are two again. What came with it goes back as far as it is
    /// still there.
    ///
    /// # Errors
    /// When they can't be two.
    pub fn parted_from(&self, winner: &Self, now: Timestamp) -> Result<(Self, Self), MergeRefused> {
        let merged = winner.merged.iter().find(|merged| merged.person == self.id);
        let (Some(merged), Some(_)) = (merged, self.merged_into) else {
            return Err(MergeRefused::NotMerged);
        };
        if self.forgotten_at.is_some() {
            return Err(MergeRefused::Gone);
        }
        if !winner.is_standing() {
            return Err(MergeRefused::MergedOn(winner.id));
        }
        let mut kept = winner.clone();
        let mut back = self.clone();
        let (theirs, gone): (Vec<Identity>, Vec<Identity>) = self
            .identities
            .iter()
            .cloned()
            .partition(|identity| winner.identities.contains(identity));
        for identity in &gone {
            back.drop_identity(identity);
        }
        let filled = |name: &str| merged.fields.iter().any(|field| field == name);
        // Which address answers go to was said by nobody of whoever had none.
        if filled("email") && kept.email == self.email {
            kept.email = None;
        }
        if filled("phone") && kept.phone == self.phone {
            kept.phone = None;
        }
        if filled("external_id") && kept.external_id == self.external_id {
            kept.external_id = None;
        }
        // Who was suspended anew since stays it.
        if filled("suspended") && kept.suspended_at == self.suspended_at {
            kept.suspended_at = None;
        }
        for identity in &theirs {
            kept.drop_identity(identity);
        }
        let stays = |id: &OrganizationId| !merged.organizations.contains(id);
        kept.set_organizations(winner.organizations().into_iter().filter(stays));
        kept.merged.retain(|merged| merged.person != self.id);
        back.merged_into = None;
        back.set_organizations(self.kept_organizations());
        (kept.updated_at, back.updated_at) = (now, now);
        Ok((kept, back))
    }
}

#[cfg(test)]
#[path = "account_tests.rs"]
mod tests;
