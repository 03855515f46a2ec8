//! A copy of a mail in which its parser finds the parts that its sender made.
//!
//! The parser of the structure does not read every form of a Content-Type that is sent: one folded behind an equals
//! sign, one without its semicolon, one of two. Such a field is written again in its own place, so that every offset
//! stays: only the structure is read from the copy, everything else from the mail as it came.

use std::borrow::Cow;

use mail_parser::parsers::MessageStream;

use super::parameters::read_field;

const NAME: &[u8] = b"content-type";

/// Longest field looked at.
const MAX_FIELD_BYTES: usize = 16 * 1024;

/// Most header blocks with two types in which a boundary is looked for: each look is a pass over the mail.
const MAX_CHOICES: usize = 4;

/// A Content-Type where it stands in the mail.
struct Type {
    start: usize,
    /// The boundary of its parts, if it has parts.
    boundary: Option<Vec<u8>>,
}

/// The mail with its types in a form that the parser reads as they are meant. Every offset stays.
pub(crate) fn repaired(mail: &[u8]) -> Cow<'_, [u8]> {
    let mut repaired = Cow::Borrowed(mail);
    let mut block: Vec<Type> = Vec::new();
    let mut choices = 0;
    let mut at = 0;
    while at < mail.len() {
        let line = line_end(mail, at);
        if mail[at..line].trim_ascii().is_empty() {
            choose(mail, &mut repaired, &mut block, &mut choices);
            at = line;
            continue;
        }
        match value_start(&mail[at..line]) {
            Some(offset) => {
                let end = field_end(mail, line);
                let value = at + offset..end;
                block.push(Type {
                    start: at,
                    boundary: repair_field(mail, &mut repaired, value),
                });
                at = end;
            }
            None => at = line,
        }
    }
    choose(mail, &mut repaired, &mut block, &mut choices);
    repaired
}

/// Where the value of a Content-Type starts in its first line.
fn value_start(line: &[u8]) -> Option<usize> {
    let name = line.get(..NAME.len())?;
    if !name.eq_ignore_ascii_case(NAME) {
        return None;
    }
    let spaces = line[NAME.len()..]
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    let colon = NAME.len() + spaces;
    (line.get(colon) == Some(&b':')).then_some(colon + 1)
}

fn line_end(mail: &[u8], from: usize) -> usize {
    let end = mail[from..].iter().position(|byte| *byte == b'\n');
    end.map_or(mail.len(), |end| from + end + 1)
}

/// Where a field ends whose first line ends at `line`.
fn field_end(mail: &[u8], mut line: usize) -> usize {
    while matches!(mail.get(line), Some(b' ' | b'\t')) {
        let next = line_end(mail, line);
        if mail[line..next].trim_ascii().is_empty() {
            break;
        }
        line = next;
    }
    line
}

/// Writes a value again that the parser would misread, and returns the boundary it states.
fn repair_field(mail: &[u8], repaired: &mut Cow<'_, [u8]>, value: std::ops::Range<usize>) -> Option<Vec<u8>> {
    if value.len() > MAX_FIELD_BYTES {
        return None;
    }
    let written = &mail[value.clone()];
    let field = read_field(written);
    let boundary = &field
        .parameter("boundary")
        .filter(|_| field.value.starts_with("multipart"))?
        .bytes;
    let boundary = boundary.trim_ascii_end();
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    if boundary.is_empty() || !boundary.iter().all(is_plain) {
        return None;
    }
    if seen_by_parser(written).as_deref() != Some(boundary) {
        let subtype = field.value.strip_prefix("multipart/").unwrap_or("mixed");
        let is_token = |c: char| c.is_ascii_alphanumeric() || "-.+_".contains(c);
        let subtype = if subtype.chars().all(is_token) {
            subtype
        } else {
            "mixed"
        };
        let is_word = boundary
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte));
        let quote: &[u8] = if is_word { b"" } else { b"\"" };
        let again = [
            b"multipart/",
            subtype.as_bytes(),
            b";boundary=",
            quote,
            boundary,
            quote,
        ]
        .concat();
        let room = written.trim_ascii_end().len();
        if again.len() > room {
            return None;
        }
        let place = &mut repaired.to_mut()[value.start..value.start + room];
        place.fill(b' ');
        place[..again.len()].copy_from_slice(&again);
    }
    Some(boundary.to_vec())
}

