//! Comments: what people wrote on a ticket. A small text stands in the comment, a large one lies in a blob; the ticket's items
//! hold who, when, for whom, and where to find it.

use super::tells::Tells;
use crate::{Digest, PersonId, Timestamp, ticket::Channel};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Longest comment text in bytes that is taken as a comment; what is longer is cut here and kept whole in
/// the original (the mail, the attachment). Zendesk's own limit is 64 KiB.
pub const LONGEST_TEXT_BYTES: usize = 64 * 1024;

/// Length of the snippet that lists show, in characters.
pub const SNIPPET_CHARACTERS: usize = 140;

/// In which part somebody wrote a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorRole {
    /// The person who asks.
    Requester,
    /// A person who gets the answers in copy because an agent brought them in.
    Participant,
    /// Somebody who works here.
    Agent,
    /// A person who is neither: their words are shown to agents only.
    ThirdParty,
    /// The desk itself.
    System,
}

impl AuthorRole {
    /// Whether the words are from the customers' side: the requester's, or those of somebody in copy.
    pub fn is_customer(self) -> bool {
        matches!(self, Self::Requester | Self::Participant)
    }
}

/// Where the body of a comment lies and how long it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyRef {
    /// Digest of the stored body.
    pub digest: Digest,
    /// Size of the stored body before compression, in bytes.
    pub bytes: u64,
}

/// An attachment of a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentRef {
    /// Digest of the content.
    pub digest: Digest,
    /// File name as cleaned on intake.
    pub name: String,
    /// Media type the sender declared.
    pub content_type: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Shown within the text rather than below it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inline: bool,
    /// The id by which the HTML text refers to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_id: Option<String>,
    /// Where it lies, if it was stored together with others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed: Option<Packed>,
}

/// Where a file lies that was stored together with others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// Digest of all of them, one behind the other.
    pub pack: Digest,
    /// Its first byte.
    pub start_bytes: u64,
}

/// Most people to whom a mail says it went besides that are kept with its comment.
pub const MOST_COPIED: usize = 50;

/// Somebody to whom a mail says it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correspondent {
    /// The name beside the address, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The address.
    pub address: String,
}

/// What is kept of the mail that a comment came with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailFacts {
    /// The id that the receiving service gave the delivery.
    pub ses_id: String,
    /// The mail's own `Message-ID` without angle brackets, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Where the original lies.
    pub stored_at: String,
    /// Result of the DMARC check as the receipt gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc: Option<String>,
    /// The others to whom it went, as it says: To and Cc without our own addresses and the sender's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copied: Vec<Correspondent>,
    /// The contact form that sent it for its author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_form: Option<String>,
    /// It was held, and a person let it in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub released: bool,
    /// The contact as which it was held before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<u64>,
    /// What could not be read, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
    /// The sign that somebody put to another comment by it, instead of an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaction: Option<Reaction>,
    /// What a monitor tells by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Incident>,
}

/// How that which a monitor watches stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentState {
    /// Something is wrong.
    Problem,
    /// It is over.
    Recovery,
    /// Somebody knows of it, it goes to and fro, work on it is planned.
    Update,
}

impl IncidentState {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Problem, Self::Recovery, Self::Update];

    /// The word in conditions and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Recovery => "recovery",
            Self::Update => "update",
        }
    }
}

/// What a monitor tells by a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// How it stands.
    pub state: IncidentState,
    /// What it is about: the subject without the state.
    pub about: String,
    /// Whether the mail is on this ticket because the ticket is about the same, and for no other reason.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub joined: bool,
    /// Whether its sender's domain vouches for it; rules act on nothing else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vouched: bool,
}

/// A sign that somebody put to a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The sign, mostly an emoji.
    pub sign: String,
    /// The comment: its version.
    pub to_v: u64,
}

/// Most bytes of a body, as JSON, that stands in its comment. A larger one lies by itself, and costs a call to be had.
pub const MOST_BYTES_HERE: usize = 2048;

/// A comment as it is stored beside its ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Version of the ticket whose event added it.
    pub v: u64,
    /// When.
    pub at: Timestamp,
    /// Who wrote it.
    pub author: PersonId,
    /// In which part.
    pub role: AuthorRole,
    /// Whether the requester may see it.
    pub public: bool,
    /// How it came.
    pub channel: Channel,
    /// Its text: how large, and where it lies unless it stands here.
    pub body: BodyRef,
    /// The body as JSON, where it is at most [`MOST_BYTES_HERE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_json: Option<String>,
    /// The first words, for lists.
    pub snippet: String,
    /// The mail it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailFacts>,
    /// Files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentRef>,
    /// Where the list of files lies that is too long to stand here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments_at: Option<Digest>,
    /// The sign by which it was taken for automatic mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic: Option<String>,
    /// Whether something of it could not be read, or was guessed; body and mail say what.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_gaps: bool,
    /// When something of it was last made unreadable; its mail's original is gone since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted_at: Option<Timestamp>,
    /// What it tells of besides its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tells: Option<Tells>,
}

