//! Changing one person's record, decided again where somebody else was first.

use crate::kit::{
    call::{API, Call},
    error::ApiError,
};
use docket_desk::{Committed, MOST_TRIES, StoreError};
use docket_domain::{
    PersonId,
    people::{
        person::{Identity, Person},
        staff::Role,
    },
};

/// Somebody whose record stands.
///
/// # Errors
/// When there is nobody, or they were deleted.
pub(crate) async fn standing(call: &Call, id: u64) -> Result<Person, ApiError> {
    let person = call.desk.people().get(PersonId(id)).await?;
    person.filter(Person::is_standing).ok_or(ApiError::Missing)
}

/// Refuses that somebody changes a colleague who is no admin.
///
/// # Errors
/// When the caller may not change them.
pub(crate) fn may_change(call: &Call, person: &Person) -> Result<(), ApiError> {
    if person.role.is_staff() && call.caller.role != Role::Admin {
        return Err(ApiError::Forbidden("Only admins may change agents and admins."));
    }
    Ok(())
}

/// What is looked up before each try of a change.
#[derive(Debug, Default)]
pub(crate) struct Looked {
    /// Refuses one that is somebody's: an identity that is to be theirs.
    pub free: Option<Identity>,
    /// Refuses one on whom the desk counts: they are to leave.
    pub leaves: bool,
    /// Takes organizations off that are there no longer.
    pub organizations: bool,
}

impl Looked {
    async fn up(&self, call: &Call, person: &mut Person) -> Result<(), ApiError> {
        if let Some(identity) = &self.free {
            refuse_taken(call, identity, person).await?;
        }
        if self.leaves
            && let Some(refused) = call.desk.agents().refuses_role(person, Role::EndUser).await?
        {
            return Err(ApiError::invalid("role", refused.to_string()));
        }
        if self.organizations {
            let person = std::slice::from_mut(person);
            call.desk.organizations().forget_missing(person).await?;
        }
        Ok(())
    }
}

/// Refuses an identity that is somebody's.
async fn refuse_taken(call: &Call, identity: &Identity, person: &Person) -> Result<(), ApiError> {
    if let Identity::Email(email) = identity
        && call.desk.setup().await?.mailbox(email).is_some()
    {
        return Err(ApiError::invalid("value", "is a mailbox of this desk"));
    }
    let is_own = person.identities.contains(identity);
    if is_own || call.desk.people().find(identity).await?.is_some() {
        return Err(ApiError::taken("value"));
    }
    Ok(())
}

/// Changes somebody's record as it is now; how it is then, and what the change gave.
///
/// # Errors
/// When there is nobody whose record stands, the caller may not change it, or the change says no.
pub(crate) async fn change<T>(
    call: &Call,
    id: u64,
    looked: Looked,
    change: impl Fn(&mut Person) -> Result<T, ApiError>,
) -> Result<(Person, T), ApiError> {
    for nth in 0..MOST_TRIES {
        call.desk.wait_before(nth).await;
        let before = standing(call, id).await?;
        may_change(call, &before)?;
        let mut after = before.clone();
        looked.up(call, &mut after).await?;
        let result = change(&mut after)?;
        if after == before {
            return Ok((before, result));
        }
        let by = call.changed_by(API);
        after.updated_at = by.at;
        let writes = call.desk.people().changed_writes(&before, &after, &by).await?;
        if !matches!(call.desk.commit_writes(vec![], writes).await?, Committed::Lost) {
            if before.role.is_staff() && !after.role.is_staff() {
                // What they had goes to others; the sweep takes on what fails here.
                call.desk.settle_agent_soon(after.id).await;
            }
            return Ok((after, result));
        }
    }
    Err(StoreError::Contended {
        what: format!("person {id}"),
        tries: MOST_TRIES,
    }
    .into())
}
