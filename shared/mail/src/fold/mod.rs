//! Which part of a mail's text is new: quoted text, signatures and forwarded mails are told apart, nothing is
//! taken away.
//!
//! Works on lines and on the words mail clients write, in one pass with bounded looking ahead. When in doubt a
//! line is [`Part::New`]: text shown twice costs a glance, text hidden costs an answer.
//!
//! This module must not know HTML or MIME: it sees the text that [`crate::read`] made of them.

mod attribution;
mod headers;
mod label;
mod line;
mod marker;
mod origin;
mod scan;
mod seen;
mod signature;
mod verb;
mod words;
mod wrapped;

#[cfg(test)]
mod tests;

pub(crate) use origin::{Head, Origin, origin};

use crate::InboundMail;
use crate::subject::says_forward;

/// What a stretch of a mail's text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// What the sender wrote for this mail.
    New,
    /// An earlier mail of the exchange, with the line that introduces it.
    Quote,
    /// The sender's signature, the line a device adds, the footer of a list.
    Signature,
    /// A mail passed on, with its header lines. It is content: the sender sent it to be read.
    Forward,
}

impl Part {
    /// Whether it is folded away until somebody asks for it.
    pub fn is_folded(self) -> bool {
        matches!(self, Self::Quote | Self::Signature)
    }
}

/// A stretch of a text, in bytes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it starts.
    pub start_bytes: usize,
    /// Where it ends: the first byte that is no longer of it.
    pub end_bytes: usize,
    /// What it is.
    pub part: Part,
}

impl Span {
    /// The stretch itself; empty when `text` is not the text that was folded.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start_bytes..self.end_bytes).unwrap_or_default()
    }
}

/// Folds a text. The spans cover it exactly and in order, break at line starts only, and no two neighbours are
/// the same part; an empty text has none. Where all of it would be folded, all of it is [`Part::New`].
pub fn fold(text: &str) -> Vec<Span> {
    scan::fold(text, false)
}

/// Folds the text of a mail. Its subject tells a forward from a reply where the text does not: Outlook writes the
/// same lines above both.
pub fn fold_mail(mail: &InboundMail) -> Vec<Span> {
    scan::fold(&mail.text, says_forward(&mail.subject, &mail.text))
}
