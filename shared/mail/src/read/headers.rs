//! Header fields as text, whatever bytes they were sent in.

use std::borrow::Cow;

use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::parsers::MessageStream;
use mail_parser::{Header, HeaderName, HeaderValue, Message, MimeHeaders};

/// Every field of the mail's own header: name and raw value, unfolded.
pub(super) fn fields(message: &Message<'_>) -> Vec<(String, String)> {
    let header_fields = message.headers().iter();
    header_fields
        .map(|header| (header.name.as_str().to_owned(), raw_value(message, header)))
        .collect()
}

/// The values of the fields with a name.
pub(super) fn values<'a>(fields: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    fields
        .iter()
        .filter(move |(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

fn raw_value(message: &Message<'_>, header: &Header<'_>) -> String {
    let bytes = raw_bytes(message, header);
    String::from_utf8_lossy(bytes)
        .chars()
        .filter(|c| !matches!(c, '\r' | '\n'))
        .collect::<String>()
        .trim()
        .to_owned()
}

pub(super) fn raw_bytes<'a>(message: &'a Message<'_>, header: &Header<'_>) -> &'a [u8] {
    message
        .raw_message
        .get(header.offset_start as usize..header.offset_end as usize)
        .unwrap_or_default()
}

/// The decoded text of the first unstructured field with this name.
pub(super) fn unstructured(message: &Message<'_>, name: HeaderName<'static>) -> Option<String> {
    let header = message.headers().iter().find(|header| header.name == name)?;
    let bytes = recoded(message, raw_bytes(message, header));
    match MessageStream::new(&bytes).parse_unstructured() {
        HeaderValue::Text(text) => Some(text.into_owned()),
        HeaderValue::TextList(list) => Some(list.join(" ")),
        _ => None,
    }
}

/// A header value as UTF-8. Some senders write eight-bit text into headers in the charset of the body, others
/// in windows-1252; RFC 6532 allows only UTF-8.
pub(super) fn recoded<'a>(message: &Message<'_>, bytes: &'a [u8]) -> Cow<'a, [u8]> {
    if std::str::from_utf8(bytes).is_ok() {
        return Cow::Borrowed(bytes);
    }
    let stated = message
        .parts
        .iter()
        .find_map(|part| part.content_type()?.attribute("charset"));
    let decoder = stated
        .filter(|charset| !charset.eq_ignore_ascii_case("utf-8") && !charset.eq_ignore_ascii_case("us-ascii"))
        .and_then(|charset| charset_decoder(charset.as_bytes()))
        .or_else(|| charset_decoder(b"windows-1252"));
    match decoder {
        Some(decode) => Cow::Owned(decode(bytes).into_bytes()),
        None => Cow::Borrowed(bytes),
    }
}
