//! Changing one person's record, decided again where somebody else was first.

use crate::kit::{
    call::{API, Call},
    error::ApiError,
    idempotency::Once,
};
use docket_desk::{Answer, Committed, Guard, MOST_TRIES, StoreError};
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

/// Whom a call means by an identity; nobody where it is nobody's.
///
/// # Errors
/// When it came to somebody's record with a contact.
pub(crate) async fn meant_by(
    call: &Call,
    field: &str,
    identity: &Identity,
) -> Result<Option<Person>, ApiError> {
    match call.desk.people().find(identity).await? {
        Some(person) if !person.is_named_by(identity) => Err(ApiError::unconfirmed(field, person.id)),
        found => Ok(found),
    }
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
    let changed = attempt(call, id, looked, (API, vec![]), change).await?;
    match changed {
        Attempted::Done(person, result) => Ok((*person, result)),
        // Nothing guards it.
        Attempted::Earlier(_) => Err(contended(id)),
    }
}

/// The same once: nothing where the same call did it before, whatever became of it since.
///
/// # Errors
/// As [`change`], or when the call's key was used for another.
pub(crate) async fn change_once<T>(
    call: &Call,
    id: u64,
    looked: Looked,
    (once, created): (&Once, bool),
    change: impl Fn(&mut Person) -> Result<T, ApiError>,
) -> Result<Option<(Person, T)>, ApiError> {
    if once.earlier(call).await?.is_some() {
        return Ok(None);
    }
    let guarded = (once.cause.as_str(), once.guards(created));
    match attempt(call, id, looked, guarded, change).await? {
        Attempted::Done(person, result) => Ok(Some((*person, result))),
        Attempted::Earlier(answer) => once.same(answer).map(|_| None),
    }
}

/// What a try to change somebody came to.
enum Attempted<T> {
    Done(Box<Person>, T),
    /// It was done before.
    Earlier(Answer),
}

async fn attempt<T>(
    call: &Call,
    id: u64,
    looked: Looked,
    (cause, guards): (&str, Vec<Guard>),
    change: impl Fn(&mut Person) -> Result<T, ApiError>,
) -> Result<Attempted<T>, ApiError> {
    for nth in 0..MOST_TRIES {
        call.desk.wait_before(nth).await;
        let before = standing(call, id).await?;
        may_change(call, &before)?;
        let mut after = before.clone();
        looked.up(call, &mut after).await?;
        let result = change(&mut after)?;
        let mut writes = vec![];
        if after != before {
            let by = call.changed_by(cause);
            after.updated_at = by.at;
            writes = call.desk.people().changed_writes(&before, &after, &by).await?;
        } else if guards.is_empty() {
            return Ok(Attempted::Done(Box::new(before), result));
        }
        match call.desk.commit_writes(guards.clone(), writes).await? {
            Committed::Done(_) => {
                if before.role.is_staff() && !after.role.is_staff() {
                    // What they had goes to others; the sweep takes on what fails here.
                    call.desk.settle_agent_soon(after.id).await;
                }
                return Ok(Attempted::Done(Box::new(after), result));
            }
            Committed::Duplicate(earlier) => return Ok(Attempted::Earlier(earlier)),
            Committed::Lost => {}
        }
    }
    Err(contended(id))
}

fn contended(id: u64) -> ApiError {
    StoreError::contended(format!("person {id}")).into()
}
