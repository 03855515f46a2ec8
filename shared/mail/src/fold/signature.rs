//! Signatures: below the delimiter, below a rule when it looks like a visiting card, and lines of devices.
//! Only at the end of what is new.

use super::Part;
use super::label::split_label;
use super::line::{Line, is_space, lower};
use super::seen::Seen;
use super::words::{CONTACT_LABELS, DEVICE_CLOSINGS, DEVICE_OPENINGS, EXCUSES, LIST_WORDS, WEAK_OPENINGS};

/// Most lines of text below the delimiter: longer is a text that happens to have two dashes in it.
const MAX_SIGNATURE_LINES: usize = 30;

/// Most lines of text below a drawn rule.
const MAX_CARD_LINES: usize = 16;

/// Longest line of a visiting card, in characters.
const MAX_CARD_CHARS: usize = 80;

/// Longest line of a device, in characters.
const MAX_DEVICE_CHARS: usize = 160;

/// Most words of a device's line that only stands out by its place.
const MAX_WEAK_WORDS: usize = 8;

/// How often the end is looked at: the line of a device, the signature above it, a list's footer below a quote and
/// the signature above that.
const MAX_ROUNDS: usize = 4;

/// Marks what ends the new text, also where it comes in pieces between quotes.
pub(super) fn mark_signatures(lines: &[Line<'_>], parts: &mut [Part]) {
    let mut end = lines.len();
    for _ in 0..MAX_ROUNDS {
        let is_new = |at: &usize| parts[*at] == Part::New && !lines[*at].is_blank();
        let Some(last) = (0..end).rev().find(is_new) else {
            return;
        };
        let start = (0..=last)
            .rev()
            .find(|at| parts[*at] != Part::New)
            .map_or(0, |above| above + 1);
        let Some(signature) = signature_start(&lines[start..=last]) else {
            return;
        };
        parts[start + signature..=last].fill(Part::Signature);
        end = start + signature;
    }
}

/// Where in this piece the signature starts that ends it.
fn signature_start(lines: &[Line<'_>]) -> Option<usize> {
    let first = lines
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, line)| !line.is_blank())
        .nth(MAX_SIGNATURE_LINES)
        .map_or(0, |(at, _)| at);
    (first..lines.len())
        .find(|at| is_signature_below(lines, *at))
        .or_else(|| device_start(lines))
}

fn is_signature_below(lines: &[Line<'_>], at: usize) -> bool {
    let line = &lines[at];
    let below = || lines[at + 1..].iter().filter(|line| !line.is_blank());
    if line.quoted || line.text.len() > 200 {
        return false;
    }
    if matches!(line.text, "--" | "\u{2014}" | "\u{2013}\u{2013}") {
        return below().count() <= MAX_SIGNATURE_LINES;
    }
    // Rules of equal signs and tildes are drawn within texts and patches.
    if line.text == "__" || (line.is_rule() && !line.text.contains(['=', '~']) && !underlines(lines, at)) {
        let count = below().count();
        return (1..=MAX_CARD_LINES).contains(&count) && is_card(below());
    }
    false
}

/// Whether a rule is as long as the line right above it, which is a heading then.
fn underlines(lines: &[Line<'_>], at: usize) -> bool {
    let above = at.checked_sub(1).and_then(|above| lines.get(above));
    let heading = above.map_or(0, |above| above.text.chars().count());
    heading > 0 && heading.abs_diff(lines[at].text.chars().count()) <= 2
}

/// Whether lines below a rule are a visiting card or a list's footer, and not a part of the text.
fn is_card<'l, 't: 'l>(lines: impl Iterator<Item = &'l Line<'t>> + Clone) -> bool {
    let texts = || lines.clone().map(|line| lower(line.telling()));
    if texts().any(|line| LIST_WORDS.iter().any(|words| line.contains(words))) {
        return true;
    }
    let mut reachable = false;
    for line in texts() {
        let fits = !line.is_empty() && line.chars().count() <= MAX_CARD_CHARS && !line.ends_with('?');
        let foreign = split_label(&line).is_some_and(|(label, _)| !CONTACT_LABELS.contains(&label.as_str()));
        if !fits || foreign {
            return false;
        }
        let digits = line.chars().filter(|c| c.is_numeric()).count();
        let dial = line.contains(['+', '-', '.', '(', '/']) || line.contains(is_space);
        reachable |= line.contains('@')
            || line.contains("://")
            || line.contains("www.")
            || (digits >= 7 && dial && !Seen::of(&line).time);
    }
    reachable
}

/// Where the lines of devices start that end this piece.
fn device_start(lines: &[Line<'_>]) -> Option<usize> {
    let mut start = None;
    let mut at = lines.len();
    while let Some(line) = (0..at).rev().find(|line| !lines[*line].is_blank()) {
        let alone =
            line == 0 || lines[line - 1].is_blank() || device(lines[line - 1].telling()) != Device::No;
        let found = match device(lines[line].telling()) {
            Device::Sure => true,
            Device::Alone => alone,
            Device::No => start.is_some() && is_name_between(lines, line),
        };
        if !found {
            break;
        }
        start = Some(line);
        at = line;
    }
    start
}

/// Whether a line in the midst of devices' lines is short enough to be a name.
fn is_name_between(lines: &[Line<'_>], at: usize) -> bool {
    let above = (0..at).rev().find(|above| !lines[*above].is_blank());
    above.is_some_and(|above| device(lines[above].telling()) == Device::Sure)
        && lines[at].telling().split(is_space).count() <= 4
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Device {
    Sure,
    /// Only as a paragraph of its own.
    Alone,
    No,
}

fn device(text: &str) -> Device {
    let text = text.trim_matches(|c: char| is_space(c) || "<>()[]*_-\u{2013}\u{2014}|".contains(c));
    if text.is_empty() || text.chars().count() > MAX_DEVICE_CHARS || text.ends_with('?') {
        return Device::No;
    }
    let lower = lower(text);
    let words = lower.split(is_space).count();
    // "Sent from my desk, it is easier there" is a sentence; "Sent from my phone, excuse the typos" is not.
    let brief =
        words <= MAX_WEAK_WORDS && !lower.contains(", ") || EXCUSES.iter().any(|word| lower.contains(word));
    if brief && DEVICE_OPENINGS.iter().any(|opening| lower.starts_with(opening)) {
        return Device::Sure;
    }
    if words <= 2 * MAX_WEAK_WORDS
        && DEVICE_CLOSINGS
            .iter()
            .any(|closing| lower.trim_end_matches('.').ends_with(closing))
    {
        return Device::Sure;
    }
    let weak = words <= MAX_WEAK_WORDS && WEAK_OPENINGS.iter().any(|opening| lower.starts_with(opening));
    if weak && !text.chars().any(char::is_numeric) {
        Device::Alone
    } else {
        Device::No
    }
}
