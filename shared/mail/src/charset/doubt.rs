//! Labels that read anything, and whether the bytes speak against them.

use encoding_rs::WINDOWS_874;

use super::{Charset, Hints, PLAIN_UTF_8, Reading, before_windows, guessed};

/// A reading by a charset that reads anything, unless the bytes speak against it.
pub(super) fn doubted(reading: Reading, bytes: &[u8], hints: Hints<'_>) -> Reading {
    // Wide letters without a zero byte anywhere, in what is plain text as it stands.
    if let Charset::Utf16(_) | Charset::Utf32(_) = reading.charset
        && let Ok(text) = std::str::from_utf8(bytes)
        && !bytes.contains(&0)
        && bytes.iter().filter(|byte| byte.is_ascii()).count() * 2 > bytes.len()
    {
        return Reading::guess(text.to_owned(), PLAIN_UTF_8);
    }
    if reading.charset == PLAIN_UTF_8 {
        return reading;
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && is_no_chance(text, reading.charset)
    {
        return Reading::guess(text.to_owned(), PLAIN_UTF_8);
    }
    if reading.charset.is_western()
        && let Some(better) = before_windows::better(&reading, bytes)
    {
        return Reading {
            is_guess: true,
            ..better
        };
    }
    if speaks_against(&reading, bytes) {
        let hints = Hints {
            beside: None,
            ..hints
        };
        let guess = guessed(bytes, hints);
        if guess.lost == 0 && is_likelier(&guess, &reading) {
            return guess;
        }
    }
    reading
}

/// Whether bytes are UTF-8 although another charset reads them too.
///
/// In a text with ASCII letters around each of its others that is never chance. Without them a few letters of Thai or
/// of the double-byte charsets can be UTF-8 by chance.
fn is_no_chance(text: &str, charset: Charset) -> bool {
    let others = text.chars().filter(|letter| !letter.is_ascii()).count();
    let is_doubtful = !charset.is_single_byte() || charset == Charset::Standard(WINDOWS_874);
    let least = if is_doubtful { MIN_WIDE_LETTERS } else { 1 };
    if others >= least || others == 0 || !charset.keeps_ascii() {
        return others >= least && charset.keeps_ascii();
    }
    let letters: Vec<char> = text.chars().collect();
    let beside = |at: usize| {
        at.checked_sub(1)
            .and_then(|at| letters.get(at))
            .into_iter()
            .chain(letters.get(at + 1))
    };
    let is_within_word = |at: usize| beside(at).any(char::is_ascii_alphabetic);
    (0..letters.len())
        .filter(|at| !letters[*at].is_ascii())
        .all(is_within_word)
}

/// Fewest letters that are UTF-8 by more than chance where double-byte letters could be.
const MIN_WIDE_LETTERS: usize = 4;

/// Whether a text in a western charset is likely in another: most of its letters are foreign, or signs stand within
/// its words, or letters that only Icelandic has.
pub(super) fn speaks_against(reading: &Reading, bytes: &[u8]) -> bool {
    if !reading.charset.is_western() {
        return false;
    }
    let high = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    let letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    if high >= MIN_FOREIGN_BYTES && high > letters {
        return true;
    }
    let mut last = [' ', ' '];
    high >= MIN_ODD_BYTES
        && reading.text.chars().any(|letter| {
            let [before, sign] = last;
            last = [sign, letter];
            let is_sign = matches!(sign, '\u{a1}'..='\u{b3}' | '\u{b5}' | '\u{b6}' | '\u{b8}'..='\u{bf}');
            is_sign && before.is_alphabetic() && letter.is_alphabetic()
                || "\u{fe}\u{de}\u{fd}\u{dd}\u{f0}\u{d0}".contains(letter)
        })
}

/// Whether a guess may stand against a western label. Icelandic looks like Turkish and Croatian to the detector.
fn is_likelier(guess: &Reading, stated: &Reading) -> bool {
    if guess.charset == stated.charset || guess.charset.is_plain_western() {
        return false;
    }
    let is_latin = guess
        .text
        .chars()
        .all(|letter| letter < '\u{370}' || !letter.is_alphabetic());
    let has = |letters: &str| stated.text.contains(|letter| letters.contains(letter));
    !(is_latin && has("\u{f0}\u{fe}\u{d0}\u{de}") && has("\u{e1}\u{e9}\u{ed}\u{f3}\u{fa}\u{e6}"))
}

/// Fewest eight-bit bytes in which the detector is asked about odd ones.
const MIN_ODD_BYTES: usize = 4;

/// Fewest eight-bit bytes that can speak against a western label.
pub(super) const MIN_FOREIGN_BYTES: usize = 8;
