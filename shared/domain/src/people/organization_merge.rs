//! That one organization becomes part of another: its domains at once, its people in steps, and with them the tickets that they ask.
//! Then it is gone.

use super::organization::{MOST_DOMAINS, Organization};
use crate::{OrganizationId, Timestamp, job::JobId, ticket::Actor};
use serde::{Deserialize, Serialize};

/// Most organizations, each part of the next, through which one is followed.
pub const FOLLOWED_ONE_AFTER_ANOTHER: usize = 20;

/// How a merge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationMergeStatus {
    /// Nobody went over yet.
    New,
    /// Some did.
    InProgress,
    /// All did, and the organization is gone.
    Complete,
}

/// A merge as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationMerge {
    /// Its id; ids sort by age.
    pub id: JobId,
    /// The one that goes.
    pub loser: OrganizationId,
    /// The one of which it becomes a part.
    pub winner: OrganizationId,
    /// Who asked for it.
    pub by: Actor,
    /// When.
    pub asked_at: Timestamp,
    /// How it stands.
    pub status: OrganizationMergeStatus,
    /// How many people went over. It is counted beside the record, with each of them.
    #[serde(skip)]
    pub moved: u64,
}

/// Why two organizations do not become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrganizationMergeRefused {
    /// They are the same.
    #[error("no organization can be merged with itself")]
    Same,
    /// Together they have more domains than one can have.
    #[error("together they have {0} domains, at most {MOST_DOMAINS} are allowed")]
    TooManyDomains(usize),
    /// One of them takes part in another merge.
    #[error("one of them takes part in a merge that is not over")]
    NotOver,
}

impl OrganizationMerge {
    /// One that begins.
    pub fn new(
        id: JobId,
        (loser, winner): (OrganizationId, OrganizationId),
        by: Actor,
        asked_at: Timestamp,
    ) -> Self {
        Self {
            id,
            loser,
            winner,
            by,
            asked_at,
            status: OrganizationMergeStatus::New,
            moved: 0,
        }
    }

    /// Once some people were looked at.
    #[must_use]
    pub fn went_on(&self) -> Self {
        Self {
            status: OrganizationMergeStatus::InProgress,
            ..self.clone()
        }
    }

    /// Once all are over.
    #[must_use]
    pub fn completed(&self) -> Self {
        Self {
            status: OrganizationMergeStatus::Complete,
            ..self.clone()
        }
    }
}

impl Organization {
    /// Both after this one's domains went to another: whoever is new writes for that one from then on. All else that it says stays with
    /// it, and goes with it.
    ///
    /// # Errors
    /// When they can't be one.
    pub fn giving_domains_to(
        &self,
        winner: &Self,
        now: Timestamp,
    ) -> Result<(Self, Self), OrganizationMergeRefused> {
        if self.id == winner.id {
            return Err(OrganizationMergeRefused::Same);
        }
        let (mut loses, mut wins) = (self.clone(), winner.clone());
        for domain in std::mem::take(&mut loses.domains) {
            if !wins.domains.contains(&domain) {
                wins.domains.push(domain);
            }
        }
        if wins.domains.len() > MOST_DOMAINS {
            return Err(OrganizationMergeRefused::TooManyDomains(wins.domains.len()));
        }
        for (before, after) in [(self, &mut loses), (winner, &mut wins)] {
            if *before != *after {
                after.updated_at = now;
            }
        }
        Ok((loses, wins))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PersonId;

    fn organization(id: u64, domains: &[&str]) -> Organization {
        let mut made = Organization::new(OrganizationId(id), "Acme", Timestamp::UNIX_EPOCH);
        made.domains = domains.iter().map(|domain| (*domain).to_owned()).collect();
        made.tags = vec![format!("of-{id}")];
        made
    }

    #[test]
    fn domains_go_over_and_all_else_stays() {
        let now = Timestamp::from_second(60).unwrap();
        let (one, other) = (
            organization(1, &["a.example", "b.example"]),
            organization(2, &["b.example", "c.example"]),
        );
        let (loses, wins) = one.giving_domains_to(&other, now).unwrap();
        assert_eq!(
            (loses.domains.len(), loses.tags.as_slice()),
            (0, one.tags.as_slice())
        );
        assert_eq!(wins.domains, ["b.example", "c.example", "a.example"]);
        assert_eq!((wins.tags, wins.updated_at), (other.tags.clone(), now));
        let nothing = organization(3, &[]);
        let (same, also) = nothing.giving_domains_to(&other, now).unwrap();
        assert_eq!((&same, &also), (&nothing, &other));
    }

    #[test]
    fn what_can_not_be_one_is_refused() {
        let now = Timestamp::UNIX_EPOCH;
        let names: Vec<String> = (0..MOST_DOMAINS).map(|nth| format!("d{nth}.example")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let full = organization(1, &names);
        let one_more = organization(2, &["other.example"]);
        assert_eq!(
            one_more.giving_domains_to(&full, now),
            Err(OrganizationMergeRefused::TooManyDomains(MOST_DOMAINS + 1))
        );
        assert!(
            organization(3, &["d0.example"])
                .giving_domains_to(&full, now)
                .is_ok()
        );
        assert_eq!(
            full.giving_domains_to(&full, now),
            Err(OrganizationMergeRefused::Same)
        );
    }

    #[test]
    fn a_merge_that_was_stored_once_is_read() {
        let stored = r#"{"id":"019cadf7300007070707070707070707","loser":5,"winner":7,"by":{"kind":"agent","id":1},
            "asked_at":"2026-03-02T08:00:00Z","status":"in_progress"}"#;
        let read: OrganizationMerge = serde_json::from_str(stored).unwrap();
        let begun = OrganizationMerge::new(
            JobId::parse("019cadf7300007070707070707070707").unwrap(),
            (OrganizationId(5), OrganizationId(7)),
            Actor::Agent(PersonId(1)),
            "2026-03-02T08:00:00Z".parse().unwrap(),
        );
        assert_eq!(read, begun.went_on());
        let again = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<OrganizationMerge>(&again).unwrap(), read);
        let counted = OrganizationMerge { moved: 12, ..read };
        assert_eq!((counted.went_on().moved, counted.completed().moved), (12, 12));
    }
}
