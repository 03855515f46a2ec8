//! `tickets/{id}/tags`.

use super::{How, TagFields};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::Sent,
    },
    tickets::check_stamp,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{Attempt, Changed, Try, Want, Wish};
use docket_domain::{
    TicketNumber,
    ticket::{Actor, Command, Ticket, Update},
};
use http::StatusCode;
use serde_json::{Value, json};

/// The tags that a ticket has.
pub(super) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let ticket = standing(&call, id).await?;
    Ok(Json(json!({ "tags": ticket.tags })))
}

/// `POST`: these and no others.
pub(super) async fn replace(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    change(&call, id, &sent, How::Replace).await
}

/// `PUT`: these, too.
pub(super) async fn add(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    change(&call, id, &sent, How::Add).await
}

/// `DELETE`: no longer these.
pub(super) async fn remove(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    change(&call, id, &sent, How::Remove).await
}

async fn standing(call: &Call, id: u64) -> Result<Ticket, ApiError> {
    let found = call.desk.tickets().standing(TicketNumber(id)).await?;
    found.ok_or(ApiError::Missing)
}

/// A change of tags, worked out from those that are there now.
struct Tagging<'a> {
    how: How,
    fields: &'a TagFields,
}

impl Want<ApiError> for Tagging<'_> {
    async fn want(&mut self, on: Try) -> Result<Option<Wish>, ApiError> {
        let there = &on.ticket.tags;
        if self.fields.safe_update == Some(true) {
            check_stamp(self.fields.updated_stamp, &on.ticket)?;
        }
        let tags = self.how.applied_to(there, self.fields.tags());
        let update = Update {
            add_tags: tags.iter().filter(|tag| !there.contains(tag)).cloned().collect(),
            remove_tags: there.iter().filter(|tag| !tags.contains(tag)).cloned().collect(),
            ..Update::default()
        };
        Ok(Some(Wish::from(Command::Update(Box::new(update)))))
    }
}

async fn change(call: &Call, id: u64, sent: &Sent, how: How) -> Result<Response, ApiError> {
    let once = Once::of(call, sent)?;
    let status = match how {
        How::Replace => StatusCode::CREATED,
        How::Add | How::Remove => StatusCode::OK,
    };
    let answer = |ticket: &Ticket, repeated: bool| {
        let body = Json(json!({ "tags": ticket.tags }));
        once.mark((status, body).into_response(), repeated)
    };
    if once.earlier(call).await?.is_some() {
        return Ok(answer(&standing(call, id).await?, true));
    }
    let fields = TagFields::read(sent)?;
    let ticket = standing(call, id).await?;
    let attempt = Attempt::by(Actor::Agent(call.caller.id), once.cause.clone())
        .guarded(once.guards(false))
        .having_read(ticket);
    let mut tagging = Tagging { how, fields: &fields };
    match call.desk.change(TicketNumber(id), attempt, &mut tagging).await? {
        Changed::Done(saved) => Ok(answer(&saved.ticket, false)),
        Changed::Duplicate(earlier) => {
            once.same(earlier)?;
            Ok(answer(&standing(call, id).await?, true))
        }
        Changed::Refused(refusal) => Err(refusal.into()),
        Changed::NotThere => Err(ApiError::Missing),
    }
}
