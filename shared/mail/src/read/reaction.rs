//! A reaction: a sign that somebody put to a mail instead of an answer.

use super::parts::Structure;
use super::select::Selection;
use crate::text::one_line;

/// The media type in which Gmail sends one.
const GMAIL_TYPE: &str = "text/vnd.google.email-reaction+json";

/// Longest sign, in bytes: families and flags are built of many letters.
const MAX_SIGN_BYTES: usize = 64;

/// Largest part that is read.
const MAX_BYTES: usize = 4 * 1024;

/// The reaction that a mail is, and the selection without its part.
pub(super) fn taken(structure: &Structure<'_>, mut selection: Selection) -> (Option<String>, Selection) {
    let found = selection.files.iter().position(|id| {
        let part = structure.part(*id);
        part.is_some_and(|part| structure.leaf(part).media_type == GMAIL_TYPE)
    });
    let Some(at) = found else { return (None, selection) };
    let part = structure.part(selection.files[at]);
    let sign = part.and_then(|part| sign(&structure.bytes(part).bytes));
    if sign.is_some() {
        selection.files.remove(at);
    }
    (sign, selection)
}

/// The sign in a part of that type, as `{"version": 1, "emoji": "👍"}` states it.
fn sign(bytes: &[u8]) -> Option<String> {
    if bytes.len() > MAX_BYTES {
        return None;
    }
    let stated: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let sign = one_line(stated.get("emoji")?.as_str()?);
    (!sign.is_empty() && sign.len() <= MAX_SIGN_BYTES).then_some(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_read() {
        assert_eq!(
            sign("{\"version\":1,\"emoji\":\"\u{1f44d}\"}".as_bytes()).as_deref(),
            Some("\u{1f44d}")
        );
        for bytes in ["", "{}", "{\"emoji\":1}", "{\"emoji\":\" \"}", "[", "null"] {
            assert_eq!(sign(bytes.as_bytes()), None, "{bytes}");
        }
        assert_eq!(
            sign(format!("{{\"emoji\":\"{}\"}}", "x".repeat(65)).as_bytes()),
            None
        );
    }
}
