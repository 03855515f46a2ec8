//! What an agent sends from a ticket's page: an answer, a note, a change; all in one save.

use super::{
    kept_text::keep,
    macros,
    onward::{done, waits},
    sending::{Sending, Stop, has_seen, name_of},
    ticket::{newest, show_again},
    ticket_number,
    ticket_page::Returned,
};
use crate::{
    came_from::CameFrom,
    failure::{Failure, WithCauses},
    form::{Chosen, Filled},
    models::typed::Typed,
    refusals,
    session::SignedIn,
    undo::UndoWindow,
};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use docket_desk::{
    Attempt, Changed, Desk, Guard, GuardKey, StoreError,
    tickets::{KeptAnswer, SavedAnswer, StoredOnce},
};
use docket_domain::{PersonId, TicketNumber, outbox::RecallableId, ticket::Actor};

/// How long a form that is sent again is known, in seconds: longer than a session.
const ONCE_SECONDS: i64 = 24 * 3600;

/// Does what the form says, or shows it again with what was typed.
pub async fn submit(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    signed_in: Result<SignedIn, Failure>,
    Query(from): Query<CameFrom>,
    window: UndoWindow,
    Filled { typed, files }: Filled,
) -> Result<Response, Failure> {
    let number = ticket_number(&number)?;
    let kept = |status, why| keep(&desk, number, &typed.text, (status, why));
    let signed_in = match signed_in {
        Ok(signed_in) => signed_in,
        Err(Failure::SignedOut { .. }) => {
            let why = t!("You are signed out. Copy your text, sign in and send it again.");
            return kept(StatusCode::UNAUTHORIZED, why);
        }
        Err(failure) => return Err(failure),
    };
    if signed_in.check(&typed.csrf).is_err() {
        let why =
            t!("The page was from an earlier sign-in. Copy your text, open the ticket and send it again.");
        return kept(StatusCode::FORBIDDEN, why);
    }
    if !typed.insert.is_empty() {
        return Box::pin(macros::insert(&desk, &signed_in, (number, from), &typed, &files)).await;
    }
    if !typed.preview.is_empty() {
        return Box::pin(preview(&desk, &signed_in, (number, from), &typed, &files)).await;
    }
    let saved = Box::pin(save(&desk, &signed_in, (number, from), (&typed, &files), window));
    match saved.await {
        Ok(response) => {
            // What leads on was sent: its draft is done with.
            if response.status().is_redirection() {
                forget_draft(&desk, &signed_in, number).await;
            }
            Ok(response)
        }
        Err(Failure::Missing) => kept(StatusCode::NOT_FOUND, t!("There is no such ticket.")),
        Err(failure) => {
            let why = t!(
                "The desk could not be reached. Look at the ticket before you send it again: it may have been saved."
            );
            tracing::error!(ticket = %number, error = %WithCauses(&failure), "An agent's change could not be saved.");
            kept(StatusCode::SERVICE_UNAVAILABLE, why)
        }
    }
}

/// Shows the form again with what its text will look like. Nothing is saved.
async fn preview(
    desk: &Desk,
    signed_in: &SignedIn,
    (number, from): (TicketNumber, CameFrom),
    typed: &Typed,
    chosen: &Chosen,
) -> Result<Response, Failure> {
    let returned = Returned {
        typed: typed.clone(),
        files: chosen.names.clone(),
        problem: None,
        news: vec![],
        preview: true,
        status: StatusCode::OK,
    };
    show_again(desk, signed_in, newest(desk, number).await?, from, returned).await
}

/// A draft that stays behind is offered again: that is told, and stops nothing.
async fn forget_draft(desk: &Desk, signed_in: &SignedIn, number: TicketNumber) {
    if let Err(error) = desk.drafts().forget(signed_in.person.id, number).await {
        tracing::warn!(ticket = %number, %error, "the draft of what was sent on ticket {number} could not be forgotten");
    }
}