/// What a part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextKind {
    /// The writer's own words.
    New,
    /// What they quote.
    Quote,
    /// What stands below every one of their mails.
    Signature,
    /// What they pass on.
    Forward,
}

/// A part of a text: bytes from start to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextPart {
    /// The first byte.
    pub start_bytes: usize,
    /// The byte after the last.
    pub end_bytes: usize,
    /// What it is.
    pub kind: TextKind,
}

impl TextPart {
    /// Whether the part is folded away until somebody asks for it.
    pub fn is_folded(&self) -> bool {
        matches!(self.kind, TextKind::Quote | TextKind::Signature)
    }

    /// The part's words; nothing where the text has no such part.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start_bytes..self.end_bytes).unwrap_or_default()
    }
}

/// The stored body of a comment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CommentBody {
    /// The whole text, quoted parts included.
    pub text: String,
    /// Its parts, in order and without a gap; none where all of it is the writer's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<TextPart>,
    /// The HTML as it came; sanitised when it is shown, never before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// What a bot handed over: transcript and context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand_off: Option<HandOff>,
    /// What of the contact could not be read or was left out, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

impl CommentBody {
    /// The text without what is folded away.
    pub fn shown_text(&self) -> Cow<'_, str> {
        self.parts_that(|part| !part.is_folded())
    }

    /// The writer's own words: without what they quote, pass on, or sign with.
    pub fn own_text(&self) -> Cow<'_, str> {
        self.parts_that(|part| part.kind == TextKind::New)
    }

    fn parts_that(&self, are_wanted: impl Fn(&TextPart) -> bool) -> Cow<'_, str> {
        if self.parts.iter().all(&are_wanted) {
            return Cow::Borrowed(&self.text);
        }
        let wanted = self.parts.iter().filter(|part| are_wanted(part));
        Cow::Owned(wanted.map(|part| part.of(&self.text)).collect())
    }
}

/// What a chatbot hands over with a contact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HandOff {
    /// Why the bot gave up, in its own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the bot thought the customer wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// How sure it was, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// Mood as the bot read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<String>,
    /// The bot's summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// What the bot collected, by name.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub collected: serde_json::Map<String, serde_json::Value>,
    /// The conversation so far.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transcript: Vec<TranscriptLine>,
    /// Name and version of the bot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot: Option<String>,
}

/// One utterance in a transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptLine {
    /// When, as the bot said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// `user`, `bot` or `human`.
    pub who: String,
    /// The words.
    pub text: String,
}

/// The first words of a text on one line, at most [`SNIPPET_CHARACTERS`] characters.
pub fn snippet(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        let room = SNIPPET_CHARACTERS.saturating_sub(out.chars().count() + usize::from(!out.is_empty()));
        if room == 0 {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().take(room));
    }
    out
}

/// The text cut at [`LONGEST_TEXT_BYTES`], at a character's boundary, and whether it was cut.
pub fn bounded_text(text: &str) -> (&str, bool) {
    if text.len() <= LONGEST_TEXT_BYTES {
        return (text, false);
    }
    let mut end = LONGEST_TEXT_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (&text[..end], true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_one_bounded_line() {
        assert_eq!(snippet(" Hello\r\n  world "), "Hello world");
        assert_eq!(snippet(&"x".repeat(500)).chars().count(), SNIPPET_CHARACTERS);
        assert_eq!(snippet(""), "");
    }

    #[test]
    fn the_shown_text_leaves_out_what_is_folded() {
        let part = |start_bytes, end_bytes, kind| TextPart {
            start_bytes,
            end_bytes,
            kind,
        };
        let mut body = CommentBody {
            text: "Yes.\n> Really?\nBye\n-- \nAnn\n".to_owned(),
            ..CommentBody::default()
        };
        assert_eq!(body.shown_text(), body.text);
        body.parts = vec![
            part(0, 5, TextKind::New),
            part(5, 15, TextKind::Quote),
            part(15, 19, TextKind::New),
            part(19, 27, TextKind::Signature),
        ];
        assert_eq!(body.shown_text(), "Yes.\nBye\n");
    }

    #[test]
    fn what_somebody_passes_on_is_shown_and_is_not_their_own() {
        let part = |start_bytes, end_bytes, kind| TextPart {
            start_bytes,
            end_bytes,
            kind,
        };
        let body = CommentBody {
            text: "See below\nForwarded: hi\n".to_owned(),
            parts: vec![part(0, 10, TextKind::New), part(10, 24, TextKind::Forward)],
            ..CommentBody::default()
        };
        assert_eq!(
            (body.own_text(), body.shown_text()),
            ("See below\n".into(), body.text.as_str().into())
        );
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let text = "ü".repeat(LONGEST_TEXT_BYTES);
        let (cut, was_cut) = bounded_text(&text);
        assert!(was_cut && cut.len() <= LONGEST_TEXT_BYTES && cut.ends_with('ü'));
    }
}
