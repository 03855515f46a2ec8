//! A call and its answer as they stand on the wire, free of any client's types.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

/// One HTTP request as the SDK has signed it.
#[derive(Clone, Debug)]
pub(crate) struct WireRequest {
    pub(crate) method: String,
    pub(crate) host: String,
    /// Still percent-encoded.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Bytes,
}

impl WireRequest {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// One HTTP answer.
#[derive(Clone, Debug)]
pub(crate) struct WireResponse {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    pub(crate) body: Bytes,
}

impl WireResponse {
    pub(crate) fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    pub(crate) fn json(status: u16, body: String) -> Self {
        Self::new(status, body).with("content-type", "application/x-amz-json-1.0")
    }

    pub(crate) fn xml(status: u16, body: String) -> Self {
        Self::new(status, body).with("content-type", "text/xml")
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((Cow::Borrowed(name), value.into()));
        self
    }
}

/// An error of a service that speaks JSON: `__type` and a message.
pub(crate) fn json_error(status: u16, type_name: &str, message: &str) -> WireResponse {
    WireResponse::json(
        status,
        json!({ "__type": type_name, "message": message }).to_string(),
    )
}

/// Text made safe between XML tags.
pub(crate) fn xml_text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\r' => safe.push_str("&#13;"),
            other => safe.push(other),
        }
    }
    safe
}

/// The reverse of [`xml_text`], with the apostrophe's entity.
pub(crate) fn xml_unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#13;", "\r")
        .replace("&#xD;", "\r")
        .replace("&#xA;", "\n")
        .replace("&#10;", "\n")
        .replace("&amp;", "&")
}

/// The text of each `<tag>` in a small XML document without attributes on that tag.
pub(crate) fn xml_values<'a>(document: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let mut values = Vec::new();
    let mut rest = document;
    while let Some(start) = rest.find(&open) {
        rest = &rest[start + open.len()..];
        let Some(end) = rest.find(&close) else { break };
        values.push(&rest[..end]);
        rest = &rest[end + close.len()..];
    }
    values
}

/// A JSON body as an object; an empty body is the empty object.
pub(crate) fn json_body(body: &[u8]) -> Option<Value> {
    if body.is_empty() {
        return Some(json!({}));
    }
    serde_json::from_slice(body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_text_survives_a_round_trip() {
        let text = "a <b> & \"c\" > d\r";
        assert_eq!(xml_unescape(&xml_text(text)), text);
    }

    #[test]
    fn values_of_a_tag_are_found_in_order() {
        let document = "<A><Key>one</Key><Key>two</Key></A>";
        assert_eq!(xml_values(document, "Key"), ["one", "two"]);
    }
}
