//! Encoded words (RFC 2047): neighbours of one charset are joined as bytes before they are decoded, so that a letter
//! cut between two of them is whole again.

use crate::charset::{Hints, Reading, charset_of, read_bytes};

/// Text of a header with what is not sure about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) text: String,
    /// The charset of a piece that had to be guessed.
    pub(crate) guessed: Option<String>,
    /// Letters that could not be read.
    pub(crate) lost: usize,
}

impl Text {
    pub(crate) fn push(&mut self, reading: &Reading) {
        self.text.push_str(&reading.text);
        self.guessed = self.guessed.take().or_else(|| reading.guessed());
        self.lost += reading.lost;
    }
}

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Transfer {
    Base64,
    Quoted,
}

/// One encoded word: `=?charset*language?B?data?=`.
#[derive(Clone, Copy, Debug)]
struct Word<'a> {
    label: &'a str,
    transfer: Transfer,
    data: &'a [u8],
}

/// The value of a header as text: unfolded, its encoded words decoded.
pub(crate) fn decode_words(bytes: &[u8], hints: Hints<'_>) -> Text {
    let mut text = Text::default();
    for piece in pieces(bytes) {
        match piece {
            Piece::Plain(plain) => text.push(&read_bytes(&plain, &[], hints)),
            Piece::Words { label, bytes } => text.push(&read_bytes(&bytes, &[label], hints)),
        }
    }
    text
}

/// The value of a header in which every group of encoded words is one word in UTF-8, and everything else is UTF-8 too:
/// what a parser of structured fields reads without harm to letters.
pub(crate) fn one_word_each(bytes: &[u8], hints: Hints<'_>) -> (Vec<u8>, Text) {
    use base64::Engine;
    let mut written = Vec::with_capacity(bytes.len());
    let mut text = Text::default();
    for piece in pieces(bytes) {
        match piece {
            Piece::Plain(plain) => {
                let reading = read_bytes(&plain, &[], hints);
                text.push(&reading);
                written.extend_from_slice(reading.text.as_bytes());
            }
            Piece::Words { label, bytes } => {
                let reading = read_bytes(&bytes, &[label], hints);
                text.push(&reading);
                // A domain may not be written so, and is: it belongs to the address before it.
                let is_domain = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
                if written.ends_with(b"@") && reading.text.chars().all(is_domain) {
                    written.extend_from_slice(reading.text.as_bytes());
                    continue;
                }
                written.extend_from_slice(b"=?utf-8?B?");
                let encoded = base64::engine::general_purpose::STANDARD.encode(&reading.text);
                written.extend_from_slice(encoded.as_bytes());
                written.extend_from_slice(b"?=");
            }
        }
    }
    (written, text)
}

enum Piece<'a> {
    /// Text as it stands, unfolded.
    Plain(Vec<u8>),
    /// Neighbouring words of one charset.
    Words { label: &'a str, bytes: Vec<u8> },
}

fn pieces(bytes: &[u8]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut plain_from = 0;
    let mut at = 0;
    let mut group: Vec<Word<'_>> = Vec::new();
    while let Some(start) = find(&bytes[at..], b"=?").map(|found| at + found) {
        let Some((word, length)) = word(&bytes[start..]) else {
            at = start + 2;
            continue;
        };
        let between = &bytes[plain_from..start];
        let is_apart = !between.iter().all(u8::is_ascii_whitespace);
        if is_apart || group.last().is_some_and(|last| !is_of_one(last, &word)) {
            push_group(&mut pieces, &mut group);
        }
        if is_apart || pieces.is_empty() && group.is_empty() {
            push_plain(&mut pieces, between);
        }
        group.push(word);
        at = start + length;
        plain_from = at;
    }
    push_group(&mut pieces, &mut group);
    push_plain(&mut pieces, &bytes[plain_from..]);
    pieces
}

fn push_plain(pieces: &mut Vec<Piece<'_>>, bytes: &[u8]) {
    if !bytes.is_empty() {
        pieces.push(Piece::Plain(unfolded(bytes)));
    }
}

fn push_group<'a>(pieces: &mut Vec<Piece<'a>>, group: &mut Vec<Word<'a>>) {
    let Some(first) = group.first() else { return };
    pieces.push(Piece::Words {
        label: first.label,
        bytes: decode_group(group),
    });
    group.clear();
}

/// Whether two neighbours are of one charset.
fn is_of_one(one: &Word<'_>, other: &Word<'_>) -> bool {
    one.label.eq_ignore_ascii_case(other.label)
        || charset_of(one.label).is_some_and(|charset| charset_of(other.label) == Some(charset))
}

