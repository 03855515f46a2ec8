//! Bytes as text: by the charset that is stated, and where it is wrong, unknown or missing by the best reading.
//!
//! `encoding_rs` reads the charsets of the WHATWG standard, `oem_cp` the code pages of DOS, `chardetng` guesses. The
//! few that mail has and the web does not (ISO 2022, HZ, UTF-7, UTF-32) are read here.

mod before_windows;
mod doubt;
mod guess;
mod labels;
mod stateful;
mod unicode;

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_8859_15, UTF_8, WINDOWS_1252, WINDOWS_1254};
use oem_cp::code_table::DECODING_TABLE_CP_MAP;

use doubt::doubted;
use guess::guessed;
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

#[cfg(test)]
mod tests;
