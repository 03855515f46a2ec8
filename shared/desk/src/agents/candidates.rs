//! The members of a group with their loads, for whoever gives out tickets.

use crate::{Desk, parts::Agents};
use docket_domain::{GroupId, PersonId, assignment::AgentLoad, configuration::Group};
use docket_store::StoreError;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// How often who joined meanwhile is asked for. Whoever joins after that is found by the next run, whom their joining nudges.
const MOST_READINGS: usize = 3;

/// The members of groups as they were seen last.
#[derive(Default)]
pub(crate) struct SeenMembers(Mutex<BTreeMap<GroupId, Vec<PersonId>>>);

impl SeenMembers {
    fn of(&self, group: GroupId) -> Option<Vec<PersonId>> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(&group).cloned()
    }

    fn note(&self, group: GroupId, members: Vec<PersonId>) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(group, members);
    }
}

impl Agents<'_> {
    /// A group, and its members' loads. A group that nobody set up has no members.
    ///
    /// The loads are read first, those of whoever was a member when it was last asked, and the list of members after them: whoever
    /// left before their load was read is not on the list any more, and of whoever leaves later the commit finds that their settings
    /// are others.
    pub async fn of_group(self, group: GroupId) -> Result<(Option<Group>, Vec<AgentLoad>), StoreError> {
        let desk: &Desk = self.desk;
        let mut asked = match desk.0.seen_members.of(group) {
            Some(seen) => seen,
            None => desk.groups().members(group).await?,
        };
        let mut readings = 0;
        loop {
            readings += 1;
            let mut loads = self.loads(&asked).await?;
            let (known, members) = desk.groups().with_members(group).await?;
            let is_complete = members.iter().all(|member| asked.contains(member));
            desk.0.seen_members.note(group, members.clone());
            if is_complete || readings == MOST_READINGS {
                loads.retain(|load| members.contains(&load.agent));
                return Ok((known, loads));
            }
            asked = members;
        }
    }
}
