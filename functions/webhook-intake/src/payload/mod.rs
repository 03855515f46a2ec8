//! The body of a call: our own shape for bots, forms and chats. A contact is not refused for a field that could be left out.

mod reading;
#[cfg(test)]
mod tests;

use crate::{answer::HookError, reply_address};
use base64::{Engine as _, alphabet, engine};
use docket_domain::{
    contact::comment::TranscriptLine,
    people::person::is_email,
    ticket::{Priority, Ticket},
};
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
/// Longest language or locale, in bytes (RFC 5646, section 4.4.1: 35 characters are enough for every tag there is).
const LONGEST_LANGUAGE: usize = 35;
/// Longest address of a file, in bytes.
const LONGEST_URL: usize = 2_000;
/// Longest address that answers go to, in bytes: it stands on the ticket's head.
const LONGEST_REPLY_URL: usize = 1_000;
/// Longest media type, in bytes: two names of at most 127 (RFC 6838, section 4.2) and the stroke between them.
const LONGEST_MEDIA_TYPE: usize = 255;
/// Most lines of a transcript: the last ones are kept.
const MOST_LINES: usize = 500;
/// Most attachments of one call.
const MOST_ATTACHMENTS: usize = 20;
/// Most things that a bot collected.
const MOST_COLLECTED: usize = 100;
/// Longest name of one, and longest value as JSON, in bytes.
const LONGEST_COLLECTED: (usize, usize) = (100, 2_000);
/// Longest reason, in bytes: a sentence or two.
const LONGEST_REASON: usize = 2_000;

/// Base64 as bots write it: with or without padding.
const PADDING: engine::GeneralPurposeConfig = engine::GeneralPurposeConfig::new()
    .with_decode_padding_mode(engine::DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const BASE64: engine::GeneralPurpose = engine::GeneralPurpose::new(&alphabet::STANDARD, PADDING);

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
    let data = data(call.object("data", "data", &mut notes), is_local, &mut notes)?;
    let problems = notes.into_words();
    Ok(Call { kind, data, problems })
}

