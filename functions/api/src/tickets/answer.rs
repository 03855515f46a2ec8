//! The answer to a write: the ticket and the audit of the save. It is made from the ticket's events up to the version
//! that the save led to, so a repeat gets the same answer, whatever happened since.

use super::read::names_of_skills;
use crate::{
    comment_texts::{by_first_words, with_texts},
    kit::{call::Call, error::ApiError, idempotency::Once},
    shapes::{
        audit::{Save, audit, saves},
        ticket::{Around, ticket},
    },
    tickets::comments_of_saves::comments_of,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{Answer, Changed, Saved, TicketLinks};
use docket_domain::{TicketNumber, assignment::SkillNames, ticket::fold};
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
    /// What the commit returned; nothing for a repeat.
    pub saved: Option<Saved>,
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
            saved: None,
        })
    }

    /// What became of a change.
    pub fn of(changed: Changed, once: &Once) -> Result<Self, ApiError> {
        match changed {
            Changed::Done(saved) => Ok(Self {
                number: saved.ticket.number,
                v: saved.ticket.v,
                created: saved.before.v == 0,
                repeated: false,
                saved: Some(saved),
            }),
            Changed::Duplicate(answer) => Self::before(&once.same(answer)?),
            Changed::Refused(refusal) => Err(refusal.into()),
            Changed::NotThere => Err(ApiError::Missing),
        }
    }

    /// 201 or 200 with the ticket and the audit. What stands is never answered as failed: where more can't be read, the
    /// answer is made of what was saved.
    pub async fn answer(&self, call: &Call, once: &Once) -> Result<Response, ApiError> {
        if call.row.is_some() {
            // Nobody reads more of it.
            let body = json!({ "ticket": { "id": self.number } });
            return Ok((self.status(), Json(body)).into_response());
        }
        match (self.whole_answer(call, once).await, &self.saved) {
            (Err(error), Some(saved)) => {
                let number = self.number;
                tracing::warn!(%number, %error, "a change of ticket {number} stands; its answer is made without what could not be read");
                Ok(self.answer_of(saved, call, once))
            }
            (answer, _) => answer,
        }
    }

    /// The answer made of what was saved alone.
    fn answer_of(&self, saved: &Saved, call: &Call, once: &Once) -> Response {
        let save = Save {
            before: (*saved.before).clone(),
            events: &saved.events,
        };
        let comments: Vec<_> = saved.comments.iter().cloned().map(by_first_words).collect();
        let around = Around {
            first: comments.first().filter(|_| self.created),
            organization: None,
            skill_names: &SkillNames::default(),
            links: TicketLinks::default(),
        };
        let audit = audit(&call.address, &save, &comments, &[]);
        let body = json!({ "ticket": ticket(&call.address, &saved.ticket, &around), "audit": audit });
        once.mark((self.status(), Json(body)).into_response(), self.repeated)
    }

    fn status(&self) -> StatusCode {
        if self.created {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        }
    }

    async fn whole_answer(&self, call: &Call, once: &Once) -> Result<Response, ApiError> {
        let number = self.number;
        let file = call
            .desk
            .tickets()
            .standing_file(number)
            .await?
            .ok_or(ApiError::Missing)?;
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
        let organizations = call.desk.organizations().of_people(&[after.requester]).await?;
        let mut links = call.desk.tickets().links_of(std::slice::from_ref(&after)).await?;
        let around = Around {
            first: first.first(),
            organization: organizations.get(&after.requester).map(|theirs| theirs.id),
            skill_names: &names_of_skills(call, std::slice::from_ref(&after)).await?,
            links: links.remove(&after.number).unwrap_or_default(),
        };
        let body = json!({ "ticket": ticket(&call.address, &after, &around), "audit": audit });
        let response = (self.status(), Json(body)).into_response();
        Ok(once.mark(response, self.repeated))
    }
}
