//! `PUT requests/{id}`: a comment, more people in copy, and that it is solved.

use super::{
    fields::{Draft, RequestFields, UNKEPT},
    list::shown,
    seen,
};
use crate::{
    kit::{
        call::Ids,
        customer::Customer,
        error::ApiError,
        idempotency::Once,
        input::Sent,
        sight::{Sight, sight},
    },
    shapes::request::can_be_solved,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{Attempt, Changed, Try, Want, Wish, tickets::StoredOnce};
use docket_domain::{
    PersonId,
    contact::comment::AuthorRole,
    ticket::{Actor, Command, Status, Ticket, Update},
};

/// What a request has from its beginning on.
const STAYS: &str = "stays as it was when the request was made";

/// Changes a request.
pub(super) async fn update(customer: Customer, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let (ticket, sight_here) = seen(&customer, id).await?;
    let once = Once::of(&customer, &sent)?;
    if once.earlier(&customer).await?.is_some() {
        return answered(&customer, id, &once, true).await;
    }
    let fields: RequestFields = sent.read("request")?;
    sent.refuse("request", UNKEPT)?;
    refuse_what_stays(&fields, &ticket)?;
    let draft = match &fields.comment {
        Some(comment) => Some(comment.draft(&customer).await?),
        None => None,
    };
    let own = fields.own(&customer.desk, Some(&ticket)).await?;
    let by = customer.changed_by(once.cause.clone());
    let add_ccs = fields.copies(&customer, &ticket, &by).await?;
    // What is said to a request that was merged reaches the one where it goes on.
    let request = ticket.number;
    let ticket = customer.desk.tickets().where_it_goes_on(ticket).await?;
    let number = ticket.number;
    let merged = (number != request).then_some(sight_here);
    if merged.is_some() && !own.fields.is_empty() {
        let words = "can't be changed: the request was merged into another";
        return Err(ApiError::invalid("custom_fields", words));
    }
    let mut updating = Updating {
        customer: &customer,
        draft,
        // That one is closed, and the other is not theirs to solve from here.
        is_solved: fields.solved == Some(true) && merged.is_none(),
        merged,
        own,
        add_ccs,
        stored: StoredOnce::default(),
    };
    let attempt = Attempt::by(Actor::Requester(customer.person.id), once.cause.clone())
        .guarded(once.guards(false))
        .having_read(ticket);
    match customer.desk.change(number, attempt, &mut updating).await? {
        Changed::Done(_) => answered(&customer, id, &once, false).await,
        Changed::Duplicate(answer) => {
            once.same(answer)?;
            answered(&customer, id, &once, true).await
        }
        Changed::Refused(refusal) => Err(refusal.into()),
        Changed::NotThere => Err(ApiError::Missing),
    }
}

/// Refuses what stays. What is sent back as it was read does no harm.
fn refuse_what_stays(fields: &RequestFields, ticket: &Ticket) -> Result<(), ApiError> {
    if fields
        .subject
        .as_ref()
        .is_some_and(|subject| *subject != ticket.subject)
    {
        return Err(ApiError::invalid("subject", STAYS));
    }
    if fields
        .priority
        .is_some_and(|priority| priority != ticket.priority)
    {
        return Err(ApiError::invalid("priority", STAYS));
    }
    if fields.ticket_type.is_some_and(|is| is != ticket.ticket_type) {
        return Err(ApiError::invalid("type", STAYS));
    }
    if fields.requester.is_some() {
        return Err(ApiError::invalid("requester", STAYS));
    }
    Ok(())
}

struct Updating<'a> {
    customer: &'a Customer,
    draft: Option<Draft>,
    is_solved: bool,
    /// What they may do with the request that they answer, where that was merged into the ticket.
    merged: Option<Sight>,
    /// What is said of the operator's own fields.
    own: Update,
    add_ccs: Vec<PersonId>,
    /// Where text and files lie.
    stored: StoredOnce,
}

impl Want<ApiError> for Updating<'_> {
    async fn want(&mut self, on: Try) -> Result<Option<Wish>, ApiError> {
        let (customer, ticket) = (self.customer, on.ticket);
        let there = sight(customer, &ticket).await?;
        let sight = match self.merged {
            // Who took part in the one takes part where it goes on.
            Some(here) => Sight {
                is_own: there.is_some_and(|there| there.is_own),
                may_write: here.may_write || there.is_some_and(|there| there.may_write),
            },
            None => there.ok_or(ApiError::Missing)?,
        };
        let fills_in = !self.own.fields.is_empty();
        let changes = self.draft.is_some() || !self.add_ccs.is_empty() || fills_in;
        if changes && !sight.may_write {
            return Err(ApiError::Forbidden(
                "You may read this request, and not write on it.",
            ));
        }
        let mut update = Update {
            add_ccs: self.add_ccs.clone(),
            ..self.own.clone()
        };
        // That it is solved is said again without harm.
        if self.is_solved && ticket.status.is_unsolved() {
            if !sight.is_own || !can_be_solved(&ticket) {
                let words = "can't be said yet, or not by you: can_be_solved_by_me says when";
                return Err(ApiError::invalid("solved", words));
            }
            update.status = Some(Status::Solved);
        }
        let id = customer.person.id;
        let (role, actor) = match sight.is_own {
            true => (AuthorRole::Requester, Actor::Requester(id)),
            false => (AuthorRole::Participant, Actor::ThirdParty(id)),
        };
        let mut wish = Wish {
            actor: Some(actor),
            ..Wish::default()
        };
        if let Some(draft) = self.draft.clone() {
            let comment = draft.by(id, role);
            let words = self.stored.words(&customer.desk, ticket.number, &comment).await?;
            let (comment, facts) = comment.stored(&words);
            update.comment = Some(facts);
            wish.comments.push(comment);
        }
        wish.commands.push(Command::Update(Box::new(update)));
        Ok(Some(wish))
    }
}

async fn answered(customer: &Customer, id: u64, once: &Once, repeated: bool) -> Result<Response, ApiError> {
    let (ticket, sight) = seen(customer, id).await?;
    let body = shown(customer, &ticket, sight).await?;
    Ok(once.mark(Json(body).into_response(), repeated))
}
