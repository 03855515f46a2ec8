//! A message of queue `delivery` (nudges) or `feedback` (SES's events and results of calls). It says by its form which it is.

use crate::{DeliveryError, ses_event::SesEvent};
use docket_desk::{Desk, Nudge};
use docket_domain::{OutboxId, outbox::RecallableId};
use docket_store::queue::CallResult;
use serde_json::Value;

/// What a message says.
pub(crate) enum Message {
    /// A mail is to be looked at.
    Nudge(OutboxId),
    /// An agent's answer can't be recalled any more, and is to be saved.
    Answer(RecallableId),
    /// SES tells what became of one.
    Event(Box<SesEvent>),
    /// What became of a call.
    Result(CallResult),
}

impl Message {
    pub fn read(body: Option<&str>) -> Result<Self, DeliveryError> {
        let body: Value = serde_json::from_str(body.unwrap_or_default())?;
        if body.get("eventType").is_some() {
            return Ok(Self::Event(serde_json::from_value(body)?));
        }
        if body.get("call").is_some() {
            return Ok(Self::Result(serde_json::from_value(body)?));
        }
        if let Some(answer) = body.get("answer") {
            return Ok(Self::Answer(serde_json::from_value(answer.clone())?));
        }
        let nudge: Nudge = serde_json::from_value(body)?;
        nudge.outbox_id().map(Self::Nudge).ok_or(DeliveryError::NoWork)
    }

    /// Which outgoing work of this desk it is about.
    pub fn about(&self, desk: &Desk) -> Option<OutboxId> {
        match self {
            Self::Nudge(id) => Some(*id),
            Self::Event(event) => event.about(desk),
            Self::Result(result) => Some(result.call),
            Self::Answer(_) => None,
        }
    }
}
