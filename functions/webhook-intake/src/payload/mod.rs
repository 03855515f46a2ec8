//! The body of a call: our own shape for bots, forms and chats. A contact is not refused for a field that could be left out.

mod data;
mod lists;
mod reading;
#[cfg(test)]
mod tests;

use crate::answer::HookError;
use docket_domain::{contact::comment::TranscriptLine, ticket::Priority};
use reading::{Notes, Object, without_lone_surrogates};
use serde_json::{Map, Value};

/// A call.
#[derive(Debug)]
pub(crate) struct Call {
    pub kind: CallKind,
    pub data: Data,
    /// What of it was left out or cut, in words.
    pub problems: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallKind {
    Contact,
    Message,
    HandOff,
}

#[derive(Debug, Default)]
pub(crate) struct Data {
    pub external_id: Option<String>,
    pub customer: Customer,
    pub subject: Option<String>,
    pub text: Option<String>,
    pub html: Option<String>,
    pub priority: Option<Priority>,
    pub tags: Vec<String>,
    pub attachments: Vec<Attachment>,
    pub reason: Option<String>,
    pub intent: Option<String>,
    pub confidence: Option<f64>,
    pub language: Option<String>,
    pub sentiment: Option<String>,
    pub summary: Option<String>,
    /// What the bot collected, and the fields it sent.
    pub collected: Map<String, Value>,
    pub transcript: Vec<TranscriptLine>,
    /// Name and version.
    pub bot: Option<String>,
    pub reply_via: ReplyTo,
}

#[derive(Debug, Default)]
pub(crate) struct Customer {
    pub id: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub name: Option<String>,
    pub locale: Option<String>,
    /// Whether the channel vouches for address and telephone number; nothing where it does not say.
    pub verified: Option<bool>,
}

#[derive(Debug)]
pub(crate) struct Attachment {
    pub name: String,
    pub content_type: Option<String>,
    pub url: Option<String>,
    pub content: Option<Vec<u8>>,
}

#[derive(Debug, Default)]
pub(crate) struct ReplyTo {
    pub url: Option<String>,
    pub email: Option<String>,
}

/// Longest id, name or address of a customer, in bytes.
const LONGEST_WORD: usize = 500;

/// Reads a body; `is_local`: answers may go to addresses of this machine. What is wrong is named with the path of its field.
pub(crate) fn read(body: &[u8], is_local: bool) -> Result<Call, HookError> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = std::str::from_utf8(body).map_err(|error| {
        let problem = format!(
            "the body is not UTF-8: byte {} can't be read",
            error.valid_up_to()
        );
        wrong(".", &problem)
    })?;
    let json: Value = serde_json::from_str(&without_lone_surrogates(text)).map_err(|error| {
        let problem = format!(
            "the body is not JSON: line {}, column {}",
            error.line(),
            error.column()
        );
        wrong(".", &problem)
    })?;
    let mut notes = Notes::default();
    let call = Object::whole(&json)?;
    let kind = match call.word("type", LONGEST_WORD, &mut notes)?.as_deref() {
        Some("contact.created") => CallKind::Contact,
        Some("message.created") => CallKind::Message,
        Some("handoff.requested") => CallKind::HandOff,
        _ => {
            let problem = "is contact.created, message.created or handoff.requested";
            return Err(wrong("type", problem));
        }
    };
    let data = data::data(call.object("data", "data", &mut notes), is_local, &mut notes)?;
    let problems = notes.into_words();
    Ok(Call { kind, data, problems })
}

pub(crate) fn wrong(path: &str, problem: &str) -> HookError {
    HookError::NotUnderstood {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}
