//! An open page says that its ticket is looked at, or written on, or is left.

use super::ticket_number;
use crate::{failure::Failure, session::SignedIn};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
};
use docket_desk::Desk;
use serde::Deserialize;

/// What it says.
#[derive(Deserialize)]
pub struct Said {
    #[serde(default)]
    csrf: String,
    does: Does,
}

/// What its reader does.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Does {
    Looks,
    Writes,
    Leaves,
}

/// Notes it. Whoever says nothing more has left by themselves.
pub async fn submit(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    signed_in: Result<SignedIn, Failure>,
    Form(said): Form<Said>,
) -> Result<StatusCode, Failure> {
    let number = ticket_number(&number)?;
    let signed_in = match signed_in {
        Ok(signed_in) => signed_in,
        Err(Failure::SignedOut { .. }) => return Ok(StatusCode::UNAUTHORIZED),
        Err(failure) => return Err(failure),
    };
    signed_in.check(&said.csrf)?;
    let me = signed_in.person.id;
    match said.does {
        Does::Leaves => desk.presence().leave(number, me).await?,
        does => {
            // Of a ticket that is not there nothing is noted.
            let ticket = desk.tickets().standing(number).await?.ok_or(Failure::Missing)?;
            desk.presence()
                .look(&ticket, me, matches!(does, Does::Writes))
                .await?;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
