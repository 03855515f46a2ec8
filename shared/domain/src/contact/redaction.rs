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

/// Whether a text says one of these passages.
pub fn says(text: &str, passages: &[String]) -> bool {
    !found_in(text, passages).is_empty()
}

/// A text in which each run of white space is one space, and where its characters came from: people mark what they see, and a text breaks
/// its lines elsewhere.
struct Plain {
    text: String,
    /// Of each character: where it begins here, and where it stood.
    places: Vec<(usize, Range<usize>)>,
}

impl Plain {
    fn of(text: &str) -> Self {
        let mut plain = Self {
            text: String::with_capacity(text.len()),
            places: Vec::new(),
        };
        for (at, character) in text.char_indices() {
            let end = at + character.len_utf8();
            let character = if character.is_whitespace() { ' ' } else { character };
            if character == ' ' && plain.text.ends_with(' ') {
                if let Some((_, place)) = plain.places.last_mut() {
                    place.end = end;
                }
                continue;
            }
            plain.places.push((plain.text.len(), at..end));
            plain.text.push(character);
        }
        plain
    }

    /// Where what stands at these bytes came from.
    fn place(&self, start: usize, end: usize) -> Option<Range<usize>> {
        let first = self.places.partition_point(|(at, _)| *at < start);
        let last = self.places.partition_point(|(at, _)| *at < end).checked_sub(1)?;
        Some(self.places.get(first)?.1.start..self.places.get(last)?.1.end)
    }
}

