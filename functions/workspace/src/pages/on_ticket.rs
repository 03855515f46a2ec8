//! A form beside the thread of a ticket: which ticket it names, who sent it, and how it is answered.

use super::{
    ticket::{show_problem, to_saved},
    ticket_number,
};
use crate::{came_from::CameFrom, failure::Failure, session::SignedIn};
use axum::{
    extract::{FromRequestParts, Query, RawPathParams},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use docket_desk::{Attempt, Desk, tickets::Amendment};
use docket_domain::{
    PersonId, TicketNumber,
    ticket::{Actor, Refusal, TicketEvent, Update},
};

/// What stands in the history of a ticket as the cause of what agents do on its page.
const CAUSE: &str = "workspace";

/// The form's ticket, and whoever sent it.
pub struct OnTicket {
    /// The desk.
    pub desk: Desk,
    /// From where the page was come to.
    pub from: CameFrom,
    signed_in: SignedIn,
    /// The ticket as the address names it.
    named: String,
}

impl FromRequestParts<Desk> for OnTicket {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Response> {
        let params = RawPathParams::from_request_parts(parts, desk).await;
        let params = params.map_err(IntoResponse::into_response)?;
        let named = params.iter().find(|(name, _)| *name == "number");
        let named = named.map_or_else(String::new, |(_, value)| value.to_owned());
        let signed_in = SignedIn::from_request_parts(parts, desk).await;
        let signed_in = signed_in.map_err(IntoResponse::into_response)?;
        let from = Query::from_request_parts(parts, desk).await;
        let Query(from) = from.map_err(IntoResponse::into_response)?;
        Ok(Self {
            desk: desk.clone(),
            from,
            signed_in,
            named,
        })
    }
}

impl OnTicket {
    /// The ticket, once it is known that the form came from a page of this session.
    pub fn checked(&self, csrf: &str) -> Result<TicketNumber, Failure> {
        self.signed_in.check(csrf)?;
        ticket_number(&self.named)
    }

    /// Who sent it.
    pub fn me(&self) -> PersonId {
        self.signed_in.person.id
    }

    /// What is done in their name.
    pub fn attempt(&self) -> Attempt {
        Attempt::by(Actor::Agent(self.me()), CAUSE)
    }

    /// Changes the ticket in their name; its events, or why not.
    pub async fn update(
        &self,
        number: TicketNumber,
        update: Update,
    ) -> Result<Result<Vec<TicketEvent>, Refusal>, Failure> {
        let amendment = Amendment::of(Actor::Agent(self.me()), CAUSE, update);
        Ok(self.desk.tickets().amend(number, amendment).await?.events())
    }

    /// The way to a ticket's page, which says what was saved.
    pub fn saved(&self, number: TicketNumber, events: &[TicketEvent], anchor: &str) -> Response {
        to_saved(&self.from, number, events, anchor)
    }

    /// The page with what is wrong.
    pub async fn refused(self, number: TicketNumber, problem: String) -> Result<Response, Failure> {
        show_problem(&self.desk, &self.signed_in, (number, self.from), problem).await
    }
}
