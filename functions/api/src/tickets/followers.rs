//! Who follows a ticket: `followers`, `follower_ids`, `GET tickets/{id}/followers`; and the other tickets that fields name.

use super::{
    copies::listed,
    fields::{CcFields, TicketFields},
};
use crate::kit::{
    call::{Call, Ids},
    error::ApiError,
};
use axum::Json;
use docket_domain::{
    PersonId, TicketNumber,
    people::person::{Identity, Person},
    ticket::{Status, Ticket, TicketType},
};
use serde_json::Value;

/// Most agents that one call names: as many as can follow go, and as many come.
const MOST_NAMED: usize = 2 * Ticket::MOST_FOLLOWERS;

/// Who comes and goes.
#[derive(Debug, Default)]
pub(super) struct Followers {
    pub add: Vec<PersonId>,
    pub remove: Vec<PersonId>,
}

impl TicketFields {
    /// Who follows the ticket from now on, and who does not any more. `follower_ids` is the whole list.
    pub async fn followers(&self, call: &Call, ticket: &Ticket) -> Result<Followers, ApiError> {
        let mut followers = Followers::default();
        let named = self.followers.as_deref().unwrap_or_default();
        let whole = self.follower_ids.as_deref().unwrap_or_default();
        if named.len() + whole.len() > MOST_NAMED {
            let words = format!("names more than {MOST_NAMED} agents: do it in several steps");
            return Err(ApiError::invalid("followers", words));
        }
        for follower in named {
            match follower.action.as_deref() {
                None | Some("put") => followers.add.push(agent(call, follower).await?),
                Some("delete") => followers.remove.extend(gone(call, follower).await?),
                Some(_) => return Err(ApiError::invalid("followers.action", "is put or delete")),
            }
        }
        if self.follower_ids.is_some() {
            for id in whole.iter().map(|id| PersonId(*id)) {
                if !ticket.followers.contains(&id) {
                    let found = call.desk.people().get(id).await?;
                    followers.add.push(staff("follower_ids", found)?.id);
                }
            }
            let gone = ticket.followers.iter().filter(|id| !whole.contains(&id.0));
            let gone: Vec<PersonId> = gone.filter(|id| !followers.add.contains(id)).copied().collect();
            followers.remove.extend(gone);
        }
        Ok(followers)
    }

    /// The problem that it is an incident of, if that is said. What is sent back as it was read is not looked at again.
    pub async fn problem(
        &self,
        call: &Call,
        ticket: Option<&Ticket>,
    ) -> Result<Option<Option<TicketNumber>>, ApiError> {
        let Some(Some(id)) = self.problem_id else {
            return Ok(self.problem_id.map(|_| None));
        };
        let number = TicketNumber(id);
        if ticket.is_some_and(|ticket| ticket.problem == Some(number)) {
            return Ok(Some(Some(number)));
        }
        let found = call.desk.tickets().standing(number).await?;
        match found.filter(|problem| problem.ticket_type == Some(TicketType::Problem)) {
            Some(_) => Ok(Some(Some(number))),
            None => Err(ApiError::invalid(
                "problem_id",
                "is no id of a ticket of type problem",
            )),
        }
    }

    /// The closed ticket that a new one follows.
    pub(super) async fn followed(&self, call: &Call) -> Result<Option<TicketNumber>, ApiError> {
        let Some(number) = self.via_followup_source_id.map(TicketNumber) else {
            return Ok(None);
        };
        let found = call.desk.tickets().standing(number).await?;
        match found.filter(|ticket| ticket.status == Status::Closed) {
            Some(_) => Ok(Some(number)),
            None => Err(ApiError::invalid(
                "via_followup_source_id",
                "is no closed ticket's id",
            )),
        }
    }
}

async fn agent(call: &Call, named: &CcFields) -> Result<PersonId, ApiError> {
    let (field, found) = found(call, named).await?;
    Ok(staff(field, found)?.id)
}

/// Who does not follow any more: also whoever does not work here any more, or is there no more.
async fn gone(call: &Call, named: &CcFields) -> Result<Option<PersonId>, ApiError> {
    let (_, found) = found(call, named).await?;
    Ok(found.map(|person| person.id).or(named.user_id.map(PersonId)))
}

/// The field that names somebody, and who that is.
async fn found(call: &Call, named: &CcFields) -> Result<(&'static str, Option<Person>), ApiError> {
    Ok(match (named.user_id, &named.user_email) {
        (Some(id), _) => ("followers.user_id", call.desk.people().get(PersonId(id)).await?),
        (None, Some(email)) => {
            let identity = Identity::email(email);
            ("followers.user_email", call.desk.people().find(&identity).await?)
        }
        (None, None) => return Err(ApiError::blank("followers.user_id")),
    })
}

fn staff(field: &str, found: Option<Person>) -> Result<Person, ApiError> {
    let found = found.filter(|person| person.role.is_staff());
    found.ok_or_else(|| ApiError::invalid(field, "is not an agent's"))
}

/// `GET tickets/{id}/followers`: the agents themselves.
pub(super) async fn list(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let ticket = call.desk.tickets().standing(TicketNumber(id)).await?;
    listed(&call, &ticket.ok_or(ApiError::Missing)?.followers).await
}
