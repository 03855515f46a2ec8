//! What makes something in a comment unreadable for good: each of its characters becomes a block, and what was formatted by HTML
//! stays as text alone, since of HTML nobody can say where else it says the same.

use super::comment::{AttachmentRef, Comment, CommentBody, MailFacts, TextPart};
use crate::Digest;
use serde_json::Value;
use std::ops::Range;

/// What stands in place of a character.
pub const BLOCK: char = '▇';
/// The name of what stands in place of a file.
pub const REDACTED_FILE: &str = "redacted.txt";

/// A text with these passages made unreadable, and how many there were. Line breaks stay.
pub fn redacted_text(text: &str, passages: &[String]) -> (String, u64) {
    let found = found_in(text, passages);
    (blocked(text, &found), found.len() as u64)
}

/// Where the passages stand in a text: in order, those that overlap as one.
fn found_in(text: &str, passages: &[String]) -> Vec<Range<usize>> {
    let each = passages.iter().filter(|passage| !passage.is_empty());
    let mut found: Vec<Range<usize>> = each
        .flat_map(|passage| text.match_indices(passage.as_str()))
        .map(|(at, passage)| at..at + passage.len())
        .collect();
    found.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn blocked(text: &str, found: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in found {
        out.push_str(&text[at..range.start]);
        out.extend(text[range.clone()].chars().map(block));
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

fn block(character: char) -> char {
    match character {
        '\n' | '\r' => character,
        _ => BLOCK,
    }
}

/// Where a byte of a text is once passages of it are blocked. What was within a passage is at its end.
fn moved(text: &str, found: &[Range<usize>], at: usize) -> usize {
    let mut to = at;
    for range in found.iter().take_while(|range| range.start < at) {
        let blocked: usize = text[range.clone()].chars().map(|c| block(c).len_utf8()).sum();
        to = to + blocked - range.end.min(at).saturating_sub(range.start);
    }
    to
}

impl CommentBody {
    /// The body with these passages made unreadable, and in how many places they stood; nothing where they stand nowhere.
    #[must_use]
    pub fn redacted(&self, passages: &[String]) -> Option<(Self, u64)> {
        let found = found_in(&self.text, passages);
        let mut places = found.len() as u64;
        let parts = self.parts.iter().map(|part| TextPart {
            start_bytes: moved(&self.text, &found, part.start_bytes),
            end_bytes: moved(&self.text, &found, part.end_bytes),
            kind: part.kind,
        });
        let mut body = Self {
            text: blocked(&self.text, &found),
            parts: parts.collect(),
            ..self.clone()
        };
        places += redact_in(&mut body.hand_off, passages) + redact_in(&mut body.problems, passages);
        let html = self.html.as_deref().unwrap_or_default();
        let in_html = found_in(html, passages).len() as u64;
        if places.max(in_html) == 0 {
            return None;
        }
        body.html = None;
        Some((body, places.max(in_html)))
    }
}

/// Makes passages unreadable in what is written as JSON; how many there were. What can't be read afterwards is left out.
fn redact_in<T>(what: &mut T, passages: &[String]) -> u64
where
    T: serde::Serialize + serde::de::DeserializeOwned + Default,
{
    let mut json = serde_json::to_value(&*what).unwrap_or_default();
    let places = redact_json(&mut json, passages);
    if places > 0 {
        *what = serde_json::from_value(json).unwrap_or_default();
    }
    places
}

/// Makes passages unreadable in each text within a JSON value, the names of members included; how many there were.
pub fn redact_json(value: &mut Value, passages: &[String]) -> u64 {
    match value {
        Value::String(text) => {
            let (redacted, places) = redacted_text(text, passages);
            *text = redacted;
            places
        }
        Value::Array(each) => each.iter_mut().map(|value| redact_json(value, passages)).sum(),
        Value::Object(members) => {
            let mut places = 0;
            for (name, mut value) in std::mem::take(members) {
                let (name, in_name) = redacted_text(&name, passages);
                places += in_name + redact_json(&mut value, passages);
                members.insert(name, value);
            }
            places
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

impl AttachmentRef {
    /// What stands in place of a file that was redacted: an empty one.
    pub fn redacted() -> Self {
        Self {
            digest: Digest::of(b""),
            name: REDACTED_FILE.to_owned(),
            content_type: "text/plain".to_owned(),
            bytes: 0,
            inline: false,
            content_id: None,
            packed: None,
        }
    }

    /// Whether it stands in place of one that was redacted.
    pub fn is_redacted(&self) -> bool {
        self.bytes == 0 && self.name == REDACTED_FILE
    }
}

impl Comment {
    /// What is left of a comment of which nothing may stay: that there was one, whose, and when.
    #[must_use]
    pub fn without_words(&self, at: crate::Timestamp) -> Self {
        let body = serde_json::to_string(&CommentBody::default()).unwrap_or_default();
        let mail = self.mail.as_ref().map(|mail| MailFacts {
            ses_id: mail.ses_id.clone(),
            stored_at: mail.stored_at.clone(),
            released: mail.released,
            held: mail.held,
            ..MailFacts::default()
        });
        Self {
            body: super::comment::BodyRef {
                digest: Digest::of(body.as_bytes()),
                bytes: body.len() as u64,
            },
            body_json: Some(body),
            snippet: String::new(),
            mail,
            attachments: vec![],
            attachments_at: None,
            automatic: None,
            has_gaps: false,
            redacted_at: Some(at),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::comment::{HandOff, TextKind, TranscriptLine};

    fn passages(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn each_character_becomes_a_block_and_lines_stay() {
        let (text, places) = redacted_text("Karte 4111 1111,\nnochmal 4111 1111", &passages(&["4111 1111"]));
        assert_eq!(
            (text.as_str(), places),
            ("Karte ▇▇▇▇▇▇▇▇▇,\nnochmal ▇▇▇▇▇▇▇▇▇", 2)
        );
        let (text, _) = redacted_text("a\nb", &passages(&["a\nb"]));
        assert_eq!(text, "▇\n▇");
    }

    #[test]
    fn passages_that_overlap_are_one() {
        let (text, places) = redacted_text("abcdef", &passages(&["abcd", "cdef", ""]));
        assert_eq!((text.as_str(), places), ("▇▇▇▇▇▇", 1));
        let (text, places) = redacted_text("aaa", &passages(&["aa"]));
        assert_eq!((text.as_str(), places), ("▇▇a", 1));
    }

    #[test]
    fn parts_go_on_covering_the_text() {
        let text = "Ünser Code: 12\n> 12 ist es\n";
        let split = text.find('>').unwrap();
        let part = |start_bytes, end_bytes, kind| TextPart {
            start_bytes,
            end_bytes,
            kind,
        };
        let body = CommentBody {
            text: text.to_owned(),
            parts: vec![
                part(0, split, TextKind::New),
                part(split, text.len(), TextKind::Quote),
            ],
            ..CommentBody::default()
        };
        let (redacted, places) = body.redacted(&passages(&["12"])).unwrap();
        assert_eq!(places, 2);
        assert_eq!(redacted.own_text(), "Ünser Code: ▇▇\n");
        assert_eq!(redacted.parts[1].of(&redacted.text), "> ▇▇ ist es\n");
        // A passage over the border of two parts belongs to the first.
        let (redacted, _) = body.redacted(&passages(&["12\n> 12"])).unwrap();
        assert_eq!(redacted.parts[0].of(&redacted.text), "Ünser Code: ▇▇\n▇▇▇▇");
        assert_eq!(redacted.parts[1].of(&redacted.text), " ist es\n");
    }

    #[test]
    fn what_a_bot_handed_over_is_redacted_and_html_does_not_stay() {
        let body = CommentBody {
            text: "see below".to_owned(),
            html: Some("<p>see <b>be</b>low</p>".to_owned()),
            hand_off: Some(HandOff {
                summary: Some("card 4111".to_owned()),
                transcript: vec![TranscriptLine {
                    at: None,
                    who: "user".to_owned(),
                    text: "4111 it is".to_owned(),
                }],
                ..HandOff::default()
            }),
            ..CommentBody::default()
        };
        let (redacted, places) = body.redacted(&passages(&["4111"])).unwrap();
        assert_eq!(places, 2);
        assert!(!serde_json::to_string(&redacted).unwrap().contains("4111"));
        assert_eq!(redacted.html, None);
        assert_eq!(body.redacted(&passages(&["nowhere"])), None);
    }
}
