//! The body of a call: our own shape for bots, forms and chats.

use crate::answer::HookError;
use docket_domain::{contact::comment::TranscriptLine, ticket::Priority};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A call.
#[derive(Debug, Deserialize)]
pub(crate) struct Call {
    #[serde(rename = "type")]
    pub kind: CallKind,
    pub data: Data,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum CallKind {
    #[serde(rename = "contact.created")]
    Contact,
    #[serde(rename = "message.created")]
    Message,
    #[serde(rename = "handoff.requested")]
    HandOff,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Data {
    pub external_id: Option<String>,
    #[serde(default)]
    pub customer: Customer,
    pub subject: Option<String>,
    pub text: Option<String>,
    pub html: Option<String>,
    pub priority: Option<Priority>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub fields: Map<String, Value>,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    pub reason: Option<String>,
    pub intent: Option<String>,
    pub confidence: Option<f64>,
    pub language: Option<String>,
    pub sentiment: Option<String>,
    pub summary: Option<String>,
    #[serde(default)]
    pub collected: Map<String, Value>,
    #[serde(default)]
    pub transcript: Vec<TranscriptLine>,
    pub bot: Option<Bot>,
    pub reply_via: Option<ReplyTo>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Customer {
    pub id: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub name: Option<String>,
    pub locale: Option<String>,
    pub verified: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Attachment {
    pub name: String,
    pub content_type: Option<String>,
    pub url: Option<String>,
    pub content_base64: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Bot {
    pub name: Option<String>,
    pub version: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ReplyTo {
    pub url: Option<String>,
    pub email: Option<String>,
}

/// Longest id, name or address of a customer, in bytes.
const LONGEST_WORD: usize = 500;
/// Longest language or locale, in bytes (RFC 5646, section 4.4.1: 35 characters are enough for every tag there is).
const LONGEST_LANGUAGE: usize = 35;
/// Longest address to call, in bytes; it stands in the ticket's head.
const LONGEST_URL: usize = 2_000;
/// Longest address that answers go to, in bytes: it stands on the ticket's head.
const LONGEST_REPLY_URL: usize = 1_000;
/// Longest media type, in bytes: two names of at most 127 (RFC 6838, section 4.2) and the stroke between them.
const LONGEST_MEDIA_TYPE: usize = 255;
/// Most lines of a transcript.
const MOST_LINES: usize = 500;

/// Reads a body; what is wrong is named with the path of its field.
pub(crate) fn read(body: &[u8]) -> Result<Call, HookError> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let mut json = serde_json::Deserializer::from_slice(body);
    let call: Call = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // The library writes `?` where it has not come to a field yet.
        let path = error.path().to_string().replace('?', ".");
        HookError::NotUnderstood {
            path,
            problem: error.into_inner().to_string(),
        }
    })?;
    json.end().map_err(|error| wrong(".", &error.to_string()))?;
    check(&call.data)?;
    Ok(call)
}

fn check(data: &Data) -> Result<(), HookError> {
    let Customer { id, email, phone, .. } = &data.customer;
    if [id, email, phone]
        .into_iter()
        .flatten()
        .all(|text| text.trim().is_empty())
        && data.external_id.is_none()
    {
        return Err(wrong(
            "data.customer",
            "needs an id, an email or a phone, or data.external_id must be given",
        ));
    }
    check_words(data)?;
    if email.as_ref().is_some_and(|email| !looks_like_an_address(email)) {
        return Err(wrong("data.customer.email", "is not a mail address"));
    }
    if data.external_id.as_ref().is_some_and(String::is_empty) {
        return Err(wrong("data.external_id", "has 1 to 500 bytes"));
    }
    if data.transcript.len() > MOST_LINES {
        return Err(wrong("data.transcript", "has more than 500 lines"));
    }
    let empty = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
    let says_nothing = empty(&data.text) && empty(&data.html) && empty(&data.summary);
    if says_nothing && data.transcript.is_empty() && data.attachments.is_empty() {
        return Err(wrong(
            "data.text",
            "there is no text, html, summary, transcript or attachment",
        ));
    }
    if let Some(url) = data.reply_via.as_ref().and_then(|via| via.url.as_ref())
        && !(url.starts_with("https://") || url.starts_with("http://"))
    {
        return Err(wrong("data.reply_via.url", "is not an http or https address"));
    }
    Ok(())
}

/// Refuses texts that are longer than what they stand for can be, and media types that could not stand in a mail.
fn check_words(data: &Data) -> Result<(), HookError> {
    let customer = &data.customer;
    let via = data.reply_via.as_ref();
    let bot = data.bot.as_ref();
    let words = [
        ("customer.id", &customer.id, LONGEST_WORD),
        ("customer.email", &customer.email, LONGEST_WORD),
        ("customer.phone", &customer.phone, LONGEST_WORD),
        ("customer.name", &customer.name, LONGEST_WORD),
        ("customer.locale", &customer.locale, LONGEST_LANGUAGE),
        ("external_id", &data.external_id, LONGEST_WORD),
        ("language", &data.language, LONGEST_LANGUAGE),
        ("sentiment", &data.sentiment, LONGEST_WORD),
        ("intent", &data.intent, LONGEST_WORD),
        ("bot.name", &bot.and_then(|bot| bot.name.clone()), LONGEST_WORD),
        (
            "bot.version",
            &bot.and_then(|bot| bot.version.clone()),
            LONGEST_WORD,
        ),
        (
            "reply_via.url",
            &via.and_then(|via| via.url.clone()),
            LONGEST_REPLY_URL,
        ),
        (
            "reply_via.email",
            &via.and_then(|via| via.email.clone()),
            LONGEST_WORD,
        ),
    ];
    for (field, word, most) in words {
        if word.as_ref().is_some_and(|word| word.len() > most) {
            let problem = format!("is longer than {most} bytes");
            return Err(wrong(&format!("data.{field}"), &problem));
        }
    }
    for (at, attachment) in data.attachments.iter().enumerate() {
        let declared = attachment.content_type.as_deref().unwrap_or_default();
        if declared.len() > LONGEST_MEDIA_TYPE || declared.contains(char::is_control) {
            let path = format!("data.attachments[{at}].content_type");
            let problem =
                format!("is no media type: it has a control character or over {LONGEST_MEDIA_TYPE} bytes");
            return Err(wrong(&path, &problem));
        }
        if attachment.url.as_ref().is_some_and(|url| url.len() > LONGEST_URL) {
            let path = format!("data.attachments[{at}].url");
            return Err(wrong(&path, &format!("is longer than {LONGEST_URL} bytes")));
        }
    }
    Ok(())
}

/// Good enough to tell an address from something else; whether mail arrives is found out by sending it.
fn looks_like_an_address(text: &str) -> bool {
    let text = text.trim();
    let plain =
        !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';'));
    plain
        && text
            .rsplit_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && domain.len() > 1)
}

