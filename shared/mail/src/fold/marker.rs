//! Lines above a whole mail: "-----Original Message-----", "Begin forwarded message:", a rule with header lines.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::headers::header_block;
use super::line::{Line, is_colon, is_drawing, is_space, lower, next_text, trim};
use super::words::{FORWARD_OPENINGS, FORWARDED, ORIGINAL, REPLY_ABOVE};

/// Most characters and words between the dashes of a marker whose language is not known.
const MAX_BRIEF_CHARS: usize = 40;
const MAX_BRIEF_WORDS: usize = 5;

fn is_brief(phrase: &str) -> bool {
    phrase.chars().count() <= MAX_BRIEF_CHARS
        && (1..=MAX_BRIEF_WORDS).contains(&phrase.split(is_space).filter(|word| !word.is_empty()).count())
}

/// Longest phrase between dashes, in bytes: what follows on the same line does not count.
const MAX_PHRASE_BYTES: usize = 120;

/// Most blank lines between a rule and the header lines below it.
const MAX_BLANKS: usize = 3;

/// What a marker announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Announced {
    /// An earlier mail of the exchange, as far as the lines tell.
    Earlier,
    /// A mail passed on.
    Forwarded,
}

/// The whole mail that starts at line `at`: what it is, and the line after its own header lines.
pub(super) fn announced(lines: &[Line<'_>], at: usize) -> Option<(Announced, usize)> {
    let line = &lines[at];
    let text = line.telling();
    if text.is_empty() {
        return None;
    }
    if let Some(kind) = marked(text) {
        return Some((kind, after_headers(lines, at + 1)));
    }
    if line.is_rule() {
        let below = next_text(lines, at + 1).filter(|below| below - at <= MAX_BLANKS)?;
        if lines[below].quoted != line.quoted {
            return None;
        }
        if let Some(kind) = marked(lines[below].telling()) {
            return Some((kind, after_headers(lines, below + 1)));
        }
        return header_block(lines, below, true).map(|end| (Announced::Earlier, end));
    }
    if between_dashes(text).is_some_and(|(phrase, _)| is_brief(&phrase)) {
        // In whatever language: words between dashes with a mail's header lines right below.
        let below = next_text(lines, at + 1).filter(|below| below - at <= MAX_BLANKS)?;
        let alike = lines[below].quoted == line.quoted;
        return header_block(lines, below, false)
            .filter(|_| alike)
            .map(|end| (Announced::Earlier, end));
    }
    header_block(lines, at, false).map(|end| (Announced::Earlier, end))
}

fn after_headers(lines: &[Line<'_>], at: usize) -> usize {
    next_text(lines, at)
        .and_then(|below| header_block(lines, below, true))
        .unwrap_or(at)
}

/// What stands between dashes, by the first letter; what is passed on first.
static PHRASES: LazyLock<HashMap<char, Vec<(&str, Announced)>>> = LazyLock::new(|| {
    let forwarded = FORWARDED.iter().chain(FORWARD_OPENINGS);
    let forwarded = forwarded.map(|words| (*words, Announced::Forwarded));
    let mut phrases: HashMap<char, Vec<_>> = HashMap::new();
    for (words, kind) in forwarded.chain(ORIGINAL.iter().map(|words| (*words, Announced::Earlier))) {
        let first = words.chars().next().unwrap_or_default();
        phrases.entry(first).or_default().push((words, kind));
    }
    phrases
});

fn of_phrase(phrase: &str) -> Option<Announced> {
    let known = PHRASES.get(&phrase.chars().next()?)?;
    let mut known = known.iter();
    known
        .find(|(words, _)| phrase.starts_with(words))
        .map(|(_, kind)| *kind)
}

/// What the words of a line announce, if they do.
pub(super) fn marked(text: &str) -> Option<Announced> {
    if let Some(kind) = between_dashes(text).and_then(|(phrase, _)| of_phrase(&phrase)) {
        return Some(kind);
    }
    let ruled = text.trim_end_matches(is_drawing);
    if text.chars().rev().take_while(|c| is_drawing(*c)).count() > 2 && ruled.len() <= MAX_PHRASE_BYTES {
        // A rule behind the words alone.
        let phrase = lower(trim(ruled));
        if ORIGINAL.contains(&phrase.as_str()) {
            return Some(Announced::Earlier);
        }
        if FORWARDED.contains(&phrase.as_str()) {
            return Some(Announced::Forwarded);
        }
    }
    if let Some(opening) = text
        .strip_suffix(is_colon)
        .filter(|opening| opening.len() <= MAX_PHRASE_BYTES)
    {
        let opening = lower(trim(opening).trim_matches('*'));
        let is = |words: &[&str]| words.contains(&opening.as_str());
        if is(FORWARD_OPENINGS) || is(FORWARDED) {
            return Some(Announced::Forwarded);
        }
    }
    let lower = lower(text);
    REPLY_ABOVE
        .iter()
        .any(|words| lower.contains(words))
        .then_some(Announced::Earlier)
}

/// What follows the words between two runs of dashes on their line: Yahoo writes all header lines there.
pub(super) fn after_dashes(text: &str) -> &str {
    between_dashes(text).map_or("", |(_, rest)| trim(rest.trim_start_matches(is_drawing)))
}

/// The words between two runs of dashes, lower case, and what follows from the second run on.
fn between_dashes(text: &str) -> Option<(String, &str)> {
    let text = text.trim_matches('*');
    let inner = text.trim_start_matches(is_drawing);
    if text.chars().take_while(|c| is_drawing(*c)).count() < 2 || inner.is_empty() {
        return None;
    }
    let end = inner
        .find("--")
        .or_else(|| inner.find("__"))
        .or_else(|| inner.find("=="))?;
    (end <= MAX_PHRASE_BYTES).then(|| {
        let phrase = inner[..end].trim_matches(|c| is_space(c) || c == '*');
        (lower(phrase), &inner[end..])
    })
}
