//! Header fields on the wire: refusal of line ends, encoded words (RFC 2047), folding.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{RenderError, is_plain_address};
use crate::inbound::Mailbox;

/// Column at which a field is folded (RFC 5322, section 2.1.1: should be at most 78).
const FOLD_COLUMN: usize = 76;

/// Bytes of text in one encoded word: 60 letters of base64 and twelve of frame stay below the 75 allowed.
const WORD_BYTES: usize = 45;

/// Longest word left unencoded; longer ones could not be folded.
const MAX_PLAIN_WORD: usize = 60;

/// Longest id sent: with its brackets and a fold it stays well below a line's 998 bytes.
const MAX_ID_BYTES: usize = 900;

/// An address on its way into a header.
pub(crate) struct Address<'a>(pub(crate) &'a str);

/// One header field being written.
pub(super) struct Header<'a> {
    name: &'static str,
    block: &'a mut String,
}

impl<'a> Header<'a> {
    pub(super) fn new(name: &'static str, block: &'a mut String) -> Self {
        Self { name, block }
    }

    /// Unstructured text.
    pub(super) fn text(self, text: &str) -> Result<(), RenderError> {
        self.refuse_line_ends(text)?;
        let words = if is_plain_text(text) {
            text.split(' ')
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        } else {
            encoded_words(text)
        };
        self.fold(&words);
        Ok(())
    }

    /// Addresses, each with its name if it has one; nothing at all for none.
    pub(super) fn addresses(self, mailboxes: &[Mailbox]) -> Result<(), RenderError> {
        let mut words = Vec::new();
        for (position, mailbox) in mailboxes.iter().enumerate() {
            self.refuse_line_ends(&mailbox.address)?;
            if !is_plain_address(&Address(&mailbox.address)) {
                return Err(RenderError::BadAddress {
                    header: self.name,
                    address: mailbox.address.clone(),
                });
            }
            let comma = if position + 1 < mailboxes.len() { "," } else { "" };
            match mailbox.name.as_deref().filter(|name| !name.trim().is_empty()) {
                Some(name) => {
                    self.refuse_line_ends(name)?;
                    words.extend(phrase(name));
                    words.push(format!("<{}>{comma}", mailbox.address));
                }
                None => words.push(format!("{}{comma}", mailbox.address)),
            }
        }
        if !words.is_empty() {
            self.fold(&words);
        }
        Ok(())
    }

    /// Ids that we made: one that cannot be sent is an error.
    pub(super) fn ids(self, ids: &[String]) -> Result<(), RenderError> {
        for id in ids {
            self.refuse_line_ends(id)?;
            if !is_sendable_id(id) {
                return Err(RenderError::BadValue { header: self.name });
            }
        }
        self.known_ids(ids)
    }

    /// Ids that others made: those that cannot be sent are left out, and the field with them.
    pub(super) fn known_ids(self, ids: &[String]) -> Result<(), RenderError> {
        let words: Vec<String> = ids
            .iter()
            .filter(|id| is_sendable_id(id))
            .map(|id| format!("<{id}>"))
            .collect();
        if !words.is_empty() {
            self.fold(&words);
        }
        Ok(())
    }

    /// A value of plain ASCII that is neither encoded nor folded.
    pub(super) fn token(self, value: &str) -> Result<(), RenderError> {
        self.refuse_line_ends(value)?;
        let printable = value.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
        if value.is_empty() || value.len() > MAX_ID_BYTES || !printable || value.trim() != value {
            return Err(RenderError::BadValue { header: self.name });
        }
        self.block.push_str(self.name);
        self.block.push_str(": ");
        self.block.push_str(value);
        self.block.push_str("\r\n");
        Ok(())
    }

    fn refuse_line_ends(&self, value: &str) -> Result<(), RenderError> {
        if value.contains(['\r', '\n', '\0']) {
            return Err(RenderError::ControlCharacter { header: self.name });
        }
        Ok(())
    }

    /// Writes the field, broken between words where a line would get too long.
    fn fold(self, words: &[String]) {
        self.block.push_str(self.name);
        self.block.push(':');
        let mut column = self.name.len() + 1;
        for (position, word) in words.iter().enumerate() {
            if position > 0 && column + 1 + word.len() > FOLD_COLUMN {
                self.block.push_str("\r\n");
                column = 0;
            }
            self.block.push(' ');
            self.block.push_str(word);
            column += 1 + word.len();
        }
        self.block.push_str("\r\n");
    }
}

/// Whether text reads back as it is: ASCII, single spaces inside only, nothing that looks encoded.
fn is_plain_text(text: &str) -> bool {
    text.bytes().all(|b| b == b' ' || b.is_ascii_graphic())
        && text.trim() == text
        && !text.contains("  ")
        && !text.contains("=?")
        && text.split(' ').all(|word| word.len() <= MAX_PLAIN_WORD)
}

/// A display name: a quoted string if plain, else encoded words.
fn phrase(name: &str) -> Vec<String> {
    if !is_plain_text(name) || name.len() > MAX_PLAIN_WORD {
        return encoded_words(name);
    }
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('"');
    for c in name.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    vec![quoted]
}

/// The text as encoded words, none of which breaks a character.
pub(super) fn encoded_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut end = rest.len().min(WORD_BYTES);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (word, after) = rest.split_at(end);
        words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(word)));
        rest = after;
    }
    words
}

pub(super) fn is_sendable_id(id: &str) -> bool {
    (1..=MAX_ID_BYTES).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>')
}
