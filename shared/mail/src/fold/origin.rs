//! Whose mail it is that was passed on: what the lines above it say, as written.

use super::attribution::attribution;
use super::headers::read_header_block;
use super::line::{Line, is_colon, is_space, lines, lower, trim};
use super::marker::{Announced, after_dashes, marked};
use super::words::{INNER_VERBS, SUBJECT, VERBS};

/// Most lines at the start of a passed-on mail that are looked at: rules, markers, and a block of header lines.
const MAX_LINES: usize = 100;

/// Most rules, markers and blank lines above the header lines.
const MAX_LINES_ABOVE: usize = 8;

/// What stands above a mail that was passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// Words that say it was passed on.
    Marker,
    /// Header lines, as above an answered mail too.
    HeaderLines,
    /// "On Monday Ann wrote:".
    Introduction,
}

/// Who sent a mail and what about, as the lines above it tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) head: Head,
    /// Name and address in any of the forms of mail clients.
    pub(crate) from: String,
    pub(crate) subject: Option<String>,
}

/// The origin of the mail whose text starts with what stands above it. None when the lines name no sender.
pub(crate) fn origin(forward: &str) -> Option<Origin> {
    let mut lines = lines(forward);
    lines.truncate(MAX_LINES);
    let mut head = None;
    let mut below_rule = false;
    let mut at = 0;
    for _ in 0..MAX_LINES_ABOVE {
        let line = lines.get(at)?;
        let text = line.telling();
        let kind = marked(text);
        if kind == Some(Announced::Forwarded) {
            head.get_or_insert(Head::Marker);
        }
        let same_line = after_dashes(text);
        if kind.is_some() && same_line.contains(is_colon) {
            return on_one_line(same_line, head.unwrap_or(Head::HeaderLines));
        }
        if kind.is_none() && !line.is_rule() && !line.text.is_empty() {
            break;
        }
        below_rule |= kind.is_some() || line.is_rule();
        at += 1;
    }
    in_header_lines(&lines, at, below_rule, head).or_else(|| introduced(&lines, at, head))
}

fn in_header_lines(lines: &[Line<'_>], at: usize, announced: bool, head: Option<Head>) -> Option<Origin> {
    if at >= lines.len() {
        return None;
    }
    let block = read_header_block(lines, at, announced)?;
    let from = trim(&block.from.join(" ")).to_owned();
    let subject = Some(block.subject()).filter(|subject| !subject.is_empty());
    (!from.is_empty()).then(|| Origin {
        head: head.unwrap_or(Head::HeaderLines),
        from,
        subject,
    })
}

/// Header lines without line ends, perhaps without a space between them: the sender's address ends the first.
fn on_one_line(text: &str, head: Head) -> Option<Origin> {
    let colon = text.find(is_colon)?;
    let from = trim(text[colon..].trim_start_matches(is_colon));
    let end = from.find('>').map_or(from.len(), |bracket| bracket + 1);
    Some(Origin {
        head,
        from: from[..end].to_owned(),
        subject: glued_subject(&from[end..]),
    })
}

/// What follows the last label of a subject, even one that is glued to the word before.
fn glued_subject(text: &str) -> Option<String> {
    let labelled = |(colon, _): (usize, &str)| {
        let before = lower(&text[..colon]);
        let glued = SUBJECT.iter().any(|label| before.ends_with(label));
        glued.then(|| trim(text[colon..].trim_start_matches(is_colon)).to_owned())
    };
    text.match_indices(is_colon)
        .find_map(labelled)
        .filter(|subject| !subject.is_empty())
}

/// The name and address in an introduction: from the last comma or number before the address on.
fn introduced(lines: &[Line<'_>], at: usize, head: Option<Head>) -> Option<Origin> {
    if at >= lines.len() {
        return None;
    }
    let end = attribution(lines, at)?.end;
    let texts: Vec<&str> = lines[at..end].iter().map(|line| line.text).collect();
    let joined = texts.join(" ");
    let sign = joined.find('@')?;
    let address = joined[..sign].rfind(is_space).map_or(0, |space| space + 1);
    let before = trim(&joined[..address]);
    let name = match before.strip_suffix('"').and_then(|quoted| quoted.rfind('"')) {
        Some(opening) => &before[opening..],
        None => before
            .rsplit(|c: char| matches!(c, ',' | ':') || c.is_numeric())
            .next()
            .unwrap_or_default(),
    };
    let mut words: Vec<&str> = name.split(is_space).filter(|word| !word.is_empty()).collect();
    while words.first().is_some_and(|word| is_no_name(word)) {
        words.remove(0);
    }
    Some(Origin {
        head: head.unwrap_or(Head::Introduction),
        from: trim(&format!("{} {}", words.join(" "), &joined[address..])).to_owned(),
        subject: None,
    })
}

/// Whether a word before a name is a verb or belongs to the time of day.
fn is_no_name(word: &str) -> bool {
    let word = lower(word);
    VERBS.contains(&word.as_str())
        || INNER_VERBS.contains(&word.as_str())
        || matches!(word.as_str(), "am" | "pm" | "uhr" | "h")
}
