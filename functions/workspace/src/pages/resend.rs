//! An answer that could not be sent, tried anew.

use super::on_ticket::OnTicket;
use crate::{failure::Failure, session::Pressed};
use axum::{Form, extract::Path, response::Response};

/// Has it sent again, and shows the ticket, which says how it stands.
pub async fn submit(
    Path((_, v)): Path<(String, u64)>,
    on: OnTicket,
    Form(asked): Form<Pressed>,
) -> Result<Response, Failure> {
    let number = on.checked(&asked.csrf)?;
    // What somebody else had sent again in the meantime needs nothing more.
    let events = on.desk.tickets().resend(number, v, on.me()).await?;
    Ok(on.saved(number, &events, &format!("comment-{v}")))
}
