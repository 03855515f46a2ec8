//! Groups and their members.

use crate::{parts::Groups, setup::SetupChange};
use docket_domain::{GroupId, PersonId, audit::ChangedBy, configuration::Group};
use docket_store::{
    StoreError,
    people::{Follows, MOST_GROUPS, MOST_MEMBERS},
    table::{Committed, Guard, MOST_TRIES},
};
use std::sync::Arc;

/// What became of a change of who belongs to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipChange {
    /// It stands.
    Done,
    /// It was so before.
    Unchanged,
    /// There is no such group, or it takes no more tickets.
    NoGroup,
    /// There is no such person, or they do not work here.
    NoAgent,
    /// The group has as many members as it can have.
    Full,
}

impl Groups<'_> {
    /// Makes a group without members; its number is the next one. Nothing: there are as many groups as there can be.
    pub async fn create(
        self,
        by: ChangedBy,
        make: impl Fn(GroupId) -> Group,
    ) -> Result<Option<Group>, StoreError> {
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let last = self.all().await?.last().map_or(0, |group| group.id.0);
            if last >= MOST_GROUPS {
                return Ok(None);
            }
            let group = make(GroupId(last + 1));
            let writes = self.new_writes(&group, &by)?;
            if let Committed::Done(_) = self.desk.commit_writes(vec![], writes).await? {
                return Ok(Some(group));
            }
        }
        Err(contended("the list of groups"))
    }

    /// Changes a group as it is now; decides again when somebody else was first. Nothing: there is no such group. What
    /// waits in it is looked at anew.
    pub async fn change<T, E>(
        self,
        by: ChangedBy,
        id: GroupId,
        change: impl Fn(&mut Group) -> Result<T, E>,
    ) -> Result<Option<SetupChange<Group, T, E>>, StoreError> {
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let Some(before) = self.get(id).await? else {
                return Ok(None);
            };
            let mut group = before.clone();
            let result = match change(&mut group) {
                Ok(result) => result,
                Err(error) => return Ok(Some(SetupChange::Refused(error))),
            };
            group.id = id;
            group.v = before.v + 1;
            group.updated_at = Some(by.at);
            let writes = self.changed_writes(&before, &group, &by)?;
            if let Committed::Done(_) = self.desk.commit_writes(vec![], writes).await? {
                // A nudge that is lost costs time only: the sweep looks after what waits.
                if let Err(error) = self.nudge(&[id], "the group was changed").await {
                    tracing::warn!(group = %id, %error, "group {id} was changed; nobody was nudged");
                }
                return Ok(Some(SetupChange::Done(Arc::new(group), result)));
            }
        }
        Err(contended(&format!("group {id}")))
    }

    /// Makes an agent a member of a group: their record and the group's list change together.
    pub async fn add_member(
        self,
        group: GroupId,
        agent: PersonId,
        by: ChangedBy,
    ) -> Result<MembershipChange, StoreError> {
        self.add_member_once(group, agent, by, vec![]).await
    }

    /// The same with guards against repeats.
    pub async fn add_member_once(
        self,
        group: GroupId,
        agent: PersonId,
        by: ChangedBy,
        guards: Vec<Guard>,
    ) -> Result<MembershipChange, StoreError> {
        let known = self.get(group).await?;
        if known.is_none_or(|group| group.is_archived) {
            return Ok(MembershipChange::NoGroup);
        }
        if self.members(group).await?.len() >= MOST_MEMBERS {
            return Ok(MembershipChange::Full);
        }
        self.change_membership(group, agent, true, by, guards).await
    }

    /// Takes an agent out of a group. Tickets that they have stay theirs.
    pub async fn remove_member(
        self,
        group: GroupId,
        agent: PersonId,
        by: ChangedBy,
    ) -> Result<MembershipChange, StoreError> {
        self.remove_member_once(group, agent, by, vec![]).await
    }

    /// The same with guards against repeats.
    pub async fn remove_member_once(
        self,
        group: GroupId,
        agent: PersonId,
        by: ChangedBy,
        guards: Vec<Guard>,
    ) -> Result<MembershipChange, StoreError> {
        self.change_membership(group, agent, false, by, guards).await
    }

    async fn change_membership(
        self,
        group: GroupId,
        agent: PersonId,
        belongs: bool,
        by: ChangedBy,
        guards: Vec<Guard>,
    ) -> Result<MembershipChange, StoreError> {
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let person = self
                .desk
                .people()
                .get(agent)
                .await?
                .filter(|person| person.role.is_staff());
            let Some(before) = person else {
                return Ok(MembershipChange::NoAgent);
            };
            let mut person = before.clone();
            // Desks from before have admins whose record names a group whose list does not have them.
            let is_listed = self.lists_member(group, agent).await?;
            if person.groups.contains(&group) == belongs && is_listed == belongs {
                if !guards.is_empty() {
                    self.desk.commit_writes(guards, vec![]).await?;
                }
                return Ok(MembershipChange::Unchanged);
            }
            person.groups.retain(|known| *known != group);
            if belongs {
                person.groups.push(group);
                person.groups.sort();
            }
            person.updated_at = by.at;
            let load = self.desk.agents().load(agent).await?;
            let mut writes = self.desk.people().changed_writes(&before, &person, &by).await?;
            writes.push(self.member_write(group, agent, belongs.then_some(by.at)));
            writes.extend(
                self.desk
                    .agents()
                    .membership_writes(agent, load.as_ref(), Follows::Look, &by)?,
            );
            match self.desk.commit_writes(guards.clone(), writes).await? {
                Committed::Done(_) => {
                    self.desk.settle_agent_soon(agent).await;
                    return Ok(MembershipChange::Done);
                }
                Committed::Duplicate(_) => return Ok(MembershipChange::Done),
                Committed::Lost => {}
            }
        }
        Err(contended(&format!("agent {agent}")))
    }
}

fn contended(what: &str) -> StoreError {
    StoreError::contended(what)
}
