//! Going away and coming back.

use crate::{
    failure::Failure,
    session::{SignedIn, safe_return},
};
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use docket_desk::Desk;
use docket_domain::{assignment::Availability, audit::ChangedBy, ticket::Actor};
use serde::Deserialize;

/// The form.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub csrf: String,
    pub status: Availability,
    /// Whether open tickets go back to their groups; a box that is not ticked is not sent.
    pub hand_back: Option<String>,
    /// Where the form was.
    #[serde(default)]
    pub next: String,
}

/// Sets whether the agent takes new tickets, and shows the page where they said so.
pub async fn submit(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    signed_in.check(&asked.csrf)?;
    let me = signed_in.person.id;
    let by = ChangedBy::new(Actor::Agent(me), "workspace", desk.now());
    let set = match asked.status {
        Availability::Online => desk.agents().come_online(me, by).await,
        Availability::Away => desk.agents().go_away(me, asked.hand_back.is_some(), by).await,
    };
    if let Err(error) = set {
        let is_set = desk.agents().load(me).await?.map(|load| load.availability) == Some(asked.status);
        if !is_set {
            return Err(error.into());
        }
        // What follows from it, the sweep does within a minute.
        tracing::warn!(agent = %me, %error, "What follows from an agent's availability was not done at once.");
    }
    Ok(Redirect::to(safe_return(&asked.next)).into_response())
}
