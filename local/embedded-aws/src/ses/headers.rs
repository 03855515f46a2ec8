//! Just enough of a mail's headers for what SES does to them.

use serde_json::{Value, json};

/// SES cuts the headers in its notifications past this.
const MAX_NOTIFIED_BYTES: usize = 10_240;

/// One header field: its name, its unfolded value, and where it stands in the mail.
pub(super) struct Header<'a> {
    pub(super) name: &'a str,
    pub(super) value: String,
    /// The field's own bytes with its line ends.
    pub(super) bytes: &'a [u8],
}

/// The header fields up to the empty line, and the rest from that line on.
pub(super) fn split(raw: &[u8]) -> (Vec<Header<'_>>, &[u8]) {
    let mut headers = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        let mut end = line_end(raw, at);
        if raw[at..end].iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
            break;
        }
        while end < raw.len() && matches!(raw[end], b' ' | b'\t') {
            end = line_end(raw, end);
        }
        let field = &raw[at..end];
        let Some(colon) = field.iter().position(|byte| *byte == b':') else {
            break;
        };
        let Ok(name) = std::str::from_utf8(&field[..colon]) else {
            break;
        };
        let value = String::from_utf8_lossy(&field[colon + 1..]).replace(['\r', '\n'], "");
        headers.push(Header {
            name: name.trim_end(),
            value: value.trim().to_owned(),
            bytes: field,
        });
        at = end;
    }
    (headers, &raw[at..])
}

fn line_end(raw: &[u8], from: usize) -> usize {
    raw[from..]
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(raw.len(), |at| from + at + 1)
}

/// The first header of that name, without regard to case.
pub(super) fn value<'a>(headers: &'a [Header<'_>], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case(name))
        .map(|header| header.value.as_str())
}

/// The addresses in a header such as `To`, without their names.
pub(super) fn addresses(headers: &[Header<'_>], name: &str) -> Vec<String> {
    let Some(list) = value(headers, name) else {
        return Vec::new();
    };
    split_list(list)
        .into_iter()
        .map(bare)
        .filter(|address| address.contains('@'))
        .map(str::to_owned)
        .collect()
}

/// The address alone, out of `Name <address>`.
pub(super) fn bare(entry: &str) -> &str {
    match (entry.rfind('<'), entry.rfind('>')) {
        (Some(open), Some(close)) if open < close => entry[open + 1..close].trim(),
        _ => entry.trim(),
    }
}

/// Splits at commas that stand outside quotes and angle brackets.
fn split_list(list: &str) -> Vec<&str> {
    let (mut parts, mut from, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, character) in list.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(&list[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[from..]);
    parts
}

/// `headersTruncated`, `headers` and `commonHeaders` of a notification.
pub(super) fn notified(headers: &[Header<'_>], message_id: &str) -> (bool, Value, Value) {
    let (mut bytes, mut truncated, mut listed) = (0, false, Vec::new());
    for header in headers {
        bytes += header.bytes.len();
        if bytes > MAX_NOTIFIED_BYTES {
            truncated = true;
            break;
        }
        listed.push(json!({ "name": header.name, "value": header.value }));
    }
    let mut common = json!({ "messageId": value(headers, "Message-ID").unwrap_or(message_id) });
    for (member, name) in [
        ("from", "From"),
        ("to", "To"),
        ("cc", "Cc"),
        ("replyTo", "Reply-To"),
    ] {
        if let Some(list) = value(headers, name) {
            common[member] = split_list(list).into_iter().map(str::trim).collect();
        }
    }
    for (member, name) in [
        ("date", "Date"),
        ("subject", "Subject"),
        ("returnPath", "Return-Path"),
    ] {
        if let Some(text) = value(headers, name) {
            common[member] = Value::from(text);
        }
    }
    (truncated, Value::Array(listed), common)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_headers_are_one_value() {
        let (headers, body) = split(b"Subject: one\r\n two\r\nTo: a@b\r\n\r\nbody");
        assert_eq!(value(&headers, "subject"), Some("one two"));
        assert_eq!(body, b"\r\nbody");
    }

    #[test]
    fn a_comma_in_a_quoted_name_divides_nothing() {
        let (headers, _) = split(b"To: \"Doe, Jane\" <jane@example.com>, joe@example.com\n\n");
        assert_eq!(addresses(&headers, "To"), ["jane@example.com", "joe@example.com"]);
    }
}
