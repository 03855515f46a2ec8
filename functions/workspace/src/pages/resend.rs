//! An answer that could not be sent, tried anew.

use super::ticket_number;
use crate::{failure::Failure, session::SignedIn};
use axum::{
    Form,
    extract::{Path, State},
    response::Redirect,
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
    Form(asked): Form<Asked>,
) -> Result<Redirect, Failure> {
    signed_in.check(&asked.csrf)?;
    let number = ticket_number(&number)?;
    // What somebody else had sent again in the meantime needs nothing more.
    desk.tickets().resend(number, v, signed_in.person.id).await?;
    Ok(Redirect::to(&format!("/agent/tickets/{number}#comment-{v}")))
}