/// The bytes of neighbouring words. Base64 that was cut between two of its own letters is joined too.
fn decode_group(group: &[Word<'_>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut sextets: Vec<u8> = Vec::new();
    for word in group {
        match word.transfer {
            Transfer::Base64 => {
                let is_letter = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
                sextets.extend(word.data.iter().filter(is_letter));
                // Only what is padded, or whole by itself, ends.
                if word.data.contains(&b'=') || sextets.len().is_multiple_of(4) {
                    bytes.append(&mut base64(&sextets));
                    sextets.clear();
                }
            }
            Transfer::Quoted => {
                bytes.append(&mut base64(&sextets));
                sextets.clear();
                quoted(word.data, &mut bytes);
            }
        }
    }
    bytes.append(&mut base64(&sextets));
    bytes
}

/// Base64 in either alphabet, without padding; a letter too much at its end says nothing.
pub(super) fn base64(letters: &[u8]) -> Vec<u8> {
    let (mut bytes, mut bits, mut held) = (Vec::with_capacity(letters.len() * 3 / 4), 0_u32, 0);
    for letter in letters {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' | b'-' => 62,
            _ => 63,
        };
        bits = (bits << 6 | u32::from(value)) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

/// The Q encoding. Spaces stand in it although they may not; a fold says nothing.
fn quoted(data: &[u8], bytes: &mut Vec<u8>) {
    let mut rest = data;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'_' => bytes.push(b' '),
            b'=' => match after
                .split_first_chunk::<2>()
                .and_then(|(hex, tail)| Some((hex_byte(hex)?, tail)))
            {
                Some((decoded, tail)) => {
                    bytes.push(decoded);
                    rest = tail;
                }
                None => bytes.push(b'='),
            },
            b'\r' | b'\n' => {}
            byte => bytes.push(*byte),
        }
    }
}

pub(super) fn hex_byte(hex: &[u8; 2]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    Some((digit(hex[0])? * 16 + digit(hex[1])?) as u8)
}

/// Longest word read, in bytes; RFC 2047 allows 75, and some write the whole subject into one.
const MAX_WORD_BYTES: usize = 64 * 1024;

/// Longest charset of a word, with its language.
const MAX_LABEL_BYTES: usize = 80;

/// The word at the start of the bytes, and its length.
fn word(bytes: &[u8]) -> Option<(Word<'_>, usize)> {
    let rest = bytes.strip_prefix(b"=?")?;
    let label_end = rest.iter().take(MAX_LABEL_BYTES).position(|byte| *byte == b'?')?;
    let label = std::str::from_utf8(&rest[..label_end]).ok()?;
    let is_token = |c: char| c.is_ascii_graphic() && !"()<>@,;\"/[]=".contains(c);
    if !label.chars().all(is_token) {
        return None;
    }
    let rest = &rest[label_end + 1..];
    let (transfer, data) = match rest {
        [b'B' | b'b', b'?', data @ ..] => (Transfer::Base64, data),
        [b'Q' | b'q', b'?', data @ ..] => (Transfer::Quoted, data),
        _ => return None,
    };
    let data = &data[..data_end(&data[..data.len().min(MAX_WORD_BYTES)])?];
    let label = label.split('*').next().unwrap_or_default();
    let length = bytes.len() - rest.len() + 2 + data.len() + 2;
    Some((
        Word {
            label,
            transfer,
            data,
        },
        length,
    ))
}

/// Where the data of a word ends; `None` when the next word starts before that.
fn data_end(data: &[u8]) -> Option<usize> {
    data.windows(2).enumerate().find_map(|(at, two)| match two {
        b"?=" => Some(Some(at)),
        b"=?" if data.get(at + 2) != Some(&b'=') => Some(None),
        _ => None,
    })?
}

/// The value on one line: a fold and the white space around it are one space.
pub(super) fn unfolded(bytes: &[u8]) -> Vec<u8> {
    let mut line: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut in_fold = false;
    for &byte in bytes {
        match byte {
            b'\r' | b'\n' => in_fold = true,
            b' ' | b'\t' if in_fold => {}
            byte => {
                if in_fold {
                    end_fold(&mut line);
                }
                in_fold = false;
                line.push(byte);
            }
        }
    }
    if in_fold {
        end_fold(&mut line);
    }
    line
}

fn end_fold(line: &mut Vec<u8>) {
    line.truncate(line.trim_ascii_end().len());
    line.push(b' ');
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
