//! A text as it is compared, and where each of its letters came from.

use super::letters::{self, Letter};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

/// What a unit is to words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A letter or digit of a script with spaces.
    Letter,
    /// A character of a script without.
    Unspaced,
    /// What may join two words into one thing: `AB-1234`, `jane.doe@example.com`.
    Connector(char),
    /// White space.
    Blank,
    /// All else.
    Other(char),
}

/// A letter with its marks, folded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    /// Where it stands in the folded text, in bytes.
    start: usize,
    end: usize,
    /// Where the original stands.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kind: Kind,
    /// The letter that follows where it is spelled out.
    pub(super) spelled_out: Option<char>,
}

/// A folded text.
#[derive(Debug, Default)]
pub(super) struct Folded {
    text: String,
    pub(super) units: Vec<Unit>,
}

impl Folded {
    /// Folds a text.
    pub(super) fn of(text: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(text.len()),
            units: Vec::with_capacity(text.len()),
        };
        let bytes = text.as_bytes();
        // Marks stand behind their letter: what is ASCII, and has ASCII behind it, has none.
        let stands_alone = |at: usize| bytes[at].is_ascii() && bytes.get(at + 1).is_none_or(u8::is_ascii);
        let mut at = 0;
        while at < bytes.len() {
            if stands_alone(at) {
                folded.push(char::from(bytes[at].to_ascii_lowercase()), at, at + 1, None);
                at += 1;
                continue;
            }
            let end = (at + 1..bytes.len())
                .find(|end| stands_alone(*end))
                .unwrap_or(bytes.len());
            for (from, cluster) in text.get(at..end).unwrap_or_default().grapheme_indices(true) {
                folded.add(at + from, cluster);
            }
            at = end;
        }
        folded
    }

    /// The folded text of units.
    pub(super) fn between(&self, start: usize, end: usize) -> &str {
        match (
            self.units.get(start),
            end.checked_sub(1).and_then(|last| self.units.get(last)),
        ) {
            (Some(first), Some(last)) if first.start <= last.end => &self.text[first.start..last.end],
            _ => "",
        }
    }

    fn add(&mut self, from: usize, cluster: &str) {
        let to = from + cluster.len();
        let mut characters = cluster.chars();
        if let (Some(only), None) = (characters.next(), characters.next())
            && (only.is_ascii() || letters::is_plain(only))
        {
            self.push(only.to_ascii_lowercase(), from, to, None);
            return;
        }
        let (plain, spelled) = without_marks(cluster);
        for c in plain.nfc() {
            if is_combining_mark(c)
                && let Some(last) = self.units.last_mut().filter(|last| last.from == from)
            {
                self.text.push(c);
                last.end = self.text.len();
            } else {
                self.push(c, from, to, spelled);
            }
        }
    }

    fn push(&mut self, c: char, from: usize, to: usize, spelled_out: Option<char>) {
        let start = self.text.len();
        self.text.push(c);
        self.units.push(Unit {
            start,
            end: self.text.len(),
            from,
            to,
            kind: kind(c),
            spelled_out,
        });
    }
}

/// The whole text folded, with everything that is no letter kept and white space as single spaces: for terms that are compared as
/// a whole.
pub(crate) fn fold_exactly(text: &str) -> String {
    let folded = Folded::of(text).text;
    let parts: Vec<&str> = folded.split_whitespace().collect();
    parts.join(" ")
}

/// The letters of a cluster without the marks that are left out, and what follows where it is spelled out.
fn without_marks(cluster: &str) -> (String, Option<char>) {
    let mut plain = String::with_capacity(cluster.len());
    let mut spelled = None;
    let mut base = ' ';
    for c in cluster.nfkc().flat_map(char::to_lowercase).nfd() {
        if is_combining_mark(c) {
            if letters::is_left_out(c, base) {
                spelled = spelled.or(letters::spelled_out(base, Some(c)));
                continue;
            }
        } else {
            base = c;
            spelled = spelled.or(letters::spelled_out(c, None));
        }
        match letters::letter(c) {
            Letter::Same => plain.push(c),
            Letter::Is(other) => plain.push(other),
            Letter::Two(letters) => plain.push_str(letters),
            Letter::Nothing => {}
        }
    }
    (plain, spelled)
}

fn kind(c: char) -> Kind {
    match c {
        'a'..='z' | '0'..='9' => Kind::Letter,
        '-' | '_' | '.' | '/' | '\'' | '@' | '+' => Kind::Connector(c),
        c if c.is_whitespace() => Kind::Blank,
        c if c.is_alphanumeric() || is_combining_mark(c) || c == '\u{30fc}' => {
            if letters::is_unspaced(c) {
                Kind::Unspaced
            } else {
                Kind::Letter
            }
        }
        c => Kind::Other(c),
    }
}
