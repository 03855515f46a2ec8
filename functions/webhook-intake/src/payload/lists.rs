//! The fields that there are many of, each with its limits: tags, what a bot collected, the lines of a transcript, files.

use super::{
    Attachment,
    reading::{Notes, Object},
};
use crate::answer::HookError;
use base64::{Engine as _, alphabet, engine};
use docket_domain::{contact::comment::TranscriptLine, ticket::Ticket};
use serde_json::{Map, Value};

/// Longest address of a file, in bytes.
const LONGEST_URL: usize = 2_000;
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

/// Base64 as bots write it: with or without padding.
const PADDING: engine::GeneralPurposeConfig = engine::GeneralPurposeConfig::new()
    .with_decode_padding_mode(engine::DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const BASE64: engine::GeneralPurpose = engine::GeneralPurpose::new(&alphabet::STANDARD, PADDING);

/// The tags that a ticket can have.
pub(super) fn tags(from: Object<'_>, notes: &mut Notes) -> Vec<String> {
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

pub(super) fn collect(from: Object<'_>, notes: &mut Notes, into: &mut Map<String, Value>) {
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

pub(super) fn transcript(from: Object<'_>, notes: &mut Notes) -> Vec<TranscriptLine> {
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

pub(super) fn attachments(from: Object<'_>, notes: &mut Notes) -> Result<Vec<Attachment>, HookError> {
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
