//! Fields with parameters, as Content-Type and Content-Disposition (RFC 2045, 2231), in the forms that are sent:
//! folded anywhere, without quotes or semicolons, cut into segments, in any charset.

use std::collections::BTreeMap;

use super::words::{Text, decode_words, hex_byte};
use crate::charset::{Hints, read_bytes};

/// Most parameters read of one field, segments counted apart: real ones have about ten.
const MAX_PARAMETERS: usize = 200;

/// Longest name of a parameter.
const MAX_NAME_BYTES: usize = 64;

/// A field: what it says first, and its parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Field {
    /// What stands before the parameters, in lower case.
    pub(crate) value: String,
    parameters: Vec<Parameter>,
}

impl Field {
    /// A parameter by its name in lower case.
    pub(crate) fn parameter(&self, name: &str) -> Option<&Value> {
        let named = self.parameters.iter().find(|parameter| parameter.name == name)?;
        Some(&named.value)
    }

    /// A parameter that is a word of some standard: without white space and comments.
    pub(crate) fn word(&self, name: &str) -> Option<String> {
        let value = &self.parameter(name)?.bytes;
        let value = String::from_utf8_lossy(value);
        let word = value
            .split(|c: char| c.is_whitespace() || c == '(')
            .find(|word| !word.is_empty())?;
        Some(word.to_owned())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parameter {
    name: String,
    value: Value,
}

/// The value of a parameter, in the bytes it was sent in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) bytes: Vec<u8>,
    /// The charset that an extended value states.
    label: Option<String>,
}

impl Value {
    /// The value as text.
    pub(crate) fn text(&self, hints: Hints<'_>) -> Text {
        let Some(label) = &self.label else {
            return decode_words(&self.bytes, hints);
        };
        let mut text = Text::default();
        text.push(&read_bytes(&self.bytes, &[label], hints));
        text
    }
}

/// The forms in which one parameter was sent.
#[derive(Default)]
struct Forms {
    plain: Option<Vec<u8>>,
    /// `name*=charset'language'value`.
    extended: Option<Vec<u8>>,
    /// `name*0=`, `name*1*=` ...: whether it is percent-encoded, and its bytes.
    segments: BTreeMap<u32, (bool, Vec<u8>)>,
}

impl Forms {
    /// The best form: the extended ones before the plain one, which is for old readers (RFC 2231, RFC 6266 4.3).
    fn into_value(self) -> Option<Value> {
        let segments: Vec<(bool, Vec<u8>)> = self.segments.into_values().collect();
        let extended = self.extended.map(|bytes| extended_value(vec![(true, bytes)]));
        let joined = (!segments.is_empty()).then(|| extended_value(segments));
        let plain = self.plain.map(|bytes| Value { bytes, label: None });
        [extended, joined, plain]
            .into_iter()
            .flatten()
            .find(|value| !value.bytes.is_empty())
    }
}

/// The value of segments: only the first says the charset, and a letter may be cut between two.
fn extended_value(segments: Vec<(bool, Vec<u8>)>) -> Value {
    let mut value = Value::default();
    for (at, (is_encoded, bytes)) in segments.into_iter().enumerate() {
        let mut rest = bytes.as_slice();
        if at == 0 && is_encoded {
            let mut parts = bytes.splitn(3, |byte| *byte == b'\'');
            if let (Some(label), Some(_), Some(text)) = (parts.next(), parts.next(), parts.next()) {
                value.label = Some(String::from_utf8_lossy(label).into_owned());
                rest = text;
            }
        }
        if is_encoded {
            percent_decoded(rest, &mut value.bytes);
        } else {
            value.bytes.extend_from_slice(rest);
        }
    }
    value
}

pub(crate) fn percent_decoded(mut rest: &[u8], decoded: &mut Vec<u8>) {
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let hex = after.split_first_chunk::<2>().filter(|_| *byte == b'%');
        match hex.and_then(|(hex, tail)| Some((hex_byte(hex)?, tail))) {
            Some((byte, tail)) => {
                decoded.push(byte);
                rest = tail;
            }
            None => decoded.push(*byte),
        }
    }
}

