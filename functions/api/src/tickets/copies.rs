//! Who gets the answers to a ticket in copy: `email_ccs`, and `collaborators` as older clients say it.

use super::fields::{CcFields, Collaborator, TicketFields};
use crate::{
    kit::{
        call::{API, Call, Ids},
        error::ApiError,
        input::is_email,
    },
    shapes::user::user,
};
use axum::Json;
use docket_domain::{
    PersonId, TicketNumber,
    people::person::{Identity, Person},
    ticket::Ticket,
};
use serde_json::{Value, json};

impl Collaborator {
    fn as_cc(&self) -> CcFields {
        match self.clone() {
            Self::Id(id) => CcFields {
                user_id: Some(id),
                ..CcFields::default()
            },
            Self::Email(email) => CcFields {
                user_email: Some(email),
                ..CcFields::default()
            },
            Self::Named { name, email } => CcFields {
                user_email: Some(email),
                user_name: name,
                ..CcFields::default()
            },
        }
    }
}

/// Most people that one call names: as many as can be in copy go, and as many come.
const MOST_NAMED: usize = 2 * Ticket::MOST_CCS;

/// Who comes and goes.
#[derive(Debug, Default)]
pub(super) struct Copies {
    pub add: Vec<PersonId>,
    pub remove: Vec<PersonId>,
    /// Whether it was worked out from the ticket as it was read.
    pub is_whole: bool,
}

impl TicketFields {
    /// Who is to get the answers in copy, and who is not any more. A whole list replaces what is there.
    /// `requester` is who asks where that person may be new, too.
    pub async fn copies(
        &self,
        call: &Call,
        ticket: &Ticket,
        requester: Option<&Person>,
    ) -> Result<Copies, ApiError> {
        let mut copies = Copies::default();
        let mut made: Vec<Person> = requester.into_iter().cloned().collect();
        let whole = [&self.collaborators, &self.collaborator_ids]
            .into_iter()
            .flatten()
            .flatten();
        let more = self.additional_collaborators.iter().flatten();
        let older = whole.chain(more).map(Collaborator::as_cc);
        let named: Vec<CcFields> = self.email_ccs.iter().flatten().cloned().chain(older).collect();
        if named.len() > MOST_NAMED {
            let words = format!(
                "names {} people, at most {MOST_NAMED} are possible: do it in several steps",
                named.len()
            );
            return Err(ApiError::invalid("email_ccs", words));
        }
        for cc in named {
            let removes = match cc.action.as_deref() {
                None | Some("put") => false,
                Some("delete") => true,
                Some(_) => return Err(ApiError::invalid("email_ccs.action", "is put or delete")),
            };
            if removes {
                copies.remove.extend(known(call, &cc).await?);
            } else {
                copies.add.push(person(call, &cc, &mut made).await?);
            }
        }
        copies.is_whole = self.collaborators.is_some() || self.collaborator_ids.is_some();
        if copies.is_whole {
            let gone = ticket.ccs.iter().filter(|person| !copies.add.contains(person));
            copies.remove.extend(gone);
        }
        Ok(copies)
    }
}

/// Whom an entry names, by id or by a checked address.
enum Named {
    Id(PersonId),
    Address(String),
}

async fn named(call: &Call, cc: &CcFields) -> Result<Named, ApiError> {
    if let Some(id) = cc.user_id {
        let found = call.desk.people().get(PersonId(id)).await?;
        let nobody = || ApiError::invalid("email_ccs.user_id", "is nobody's id");
        return found.map(|person| Named::Id(person.id)).ok_or_else(nobody);
    }
    let email = cc.user_email.as_deref().unwrap_or_default().trim().to_lowercase();
    if !is_email(&email) {
        return Err(ApiError::invalid("email_ccs.user_email", "is not a mail address"));
    }
    if call.desk.setup().await?.mailbox(&email).is_some() {
        return Err(ApiError::invalid(
            "email_ccs.user_email",
            "is a mailbox of this desk",
        ));
    }
    Ok(Named::Address(email))
}

/// Who is meant; nothing where nobody has the address.
async fn known(call: &Call, cc: &CcFields) -> Result<Option<PersonId>, ApiError> {
    match named(call, cc).await? {
        Named::Id(id) => Ok(Some(id)),
        Named::Address(email) => {
            let found = call.desk.people().find(&Identity::email(&email)).await?;
            Ok(found.map(|person| person.id))
        }
    }
}

/// Whoever is meant. Somebody new is stored at once: a save has no room for forty of them.
async fn person(call: &Call, cc: &CcFields, made: &mut Vec<Person>) -> Result<PersonId, ApiError> {
    let email = match named(call, cc).await? {
        Named::Id(id) => return Ok(id),
        Named::Address(email) => email,
    };
    let identity = Identity::email(&email);
    if let Some(known) = made.iter().find(|person| person.identities.contains(&identity)) {
        return Ok(known.id);
    }
    let name = cc.user_name.as_deref().unwrap_or_default();
    let by = call.changed_by(API);
    let person = call
        .desk
        .people()
        .find_or_store(identity, (name, None), &by)
        .await?;
    let id = person.id;
    made.push(person);
    Ok(id)
}

/// `GET tickets/{id}/email_ccs`, and `tickets/{id}/collaborators`: the people themselves.
pub(crate) async fn list(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let ticket = call
        .desk
        .tickets()
        .standing(TicketNumber(id))
        .await?
        .ok_or(ApiError::Missing)?;
    listed(&call, &ticket.ccs).await
}

/// These people themselves.
pub(super) async fn listed(call: &Call, ids: &[PersonId]) -> Result<Json<Value>, ApiError> {
    let mut people = call.desk.people().get_many(ids).await?;
    people.sort_by_key(|person| person.id);
    let users: Vec<Value> = people.iter().map(|person| user(&call.address, person)).collect();
    let count = users.len();
    Ok(Json(
        json!({ "users": users, "count": count, "next_page": null, "previous_page": null }),
    ))
}
