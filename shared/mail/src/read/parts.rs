//! The parts of a mail: what each is, and its bytes.

use std::borrow::Cow;

use mail_parser::{HeaderName, Message, MessagePart, PartType};

use super::uuencoded;
use crate::charset::{Charset, Hints, charset_of};
use crate::mime::{Field, decode_transfer, read_field};

/// A mail whose structure is known: the parser read it from a copy, all else is read from the bytes as they came.
pub(super) struct Structure<'a> {
    pub(super) message: &'a Message<'a>,
    pub(super) raw: &'a [u8],
    /// What is known of the charset of what states none.
    pub(super) hints: Hints<'a>,
}

/// What a part can be to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text as it stands.
    Plain,
    /// Text with marks of its own, which can be read as it stands, or nearly so.
    Marked,
    Html,
    /// A text of another kind: shown where no other text is.
    OtherText,
    /// Not to be shown.
    File,
}

/// A part without parts.
pub(super) struct Leaf<'a> {
    pub(super) part: &'a MessagePart<'a>,
    /// Its media type in lower case; empty when there is none that can be read.
    pub(super) media_type: String,
    pub(super) kind: Kind,
    pub(super) content_type: Field,
    pub(super) disposition: Field,
}

impl Leaf<'_> {
    /// Whether its sender called it a file.
    pub(super) fn is_attached(&self) -> bool {
        self.disposition.value == "attachment"
    }
}

impl<'a> Structure<'a> {
    pub(super) fn part(&self, id: u32) -> Option<&'a MessagePart<'a>> {
        self.message.parts.get(id as usize)
    }

    /// A part without parts as what its own fields say it is.
    pub(super) fn leaf(&self, part: &'a MessagePart<'a>) -> Leaf<'a> {
        let disposition = self.field(part, HeaderName::ContentDisposition);
        let types = self.values(part, HeaderName::ContentType).map(read_field);
        let content_type = chosen_type(types.collect());
        let (media_type, kind) = match &part.body {
            PartType::Message(_) => (media_type(&content_type.value).0, Kind::File),
            _ => media_type(&content_type.value),
        };
        let mut leaf = Leaf {
            part,
            media_type,
            kind,
            content_type,
            disposition,
        };
        // A type that nobody can read is text (RFC 2045, section 5.2), unless all else speaks against it.
        if leaf.media_type.is_empty() && kind == Kind::Plain && !leaf.content_type.value.is_empty() {
            let is_named = leaf
                .content_type
                .parameter("name")
                .or(leaf.disposition.parameter("filename"))
                .is_some();
            if is_named || leaf.is_attached() || self.bytes(part).bytes.contains(&0) {
                leaf.kind = Kind::File;
            }
        }
        leaf
    }

    /// The first charset that a text of the mail states and that says more than "seven bits".
    pub(super) fn stated_charset(&self) -> Option<Charset> {
        let parts = self.message.parts.iter();
        let labels = parts.filter_map(|part| self.field(part, HeaderName::ContentType).word("charset"));
        labels
            .filter_map(|label| charset_of(&label))
            .find(|charset| *charset != Charset::Ascii)
    }

    /// The field of a part with a name; the first, if there are several.
    pub(super) fn field(&self, part: &MessagePart<'_>, name: HeaderName<'static>) -> Field {
        self.values(part, name).next().map(read_field).unwrap_or_default()
    }

    /// The type of a part with parts: of several the last one that has some, which the parser took.
    pub(super) fn multipart_type(&self, part: &MessagePart<'_>) -> Field {
        let types = self.values(part, HeaderName::ContentType).map(read_field);
        types
            .filter(|field| field.value.starts_with("multipart"))
            .last()
            .unwrap_or_default()
    }

    fn values(&self, part: &MessagePart<'_>, name: HeaderName<'static>) -> impl Iterator<Item = &'a [u8]> {
        let raw = self.raw;
        let headers = part.headers.iter().filter(move |header| header.name == name);
        let ranges: Vec<_> = headers
            .map(|header| header.offset_start as usize..header.offset_end as usize)
            .collect();
        ranges.into_iter().filter_map(move |range| raw.get(range))
    }

    /// The body of a part as it came, without the line end that belongs to the boundary after it.
    pub(super) fn body(&self, part: &MessagePart<'_>) -> &'a [u8] {
        let (start, end) = (part.offset_body as usize, part.offset_end as usize);
        let body = self.raw.get(start..end).unwrap_or_default();
        let after = self.raw.get(end..).unwrap_or_default();
        match body.strip_suffix(b"\n") {
            Some(shorter) if after.starts_with(b"--") => shorter.strip_suffix(b"\r").unwrap_or(shorter),
            _ => body,
        }
    }

    /// The bytes of a part, and whether they are damaged.
    pub(super) fn bytes(&self, part: &MessagePart<'_>) -> Contents<'a> {
        let encoding = self.field(part, HeaderName::ContentTransferEncoding).value;
        let encoding = encoding.trim_matches(|c: char| c.is_whitespace() || "\"';".contains(c));
        let body = self.body(part);
        if matches!(encoding, "x-uuencode" | "uuencode" | "x-uue" | "uue")
            && let Some(file) = uuencoded::only_file(&String::from_utf8_lossy(body))
        {
            return Contents {
                bytes: Cow::Owned(file.into()),
                is_damaged: false,
            };
        }
        let decoded = decode_transfer(body, encoding);
        Contents {
            bytes: decoded.bytes,
            is_damaged: decoded.is_damaged,
        }
    }
}

/// The bytes of a part.
pub(super) struct Contents<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) is_damaged: bool,
}