/// Reads the value of a field.
pub(crate) fn read_field(bytes: &[u8]) -> Field {
    let (value, mut rest) = split_value(bytes);
    let value = decode_words(value, Hints::default()).text;
    let mut forms: BTreeMap<String, Forms> = BTreeMap::new();
    let mut quotes = Quotes::Closed;
    for _ in 0..MAX_PARAMETERS {
        let Some((name, value, after)) = parameter(rest, &mut quotes) else {
            break;
        };
        rest = after;
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        let mut marks = name.split('*');
        let base = marks.next().unwrap_or_default().trim().to_owned();
        if base.is_empty() || name.len() > MAX_NAME_BYTES {
            continue;
        }
        let forms = forms.entry(base).or_default();
        match (marks.next(), marks.next()) {
            (None, _) => forms.plain = forms.plain.take().or(Some(value)),
            (Some(""), _) => forms.extended = forms.extended.take().or(Some(value)),
            (Some(number), encoded) => {
                if let Ok(number) = number.trim().parse() {
                    forms.segments.entry(number).or_insert((encoded.is_some(), value));
                }
            }
        }
    }
    let parameters = forms.into_iter().filter_map(|(name, forms)| {
        Some(Parameter {
            name,
            value: forms.into_value()?,
        })
    });
    Field {
        value: without_comment(&value)
            .trim_matches(|c: char| c.is_whitespace() || c == '"')
            .to_ascii_lowercase(),
        parameters: parameters.collect(),
    }
}

fn without_comment(value: &str) -> &str {
    value.split('(').next().unwrap_or_default()
}

/// What stands before the parameters, and the rest. The semicolon between them may be missing.
fn split_value(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = bytes.len() - bytes.trim_ascii_start().len();
    while let Some(byte) = bytes.get(at) {
        let rest = &bytes[at..];
        if *byte == b';' || byte.is_ascii_whitespace() && starts_parameter(rest) {
            return (&bytes[..at], rest);
        }
        at += 1;
    }
    (bytes, b"")
}

/// Whether white space ends here and a name with its equals sign follows.
fn starts_parameter(rest: &[u8]) -> bool {
    let [space, after @ ..] = rest else { return false };
    if !space.is_ascii_whitespace() || after.first().is_none_or(|byte| byte.is_ascii_whitespace()) {
        return false;
    }
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'*');
    let name = after
        .iter()
        .take(MAX_NAME_BYTES)
        .take_while(|byte| is_token(byte))
        .count();
    // `=?` starts an encoded word, not a value.
    name > 0 && after.get(name) == Some(&b'=') && after.get(name + 1) != Some(&b'?')
}

/// Whether the quotes of a field end.
#[derive(PartialEq)]
enum Quotes {
    Closed,
    Open,
}

/// The next parameter: its name, its value and what follows.
fn parameter<'a>(bytes: &'a [u8], quotes: &mut Quotes) -> Option<(&'a [u8], Vec<u8>, &'a [u8])> {
    let mut rest = bytes;
    loop {
        let start = rest
            .iter()
            .position(|byte| *byte != b';' && !byte.is_ascii_whitespace())?;
        rest = &rest[start..];
        let end = rest.iter().position(|byte| matches!(byte, b'=' | b';'))?;
        let name = rest[..end].trim_ascii();
        if rest[end] == b';' {
            // A word without a value says nothing.
            rest = &rest[end..];
            continue;
        }
        let value = rest[end + 1..].trim_ascii_start();
        let quoted = value.strip_prefix(b"\"");
        let closed = quoted
            .filter(|_| *quotes == Quotes::Closed)
            .and_then(quoted_value);
        let (value, after) = match (closed, quoted) {
            (Some(closed), _) => closed,
            // No quote ends this value, nor any after it: like values without quotes.
            (None, Some(open)) => {
                *quotes = Quotes::Open;
                plain_value(open)
            }
            (None, None) => plain_value(value),
        };
        return Some((name, value, after));
    }
}

fn plain_value(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let ends = |at: &usize| bytes[*at] == b';' || starts_parameter(&bytes[*at..]);
    let end = (0..bytes.len()).find(ends).unwrap_or(bytes.len());
    (bytes[..end].trim_ascii().to_vec(), &bytes[end..])
}

/// A value in quotes, whose first is gone. Quotes within it that nobody escaped do not end it.
fn quoted_value(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut value = Vec::new();
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        match (byte, after.first()) {
            // Only what must be escaped is: some write the path of a file.
            (b'\\', Some(b'"' | b'\\')) => {
                value.push(after[0]);
                rest = &after[1..];
            }
            (b'"', _) if ends_value(after) => return Some((value, after)),
            _ => {
                value.push(*byte);
                rest = after;
            }
        }
    }
    None
}

fn ends_value(after: &[u8]) -> bool {
    let spaces = after.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    match after.get(spaces) {
        None | Some(b';' | b'(') => true,
        Some(_) => spaces > 0 && starts_parameter(&after[spaces - 1..]),
    }
}

#[cfg(test)]
#[path = "parameters_tests.rs"]
mod tests;
