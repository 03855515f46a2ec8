//! The answer to a write: the ticket and the audit of the save. It is made from the ticket's events up to the version
//! that the save led to, so a repeat gets the same answer, whatever happened since.

use super::read::names_of_skills;
use crate::{
    audits::comments_of,
    call::Call,
    error::ApiError,
    idempotency::Once,
    shapes::{
        audit::{Save, audit, saves},
        ticket::{Around, ticket},
    },
    texts::with_texts,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_aws::store::Answer;
use docket_domain::{TicketNumber, ticket::fold};
use http::StatusCode;
use serde_json::json;

/// What a save led to.
pub(crate) struct Written {
    pub number: TicketNumber,
    /// The ticket's version with it.
    pub v: u64,
    /// Whether it made the ticket.
    pub created: bool,
    /// Whether it was done before.
    pub repeated: bool,
}

impl Written {
    /// What a save of before led to.
    pub fn before(answer: &Answer) -> Result<Self, ApiError> {
        let (Some(number), Some(v)) = (answer.ticket, answer.v) else {
            return Err(ApiError::OtherRequest);
        };
        Ok(Self {
            number,
            v,
            created: answer.created,
            repeated: true,
        })
    }

    /// 201 or 200 with the ticket and the audit.
    pub async fn answer(&self, call: &Call, once: &Once) -> Result<Response, ApiError> {
        let number = self.number;
        let file = call.desk.ticket_file(number).await?.ok_or(ApiError::Missing)?;
        let until = file.events.partition_point(|event| event.v <= self.v);
        let events = &file.events[..until];
        let after = fold(number, events);
        let nothing_saved = Save {
            before: after.clone(),
            events: &[],
        };
        let saves = saves(number, events);
        let save = saves.iter().rfind(|save| save.is_by(&once.cause));
        let save = save.unwrap_or(&nothing_saved);
        let comments = comments_of(&call.desk, &file, &[save]).await?;
        let first = file.comments.first().cloned().into_iter().collect();
        let first = with_texts(&call.desk, number, first).await?;
        let mut audit = audit(&call.address, save, &comments, &file.outbox);
        if save.events.is_empty() {
            audit["author_id"] = json!(call.caller.id);
        }
        let organizations = call.desk.organizations_of(&[after.requester]).await?;
        let around = Around {
            first: first.first(),
            organization: organizations.get(&after.requester).map(|theirs| theirs.id),
            skill_names: &names_of_skills(call, std::slice::from_ref(&after)).await?,
        };
        let body = json!({ "ticket": ticket(&call.address, &after, &around), "audit": audit });
        let status = if self.created {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        };
        let response = (status, Json(body)).into_response();
        Ok(once.mark(response, self.repeated))
    }
}