pub(crate) fn wrong(path: &str, problem: &str) -> HookError {
    HookError::NotUnderstood {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(body: &str) -> String {
        match read(body.as_bytes()) {
            Err(HookError::NotUnderstood { path, .. }) => path,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path() {
        assert_eq!(
            path(r#"{"type":"contact.created","data":{"customer":{"id":7},"text":"x"}}"#),
            "data.customer.id"
        );
        assert_eq!(path(r#"{"type":"nonsense","data":{}}"#), "type");
        assert_eq!(
            path(r#"{"type":"contact.created","data":{"text":"x"}}"#),
            "data.customer"
        );
        assert_eq!(
            path(r#"{"type":"contact.created","data":{"customer":{"id":"1"}}}"#),
            "data.text"
        );
        assert_eq!(
            path(r#"{"type":"contact.created","data":{"customer":{"email":"nobody"},"text":"x"}}"#),
            "data.customer.email"
        );
        assert_eq!(path("{"), ".");
    }

    #[test]
    fn unknown_fields_and_a_byte_order_mark_do_no_harm() {
        let body = "\u{feff}{\"type\":\"contact.created\",\"x\":1,\"data\":{\"customer\":{\"id\":\"1\"},\"text\":\"t\"}}";
        assert_eq!(read(body.as_bytes()).unwrap().kind, CallKind::Contact);
    }
}
