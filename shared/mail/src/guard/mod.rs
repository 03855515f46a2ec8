//! Limits that hold before any parser sees a mail, and the refusal of what is no mail.
//!
//! Measured with the parsers in use: `mail-parser` 0.11.9 drops nested messages by recursion and overflows a
//! 2 MiB stack, which ends the process, at about 21,800 nested `message/rfc822` parts (a 0.98 MB mail);
//! `ammonia` 4.1 needs time quadratic in the nesting (550 KB of nested tags: 23.7 s).

mod html;
mod structure;
mod syntax;

pub use html::HtmlRefusal;
pub(crate) use html::{MeasuredHtml, measure_html};
pub(crate) use structure::mime_parser;

use crate::mime::repaired;
use crate::ses_headers::below_ses_block;
use std::borrow::Cow;

/// Largest mail that is taken in and read: SES takes at most 40 MB from a sender, headers included. What SES puts on top of it
/// does not count.
pub const MAX_MAIL_BYTES: usize = 40 * 1024 * 1024;

/// Largest header block, of the mail or of one part: real ones stay below 64 KB, and a header field costs
/// forty times its bytes once parsed.
pub const MAX_HEADER_BYTES: usize = 256 * 1024;

/// Deepest nesting of mails within mails: a thread forwarded as attachment at each turn reaches about ten.
pub const MAX_MESSAGE_DEPTH: usize = 20;

/// Deepest nesting of multiparts, within one another and within nested mails together.
pub const MAX_MULTIPART_DEPTH: usize = 100;

/// Most parts, those of nested mails included.
pub const MAX_PARTS: usize = 1_000;

/// How often the whole mail may be looked through for boundaries. A sound mail needs one pass; every boundary
/// that is declared and never comes costs one more of what follows it.
pub const MAX_PASSES: usize = 16;

/// Most HTML given to an HTML parser.
pub const MAX_HTML_BYTES: usize = 2 * 1024 * 1024;

/// Deepest nesting of HTML elements; newsletters of nested tables reach about 60.
pub const MAX_HTML_DEPTH: usize = 256;

/// Most HTML elements, those included that the parser repeats after unclosed formatting; long newsletters have
/// a few thousand.
pub const MAX_HTML_ELEMENTS: usize = 50_000;

/// Most character references in HTML: the tokenizer needs microseconds for each, and 1.9 MB hold 475,000.
pub const MAX_HTML_REFERENCES: usize = 100_000;

/// Deepest nesting of quotes and lists laid out as text. `html2text` 0.17 made 336 MB of text in 75 s from 240
/// nested quotes around 1.7 MB.
pub const MAX_HTML_INDENTS: usize = 16;

/// Why a mail is not read. The mail is quarantined with these words and its original beside it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing that could be a mail: empty, binary, or without a header line.
    #[error("not a mail: {reason}")]
    NotAMail {
        /// What is missing or wrong.
        reason: &'static str,
    },
    /// Larger than [`MAX_MAIL_BYTES`].
    #[error("the mail has {bytes} bytes, more than {MAX_MAIL_BYTES}")]
    TooLarge {
        /// The size of the mail.
        bytes: usize,
    },
    /// A header block larger than [`MAX_HEADER_BYTES`].
    #[error("a header block of the mail has more than {MAX_HEADER_BYTES} bytes")]
    HeaderTooLarge,
    /// More than [`MAX_MESSAGE_DEPTH`] mails within one another.
    #[error("the mail nests more than {MAX_MESSAGE_DEPTH} mails within one another")]
    MessagesTooDeep,
    /// More than [`MAX_MULTIPART_DEPTH`] multiparts within one another.
    #[error("the mail nests more than {MAX_MULTIPART_DEPTH} multiparts within one another")]
    MultipartsTooDeep,
    /// More than [`MAX_PARTS`] parts.
    #[error("the mail has more than {MAX_PARTS} parts")]
    TooManyParts,
    /// So many boundaries without their parts that looking for them would take too long.
    #[error("the mail declares too many boundaries that never come")]
    TooManyMissingBoundaries,
}

/// A mail within the limits: without byte order mark, leading blank lines and mbox separator, ending in a line end.
#[derive(Debug)]
pub(crate) struct Checked<'a> {
    mail: Cow<'a, [u8]>,
    /// The copy that the limits were measured on, where it differs.
    repaired: Option<Vec<u8>>,
}

impl Checked<'_> {
    /// The mail as it came.
    pub(crate) fn mail(&self) -> &[u8] {
        &self.mail
    }

    /// What the parser may be given: the same offsets, with types that it reads as they are meant.
    pub(crate) fn for_parser(&self) -> &[u8] {
        self.repaired.as_deref().unwrap_or(&self.mail)
    }
}

/// Checks a mail against every limit.
pub(crate) fn check(raw: &[u8]) -> Result<Checked<'_>, Refusal> {
    let bytes = below_ses_block(raw).len();
    if bytes > MAX_MAIL_BYTES {
        return Err(Refusal::TooLarge { bytes });
    }
    let mail = without_preamble(raw);
    // SES puts a header on top of whatever it was given; what it was given must have one of its own.
    looks_like_a_mail(below_ses_block(mail))?;
    let mail = if mail.ends_with(b"\n") {
        Cow::Borrowed(mail)
    } else {
        // The header parsers drop a field that does not end in a line end.
        let mut ended = Vec::with_capacity(mail.len() + 2);
        ended.extend_from_slice(mail);
        ended.extend_from_slice(b"\r\n");
        Cow::Owned(ended)
    };
    let repaired = match repaired(&mail) {
        Cow::Owned(repaired) => Some(repaired),
        Cow::Borrowed(_) => None,
    };
    let checked = Checked { mail, repaired };
    structure::check(checked.for_parser())?;
    Ok(checked)
}

/// Drops what mail stores put before the first header: a byte order mark, white space, an mbox `From ` line.
fn without_preamble(raw: &[u8]) -> &[u8] {
    let mut mail = raw
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(raw)
        .trim_ascii_start();
    if mail.starts_with(b"From ") || mail.starts_with(b">From ") {
        let end = mail
            .iter()
            .position(|b| *b == b'\n')
            .map_or(mail.len(), |at| at + 1);
        mail = &mail[end..];
    }
    mail
}

/// Bytes looked at to tell a mail from anything else: the first header line stands in them.
const SNIFF_BYTES: usize = 64 * 1024;

fn looks_like_a_mail(mail: &[u8]) -> Result<(), Refusal> {
    let refuse = |reason| Err(Refusal::NotAMail { reason });
    if mail.is_empty() {
        return refuse("it is empty");
    }
    let head = &mail[..mail.len().min(SNIFF_BYTES)];
    let mut found = false;
    for line in head.split(|b| *b == b'\n') {
        if line.iter().all(u8::is_ascii_whitespace) {
            break;
        }
        if line.contains(&0) {
            return refuse("its header holds binary data");
        }
        found = found || is_header_line(line);
    }
    if found {
        Ok(())
    } else {
        refuse("it has no header line")
    }
}

/// Whether a line starts with a field name and a colon. RFC 5322 (section 2.2) allows any printable character in a
/// name; real ones are made of letters, digits and few marks, which JSON, HTML and prose rarely are.
fn is_header_line(line: &[u8]) -> bool {
    match line.iter().position(|b| *b == b':') {
        None | Some(0) => false,
        Some(colon) => {
            let name = line[..colon].trim_ascii_end();
            !name.is_empty()
                && name
                    .iter()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
