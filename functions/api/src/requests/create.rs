//! `POST requests`.

use super::{
    fields::{Draft, RequestFields, UNKEPT, has_address},
    list::shown,
};
use crate::kit::{
    customer::{Customer, Stranger, Visitor},
    error::ApiError,
    idempotency::{Once, random_cause},
    input::{Sent, at_most},
    sight::{Sight, sight},
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{Attempt, Changed, Desk, Find, Found, Wish, Write, tickets::StoredOnce};
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    audit::ChangedBy,
    contact::comment::{AuthorRole, snippet},
    people::person::{Identity, Person},
    ticket::{Actor, Channel, Command, NewTicket, ReplyVia, Ticket, Update},
};
use http::StatusCode;
use serde_json::json;
use std::sync::Arc;

/// Longest name or language of whoever asks in characters.
const LONGEST_TEXT: usize = 255;
/// Requests of those without credentials that are taken within an hour. More is no help desk's day but somebody's program; whoever has
/// credentials is not counted.
const MOST_OF_STRANGERS_AN_HOUR: u64 = 600;

/// `POST requests`: a ticket of the caller's; of whoever is named as its requester where the caller shows no credentials.
pub(super) async fn create(visitor: Visitor, sent: Sent) -> Result<Response, ApiError> {
    let fields: RequestFields = sent.read("request")?;
    sent.refuse("request", UNKEPT)?;
    match visitor {
        Visitor::Known(customer) => of_customer(&customer, &sent, &fields).await,
        Visitor::Unknown(stranger) => of_stranger(&stranger, &fields).await,
    }
}

async fn of_customer(customer: &Customer, sent: &Sent, fields: &RequestFields) -> Result<Response, ApiError> {
    let once = Once::of(customer, sent)?;
    if let Some(answer) = once.earlier(customer).await? {
        let number = answer.ticket.ok_or(ApiError::Missing)?;
        return answered(customer, number, &once, true).await;
    }
    let draft = fields.first_comment()?.draft(customer).await?;
    let follows = followed(customer, fields).await?;
    let own = fields.own(&customer.desk, None).await?;
    let number = customer.desk.tickets().next_number().await?;
    let by = customer.changed_by(once.cause.clone());
    let ccs = fields.copies(customer, &Ticket::blank(number), &by).await?;
    let mut creating = Creating {
        desk: &customer.desk,
        cause: &once.cause,
        number,
        fields,
        own,
        draft,
        requester: Requester::Known(&customer.person),
        follows,
        ccs,
        stored: StoredOnce::default(),
    };
    let actor = Actor::Requester(customer.person.id);
    let attempt = Attempt::by(actor, once.cause.clone()).guarded(once.guards(true));
    match customer.desk.change_found(attempt, &mut creating).await? {
        Changed::Done(saved) => answered(customer, saved.ticket.number, &once, false).await,
        Changed::Duplicate(answer) => {
            let answer = once.same(answer)?;
            answered(customer, answer.ticket.unwrap_or(number), &once, true).await
        }
        Changed::Refused(refusal) => Err(refusal.into()),
        Changed::NotThere => Err(ApiError::Missing),
    }
}

