//! Text from before Windows: the code pages of DOS and of the Macintosh, which the detector does not know.
//!
//! Read as windows-1252 their letters become signs within words. Where another of them gives a letter at every such
//! place, it is the better reading.

use encoding_rs::MACINTOSH;

use super::{Charset, Reading, by_label};

/// The charsets tried, the most common first.
const CHARSETS: &[Charset] = &[
    Charset::CodePage(850),
    Charset::Standard(MACINTOSH),
    Charset::CodePage(852),
];

/// The better reading of bytes that were guessed to be western, if there is one.
pub(super) fn better(guess: &Reading, bytes: &[u8]) -> Option<Reading> {
    if !has_signs_in_words(&guess.text) {
        return None;
    }
    let readings = CHARSETS.iter().map(|charset| by_label(bytes, *charset));
    readings
        .filter(|reading| reading.lost == 0)
        .find(|reading| is_made_of_letters(&reading.text))
}

/// Whether a sign that nobody writes there stands between two letters.
fn has_signs_in_words(text: &str) -> bool {
    // Apostrophes, dashes, ellipses, the dot of Catalan and the euro stand there.
    let is_usual = |sign: char| {
        "\u{2018}\u{2019}\u{b4}\u{b7}\u{ad}\u{2013}\u{2014}\u{2026}\u{aa}\u{ba}\u{20ac}".contains(sign)
    };
    neighbours(text).any(|[before, sign, after]| {
        let is_sign = !sign.is_ascii() && !sign.is_alphanumeric() && !sign.is_whitespace() && !is_usual(sign);
        is_sign && before.is_alphabetic() && after.is_alphabetic()
    })
}

/// Whether every letter that is not ASCII is one of the languages of Europe, and none is large within a word.
fn is_made_of_letters(text: &str) -> bool {
    neighbours(text).all(|[before, letter, _]| {
        let is_letter = matches!(letter, '\u{c0}'..='\u{17f}')
            && !"\u{d7}\u{f7}\u{de}\u{fe}\u{d0}\u{f0}".contains(letter);
        let is_large_within = letter.is_uppercase() && before.is_ascii_lowercase();
        letter.is_ascii() || letter == '\u{a0}' || is_letter && !is_large_within
    })
}

/// Every letter of a text with those beside it.
fn neighbours(text: &str) -> impl Iterator<Item = [char; 3]> {
    let before = std::iter::once(' ').chain(text.chars());
    let after = text.chars().skip(1).chain(std::iter::once(' '));
    before
        .zip(text.chars())
        .zip(after)
        .map(|((before, letter), after)| [before, letter, after])
}
