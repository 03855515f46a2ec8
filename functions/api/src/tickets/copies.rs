//! Who gets the answers to a ticket in copy: `email_ccs`, and `collaborators` as older clients say it.

use super::fields::{CcFields, Collaborator, TicketFields};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        input::is_email,
    },
    shapes::user::user,
};
use axum::Json;
use docket_desk::Write;
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

/// Who comes and goes.
#[derive(Debug, Default)]
pub(super) struct Copies {
    pub add: Vec<PersonId>,
    pub remove: Vec<PersonId>,
    /// Whether it was worked out from the ticket as it was read.
    pub is_whole: bool,
    /// The parts that store people who were not known.
    pub writes: Vec<Write>,
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
        for cc in self.email_ccs.iter().flatten().cloned().chain(older) {
            let removes = match cc.action.as_deref() {
                None | Some("put") => false,
                Some("delete") => true,
                Some(_) => return Err(ApiError::invalid("email_ccs.action", "is put or delete")),
            };
            let person = person(call, &cc, &mut made, &mut copies.writes).await?;
            if removes {
                &mut copies.remove
            } else {
                &mut copies.add
            }
            .push(person);
        }
        copies.is_whole = self.collaborators.is_some() || self.collaborator_ids.is_some();
        if copies.is_whole {
            let gone = ticket.ccs.iter().filter(|person| !copies.add.contains(person));
            copies.remove.extend(gone);
        }
        Ok(copies)
    }
}

/// Whoever is meant; somebody new is made once, however often the call names them.
async fn person(
    call: &Call,
    cc: &CcFields,
    made: &mut Vec<Person>,
    writes: &mut Vec<Write>,
) -> Result<PersonId, ApiError> {
    if let Some(id) = cc.user_id {
        let found = call.desk.people().get(PersonId(id)).await?;
        return match found {
            Some(person) => Ok(person.id),
            None => Err(ApiError::invalid("email_ccs.user_id", "is nobody's id")),
        };
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
    let identity = Identity::email(&email);
    if let Some(known) = made.iter().find(|person| person.identities.contains(&identity)) {
        return Ok(known.id);
    }
    let name = cc.user_name.as_deref().unwrap_or_default();
    let now = call.desk.now();
    let (person, stored_by) = call
        .desk
        .people()
        .find_or_make(vec![identity], name, None, now)
        .await?;
    writes.extend(stored_by);
    let id = person.id;
    made.push(person);
    Ok(id)
}

/// `GET tickets/{id}/email_ccs`, and `tickets/{id}/collaborators`: the people themselves.
pub(crate) async fn list(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let ticket = call
        .desk
        .tickets()
        .get(TicketNumber(id))
        .await?
        .ok_or(ApiError::Missing)?;
    let mut people = call.desk.people().get_many(&ticket.ccs).await?;
    people.sort_by_key(|person| person.id);
    let users: Vec<Value> = people.iter().map(|person| user(&call.address, person)).collect();
    let count = users.len();
    Ok(Json(
        json!({ "users": users, "count": count, "next_page": null, "previous_page": null }),
    ))
}