/// What somebody without credentials asks, in the name of an address that nobody vouches for: so it is nobody's who works here.
async fn of_stranger(stranger: &Stranger, fields: &RequestFields) -> Result<Response, ApiError> {
    let desk = &stranger.desk;
    let named = fields
        .requester
        .as_ref()
        .ok_or_else(|| ApiError::blank("requester"))?;
    let identity = named.identity()?;
    at_most("requester.name", named.name.as_deref(), LONGEST_TEXT)?;
    at_most("requester.locale", named.locale.as_deref(), LONGEST_TEXT)?;
    if let Identity::Email(email) = &identity
        && desk.setup().await?.mailbox(email).is_some()
    {
        return Err(ApiError::invalid("requester.email", "is a mailbox of this desk"));
    }
    if let Some(person) = desk.people().find(&identity).await? {
        let is_refused = person.role.is_staff() || person.is_suspended();
        if is_refused {
            return Err(ApiError::Forbidden("This needs credentials."));
        }
    }
    let names_others = [
        &fields.collaborators,
        &fields.additional_collaborators,
        &fields.email_ccs,
        &fields.collaborator_ids,
    ];
    if names_others.into_iter().flatten().any(|named| !named.is_empty()) {
        let words = "can be named by those who are known only";
        return Err(ApiError::invalid("collaborators", words));
    }
    let draft = fields.first_comment()?.draft_of_stranger()?;
    if desk.count_stranger().await? > MOST_OF_STRANGERS_AN_HOUR {
        return Err(ApiError::Busy);
    }
    let own = fields.own(desk, None).await?;
    let number = desk.tickets().next_number().await?;
    let cause = random_cause(desk);
    let mut creating = Creating {
        desk,
        cause: &cause,
        number,
        fields,
        own,
        draft,
        requester: Requester::Named(identity),
        follows: None,
        ccs: vec![],
        stored: StoredOnce::default(),
    };
    let attempt = Attempt::by(Actor::System, cause.clone());
    let saved = match desk.change_found(attempt, &mut creating).await? {
        Changed::Done(saved) => saved,
        Changed::Refused(refusal) => return Err(refusal.into()),
        Changed::Duplicate(_) | Changed::NotThere => return Err(ApiError::Missing),
    };
    // What they wrote themselves, and no more than that.
    let requester = desk.people().as_of_now(&[saved.ticket.requester]).await?;
    let requester = requester.into_iter().next().ok_or(ApiError::Missing)?;
    let customer = Customer {
        desk: desk.clone(),
        person: Arc::new(requester),
        address: stranger.address.clone(),
    };
    let sight = Sight {
        is_own: true,
        may_write: true,
    };
    let mut body = shown(&customer, &saved.ticket, sight).await?;
    for known_of_them in ["organization_id", "requester_id"] {
        body["request"][known_of_them] = json!(null);
    }
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// The closed ticket of their own that a request follows.
async fn followed(customer: &Customer, fields: &RequestFields) -> Result<Option<TicketNumber>, ApiError> {
    let Some(number) = fields.via_followup_source_id.map(TicketNumber) else {
        return Ok(None);
    };
    let ticket = customer.desk.tickets().standing(number).await?;
    let is_seen = match &ticket {
        Some(ticket) => sight(customer, ticket).await?.is_some(),
        None => false,
    };
    match is_seen {
        true => Ok(Some(number)),
        false => Err(ApiError::invalid("via_followup_source_id", "is no request's id")),
    }
}

async fn answered(
    customer: &Customer,
    number: TicketNumber,
    once: &Once,
    repeated: bool,
) -> Result<Response, ApiError> {
    let ticket = customer.desk.tickets().standing(number).await?;
    let ticket = ticket.ok_or(ApiError::Missing)?;
    let sight = sight(customer, &ticket).await?.ok_or(ApiError::Missing)?;
    let body = shown(customer, &ticket, sight).await?;
    Ok(once.mark((StatusCode::CREATED, Json(body)).into_response(), repeated))
}

/// Who asks.
enum Requester<'a> {
    /// Somebody known.
    Known(&'a Person),
    /// Whoever has this, or somebody new.
    Named(Identity),
}

/// A request in the making. Somebody else may make its requester at the same time: each try looks for them anew.
struct Creating<'a> {
    desk: &'a Desk,
    cause: &'a str,
    number: TicketNumber,
    fields: &'a RequestFields,
    /// What is said of the operator's own fields.
    own: Update,
    draft: Draft,
    requester: Requester<'a>,
    follows: Option<TicketNumber>,
    ccs: Vec<PersonId>,
    /// Where text and files lie.
    stored: StoredOnce,
}

impl Creating<'_> {
    async fn requester(&self, now: Timestamp) -> Result<(Person, Vec<Write>), ApiError> {
        let identity = match &self.requester {
            Requester::Known(person) => return Ok(((*person).clone(), vec![])),
            Requester::Named(identity) => identity.clone(),
        };
        let named = self.fields.requester.as_ref();
        let name = named.and_then(|named| named.name.as_deref()).unwrap_or_default();
        let locale = named.and_then(|named| named.locale.as_deref());
        let by = ChangedBy::system(self.cause, now);
        let found = self.desk.people().find_or_make(vec![identity], name, locale, &by);
        Ok(found.await?)
    }
}

impl Find<ApiError> for Creating<'_> {
    async fn find(&mut self, now: Timestamp) -> Result<Found, ApiError> {
        let (requester, writes) = self.requester(now).await?;
        let comment = self.draft.clone().by(requester.id, AuthorRole::Requester);
        let text = comment.body.text.clone();
        let words = self.stored.words(self.desk, self.number, &comment).await?;
        let (comment, facts) = comment.stored(&words);
        let setup = self.desk.setup().await?;
        let reply_via = match setup.mailboxes.first() {
            Some(mailbox) if has_address(&requester) => ReplyVia::Mail {
                mailbox: mailbox.address.clone(),
            },
            _ => ReplyVia::Nowhere,
        };
        let subject = self.fields.subject.as_deref().map(str::trim).unwrap_or_default();
        let new = NewTicket {
            subject: match subject {
                "" => snippet(&text),
                subject => subject.to_owned(),
            },
            requester: requester.id,
            channel: Channel::Api,
            unacknowledged: None,
            acknowledge: !requester.role.is_staff() && reply_via != ReplyVia::Nowhere,
            reply_via,
            external_id: None,
            priority: self.fields.priority.flatten(),
            ticket_type: self.fields.ticket_type.flatten(),
            tags: vec![],
            follows: self.follows,
            comment: facts,
            note: None,
            ccs: self.ccs.clone(),
        };
        let wish = Wish {
            commands: vec![
                Command::Create(Box::new(new)),
                Command::Update(Box::new(self.own.clone())),
            ],
            actor: Some(Actor::Requester(requester.id)),
            comments: vec![comment],
            writes,
            ..Wish::default()
        };
        Ok(Found::wish(Ticket::blank(self.number), wish))
    }
}