async fn save(
    desk: &Desk,
    signed_in: &SignedIn,
    (number, from): (TicketNumber, CameFrom),
    (typed, chosen): (&Typed, &Chosen),
    window: UndoWindow,
) -> Result<Response, Failure> {
    let me = signed_in.person.id;
    let typed = &save_own_first(desk, me, number, typed).await?;
    let guard = Guard {
        seconds: ONCE_SECONDS,
        ..Guard::new(GuardKey::Idempotency(
            format!("workspace {me} {number}"),
            typed.once.clone(),
        ))
    };
    let again = |problem: Option<String>, news, status| Returned {
        typed: typed.clone(),
        files: chosen.names.clone(),
        problem,
        news,
        preview: false,
        status,
    };
    let refused = |problem| again(Some(problem), vec![], StatusCode::UNPROCESSABLE_ENTITY);
    let contended = || {
        let problem = t!("The ticket is being changed all the time. Send it again.").to_owned();
        again(Some(problem), vec![], StatusCode::CONFLICT)
    };
    if let Some(id) = unsent(desk, me, number, typed).await? {
        let problem =
            t!("Not sent: the answer of this page was taken back. Look at it below, then send it again.");
        let mut returned = refused(problem.to_owned());
        returned.typed.restores = id.name;
        let part = newest(desk, number).await?;
        return show_again(desk, signed_in, part, from, returned).await;
    }
    // A form without its own name can't be told from another one with the same words.
    let guard = (!typed.once.is_empty()).then_some(guard);
    let attempt = Attempt::by(Actor::Agent(me), "workspace").guarded(guard.iter().cloned().collect());
    let mut sending = Sending {
        desk,
        me,
        number,
        typed,
        chosen,
        stored: StoredOnce::default(),
        stopped: None,
    };
    if let Some(send_at) = window.ends_at(desk.now()).filter(|_| typed.goes_out())
        && let Some((answer, ticket)) = Box::pin(sending.waiting(send_at)).await?
    {
        let goes_on_with = RecallableId::new(number, me, &typed.restores);
        let kept = desk
            .tickets()
            .keep_answer(&answer, ticket, guard, goes_on_with.as_ref())
            .await;
        let returned = match kept {
            Ok(KeptAnswer::Kept | KeptAnswer::Before) => return Ok(waits(&from, &answer, typed)),
            Ok(KeptAnswer::Refused(refusal)) => {
                refused(t!("Not saved: {reason}.", reason = refusals::refusal(&refusal)))
            }
            Err(StoreError::Contended { .. }) => contended(),
            Err(error) => return Err(error.into()),
        };
        let part = newest(desk, number).await?;
        return show_again(desk, signed_in, part, from, returned).await;
    }
    let changed = match sending.stopped {
        None => Box::pin(desk.change_found(attempt, &mut sending)).await,
        Some(_) => Ok(Changed::NotThere),
    };
    if let Some((part, stop)) = sending.stopped {
        // A form that was sent twice stands.
        if let Some(guard) = &guard
            && desk.guard(&guard.key).await?.is_some()
        {
            return Ok(done(&from, number, &[], typed));
        }
        let returned = match stop {
            Stop::News(news) => again(None, news, StatusCode::CONFLICT),
            Stop::Problem(problem) => refused(problem),
        };
        return show_again(desk, signed_in, *part, from, returned).await;
    }
    let returned = match changed {
        Ok(Changed::Done(saved)) => {
            if let Some(id) = RecallableId::new(number, me, &typed.restores) {
                desk.tickets().discard_answer(&id).await?;
            }
            return Ok(done(&from, number, &saved.events, typed));
        }
        Ok(Changed::Duplicate(_)) => return Ok(done(&from, number, &[], typed)),
        Ok(Changed::NotThere) => return Err(Failure::Missing),
        Ok(Changed::Refused(refusal)) => {
            refused(t!("Not saved: {reason}.", reason = refusals::refusal(&refusal)))
        }
        Err(Failure::Store(StoreError::Contended { .. })) => contended(),
        Err(error) => return Err(error),
    };
    let part = newest(desk, number).await?;
    show_again(desk, signed_in, part, from, returned).await
}

/// The answer that this very form was sent with, where it was taken back or could not be saved: a page that a browser brought back
/// sends it again, and has not sent anything yet.
async fn unsent(
    desk: &Desk,
    me: PersonId,
    number: TicketNumber,
    typed: &Typed,
) -> Result<Option<RecallableId>, Failure> {
    let id = name_of(typed).and_then(|name| RecallableId::new(number, me, &name));
    let Some(id) = id else {
        return Ok(None);
    };
    let answer = desk.recallable().get(&id).await?;
    Ok(answer.filter(|answer| !answer.waits()).map(|answer| answer.id))
}

/// Saves what of the sender still waits on this ticket: what they do now comes after it, and has seen it.
async fn save_own_first(
    desk: &Desk,
    me: PersonId,
    number: TicketNumber,
    typed: &Typed,
) -> Result<Typed, Failure> {
    let mut typed = typed.clone();
    let same = name_of(&typed);
    let own = desk.recallable().of_author(number, me).await?;
    for answer in own.iter().filter(|answer| answer.waits()) {
        // A form that was sent twice is no other answer.
        if Some(&answer.id.name) == same.as_ref() {
            continue;
        }
        let saved = desk.tickets().save_answer_now(&answer.id).await?;
        if let SavedAnswer::Saved { before_v, v, .. } = saved
            && typed.seen == before_v.to_string()
            && has_seen(&typed, &answer.id)
        {
            typed.seen = v.to_string();
        }
    }
    Ok(typed)
}
