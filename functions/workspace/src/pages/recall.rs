//! Taking an answer back that was just sent, and letting go of its text.

use super::{
    kept_text::{keep, text_of},
    on_ticket::OnTicket,
    ticket::newest,
};
use crate::{failure::Failure, session::Pressed};
use axum::{
    Form,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use docket_desk::tickets::Recalled;
use docket_domain::outbox::RecallableId;

/// Takes an answer back and shows its ticket with the text in the form again; says so where it was too late.
pub async fn recall(
    Path((_, name)): Path<(String, String)>,
    on: OnTicket,
    Form(asked): Form<Pressed>,
) -> Result<Response, Failure> {
    let id = own(&on, &asked, &name)?;
    let (desk, number) = (&on.desk, id.ticket);
    let answer = match desk.tickets().recall_answer(&id).await? {
        Recalled::Recalled(answer) => answer,
        Recalled::TooLate => {
            let newest = newest(desk, number).await?;
            let was_saved = newest.file.events.iter().any(|event| event.cause == id.cause());
            let problem = match was_saved {
                true => t!("Too late: the answer is already on its way."),
                false => t!("Too late: no answer of yours waits here any more."),
            };
            return on.refused(number, problem.to_owned()).await;
        }
    };
    if desk.tickets().standing(number).await?.is_some() {
        return Ok(to_composer(&on, &id));
    }
    let why = t!("Your answer was not sent. Its ticket was deleted in the meantime.");
    keep(
        desk,
        number,
        &text_of(desk, &answer).await?,
        (StatusCode::GONE, why),
    )
}

/// Lets go of the text of an answer that was not saved.
pub async fn discard(
    Path((_, name)): Path<(String, String)>,
    on: OnTicket,
    Form(asked): Form<Pressed>,
) -> Result<Response, Failure> {
    let id = own(&on, &asked, &name)?;
    on.desk.tickets().discard_answer(&id).await?;
    Ok(to_composer(&on, &id))
}

/// An answer is its author's: nobody else can name it.
fn own(on: &OnTicket, asked: &Pressed, name: &str) -> Result<RecallableId, Failure> {
    let number = on.checked(&asked.csrf)?;
    RecallableId::new(number, on.me(), name).ok_or(Failure::Missing)
}

fn to_composer(on: &OnTicket, id: &RecallableId) -> Response {
    Redirect::to(&format!("{}#composer", on.from.ticket(id.ticket))).into_response()
}
