//! Two records that are one person's become one, and two again. The records change in one transaction, with everything by which
//! somebody is found; their tickets follow in steps, which the sweep takes on where they broke off (`person_work.rs`).

use crate::parts::People;
use docket_domain::{
    PersonId,
    audit::ChangedBy,
    people::{account::MergeRefused, person::Person},
};
use docket_store::{
    StoreError,
    people::{PersonTask, PersonWork},
    table::{Committed, Guard, MOST_TRIES},
};

/// Tickets that follow at once, while the caller waits.
const AT_ONCE: usize = 25;

/// Why two records are not merged or parted.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// Nobody has this id.
    #[error("nobody has the id {0}")]
    Nobody(PersonId),
    /// They can't be.
    #[error(transparent)]
    Refused(#[from] MergeRefused),
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl People<'_> {
    /// Makes one person's record part of another's: identities and organizations go over at once, and with them whoever writes from
    /// then on; tickets follow. The one who has it all comes back. A repeat finds it done.
    ///
    /// # Errors
    /// When they can't be merged, or the world failed.
    pub async fn merge(
        self,
        loser: PersonId,
        winner: PersonId,
        by: &ChangedBy,
        guards: Vec<Guard>,
    ) -> Result<Person, MergeError> {
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let (lost, won) = self.two(loser, winner).await?;
            if lost.merged_into == Some(winner) {
                self.go_on_soon(loser).await;
                return Ok(won);
            }
            let (after, gone) = lost.merged_into(&won, by.at)?;
            let mut writes = self.exchange_writes([(&lost, &gone), (&won, &after)], by).await?;
            let task = PersonTask::Give { to: winner };
            writes.push(self.work_write(loser, &asked(task, by), by.at)?);
            if !matches!(
                self.desk.commit_writes(guards.clone(), writes).await?,
                Committed::Lost
            ) {
                self.go_on_soon(loser).await;
                return Ok(after);
            }
        }
        Err(contended(loser))
    }

    /// Makes two records again of what a merge made one: identities and organizations that came with it go back as far as they are
    /// still there, and so do the tickets. What came since the merge stays where it came. The one who is there again comes back.
    ///
    /// # Errors
    /// When they can't be parted, or the world failed.
    pub async fn part(
        self,
        person: PersonId,
        by: &ChangedBy,
        guards: Vec<Guard>,
    ) -> Result<Person, MergeError> {
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let merged = self.get(person).await?.ok_or(MergeError::Nobody(person))?;
            let winner = merged.merged_into.ok_or(MergeRefused::NotMerged)?;
            let (merged, won) = self.two(person, winner).await?;
            let (kept, mut back) = merged.parted_from(&won, by.at)?;
            self.of_organizations_now(&mut back).await?;
            let mut writes = self
                .exchange_writes([(&won, &kept), (&merged, &back)], by)
                .await?;
            let task = PersonTask::TakeBack {
                from: winner,
                after: None,
                is_deleted: false,
            };
            writes.push(self.work_write(person, &asked(task, by), by.at)?);
            if !matches!(
                self.desk.commit_writes(guards.clone(), writes).await?,
                Committed::Lost
            ) {
                self.go_on_soon(person).await;
                return Ok(back);
            }
        }
        Err(contended(person))
    }

    /// What became part of another organization since somebody was merged is that one to them.
    async fn of_organizations_now(self, person: &mut Person) -> Result<(), StoreError> {
        if !person.is_standing() {
            return Ok(());
        }
        let mut now = Vec::new();
        for id in person.organizations() {
            now.push(self.desk.organization_now(id).await?);
        }
        person.set_organizations(now);
        Ok(())
    }

    /// Both as they are now.
    async fn two(self, one: PersonId, other: PersonId) -> Result<(Person, Person), MergeError> {
        let one = self.get(one).await?.ok_or(MergeError::Nobody(one))?;
        let other = self.get(other).await?.ok_or(MergeError::Nobody(other))?;
        Ok((one, other))
    }

    /// Begins with what is to be done about somebody; the sweep goes on with the rest, and with what fails here.
    pub(crate) async fn go_on_soon(self, person: PersonId) {
        if let Err(error) = self.go_on(person, AT_ONCE).await {
            tracing::warn!(%person, %error, "what follows for person {person} is left to the sweep");
        }
    }
}

/// Something that somebody asked for now.
pub(crate) fn asked(task: PersonTask, by: &ChangedBy) -> PersonWork {
    PersonWork {
        task,
        by: by.actor.clone(),
        asked_at: by.at,
    }
}

fn contended(person: PersonId) -> MergeError {
    MergeError::Store(StoreError::contended(format!("person {person}")))
}
