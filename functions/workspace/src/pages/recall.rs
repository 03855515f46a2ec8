//! Taking an answer back that was just sent, and letting go of its text.

use super::{reply::keep, ticket::show_problem, ticket_number};
use crate::{came_from::CameFrom, failure::Failure, session::SignedIn};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use docket_desk::{BlobError, Desk, tickets::Recalled};
use docket_domain::{
    contact::comment::CommentBody,
    outbox::{RecallableAnswer, RecallableId},
};
use serde::Deserialize;

/// The form.
#[derive(Deserialize)]
pub struct Asked {
    csrf: String,
}

/// Takes an answer back and shows its ticket with the text in the form again; says so where it was too late.
pub async fn recall(
    State(desk): State<Desk>,
    Path((number, name)): Path<(String, String)>,
    signed_in: SignedIn,
    Query(from): Query<CameFrom>,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    signed_in.check(&asked.csrf)?;
    let id = id(&number, &signed_in, &name)?;
    let number = id.ticket;
    let answer = match desk.tickets().recall_answer(&id).await? {
        Recalled::Recalled(answer) => answer,
        Recalled::TooLate => {
            let problem = "Too late: the answer is already on its way.".to_owned();
            return show_problem(&desk, &signed_in, (number, from), problem).await;
        }
    };
    if desk.tickets().standing(number).await?.is_some() {
        return Ok(Redirect::to(&format!("{}#composer", from.ticket(number))).into_response());
    }
    let why = "Your answer was not sent. Its ticket was deleted in the meantime.";
    keep(
        &desk,
        number,
        &text_of(&desk, &answer).await?,
        (StatusCode::GONE, why),
    )
}

/// Lets go of the text of an answer that was not saved.
pub async fn discard(
    State(desk): State<Desk>,
    Path((number, name)): Path<(String, String)>,
    signed_in: SignedIn,
    Query(from): Query<CameFrom>,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    signed_in.check(&asked.csrf)?;
    let id = id(&number, &signed_in, &name)?;
    desk.tickets().discard_answer(&id).await?;
    Ok(Redirect::to(&format!("{}#composer", from.ticket(id.ticket))).into_response())
}

/// An answer is its author's: nobody else can name it.
fn id(number: &str, signed_in: &SignedIn, name: &str) -> Result<RecallableId, Failure> {
    let number = ticket_number(number)?;
    RecallableId::new(number, signed_in.person.id, name).ok_or(Failure::Missing)
}

/// The words of an answer; how they begin where they can't be had.
pub async fn text_of(desk: &Desk, answer: &RecallableAnswer) -> Result<String, Failure> {
    match desk.blobs().body_of(answer.id.ticket, &answer.comment).await {
        Ok(CommentBody { text, .. }) => Ok(text),
        Err(BlobError::Missing(_)) => Ok(answer.comment.snippet.clone()),
        Err(BlobError::Store(error)) => Err(error.into()),
    }
}
