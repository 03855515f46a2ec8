//! An answer that could not be sent, tried anew.

use super::{ticket::to_saved, ticket_number};
use crate::{came_from::CameFrom, failure::Failure, session::SignedIn};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use docket_desk::Desk;
use serde::Deserialize;

/// The form.
#[derive(Deserialize)]
pub struct Asked {
    csrf: String,
}

/// Has it sent again, and shows the ticket, which says how it stands.
pub async fn submit(
    State(desk): State<Desk>,
    Path((number, v)): Path<(String, u64)>,
    signed_in: SignedIn,
    Query(from): Query<CameFrom>,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    signed_in.check(&asked.csrf)?;
    let number = ticket_number(&number)?;
    // What somebody else had sent again in the meantime needs nothing more.
    let events = desk.tickets().resend(number, v, signed_in.person.id).await?;
    Ok(to_saved(&from, number, &events, &format!("comment-{v}")))
}
