//! Who comes in whom a provider proves: the person of the staff whose address it is, at their first sign-in; from then on whom the
//! provider's own name for them leads to. Addresses change hands, these names do not.

use crate::Desk;
use docket_domain::{
    PersonId,
    people::person::{Identity, Person},
};
use docket_store::{
    StoreError,
    people::SignInName,
    table::{Committed, MOST_TRIES},
};

/// What a provider proves.
#[derive(Clone, Debug)]
pub struct SignInProof {
    /// The provider.
    pub issuer: String,
    /// Its own name for the person.
    pub subject: String,
    /// Their mail address, where it is known to be theirs.
    pub address: Option<String>,
}

/// Why somebody is not let in.
#[derive(Debug, thiserror::Error)]
pub enum NotLetIn {
    /// The provider says no address, or not that it is theirs.
    #[error("the provider proves no address")]
    NoAddress,
    /// Nobody who works here has the address.
    #[error("nobody who works here has this address")]
    Nobody,
    /// Whoever it is does not work here any more.
    #[error("they do not work here any more")]
    NoLonger,
    /// Whoever has the address signs in under another name of the provider's.
    #[error("the address is somebody's who signs in with another account")]
    OtherAccount,
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Desk {
    /// Whether what a provider proves leads to somebody now. Whoever was let in by it is asked about once more when their session is open:
    /// their account may have been let go in between, and the sessions ended that there were then.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn leads_to(&self, proof: &SignInProof, person: PersonId) -> Result<bool, StoreError> {
        let name = SignInName::new(&proof.issuer, &proof.subject);
        Ok(self.people().signing_in_as(&name).await? == Some(person))
    }

    /// The person who signs in.
    ///
    /// # Errors
    /// When it is nobody who works here, or the world failed.
    pub async fn let_in(&self, proof: &SignInProof) -> Result<Person, NotLetIn> {
        let name = SignInName::new(&proof.issuer, &proof.subject);
        for _ in 0..MOST_TRIES {
            let linked = self.people().signing_in_as(&name).await?;
            if let Some(id) = linked
                && let Some(person) = self.people().get(id).await?.filter(Person::is_standing)
            {
                return Some(person).filter(Person::may_work).ok_or(NotLetIn::NoLonger);
            }
            // A record that was deleted, or became part of another, is nobody's any more: whoever works here again has a new one, to
            // which their address leads.
            let refused = |why| match linked {
                Some(_) => NotLetIn::NoLonger,
                None => why,
            };
            let address = proof.address.as_deref();
            let address = address.ok_or_else(|| refused(NotLetIn::NoAddress))?;
            let found = self.people().find(&Identity::email(address)).await?;
            let person = found
                .filter(|person| person.may_work() && person.signs_in_by(address))
                .ok_or_else(|| refused(NotLetIn::Nobody))?;
            if self.people().signs_in_at(person.id, &name).await? {
                return Err(NotLetIn::OtherAccount);
            }
            if let Some(former) = linked {
                self.people().forget_sign_ins(former).await?;
            }
            let writes = self.people().sign_in_writes(person.id, &name, self.now());
            if let Committed::Done(_) = self.commit_writes(vec![], writes).await? {
                tracing::info!(person = %person.id, "Person {} signed in for the first time; their account is theirs from now on.", person.id);
                return Ok(person);
            }
        }
        Err(StoreError::Contended {
            what: "the first sign-in of somebody".to_owned(),
            tries: MOST_TRIES,
        }
        .into())
    }
}
