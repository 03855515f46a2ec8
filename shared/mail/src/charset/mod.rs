//! Bytes as text: by the charset that is stated, and where it is wrong, unknown or missing by the best reading.
//!
//! `encoding_rs` reads the charsets of the WHATWG standard, `oem_cp` the code pages of DOS, `chardetng` guesses. The
//! few that mail has and the web does not (ISO 2022, HZ, UTF-7, UTF-32) are read here.

mod labels;
mod stateful;
mod unicode;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_8859_4, ISO_8859_15, UTF_8, WINDOWS_874, WINDOWS_1252, WINDOWS_1254};
use oem_cp::code_table::DECODING_TABLE_CP_MAP;

pub(crate) use labels::charset_of;

/// The order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Big,
    Little,
}

/// A way to write text as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    /// Seven bits. What has eight is not what its sender says.
    Ascii,
    /// One that the WHATWG standard names.
    Standard(&'static Encoding),
    /// A code page of DOS.
    CodePage(u16),
    /// ISO 2022 in its Japanese, Korean and Chinese forms.
    Iso2022,
    /// HZ-GB-2312.
    Hz,
    Utf7,
    Utf16(Option<Order>),
    Utf32(Option<Order>),
}

impl Charset {
    /// Its name, as people know it.
    fn name(self) -> Cow<'static, str> {
        match self {
            Self::Ascii => "US-ASCII".into(),
            Self::Standard(encoding) => encoding.name().into(),
            Self::CodePage(number) => format!("code page {number}").into(),
            Self::Iso2022 => "ISO-2022".into(),
            Self::Hz => "HZ".into(),
            Self::Utf7 => "UTF-7".into(),
            Self::Utf16(_) => "UTF-16".into(),
            Self::Utf32(_) => "UTF-32".into(),
        }
    }

    /// The text, with U+FFFD for what is none in this charset.
    fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Ascii => String::from_utf8_lossy(bytes).into_owned(),
            Self::Standard(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            Self::CodePage(number) => match DECODING_TABLE_CP_MAP.get(&number) {
                Some(table) => table.decode_string_lossy(bytes),
                None => String::from_utf8_lossy(bytes).into_owned(),
            },
            Self::Iso2022 => stateful::iso_2022(bytes),
            Self::Hz => stateful::hz(bytes),
            Self::Utf7 => unicode::utf_7(bytes),
            Self::Utf16(order) => unicode::utf_16(bytes, order),
            Self::Utf32(order) => unicode::utf_32(bytes, order),
        }
    }

    /// Whether bytes below 0x80 mean what they mean in ASCII, wherever they stand.
    fn keeps_ascii(self) -> bool {
        matches!(self, Self::Ascii | Self::Standard(_) | Self::CodePage(_))
    }

    /// Whether it reads any bytes, right or wrong.
    fn is_single_byte(self) -> bool {
        match self {
            Self::Standard(encoding) => encoding.is_single_byte(),
            other => matches!(other, Self::CodePage(_)),
        }
    }

    fn is_plain_western(self) -> bool {
        matches!(self, Self::Standard(encoding) if [WINDOWS_1252, ISO_8859_15].contains(&encoding))
    }

    /// Whether it writes the languages of the West, in which most letters are ASCII.
    fn is_western(self) -> bool {
        matches!(self, Self::Standard(encoding) if [WINDOWS_1252, ISO_8859_15, WINDOWS_1254].contains(&encoding))
    }
}

/// What is known besides the label.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hints<'a> {
    /// The charset of the rest of the mail, which a part without a label likely shares.
    pub(crate) beside: Option<Charset>,
    /// The last label of the sender's domain, in lower case: `ru`, `jp`.
    pub(crate) top_level_domain: Option<&'a str>,
}

/// Text and how sure it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) text: String,
    /// The charset it was read in.
    pub(crate) charset: Charset,
    /// Whether that charset is not the one stated.
    pub(crate) is_guess: bool,
    /// Letters that could not be read.
    pub(crate) lost: usize,
}

impl Reading {
    fn stated(text: String, charset: Charset) -> Self {
        Self {
            text,
            charset,
            is_guess: false,
            lost: 0,
        }
    }

    fn guess(text: String, charset: Charset) -> Self {
        Self {
            is_guess: true,
            ..Self::stated(text, charset)
        }
    }

    /// The name of the charset, if it was guessed.
    pub(crate) fn guessed(&self) -> Option<String> {
        self.is_guess.then(|| self.charset.name().into_owned())
    }
}

const PLAIN_UTF_8: Charset = Charset::Standard(UTF_8);

