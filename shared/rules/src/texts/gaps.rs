//! Gaps that a text has where it shows what there is not: `Hello {{ requester.first_name }},` without a name is `Hello,`.

use minijinja::{Error, Output, State, Value, escape_formatter};

/// Stands where nothing is shown, until the gap is closed. No text of people has this character (Unicode, section 23.7).
const NOTHING: char = '\u{fdd0}';
/// What closes up to the word before it.
const CLOSES_UP: [char; 8] = [',', '.', ';', ':', '!', '?', ')', '\n'];

/// Writes a value, and marks where nothing is written.
pub(super) fn formatter(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some("") => Ok(write!(out, "{NOTHING}")?),
        _ => escape_formatter(out, state, value),
    }
}

/// A text whose gaps are closed.
pub(super) fn closed(text: &str) -> String {
    let mut closed = String::with_capacity(text.len());
    let mut pieces = text.split(NOTHING).peekable();
    closed.push_str(pieces.next().unwrap_or_default());
    while let Some(mut piece) = pieces.next() {
        let next = piece.trim_start_matches('\r').chars().next();
        if piece.is_empty() && pieces.peek().is_some() {
            continue;
        }
        let is_blank = |c: char| c == ' ' || c == '\t';
        if next.is_none_or(|next| CLOSES_UP.contains(&next)) {
            closed.truncate(closed.trim_end_matches(is_blank).len());
        }
        let is_at_start = closed.is_empty() || closed.ends_with('\n');
        if is_at_start && let Some(rest) = piece.strip_prefix(',') {
            piece = rest;
        }
        if is_at_start || closed.ends_with(is_blank) {
            piece = piece.trim_start_matches(is_blank);
        }
        closed.push_str(piece);
    }
    closed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_closed_up_to_what_stands_around_it() {
        for (text, right) in [
            ("Hello _,\nwe", "Hello,\nwe"),
            ("Hello _,\r\nwe", "Hello,\r\nwe"),
            ("Hello _!", "Hello!"),
            ("Bonjour _ !", "Bonjour !"),
            ("Hello _ _,", "Hello,"),
            ("Hello __,", "Hello,"),
            ("Hello _", "Hello"),
            ("Hello _\nwe", "Hello\nwe"),
            ("a _ b", "a b"),
            ("_, we have it", "we have it"),
            ("x\n_, we", "x\nwe"),
            ("_ Lee", "Lee"),
            ("(_)", "()"),
            ("\u{e4}_\u{f6}", "\u{e4}\u{f6}"),
            ("no gap , here ", "no gap , here "),
            ("", ""),
        ] {
            assert_eq!(closed(&text.replace('_', &NOTHING.to_string())), right, "{text}");
        }
    }
}
