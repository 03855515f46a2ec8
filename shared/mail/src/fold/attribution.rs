//! Lines that introduce a quote: "On Monday Ann wrote:", over one line or several.

use super::line::{Line, MAX_TELLING_BYTES, is_colon, is_drawing, is_space, lower};
use super::seen::Seen;
use super::verb::{after_inner_verb, begins_as_written, ending_verb};
use super::words::{FIRST_PERSONS, OPENERS, QUOTING};

/// Most lines an introduction is wrapped over, blank ones among them counted.
const MAX_LINES: usize = 6;

/// Most words of an introduction.
const MAX_WORDS: usize = 40;

/// Longest verb at the end of an introduction, with the character before it.
const MAX_VERB_BYTES: usize = 48;

/// Where the time of day stands late in a line, words before it; what is longer is prose.
const MAX_WORDS_WITHOUT_ADDRESS: usize = 16;

/// An introduction that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attribution {
    /// The line after its last.
    pub(super) end: usize,
    /// Whether it introduces a quote even when the quote has no marks.
    pub(super) strong: bool,
}

/// The introduction that starts at line `at`, if one does. A strong one over more lines is better than a weak one
/// over fewer: an address at a line's end may still be followed by the verb.
pub(super) fn attribution(lines: &[Line<'_>], at: usize) -> Option<Attribution> {
    let mut joined = String::new();
    let mut weak = None;
    let mut may_go_on = None;
    for end in at..lines.len().min(at + MAX_LINES) {
        let line = &lines[end];
        let open = joined.matches('<').count() > joined.matches('>').count();
        if line.is_blank() {
            let next = lines.get(end + 1).map_or("", |next| next.text);
            if !joined.is_empty() && (open || next.starts_with('<')) {
                continue;
            }
            break;
        }
        // A line that starts with the closing bracket of an address looks quoted.
        let closes = open && line.quoted && !lines[at].quoted;
        let text = line.telling();
        let fits = !text.is_empty() && joined.len() + text.len() <= MAX_TELLING_BYTES;
        let fits = fits && (end == at || *may_go_on.get_or_insert_with(|| may_start(lines[at].text)));
        if !fits || (line.quoted != lines[at].quoted && !closes) {
            break;
        }
        if closes {
            joined.push('>');
        } else if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(text);
        let Some(strong) = may_end(text).then(|| judge(&joined)).flatten() else {
            continue;
        };
        if (at + 1..=end).any(|later| starts_there(lines, later, end)) {
            break;
        }
        // French has a space before its colon, where lines are broken.
        let below = lines.get(end + 1).map_or("", |below| below.text);
        let colon_below = below.starts_with(is_colon) && below.trim_start_matches(is_colon).is_empty();
        let found = Attribution {
            end: end + 1 + usize::from(colon_below),
            strong,
        };
        if strong && (colon_below || ends_there(lines, end)) {
            return Some(found);
        }
        weak.get_or_insert(Attribution {
            strong: false,
            ..found
        });
    }
    weak
}

/// Whether an introduction may end with line `end`: one without a colon needs the quote or a blank line below, else its
/// sentence may go on.
fn ends_there(lines: &[Line<'_>], end: usize) -> bool {
    let text = lines[end].text;
    let closed = text.ends_with(|c: char| is_colon(c) || is_drawing(c) || c == '*');
    closed
        || lines
            .get(end + 1)
            .is_none_or(|below| below.is_blank() || below.quoted || below.barred)
}

/// Whether lines `from` to `to` are a dated introduction on their own, beyond doubt: then what stands above is no part of
/// it. A date alone may be the rest of one that began with the name and the address.
fn starts_there(lines: &[Line<'_>], from: usize, to: usize) -> bool {
    if !may_start_dated(lines[from].telling()) {
        return false;
    }
    let texts: Vec<&str> = lines[from..=to].iter().map(|line| line.text).collect();
    let joined = texts.join(" ");
    Seen::of(&lower(&joined)).date && judge(&joined) == Some(true)
}

/// Whether a wrapped introduction may start like this; a paragraph of prose should not.
fn may_start(text: &str) -> bool {
    may_start_dated(text) || text.contains('@') || text.ends_with('<') || text.starts_with('"')
}

fn may_start_dated(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| is_drawing(c) || is_space(c));
    opens(&lower(text))
        || text
            .split(is_space)
            .take(3)
            .any(|word| word.chars().next().is_some_and(char::is_numeric))
}

/// Whether an introduction may end like this: a cheap question before the dear ones.
fn may_end(text: &str) -> bool {
    let text = text.trim_end_matches(|c| is_drawing(c) || is_space(c));
    let Some(last) = text.chars().next_back() else {
        return false;
    };
    if is_colon(last) || matches!(last, '>' | '*') {
        return true;
    }
    if !last.is_alphabetic() && last != ')' {
        return false;
    }
    let mut start = text.len().saturating_sub(MAX_VERB_BYTES);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    ending_verb(&lower(&text[start..])).is_some() || dated_with_zone(text)
}

/// Whether the words are an introduction, and if so whether beyond doubt.
fn judge(joined: &str) -> Option<bool> {
    let dashes_before = joined.chars().take_while(|c| is_drawing(*c)).count();
    let bare = joined.trim_matches(|c: char| is_drawing(c) || is_space(c) || c == '*');
    let dashed = dashes_before >= 2 && joined.ends_with(is_drawing);
    let colon = bare.ends_with(is_colon);
    let words = bare.split(is_space).filter(|word| !word.is_empty());
    let words = words.take(MAX_WORDS + 1).count();
    if !(2..=MAX_WORDS).contains(&words) {
        return None;
    }
    let body = lower(bare.trim_end_matches(|c: char| is_space(c) || is_colon(c) || c == '*'));
    let seen = Seen::of(&body);
    let opener = opens(&body);
    if colon && QUOTING.iter().any(|words| body.starts_with(words)) {
        return Some(seen.address);
    }
    if let Some(before) = ending_verb(&body) {
        return judge_closing(&seen, before, opener, colon, dashed, words);
    }
    let mentions = colon && (seen.date || seen.address);
    if let Some(after) = mentions.then(|| after_inner_verb(&body)).flatten() {
        let dated_after = Seen::of(after).date && seen.time;
        let placed = seen.date && (seen.address || opener || dated_after || starts_numeric(&body));
        let brief = seen.time && words <= MAX_WORDS_WITHOUT_ADDRESS && begins_as_written(bare, after);
        return Some(placed && (seen.address || brief));
    }
    if colon && seen.time && (seen.date || seen.address) {
        // Without a verb only the brackets of an address tell it from an appointment.
        return Some(seen.date && seen.address && body.contains(['<', '(']));
    }
    if seen.date && seen.address && body.ends_with('>') && starts_numeric(&body) {
        return Some(false);
    }
    (dated_with_zone(&body) && words <= 8).then_some(true)
}

/// An introduction that ends in its verb; `before` is what stands before the verb.
fn judge_closing(
    seen: &Seen,
    before: &str,
    opener: bool,
    colon: bool,
    dashed: bool,
    words: usize,
) -> Option<bool> {
    let own_words = before
        .split(is_space)
        .next_back()
        .is_some_and(|word| FIRST_PERSONS.contains(&word));
    if dashed {
        return Some(true);
    }
    if !colon {
        return (seen.date && (seen.time || seen.address) && (seen.address || opener))
            .then_some(seen.address);
    }
    let brief = words <= MAX_WORDS_WITHOUT_ADDRESS;
    let placed = seen.address || (brief && (seen.time || (seen.date && opener)));
    Some(placed && !own_words)
}

pub(super) fn opens(lower: &str) -> bool {
    OPENERS.iter().any(|opener| {
        lower.strip_prefix(opener).is_some_and(|rest| {
            rest.starts_with(|c: char| is_space(c) || c.is_numeric() || c == '-' || c == ',')
        })
    })
}

fn starts_numeric(text: &str) -> bool {
    text.split(is_space)
        .take(2)
        .any(|word| word.chars().next().is_some_and(char::is_numeric))
}

/// "2016-03-03 17:21 GMT+01:00 Ann": all that one version of Gmail wrote.
fn dated_with_zone(text: &str) -> bool {
    if !text.starts_with(char::is_numeric) {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    let zoned = [" gmt+", " gmt-", " utc+", " utc-"]
        .iter()
        .any(|zone| lower.contains(zone));
    let named = lower.ends_with(|c: char| c.is_alphabetic() || c == '>');
    zoned && named && {
        let seen = Seen::of(&lower);
        seen.date && seen.time
    }
}