/// Reads bytes whose charset may be stated by labels, the most trusted first.
pub(crate) fn read_bytes(bytes: &[u8], labels: &[&str], hints: Hints<'_>) -> Reading {
    let stated: Vec<Charset> = labels.iter().filter_map(|label| charset_of(label)).collect();
    if let Some(marked) = by_mark(bytes) {
        return marked;
    }
    if bytes.is_ascii() && stated.iter().all(|charset| charset.keeps_ascii()) {
        return seven_bit(bytes, stated.first().copied());
    }
    let mut best: Option<Reading> = None;
    for charset in stated
        .iter()
        .copied()
        .filter(|charset| *charset != Charset::Ascii)
    {
        let reading = by_label(bytes, charset);
        if reading.lost == 0 {
            return doubted(reading, bytes, hints);
        }
        if best.as_ref().is_none_or(|best| reading.lost < best.lost) {
            best = Some(reading);
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        // Nobody writes UTF-8 by chance: without another label it is no guess.
        let is_guess = best.is_some();
        return Reading {
            is_guess,
            ..Reading::stated(text.to_owned(), PLAIN_UTF_8)
        };
    }
    if let Some(best) = best.filter(|best| is_mostly_read(best, bytes)) {
        return best;
    }
    guessed(bytes, hints)
}

/// Text that says by its first bytes what it is.
fn by_mark(bytes: &[u8]) -> Option<Reading> {
    const MARKS: &[(&[u8], Charset)] = &[
        (b"\xef\xbb\xbf", PLAIN_UTF_8),
        (b"\xff\xfe\0\0", Charset::Utf32(Some(Order::Little))),
        (b"\0\0\xfe\xff", Charset::Utf32(Some(Order::Big))),
        (b"\xff\xfe", Charset::Utf16(Some(Order::Little))),
        (b"\xfe\xff", Charset::Utf16(Some(Order::Big))),
        (b"+/v8-", Charset::Utf7),
    ];
    let (rest, charset) = MARKS
        .iter()
        .find_map(|(mark, charset)| Some((bytes.strip_prefix(*mark)?, *charset)))?;
    let reading = by_label(rest, charset);
    // The mark may be chance: then what follows is not of its kind.
    (reading.lost == 0).then_some(reading)
}

/// Seven-bit text, which is what it looks like but for escape sequences.
fn seven_bit(bytes: &[u8], stated: Option<Charset>) -> Reading {
    if stateful::has_escapes(bytes) {
        return Reading::guess(Charset::Iso2022.decode(bytes), Charset::Iso2022);
    }
    let text = String::from_utf8_lossy(bytes).into_owned();
    Reading::stated(text, stated.unwrap_or(Charset::Ascii))
}

fn by_label(bytes: &[u8], charset: Charset) -> Reading {
    let text = charset.decode(bytes);
    let mut lost = text.matches(char::REPLACEMENT_CHARACTER).count();
    if lost > 0 && charset == PLAIN_UTF_8 {
        // What the sender lost is not lost here.
        lost -= bytes.windows(3).filter(|three| three == b"\xef\xbf\xbd").count();
    }
    Reading {
        lost,
        ..Reading::stated(text, charset)
    }
}

/// A reading by a charset that reads anything, unless the bytes speak against it.
fn doubted(reading: Reading, bytes: &[u8], hints: Hints<'_>) -> Reading {
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
fn speaks_against(reading: &Reading, bytes: &[u8]) -> bool {
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
const MIN_FOREIGN_BYTES: usize = 8;

/// Whether a reading with losses is still the best: a mail that is cut or damaged, not one in another charset.
fn is_mostly_read(reading: &Reading, bytes: &[u8]) -> bool {
    let read = reading
        .text
        .chars()
        .filter(|letter| !letter.is_ascii() && *letter != char::REPLACEMENT_CHARACTER)
        .count();
    if !reading.charset.keeps_ascii() && bytes.is_ascii() {
        return true;
    }
    if reading.charset == PLAIN_UTF_8 {
        read >= reading.lost
    } else {
        read > reading.lost * 8
    }
}

/// Most bytes that the detector looks at: it is sure long before.
const MAX_LOOKED_BYTES: usize = 64 * 1024;

/// The best reading of eight-bit text of which nothing is known.
fn guessed(bytes: &[u8], hints: Hints<'_>) -> Reading {
    if let Some(charset) = hints
        .beside
        .filter(|charset| *charset != Charset::Ascii && *charset != PLAIN_UTF_8)
    {
        let reading = by_label(bytes, charset);
        if reading.lost == 0 && charset.keeps_ascii() && !speaks_against(&reading, bytes) {
            return Reading {
                is_guess: true,
                ..reading
            };
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(
        &bytes[..bytes.len().min(MAX_LOOKED_BYTES)],
        bytes.len() <= MAX_LOOKED_BYTES,
    );
    let is_plain = |domain: &&str| !domain.is_empty() && domain.bytes().all(|byte| byte.is_ascii_lowercase());
    let domain = hints.top_level_domain.filter(is_plain).map(str::as_bytes);
    let mut encoding = detector.guess(domain, Utf8Detection::Allow);
    if encoding == ISO_8859_4 {
        // The detector finds this one in short words of the West; nobody has sent it for long.
        encoding = WINDOWS_1252;
    }
    let reading = by_label(bytes, Charset::Standard(encoding));
    Reading {
        is_guess: true,
        ..reading
    }
}

#[cfg(test)]
mod tests;
