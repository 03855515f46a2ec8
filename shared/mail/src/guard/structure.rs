//! Walks the structure of a mail as `mail-parser` does, without keeping anything, and stops at the limits.
//!
//! It uses the parser's own primitives for header fields, boundaries and transfer encodings, so that a mail
//! cannot look flat here and deep there. The walk is a loop; only mails within transfer-encoded mails recurse,
//! as deep as the parser itself goes.

use std::borrow::Cow;

use mail_parser::parsers::MessageStream;
use mail_parser::{ContentType, GetHeader, Header, HeaderName, HeaderValue, MessageParser};

use super::{MAX_HEADER_BYTES, MAX_MESSAGE_DEPTH, MAX_MULTIPART_DEPTH, MAX_PARTS, MAX_PASSES, Refusal};

/// Nested mails in a transfer encoding that `mail-parser` 0.11 decodes and parses, one within another.
const MAX_ENCODED_MESSAGES: usize = 3;

/// The parser that both the guard and reading use. It interprets the MIME fields and the subject alone: every other
/// field stays raw, so that an oddity in one (as a zone `UT` in a date) cannot swallow the next.
pub(crate) fn mime_parser() -> MessageParser {
    MessageParser::new()
        .with_mime_headers()
        .header_text(HeaderName::Subject)
}

pub(super) fn check(mail: &[u8]) -> Result<(), Refusal> {
    let mut walk = Walk {
        parser: mime_parser(),
        parts: 0,
        scan_budget: mail.len().saturating_mul(MAX_PASSES).max(MAX_HEADER_BYTES),
        message_depth: 0,
        multipart_depth: 0,
    };
    walk.message(mail, MAX_ENCODED_MESSAGES)
}

/// What the parser is inside of.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Message,
    Digest,
    Multipart,
}

struct Level {
    inside: Inside,
    boundary: Option<Vec<u8>>,
}

/// How a part continues.
enum Part {
    Multipart { boundary: Vec<u8>, digest: bool },
    Message,
    EncodedMessage(Transfer),
    Leaf(Transfer),
}

#[derive(Clone, Copy, PartialEq)]
enum Transfer {
    Plain,
    Base64,
    QuotedPrintable,
}

struct Walk {
    parser: MessageParser,
    parts: usize,
    scan_budget: usize,
    message_depth: usize,
    multipart_depth: usize,
}

impl Walk {
    fn message(&mut self, data: &[u8], encoded_left: usize) -> Result<(), Refusal> {
        let depths = (self.message_depth, self.multipart_depth);
        let mut stream = MessageStream::new(data);
        let mut level = Level {
            inside: Inside::Message,
            boundary: None,
        };
        let mut outer: Vec<Level> = Vec::new();
        while let Some(part) = self.next_part(&mut stream, data, level.inside)? {
            let leaf = match part {
                Part::Multipart { boundary, digest } => {
                    let from = stream.offset();
                    let found = stream.seek_next_part(&boundary);
                    self.scanned(data.len(), from, found.then(|| stream.offset()))?;
                    if found {
                        let inside = if digest { Inside::Digest } else { Inside::Multipart };
                        outer.push(std::mem::replace(
                            &mut level,
                            Level {
                                inside,
                                boundary: Some(boundary),
                            },
                        ));
                        self.enter_multipart()?;
                        stream.skip_crlf();
                        continue;
                    }
                    Transfer::Plain
                }
                Part::Message => {
                    let boundary = level.boundary.take();
                    outer.push(std::mem::replace(
                        &mut level,
                        Level {
                            inside: Inside::Message,
                            boundary,
                        },
                    ));
                    self.enter_message()?;
                    continue;
                }
                Part::EncodedMessage(transfer) => {
                    let bytes = self.body(&mut stream, data, &mut level, transfer)?;
                    if let (Some(bytes), true) = (bytes, encoded_left > 0) {
                        self.enter_message()?;
                        self.message(&bytes, encoded_left - 1)?;
                        self.message_depth -= 1;
                    }
                    if self.after_part(&mut stream, data.len(), &mut level, &mut outer)? {
                        continue;
                    } else {
                        break;
                    }
                }
                Part::Leaf(transfer) => transfer,
            };
            self.body(&mut stream, data, &mut level, leaf)?;
            if !self.after_part(&mut stream, data.len(), &mut level, &mut outer)? {
                break;
            }
        }
        (self.message_depth, self.multipart_depth) = depths;
        Ok(())
    }

