//! `requests`: tickets as those see them who asked. Callers are customers, or whoever works here as somebody who asked something; what
//! they see is what [`sight`](crate::kit::sight) says.

mod comments;
mod create;
mod fields;
mod list;
mod own;
mod update;

use crate::{
    comment_texts::FullComment,
    kit::{
        customer::Customer,
        error::ApiError,
        sight::{Sight, sight},
    },
    shapes::request::{Shown, request},
};
use axum::{Router, routing::get};
use docket_desk::Desk;
use docket_domain::{TicketNumber, ticket::Ticket};
use serde_json::Value;

/// The paths.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/requests", get(list::own).post(create::create))
        .route("/requests/open", get(list::open))
        .route("/requests/solved", get(list::solved))
        .route("/requests/ccd", get(list::in_copy))
        .route("/requests/search", get(list::search))
        .route("/requests/{id}", get(list::show).put(update::update))
        .route("/requests/{id}/comments", get(comments::list))
        .route("/requests/{id}/comments/{comment}", get(comments::show))
        .route("/users/{id}/requests", get(list::of_user))
        .route("/organizations/{id}/requests", get(list::of_organization))
}

/// A request that the caller sees, and what they may do with it.
async fn seen(customer: &Customer, id: u64) -> Result<(Ticket, Sight), ApiError> {
    let ticket = customer.desk.tickets().standing(TicketNumber(id)).await?;
    let ticket = ticket.ok_or(ApiError::Missing)?;
    match sight(customer, &ticket).await? {
        Some(sight) => Ok((ticket, sight)),
        // Whether it is there is nothing that they learn.
        None => Err(ApiError::Missing),
    }
}

/// The public comments of a ticket.
async fn public_comments(desk: &Desk, ticket: &Ticket) -> Result<Vec<FullComment>, ApiError> {
    let mut comments = desk.tickets().comments_of(ticket.number).await?;
    comments.retain(|comment| comment.public);
    crate::comment_texts::with_texts(desk, ticket.number, comments).await
}

/// Requests as rows: each with its first comment, where that is public.
async fn rows(customer: &Customer, page: &[(Ticket, Sight)]) -> Result<Vec<Value>, ApiError> {
    let tickets: Vec<Ticket> = page.iter().map(|(ticket, _)| ticket.clone()).collect();
    let first = crate::comment_texts::first_comments(&customer.desk, &tickets).await?;
    let requesters: Vec<_> = tickets.iter().map(|ticket| ticket.requester).collect();
    let organizations = customer.desk.organizations().of_people(&requesters).await?;
    let rows = page.iter().zip(&first).map(|((ticket, sight), first)| {
        let shown = Shown {
            first: first.as_ref(),
            organization: organizations.get(&ticket.requester).map(|theirs| theirs.id),
            is_own: sight.is_own,
        };
        request(&customer.address, ticket, &shown)
    });
    Ok(rows.collect())
}
