//! Organizations become one. What begins it is one transaction; then the people of the one that goes become the other's, some with each
//! message, and with them the tickets that they ask: a ticket's organization is its requester's. Once nobody is left the organization
//! is gone, and for a while whoever comes to it late goes over as well. The sweep goes on with what broke off.

use crate::Desk;
use docket_domain::{
    OrganizationId, PersonId, Timestamp,
    audit::ChangedBy,
    job::JobId,
    people::{
        organization::Organization,
        organization_merge::{
            FOLLOWED_ONE_AFTER_ANOTHER, OrganizationMerge, OrganizationMergeRefused, OrganizationMergeStatus,
        },
        person::Person,
    },
};
use docket_store::{
    Never, Queue, StoreError,
    people::{MembersNudge, OrganizationWork, STANDS_STILL_AFTER},
    table::{Answer, Committed, Guard, MOST_TRIES},
};

/// Members that are looked at between two notes of how far it is.
const AT_ONCE: usize = 50;

/// What became of a call that asks for a merge.
#[derive(Clone, Debug)]
pub enum MergeBegun {
    /// It began.
    New(Box<OrganizationMerge>),
    /// It began before; the guard's answer.
    Before(Answer),
}

/// Why two organizations are not merged.
#[derive(Debug, thiserror::Error)]
pub enum OrganizationMergeError {
    /// There is no organization with this id.
    #[error("there is no organization {0}")]
    NotThere(OrganizationId),
    /// They can't be.
    #[error(transparent)]
    Refused(#[from] OrganizationMergeRefused),
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Desk {
    /// Has one organization become part of another. Its domains go over at once, so that whoever is new writes for the other one.
    ///
    /// # Errors
    /// When they can't be merged, or the world failed.
    pub async fn merge_organizations(
        &self,
        loser: OrganizationId,
        winner: OrganizationId,
        by: &ChangedBy,
        guards: Vec<Guard>,
    ) -> Result<MergeBegun, OrganizationMergeError> {
        let mut random = [0; 10];
        random.copy_from_slice(&self.random_bytes()[..10]);
        let id = JobId::new(by.at, random);
        let merge = OrganizationMerge::new(id.clone(), (loser, winner), by.actor.clone(), by.at);
        let named = |mut guard: Guard| {
            guard.answer.job = Some(id.clone());
            guard
        };
        let guards: Vec<Guard> = guards.into_iter().map(named).collect();
        for nth in 0..MOST_TRIES {
            self.wait_before(nth).await;
            let (lost, won) = (self.organization(loser).await?, self.organization(winner).await?);
            let (loses, wins) = lost.giving_domains_to(&won, by.at)?;
            let goes = self.organizations().takes_part(loser).await?;
            let stays = self.organizations().takes_part(winner).await?;
            if !goes.is_free() || stays.goes_by.is_some() {
                return Err(OrganizationMergeRefused::NotOver.into());
            }
            let both = [(&lost, &loses), (&won, &wins)];
            let writes = self.organizations().merge_writes(&merge, both, by)?;
            match self.commit_writes(guards.clone(), writes).await? {
                Committed::Done(_) => {
                    self.go_on_with_members_soon(loser).await;
                    return Ok(MergeBegun::New(Box::new(merge)));
                }
                Committed::Duplicate(answer) => return Ok(MergeBegun::Before(answer)),
                // Somebody changed one of them, or took a domain, at the same time.
                Committed::Lost => {}
            }
        }
        Err(StoreError::contended(format!("organization {loser}")).into())
    }

    async fn organization(&self, id: OrganizationId) -> Result<Organization, OrganizationMergeError> {
        let found = self.organizations().get(id).await?;
        found.ok_or(OrganizationMergeError::NotThere(id))
    }

    /// Has the members of an organization gone on with.
    ///
    /// # Errors
    /// When the queue does not take it.
    pub async fn nudge_members(&self, organization: OrganizationId) -> Result<(), StoreError> {
        let nudge = MembersNudge {
            tenant: self.settings.tenant.clone(),
            organization,
        };
        self.queues().send(Queue::Jobs, &nudge).await
    }

    /// The same where it stands already: a nudge that is lost costs time only.
    async fn go_on_with_members_soon(&self, organization: OrganizationId) {
        if let Err(error) = self.nudge_members(organization).await {
            tracing::warn!(%organization, %error, "the members of organization {organization} are left to the sweep");
        }
    }

    /// Goes on with what is left to do about the members of an organization that was deleted, or that becomes part of another: some of
    /// them. Whether there is more to do now.
    ///
    /// # Errors
    /// When the world failed; what is done is done, and the rest stays due.
    pub async fn go_on_with_members(&self, id: OrganizationId) -> Result<bool, StoreError> {
        let organizations = self.organizations();
        let Some(work) = organizations.work(id).await? else {
            return Ok(false);
        };
        let Some(merge_id) = &work.merge else {
            organizations.clear_members(id).await?;
            return Ok(false);
        };
        let merge = organizations.merge(merge_id).await?;
        let merge = merge.ok_or_else(|| Never::unreadable("merge", format!("{merge_id} is gone")))?;
        // Who was there before there were lists is put on them first: until then an empty list is no reason to end.
        if !organizations.put_members_on_lists().await? {
            return Ok(true);
        }
        let members = organizations.listed(id, AT_ONCE).await?;
        if members.is_empty() {
            return self.end_of_list(&merge, &work).await;
        }
        let winner = self.organization_now(merge.winner).await?;
        for person in members {
            self.move_member(person, winner, &merge).await?;
        }
        if merge.status == OrganizationMergeStatus::Complete {
            // Somebody came late. All is told already.
            return Ok(true);
        }
        let stands_still_at = self
            .now()
            .checked_add(STANDS_STILL_AFTER)
            .unwrap_or(Timestamp::MAX);
        organizations
            .merge_went_on(&merge.went_on(), &work, stands_still_at)
            .await
    }

    /// Nobody is on the list: the organization goes, or nobody can come any more, or it is looked at once more later.
    async fn end_of_list(
        &self,
        merge: &OrganizationMerge,
        work: &OrganizationWork,
    ) -> Result<bool, StoreError> {
        let organizations = self.organizations();
        let now = self.now();
        match work.last_at() {
            None => {
                let gone = organizations.get(merge.loser).await?;
                let by = ChangedBy::new(merge.by.clone(), cause(merge), now);
                let is_done = organizations
                    .merge_completed(merge, gone.as_ref(), work, &by)
                    .await?;
                // Somebody changed it at the same time: once more.
                Ok(!is_done)
            }
            Some(last_at) if now < last_at => {
                organizations.merge_went_on(merge, work, last_at).await?;
                Ok(false)
            }
            Some(_) => {
                organizations.merge_is_over(merge.loser, work).await?;
                Ok(false)
            }
        }
    }

    /// Somebody who belongs to the one that goes belongs to the other in its place. Who can never be changed holds up nobody else.
    async fn move_member(
        &self,
        id: PersonId,
        winner: OrganizationId,
        merge: &OrganizationMerge,
    ) -> Result<(), StoreError> {
        match self.try_to_move(id, winner, merge).await {
            Err(error) if error.is_final() => {
                let loser = merge.loser;
                tracing::error!(person = %id, %error, "person {id} can't be moved from organization {loser} to {winner}");
                let read = self.people().version(id).await?;
                // Who changed at this moment stays on the list, and is looked at again.
                self.organizations().take_off_list(loser, id, read).await?;
                Ok(())
            }
            result => result,
        }
    }

    async fn try_to_move(
        &self,
        id: PersonId,
        winner: OrganizationId,
        merge: &OrganizationMerge,
    ) -> Result<(), StoreError> {
        let organizations = self.organizations();
        for nth in 0..MOST_TRIES {
            self.wait_before(nth).await;
            let read = self.people().as_of_now(&[id]).await?;
            let belongs = |person: &&Person| person.organizations().contains(&merge.loser);
            let Some(before) = read.first().filter(belongs) else {
                let version = read.first().map(|person| person.v);
                if organizations.take_off_list(merge.loser, id, version).await? {
                    return Ok(());
                }
                continue;
            };
            let by = ChangedBy::new(merge.by.clone(), cause(merge), self.now());
            let mut after = before.clone();
            after.go_over(merge.loser, winner);
            after.updated_at = by.at;
            let mut writes = self.people().changed_writes(before, &after, &by).await?;
            writes.push(organizations.counted_write(merge));
            if !matches!(self.commit_writes(vec![], writes).await?, Committed::Lost) {
                return Ok(());
            }
        }
        Err(StoreError::contended(format!("person {id}")))
    }

    /// The organization as which one stands now: the one of which it became part, and so on.
    pub(crate) async fn organization_now(&self, id: OrganizationId) -> Result<OrganizationId, StoreError> {
        let mut now = id;
        for _ in 0..FOLLOWED_ONE_AFTER_ANOTHER {
            let Some(merge) = self.organizations().takes_part(now).await?.goes_by else {
                break;
            };
            match self.organizations().merge(&merge).await? {
                Some(merge) if merge.status == OrganizationMergeStatus::Complete => now = merge.winner,
                _ => break,
            }
        }
        Ok(now)
    }
}

fn cause(merge: &OrganizationMerge) -> String {
    format!("organization {} was merged into {}", merge.loser, merge.winner)
}
