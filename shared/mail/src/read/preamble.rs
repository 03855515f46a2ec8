//! Text that stands before the first part of a mail, where only old programs would show it.

use mail_parser::PartType;

use super::parts::Structure;

/// Longest text taken.
const MAX_BYTES: usize = 64 * 1024;

/// How the notices begin that mail programs put there for programs that know no parts.
const NOTICES: &[&str] = &[
    "this is a multi-part message in mime",
    "this is a multipart message in mime",
    "this is a mime-encapsulated message",
    "this is a multipart mime message",
    "this is a mime encoded message",
    "this message is in mime format",
    "this is a message in mime format",
    "this is a cryptographically signed message",
    "this is an openpgp/mime signed message",
    "this is an openpgp/mime encrypted message",
    "if you are reading this",
    "if you can read this",
    "your mail reader does not understand",
    "your mailer does not support",
    "mime message",
    "multipart message",
    "multi-part message",
];

/// The text before the first part, unless it only says that parts follow.
pub(super) fn preamble<'a>(structure: &Structure<'a>) -> Option<&'a [u8]> {
    let root = structure.part(0)?;
    let PartType::Multipart(children) = &root.body else {
        return None;
    };
    let first = structure.part(*children.first()?)?;
    let before = structure
        .raw
        .get(root.offset_body as usize..first.offset_header as usize)?;
    // The last line is the boundary.
    let end = before.trim_ascii_end().iter().rposition(|byte| *byte == b'\n')?;
    let text = before[..end.min(MAX_BYTES)].trim_ascii();
    let words = String::from_utf8_lossy(&text[..text.len().min(400)]).to_lowercase();
    let words: Vec<&str> = words.split_whitespace().collect();
    let words = words.join(" ");
    let words = words.trim_start_matches(|c: char| !c.is_alphanumeric());
    (!text.is_empty() && !NOTICES.iter().any(|notice| words.starts_with(notice))).then_some(text)
}
