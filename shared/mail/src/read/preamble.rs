//! Text that stands before the first part of a mail, where only old programs would show it.

use mail_parser::PartType;

use super::parts::Structure;

/// Longest text taken.
const MAX_BYTES: usize = 64 * 1024;

/// Longest notice that a mail program puts there for programs that know no parts.
const MAX_NOTICE_BYTES: usize = 400;

/// How the notices begin that do not name MIME, which most do in any language.
const NOTICES: &[&str] = &[
    "this is a multi",
    "this is a cryptographically signed",
    "this is an openpgp",
    "if you are reading this",
    "if you can read this",
    "your mail",
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
    (!text.is_empty() && !is_notice(text)).then_some(text)
}

/// Whether a text only says that parts follow.
fn is_notice(text: &[u8]) -> bool {
    let words = String::from_utf8_lossy(&text[..text.len().min(MAX_NOTICE_BYTES)]).to_lowercase();
    let words: Vec<&str> = words.split_whitespace().collect();
    let words = words.join(" ");
    let words = words.trim_start_matches(|c: char| !c.is_alphanumeric());
    let names_mime = text.len() <= MAX_NOTICE_BYTES
        && words
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == "mime");
    names_mime || NOTICES.iter().any(|notice| words.starts_with(notice))
}