/// Of several types the first that is text, else the first that can be read, else the first.
fn chosen_type(types: Vec<Field>) -> Field {
    let rank = |field: &Field| match media_type(&field.value) {
        (media, _) if media.is_empty() => 2,
        (media, _) => usize::from(!media.starts_with("text/")),
    };
    types.into_iter().min_by_key(rank).unwrap_or_default()
}

/// The media type that is meant, and what a part of it is to a reader.
fn media_type(value: &str) -> (String, Kind) {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c);
    let is_word = |word: &str| !word.is_empty() && word.chars().all(is_token);
    let parts = value.split_once('/').map(|(main, sub)| (main.trim(), sub.trim()));
    let Some((main, sub)) =
        parts.filter(|(main, sub)| is_word(main) && is_word(sub) && value.len() <= MAX_TYPE_BYTES)
    else {
        return (String::new(), unreadable(value));
    };
    let kind = match (main, sub) {
        ("text", "plain" | "unknown") => Kind::Plain,
        ("text", "markdown" | "x-markdown" | "x-web-markdown" | "enriched" | "richtext") => Kind::Marked,
        ("text", "html" | "xhtml" | "xhtml+xml") | ("application", "xhtml+xml") => Kind::Html,
        ("text", sub) if PROGRAMS_TEXT.contains(&sub) => Kind::File,
        ("text", _) => Kind::OtherText,
        // Parts that were announced and never come.
        ("multipart", _) => Kind::Plain,
        _ => Kind::File,
    };
    (format!("{main}/{sub}"), kind)
}

/// Longest media type (RFC 6838, section 4.2: 127 for each half).
const MAX_TYPE_BYTES: usize = 255;

/// Texts for programs, which nobody reads as they stand.
const PROGRAMS_TEXT: &[&str] = &[
    "calendar",
    "css",
    "directory",
    "ecmascript",
    "javascript",
    "json",
    "rfc822-headers",
    "rtf",
    "vcard",
    "vnd.google.email-reaction+json",
    "watch-html",
    "x-amp-html",
    "x-vcalendar",
    "x-vcard",
];

/// What a part is whose type is no type.
fn unreadable(value: &str) -> Kind {
    let is_html = ["html", "text/html", "text.html", "text html"]
        .iter()
        .any(|start| value.starts_with(start));
    let is_file = ["application/", "image", "audio", "video", "font/", "model/"];
    if is_html {
        Kind::Html
    } else if is_file.iter().any(|start| value.starts_with(start)) {
        Kind::File
    } else {
        Kind::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_what_its_sender_meant() {
        for (value, expected, kind) in [
            ("text/plain", "text/plain", Kind::Plain),
            ("text/markdown", "text/markdown", Kind::Marked),
            ("text/enriched", "text/enriched", Kind::Marked),
            ("text/x-log", "text/x-log", Kind::OtherText),
            ("text/csv", "text/csv", Kind::OtherText),
            ("text/calendar", "text/calendar", Kind::File),
            ("application/xhtml+xml", "application/xhtml+xml", Kind::Html),
            ("application/pdf", "application/pdf", Kind::File),
            ("multipart/mixed", "multipart/mixed", Kind::Plain),
            ("text / html", "text/html", Kind::Html),
            ("", "", Kind::Plain),
            ("text", "", Kind::Plain),
            ("plain", "", Kind::Plain),
            ("html", "", Kind::Html),
            ("image", "", Kind::File),
            ("application/ms word", "", Kind::File),
        ] {
            assert_eq!(media_type(value), (expected.to_owned(), kind), "{value}");
        }
    }
}
