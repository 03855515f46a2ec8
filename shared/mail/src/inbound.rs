//! What reading a mail gives: typed values, nothing of the wire left but the bytes of attachments.

use bytes::Bytes;
use jiff::Timestamp;

use crate::automatic::{AutomaticSign, HoldBackSign};
use crate::monitor::MonitorNotice;
use crate::notes::ReadingNote;

/// A person's or machine's address with the name shown beside it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mailbox {
    /// The display name, decoded, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The address: local part as written, domain in lower case and in its ASCII form (IDNA).
    pub address: String,
}

impl Mailbox {
    /// A mailbox without a display name.
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            name: None,
            address: address.into(),
        }
    }

    /// A mailbox with a display name.
    pub fn named(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            address: address.into(),
        }
    }
}

/// A part of a mail that is not its text: a file, an inline image, a nested mail, a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// A cleaned file name: no path, no control or reserved characters, never empty, at most 200 bytes.
    pub name: String,
    /// The media type the sender stated, in lower case, without parameters; `application/octet-stream` if none.
    pub content_type: String,
    /// The Content-ID without angle brackets, by which HTML refers to it as `cid:`.
    pub content_id: Option<String>,
    /// Whether the sender meant it to be shown within the text.
    pub inline: bool,
    /// The decoded contents.
    pub bytes: Bytes,
}

/// A mail as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboundMail {
    /// The Message-ID without angle brackets. Not unique and not to be trusted: senders reuse and omit it.
    pub message_id: Option<String>,
    /// The ids of In-Reply-To, without angle brackets.
    pub in_reply_to: Vec<String>,
    /// The ids of References, first to last, without angle brackets.
    pub references: Vec<String>,
    /// The first author of From.
    pub from: Option<Mailbox>,
    /// Sender, when stated.
    pub sender: Option<Mailbox>,
    /// The first address of Reply-To.
    pub reply_to: Option<Mailbox>,
    /// The addresses of To, groups unfolded.
    pub to: Vec<Mailbox>,
    /// The addresses of Cc, groups unfolded.
    pub cc: Vec<Mailbox>,
    /// The decoded subject on one line; empty when there is none.
    pub subject: String,
    /// The time the sender stated in Date.
    pub date: Option<Timestamp>,
    /// The plain text, from the HTML when there is no text part. Lines end in `\n`.
    pub text: String,
    /// The HTML as sent, unsanitised: it must pass [`crate::sanitise_html`] before anyone sees it.
    pub html: Option<String>,
    /// Everything else the mail carried.
    pub attachments: Vec<Attachment>,
    /// The first sign that a machine wrote this mail; such a mail never triggers automatic mail.
    pub automatic: Option<AutomaticSign>,
    /// A sign that stands on human mail too and only holds back our own automatic mail.
    pub hold_back: Option<HoldBackSign>,
    /// Whether the mail calls itself an automatic answer (`Auto-Submitted: auto-replied`, RFC 3834).
    pub auto_replied: bool,
    /// The addresses of `X-Failed-Recipients`, with which exim and Gmail name the recipients that were not reached.
    pub failed_recipients: Vec<String>,
    /// The sign that somebody put to a mail instead of an answer, such as a thumb that is held up: this mail is no contact.
    pub reaction: Option<String>,
    /// What it tells, if a monitor could have written it.
    pub monitor: Option<MonitorNotice>,
    /// What could not be read as written, or was guessed, for the agent.
    pub notes: Vec<ReadingNote>,
}

impl InboundMail {
    /// The notes in words for the agent.
    pub fn problems(&self) -> Vec<String> {
        self.notes.iter().map(ToString::to_string).collect()
    }
}