    /// Reads the next header block and says what follows it; `None` at the end of the data.
    fn next_part(
        &mut self,
        stream: &mut MessageStream<'_>,
        data: &[u8],
        inside: Inside,
    ) -> Result<Option<Part>, Refusal> {
        if header_block_bytes(&data[stream.offset()..]) > MAX_HEADER_BYTES {
            return Err(Refusal::HeaderTooLarge);
        }
        let mut headers: Vec<Header<'_>> = Vec::new();
        if !stream.parse_headers(&self.parser, &mut headers) {
            return Ok(None);
        }
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(Refusal::TooManyParts);
        }
        let content_type = headers
            .header_value(&HeaderName::ContentType)
            .and_then(|value| value.as_content_type());
        let transfer = match headers.header_value(&HeaderName::ContentTransferEncoding) {
            Some(HeaderValue::Text(encoding)) if encoding.eq_ignore_ascii_case("base64") => Transfer::Base64,
            Some(HeaderValue::Text(encoding)) if encoding.eq_ignore_ascii_case("quoted-printable") => {
                Transfer::QuotedPrintable
            }
            _ => Transfer::Plain,
        };
        Ok(Some(classify(content_type, inside, transfer)))
    }

    /// Passes over the body of a part up to its boundary and returns it decoded, if it decodes.
    fn body<'x>(
        &mut self,
        stream: &mut MessageStream<'x>,
        data: &'x [u8],
        level: &mut Level,
        transfer: Transfer,
    ) -> Result<Option<Cow<'x, [u8]>>, Refusal> {
        let from = stream.offset();
        let boundary = level.boundary.as_deref().unwrap_or_default();
        let (end, bytes) = match transfer {
            Transfer::Plain => stream.mime_part(boundary),
            Transfer::Base64 => stream.decode_base64_mime(boundary),
            Transfer::QuotedPrintable => stream.decode_quoted_printable_mime(boundary),
        };
        if end != usize::MAX {
            self.scanned(data.len(), from, Some(stream.offset()))?;
            return Ok(Some(bytes));
        }
        // The parser looks for the boundary a second time when the body did not decode.
        self.scanned(data.len(), from, None)?;
        let (_, found) = stream.seek_part_end(level.boundary.as_deref());
        if !found {
            level.boundary = None;
        }
        Ok(None)
    }

    /// Leaves what ended with the last boundary; `false` when nothing can follow.
    fn after_part(
        &mut self,
        stream: &mut MessageStream<'_>,
        len: usize,
        level: &mut Level,
        outer: &mut Vec<Level>,
    ) -> Result<bool, Refusal> {
        if level.boundary.is_none() {
            return Ok(stream.offset() < len);
        }
        loop {
            if level.inside == Inside::Message {
                let Some(mut parent) = outer.pop() else {
                    return Ok(false);
                };
                self.message_depth = self.message_depth.saturating_sub(1);
                parent.boundary = level.boundary.take();
                *level = parent;
            }
            if !stream.is_multipart_end() {
                return Ok(true);
            }
            let Some(parent) = outer.pop() else {
                return Ok(false);
            };
            self.multipart_depth = self.multipart_depth.saturating_sub(1);
            *level = parent;
            let Some(boundary) = level.boundary.as_deref() else {
                return Ok(false);
            };
            let from = stream.offset();
            let found = stream.seek_next_part_offset(boundary).is_some();
            self.scanned(len, from, found.then(|| stream.offset()))?;
            if !found {
                return Ok(false);
            }
        }
    }

    fn enter_message(&mut self) -> Result<(), Refusal> {
        self.message_depth += 1;
        if self.message_depth > MAX_MESSAGE_DEPTH {
            Err(Refusal::MessagesTooDeep)
        } else {
            Ok(())
        }
    }

    fn enter_multipart(&mut self) -> Result<(), Refusal> {
        self.multipart_depth += 1;
        if self.multipart_depth > MAX_MULTIPART_DEPTH {
            Err(Refusal::MultipartsTooDeep)
        } else {
            Ok(())
        }
    }

    /// Charges a scan that went from `from` to `to`, or to the end of the data when it found nothing.
    fn scanned(&mut self, len: usize, from: usize, to: Option<usize>) -> Result<(), Refusal> {
        let bytes = to.unwrap_or(len).saturating_sub(from);
        match self.scan_budget.checked_sub(bytes) {
            Some(left) => {
                self.scan_budget = left;
                Ok(())
            }
            None => Err(Refusal::TooManyMissingBoundaries),
        }
    }
}

fn classify(content_type: Option<&ContentType<'_>>, inside: Inside, transfer: Transfer) -> Part {
    let is_message = match content_type {
        None => inside == Inside::Digest,
        Some(content_type) if content_type.ctype() == "multipart" => {
            return match content_type.attribute("boundary") {
                Some(boundary) => Part::Multipart {
                    boundary: boundary.as_bytes().to_vec(),
                    digest: content_type.subtype() == Some("digest"),
                },
                None => Part::Leaf(transfer),
            };
        }
        Some(content_type) => {
            content_type.ctype() == "message" && matches!(content_type.subtype(), Some("rfc822" | "global"))
        }
    };
    match (is_message, transfer) {
        (true, Transfer::Plain) => Part::Message,
        (true, transfer) => Part::EncodedMessage(transfer),
        (false, transfer) => Part::Leaf(transfer),
    }
}

/// The bytes up to the first empty line, counted no further than just over the limit. A line of spaces does
/// not end a block: the parser may take it for a folded one.
fn header_block_bytes(data: &[u8]) -> usize {
    let mut line_is_empty = true;
    for (at, byte) in data.iter().enumerate().take(MAX_HEADER_BYTES + 1) {
        match byte {
            b'\n' if line_is_empty => return at,
            b'\n' => line_is_empty = true,
            b'\r' => {}
            _ => line_is_empty = false,
        }
    }
    data.len().min(MAX_HEADER_BYTES + 1)
}