/// Where the passages stand in a text: in order, those that overlap as one.
fn found_in(text: &str, passages: &[String]) -> Vec<Range<usize>> {
    let plain = Plain::of(text);
    let mut found: Vec<Range<usize>> = passages
        .iter()
        .flat_map(|passage| of_passage(&plain, passage))
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

fn of_passage(plain: &Plain, passage: &str) -> Vec<Range<usize>> {
    let passage = Plain::of(passage.trim()).text;
    if passage.is_empty() {
        return vec![];
    }
    let matches = plain.text.match_indices(&passage);
    matches
        .filter_map(|(at, passage)| plain.place(at, at + passage.len()))
        .collect()
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

/// A body with passages made unreadable.
#[derive(Clone, Debug, PartialEq)]
pub struct RedactedBody {
    /// The body.
    pub body: CommentBody,
    /// In how many places they stood.
    pub places: u64,
    /// Those that stood nowhere.
    pub missing: Vec<String>,
}

impl CommentBody {
    /// The body with these passages made unreadable. Where none of them stands in it, it is as it was.
    #[must_use]
    pub fn redacted(&self, passages: &[String]) -> RedactedBody {
        let found = found_in(&self.text, passages);
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
        let mut places = found.len() as u64;
        for text in body.other_texts() {
            let (redacted, found) = redacted_text(text, passages);
            (*text, places) = (redacted, places + found);
        }
        if let Some(hand_off) = &mut body.hand_off {
            let mut collected = Value::Object(std::mem::take(&mut hand_off.collected));
            places += redact_json(&mut collected, passages);
            if let Value::Object(members) = collected {
                hand_off.collected = members;
            }
        }
        let html = self.html.as_deref().unwrap_or_default();
        let in_html = found_in(html, passages).len() as u64;
        let missing = passages.iter().filter(|passage| !self.says(passage));
        let missing = missing.cloned().collect();
        if places.max(in_html) == 0 {
            let body = self.clone();
            return RedactedBody {
                body,
                places: 0,
                missing,
            };
        }
        body.html = None;
        let places = places.max(in_html);
        RedactedBody {
            body,
            places,
            missing,
        }
    }

    fn says(&self, passage: &str) -> bool {
        let passages = [passage.to_owned()];
        let html = self.html.as_deref().unwrap_or_default();
        let collected = self.hand_off.as_ref().map(|hand_off| hand_off.collected.clone());
        says(&self.text, &passages)
            || says(html, &passages)
            || self
                .clone()
                .other_texts()
                .iter()
                .any(|text| says(text, &passages))
            || collected.is_some_and(|members| says_json(&Value::Object(members), &passages))
    }

    /// What else it says besides its text and its HTML.
    fn other_texts(&mut self) -> Vec<&mut String> {
        let mut texts: Vec<&mut String> = self.problems.iter_mut().collect();
        if let Some(hand_off) = &mut self.hand_off {
            let said = [
                &mut hand_off.reason,
                &mut hand_off.intent,
                &mut hand_off.sentiment,
                &mut hand_off.summary,
                &mut hand_off.bot,
            ];
            texts.extend(said.into_iter().flatten());
            texts.extend(hand_off.transcript.iter_mut().map(|line| &mut line.text));
        }
        texts
    }
}

fn says_json(value: &Value, passages: &[String]) -> bool {
    match value {
        Value::String(text) => says(text, passages),
        Value::Array(each) => each.iter().any(|value| says_json(value, passages)),
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| says(name, passages) || says_json(value, passages)),
        Value::Number(number) => says(&number.to_string(), passages),
        Value::Null | Value::Bool(_) => false,
    }
}

/// Makes passages unreadable in each text within a JSON value that has no form of its own, names of members included; how many there
/// were. A number that says one becomes a text.
pub fn redact_json(value: &mut Value, passages: &[String]) -> u64 {
    match value {
        Value::String(text) => {
            let (redacted, places) = redacted_text(text, passages);
            *text = redacted;
            places
        }
        Value::Number(number) => {
            let (redacted, places) = redacted_text(&number.to_string(), passages);
            if places > 0 {
                *value = Value::String(redacted);
            }
            places
        }
        Value::Array(each) => each.iter_mut().map(|value| redact_json(value, passages)).sum(),
        Value::Object(members) => {
            let mut places = 0;
            for (name, mut value) in std::mem::take(members) {
                let (mut name, in_name) = redacted_text(&name, passages);
                places += in_name + redact_json(&mut value, passages);
                // Two that can't be told apart any more are two all the same.
                while members.contains_key(&name) {
                    name.push(BLOCK);
                }
                members.insert(name, value);
            }
            places
        }
        Value::Null | Value::Bool(_) => 0,
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
        let (text, places) = redacted_text("abcdef", &passages(&["abcd", "cdef", "", " "]));
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
        let RedactedBody {
            body: redacted,
            places,
            ..
        } = body.redacted(&passages(&["12"]));
        assert_eq!(places, 2);
        assert_eq!(redacted.own_text(), "Ünser Code: ▇▇\n");
        assert_eq!(redacted.parts[1].of(&redacted.text), "> ▇▇ ist es\n");
        // A passage over the border of two parts belongs to the first.
        let redacted = body.redacted(&passages(&["12\n> 12"])).body;
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
        let RedactedBody {
            body: redacted,
            places,
            missing,
        } = body.redacted(&passages(&["4111"]));
        assert_eq!((places, missing), (2, vec![]));
        assert!(!serde_json::to_string(&redacted).unwrap().contains("4111"));
        assert_eq!(redacted.html, None);
        let nothing = body.redacted(&passages(&["nowhere"]));
        assert_eq!((nothing.body, nothing.missing), (body, passages(&["nowhere"])));
    }

    #[test]
    fn a_word_that_a_form_has_too_harms_no_form() {
        let body = CommentBody {
            text: "user, text and who: 11".to_owned(),
            parts: vec![TextPart {
                start_bytes: 0,
                end_bytes: 22,
                kind: TextKind::New,
            }],
            hand_off: Some(HandOff {
                transcript: vec![TranscriptLine {
                    at: Some("2026-11-11".to_owned()),
                    who: "user".to_owned(),
                    text: "11 is my text".to_owned(),
                }],
                collected: serde_json::from_str(r#"{"card 11":11,"other":{"text":"11"}}"#).unwrap(),
                ..HandOff::default()
            }),
            ..CommentBody::default()
        };
        let redacted = body.redacted(&passages(&["11", "text", "user", "new"]));
        assert_eq!(redacted.missing, ["new"], "which is what a part is");
        let hand_off = redacted.body.hand_off.unwrap();
        assert_eq!(hand_off.transcript[0].text, "▇▇ is my ▇▇▇▇");
        assert_eq!(hand_off.transcript[0].who, "user");
        assert!(!serde_json::to_string(&hand_off.collected).unwrap().contains("11"));
        let mut two: Value = serde_json::from_str(r#"{"1111":4111,"2222":1}"#).unwrap();
        let digits = passages(&["1111", "2222", "4111"]);
        assert!(says_json(&two["1111"], &digits));
        redact_json(&mut two, &digits);
        assert_eq!(two, serde_json::json!({ "▇▇▇▇": "▇▇▇▇", "▇▇▇▇▇": 1 }));
        assert_eq!(redacted.body.parts[0].kind, TextKind::New);
    }

    #[test]
    fn white_space_is_white_space() {
        let (text, places) = redacted_text("card 4111\u{a0}\n1111.", &passages(&["4111 1111"]));
        assert_eq!((text.as_str(), places), ("card ▇▇▇▇▇\n▇▇▇▇.", 1));
        let (text, _) = redacted_text("a  b", &passages(&[" a b "]));
        assert_eq!(text, "▇▇▇▇");
    }
}
