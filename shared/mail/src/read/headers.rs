//! Header fields as text, whatever bytes they were sent in.

use mail_parser::{Header, HeaderName, Message, MessagePart};

use super::parts::Structure;
use crate::mime::{Text, decode_words};

/// Every field of the mail's own header: name and raw value, unfolded.
pub(super) fn fields(message: &Message<'_>, raw: &[u8]) -> Vec<(String, String)> {
    let header_fields = message.headers().iter();
    header_fields
        .map(|header| (header.name.as_str().to_owned(), raw_value(raw, header)))
        .collect()
}

/// The values of the fields with a name.
pub(super) fn values<'a>(fields: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    fields
        .iter()
        .filter(move |(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

fn raw_value(raw: &[u8], header: &Header<'_>) -> String {
    let bytes = raw.get(header.offset_start as usize..header.offset_end as usize);
    String::from_utf8_lossy(bytes.unwrap_or_default())
        .chars()
        .filter(|c| !matches!(c, '\r' | '\n'))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The decoded text of the first unstructured field of a part with this name.
pub(super) fn unstructured(
    structure: &Structure<'_>,
    part: &MessagePart<'_>,
    name: HeaderName<'static>,
) -> Option<Text> {
    let header = part.headers.iter().find(|header| header.name == name)?;
    let bytes = structure
        .raw
        .get(header.offset_start as usize..header.offset_end as usize)?;
    Some(decode_words(bytes, structure.hints))
}