fn data(from: Object<'_>, is_local: bool, notes: &mut Notes) -> Result<Data, HookError> {
    let mut data = Data {
        external_id: from.word("external_id", LONGEST_WORD, notes)?,
        subject: from.text("subject", notes),
        text: from.text("text", notes),
        html: from.text("html", notes),
        priority: priority(from, notes)?,
        tags: tags(from, notes),
        attachments: attachments(from, notes)?,
        reason: cut(from, "reason", LONGEST_REASON, notes),
        intent: from.word("intent", LONGEST_WORD, notes)?,
        confidence: confidence(from, notes),
        language: from.word("language", LONGEST_LANGUAGE, notes)?,
        sentiment: from.word("sentiment", LONGEST_WORD, notes)?,
        summary: from.text("summary", notes),
        transcript: transcript(from, notes),
        ..Data::default()
    };
    for name in ["collected", "fields"] {
        let path = from.path_of(name);
        collect(from.object(name, &path, notes), notes, &mut data.collected);
    }
    let bot = from.object("bot", "data.bot", notes);
    let parts = [
        bot.word("name", LONGEST_WORD, notes)?,
        bot.word("version", LONGEST_WORD, notes)?,
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    data.bot = (!parts.is_empty()).then(|| parts.join(" "));
    data.customer = customer(from.object("customer", "data.customer", notes), notes)?;
    data.reply_via = reply_to(from.object("reply_via", "data.reply_via", notes), is_local, notes)?;
    check(data, from, notes)
}

/// Refuses what comes from nobody and what says nothing. An address that is none is left out where something else says who asks.
fn check(mut data: Data, from: Object<'_>, notes: &mut Notes) -> Result<Data, HookError> {
    let customer = &mut data.customer;
    let is_known = customer.id.is_some() || customer.phone.is_some() || data.external_id.is_some();
    if let Some(email) = customer.email.take_if(|email| !is_email(email)) {
        if !is_known {
            return Err(wrong("data.customer.email", "is not a mail address"));
        }
        notes.add(
            "data.customer.email",
            &format!("left out: {email} is not a mail address"),
        );
    }
    if !is_known && customer.email.is_none() {
        return Err(wrong(
            "data.customer",
            "needs an id, an email or a phone, or data.external_id must be given",
        ));
    }
    let says = [&data.text, &data.html, &data.summary];
    let says_nothing = says.into_iter().all(Option::is_none) && data.transcript.is_empty();
    // A file that could not be read was sent all the same, and so were words.
    if says_nothing && data.attachments.is_empty() && from.value("attachments").is_none() {
        return Err(wrong(
            "data.text",
            "there is no text, html, summary, transcript or attachment",
        ));
    }
    Ok(data)
}

fn customer(from: Object<'_>, notes: &mut Notes) -> Result<Customer, HookError> {
    Ok(Customer {
        id: from.word("id", LONGEST_WORD, notes)?,
        email: from.word("email", LONGEST_WORD, notes)?,
        phone: from.word("phone", LONGEST_WORD, notes)?,
        name: from.word("name", LONGEST_WORD, notes)?,
        locale: from.word("locale", LONGEST_LANGUAGE, notes)?,
        verified: from.yes_or_no("verified", notes),
    })
}

/// Where answers are to go. What can't be called or written to is refused here: later nobody is there to be told.
fn reply_to(from: Object<'_>, is_local: bool, notes: &mut Notes) -> Result<ReplyTo, HookError> {
    let url = from.word("url", LONGEST_REPLY_URL, notes)?;
    if let Some(why) = url
        .as_deref()
        .and_then(|url| reply_address::refused(url, is_local))
    {
        return Err(wrong("data.reply_via.url", why));
    }
    let email = from.word("email", LONGEST_WORD, notes)?;
    if email.as_deref().is_some_and(|email| !is_email(email)) {
        return Err(wrong("data.reply_via.email", "is not a mail address"));
    }
    Ok(ReplyTo { url, email })
}

fn priority(from: Object<'_>, notes: &mut Notes) -> Result<Option<Priority>, HookError> {
    let Some(word) = from.word("priority", LONGEST_WORD, notes)? else {
        return Ok(None);
    };
    let known = [Priority::Low, Priority::Normal, Priority::High, Priority::Urgent];
    let found = known
        .into_iter()
        .find(|priority| priority.as_str().eq_ignore_ascii_case(&word));
    if found.is_none() {
        let words = format!("left out: {word} is none of low, normal, high, urgent");
        notes.add(&from.path_of("priority"), &words);
    }
    Ok(found)
}

fn confidence(from: Object<'_>, notes: &mut Notes) -> Option<f64> {
    let said = match from.value("confidence")? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.trim().is_empty() => return None,
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let known = said.filter(|confidence| (0.0..=1.0).contains(confidence));
    if known.is_none() {
        notes.add(
            &from.path_of("confidence"),
            "left out, since it is no number from 0 to 1",
        );
    }
    known
}

fn cut(from: Object<'_>, name: &str, most: usize, notes: &mut Notes) -> Option<String> {
    let mut text = from.text(name, notes)?;
    if text.len() > most {
        text.truncate(
            (0..=most)
                .rev()
                .find(|at| text.is_char_boundary(*at))
                .unwrap_or(0),
        );
        notes.add(&from.path_of(name), &format!("cut after {most} bytes"));
    }
    Some(text)
}

/// The tags that a ticket can have.
fn tags(from: Object<'_>, notes: &mut Notes) -> Vec<String> {
    let path = from.path_of("tags");
    let mut tags = Vec::new();
    for value in from.list("tags", Ticket::MOST_TAGS, notes) {
        let tag = match value {
            Value::String(tag) => tag.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let is_tag = |tag: &str| {
            (1..=Ticket::LONGEST_TAG).contains(&tag.chars().count())
                && !tag.contains(|c: char| c.is_whitespace() || c.is_control())
        };
        if is_tag(&tag) {
            tags.push(tag);
        } else if !tag.is_empty() {
            let words = format!(
                "{:?} left out: a tag has at most {} characters and no white space",
                docket_domain::contact::comment::snippet(&tag),
                Ticket::LONGEST_TAG
            );
            notes.add(&path, &words);
        }
    }
    tags
}

fn collect(from: Object<'_>, notes: &mut Notes, into: &mut Map<String, Value>) {
    let (longest_name, longest_value) = LONGEST_COLLECTED;
    for (name, value) in from.members().into_iter().flatten() {
        if value.is_null() {
            continue;
        }
        let why = if into.len() >= MOST_COLLECTED {
            format!("left out: {MOST_COLLECTED} are kept")
        } else if name.len() > longest_name || name.contains(char::is_control) {
            "left out: its name is too long or has a control character".to_owned()
        } else if value.to_string().len() > longest_value {
            format!("left out: it is longer than {longest_value} bytes")
        } else {
            into.insert(name.clone(), value.clone());
            continue;
        };
        let name: String = name
            .chars()
            .filter(|c| !c.is_control())
            .take(longest_name)
            .collect();
        notes.add(&from.path_of(&name), &why);
    }
}

fn transcript(from: Object<'_>, notes: &mut Notes) -> Vec<TranscriptLine> {
    let path = from.path_of("transcript");
    let mut lines = Vec::new();
    for (at, value) in from.list("transcript", usize::MAX, notes).into_iter().enumerate() {
        let path = format!("{path}[{at}]");
        let line = match value {
            Value::String(text) => Some(("user".to_owned(), None, Some(text.clone()))),
            value => Object::of(value, &path).map(|line| {
                let who = line.text("who", notes).unwrap_or_else(|| "user".to_owned());
                (who, line.text("at", notes), line.text("text", notes))
            }),
        };
        match line {
            Some((who, at, Some(text))) => lines.push(TranscriptLine { at, who, text }),
            Some((_, _, None)) => {}
            None => notes.add(&path, "left out, since it is neither an object nor a text"),
        }
    }
    if lines.len() > MOST_LINES {
        let words = format!(
            "has {} lines, of which the last {MOST_LINES} were kept",
            lines.len()
        );
        notes.add(&path, &words);
        lines.drain(..lines.len() - MOST_LINES);
    }
    lines
}

fn attachments(from: Object<'_>, notes: &mut Notes) -> Result<Vec<Attachment>, HookError> {
    let all = from.path_of("attachments");
    let mut attachments = Vec::new();
    for (at, value) in from
        .list("attachments", MOST_ATTACHMENTS, notes)
        .into_iter()
        .enumerate()
    {
        let path = format!("{all}[{at}]");
        let Some(file) = Object::of(value, &path) else {
            notes.add(&path, "left out, since it is no object");
            continue;
        };
        let content_type = file.word("content_type", LONGEST_MEDIA_TYPE, notes)?;
        let url = file.word("url", LONGEST_URL, notes)?;
        let name = file.text("name", notes).unwrap_or_else(|| "file".to_owned());
        let content = file.text("content_base64", notes);
        let content = content.map(|content| (decoded(&content), content));
        let content = match content {
            Some((Some(bytes), _)) => Some(bytes),
            Some((None, _)) => {
                notes.add(
                    &format!("{path}.content_base64"),
                    &format!("{name} can't be read: it is not base64"),
                );
                None
            }
            None => None,
        };
        if content.is_some() || url.is_some() {
            attachments.push(Attachment {
                name,
                content_type,
                url,
                content,
            });
        }
    }
    Ok(attachments)
}

/// Base64 with line ends, of either alphabet, also as a `data:` address.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let text = match text.trim().strip_prefix("data:") {
        Some(address) => address.split_once(";base64,")?.1,
        None => text,
    };
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    BASE64.decode(plain).ok()
}

pub(crate) fn wrong(path: &str, problem: &str) -> HookError {
    HookError::NotUnderstood {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}