/// The boundary as the parser reads it.
fn seen_by_parser(value: &[u8]) -> Option<Vec<u8>> {
    let ended = [value.trim_ascii_end(), b"\r\n"].concat();
    let read = MessageStream::new(&ended).parse_content_type();
    let content_type = read
        .as_content_type()
        .filter(|read| read.ctype() == "multipart")?;
    Some(content_type.attribute("boundary")?.as_bytes().to_vec())
}

/// Of several types in one header block the parser takes the last. The one whose parts are there counts: the later
/// ones lose their name.
fn choose(mail: &[u8], repaired: &mut Cow<'_, [u8]>, block: &mut Vec<Type>, choices: &mut usize) {
    let types = std::mem::take(block);
    let Some((last, before)) = types.split_last() else {
        return;
    };
    if before.is_empty() || last.boundary.is_some() || *choices >= MAX_CHOICES {
        return;
    }
    let has_parts = |of: &&Type| {
        let Some(boundary) = &of.boundary else {
            return false;
        };
        let line = [b"\n--", boundary.as_slice()].concat();
        let close = [line.as_slice(), b"--"].concat();
        memchr::memmem::find(&mail[of.start..], &close).is_some_and(|end| {
            let parts = &mail[of.start..of.start + end];
            memchr::memmem::find(parts, &line).is_some()
        })
    };
    let candidates = before.iter().filter(|of| of.boundary.is_some());
    *choices += 1;
    if let Some(chosen) = candidates.take(2).find(has_parts) {
        for later in types.iter().filter(|of| of.start > chosen.start) {
            repaired.to_mut()[later.start] = b'X';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(mail: &str, expected: Option<&str>) {
        let repaired = repaired(mail.as_bytes());
        assert_eq!(repaired.len(), mail.len());
        let seen = mail_parser::MessageParser::new()
            .with_mime_headers()
            .parse(&repaired)
            .and_then(|message| {
                let content_type = mail_parser::MimeHeaders::content_type(&message)?;
                Some(content_type.attribute("boundary")?.to_owned())
            });
        assert_eq!(seen.as_deref(), expected, "{mail}");
    }

    #[test]
    fn a_boundary_is_found_however_it_is_written() {
        for field in [
            "multipart/mixed; boundary=\"xxx\"",
            "multipart/mixed; boundary=\r\n\t\"xxx\"",
            "multipart/mixed; boundary =\r\n xxx",
            "multipart/mixed boundary=\"xxx\"",
            "multipart/mixed;\r\n boundary\r\n =\r\n \"xxx\"",
            "=?utf-8?Q?multipart/mixed?=; boundary=\"xxx\"",
            "multipart; boundary=\"xxx\"",
            "multipart/mixed; boundary=\"xxx\"\r\nContent-Type: text/plain",
        ] {
            check(
                &format!("Content-Type: {field}\r\nSubject: a\r\n\r\n--xxx\r\n\r\nhi\r\n--xxx--\r\n"),
                Some("xxx"),
            );
        }
    }

    #[test]
    fn a_mail_that_is_well_formed_is_not_copied() {
        let mail = b"Content-Type: multipart/mixed; boundary=\"xxx\"\r\n\r\n--xxx\r\n\r\nhi\r\n--xxx--\r\n";
        assert!(matches!(repaired(mail), Cow::Borrowed(_)));
    }

    #[test]
    fn of_two_types_the_one_with_parts_counts() {
        check(
            "Content-Type: multipart/mixed; boundary=x\r\nContent-Type: text/plain\r\n\r\n--x\r\n\r\nnever closed\r\n",
            None,
        );
        check(
            "Content-Type: multipart/mixed; boundary=x\r\nContent-Type: text/plain\r\n\r\nhi\r\n",
            None,
        );
        check(
            "Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhi\r\n--x--\r\n",
            Some("x"),
        );
    }

    proptest! {
        #[test]
        fn every_offset_stays(text in "(Content-Type:|multipart/mixed|;|boundary|=|\"|\r\n|\n| |\t|xx|--xx){0,40}") {
            prop_assert_eq!(repaired(text.as_bytes()).len(), text.len());
        }

        #[test]
        fn a_boundary_folded_anywhere_is_found(
            folds in proptest::collection::vec("(| |\r\n |\r\n\t|\t\r\n )", 4),
            boundary in "[a-z0-9_.=-]{1,30}",
        ) {
            let value = format!("multipart/mixed{};{}boundary{}={}\"{boundary}\"", folds[0], folds[1], folds[2], folds[3]);
            check(&format!("Content-Type: {value}\r\n\r\n--{boundary}\r\n\r\nhi\r\n--{boundary}--\r\n"), Some(&boundary));
        }
    }
}
