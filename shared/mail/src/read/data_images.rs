//! Images that stand in the HTML itself (`data:`, RFC 2397), taken out of it: each becomes a file that is shown in its
//! place, as those beside the HTML are.

use crate::inbound::Attachment;
use crate::mime::{decode_transfer, percent_decoded};
use crate::notes::{Notes, ReadingNote};

/// Most images taken out of the HTML of a mail.
const MAX_IMAGES: usize = 200;

/// Longest beginning of an address, up to its data.
const MAX_HEAD_BYTES: usize = 200;

/// Most bytes between the name of an attribute and its value.
const MAX_GAP_BYTES: usize = 32;

const START: &str = "data:image/";

/// The types that become files, and their extensions.
const TYPES: &[(&str, &str)] = &[
    ("png", "png"),
    ("jpeg", "jpg"),
    ("jpg", "jpg"),
    ("pjpeg", "jpg"),
    ("gif", "gif"),
    ("webp", "webp"),
    ("bmp", "bmp"),
    ("avif", "avif"),
    ("tiff", "tif"),
    ("x-icon", "ico"),
    (DRAWING, "svg"),
];

/// A drawing can hold a program: it is a file that is not shown.
const DRAWING: &str = "svg+xml";

/// The HTML with every such image in the form `cid:`, and the images added to the files.
pub(super) fn take_images(html: &str, files: &mut Vec<Attachment>, notes: &mut Notes) -> String {
    let mut taken = 0;
    let mut written = String::with_capacity(html.len().min(crate::guard::MAX_HTML_BYTES));
    let mut rest = html;
    while let Some(at) = find(rest) {
        let (before, value) = rest.split_at(at);
        written.push_str(before);
        let Some(end) = value_end(before, value) else {
            written.push_str(&value[..START.len()]);
            rest = &value[START.len()..];
            continue;
        };
        let (value, after) = value.split_at(end);
        rest = after;
        let image = (taken < MAX_IMAGES).then(|| image(value, taken + 1)).flatten();
        match image {
            Some(image) => {
                taken += 1;
                if let Some(id) = &image.content_id {
                    written.push_str("cid:");
                    written.push_str(id);
                }
                files.push(image);
            }
            None => {
                notes.add(ReadingNote::ImageUnread);
                written.push_str(value);
            }
        }
    }
    written.push_str(rest);
    written
}

fn find(html: &str) -> Option<usize> {
    let mut windows = html.as_bytes().windows(START.len());
    windows.position(|window| window.eq_ignore_ascii_case(START.as_bytes()))
}

/// Where the value ends whose start is that of `value`, if it is the source of an image.
fn value_end(before: &str, value: &str) -> Option<usize> {
    let mut from = before.len().saturating_sub(MAX_GAP_BYTES);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let gap = before[from..].trim_ascii_end();
    let quote = gap.chars().next_back().filter(|c| matches!(c, '"' | '\''));
    let gap = gap.trim_end_matches(['"', '\'']).trim_ascii_end();
    let name = gap.strip_suffix('=')?.trim_ascii_end();
    let start = name.len().checked_sub(3)?;
    let is_source = name.get(start..)?.eq_ignore_ascii_case("src");
    if !is_source || !name[..start].ends_with(|c: char| c.is_ascii_whitespace() || "/\"'".contains(c)) {
        return None;
    }
    match quote {
        Some(quote) => value.find(quote),
        None => Some(
            value
                .find(|c: char| c.is_ascii_whitespace() || c == '>')
                .unwrap_or(value.len()),
        ),
    }
}

/// The image of an address.
fn image(value: &str, position: usize) -> Option<Attachment> {
    let comma = value.bytes().take(MAX_HEAD_BYTES).position(|byte| byte == b',')?;
    let head = value[START.len()..]
        .get(..comma.checked_sub(START.len())?)?
        .to_ascii_lowercase();
    let mut parameters = head.split(';').map(str::trim);
    let subtype = parameters.next()?;
    let (_, extension) = TYPES.iter().find(|(known, _)| *known == subtype)?;
    let mut bytes = Vec::new();
    percent_decoded(&value.as_bytes()[comma + 1..], &mut bytes);
    if parameters.any(|parameter| parameter == "base64") {
        let decoded = decode_transfer(&bytes, "base64");
        if decoded.is_damaged {
            return None;
        }
        bytes = decoded.bytes.into_owned();
    }
    let is_shown = subtype != DRAWING;
    (!bytes.is_empty()).then(|| Attachment {
        name: format!("image-{position}.{extension}"),
        content_type: format!("image/{subtype}"),
        // No other sender's name for a file: `invalid` is nobody's domain (RFC 2606).
        content_id: is_shown.then(|| format!("data-{position}@image.invalid")),
        inline: is_shown,
        bytes: bytes.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use proptest::prelude::*;

    fn check(html: &str, expected: &str, files: &[(&str, &[u8])]) {
        let (mut found, mut notes) = (Vec::new(), Notes::default());
        assert_eq!(take_images(html, &mut found, &mut notes), expected, "{html}");
        let found: Vec<(&str, &[u8])> = found
            .iter()
            .map(|file| (file.name.as_str(), &*file.bytes))
            .collect();
        assert_eq!(found, files, "{html}");
    }

    #[test]
    fn images_become_files_in_their_place() {
        let file: &[(&str, &[u8])] = &[("image-1.png", b"\x89PNG")];
        let gif: &[(&str, &[u8])] = &[("image-1.gif", b"GIF8")];
        let shown = "cid:data-1@image.invalid";
        check(
            "<img src=\"data:image/png;base64,iVBORw==\">",
            &format!("<img src=\"{shown}\">"),
            file,
        );
        check(
            "<IMG alt='' SRC = 'DATA:image/PNG;base64,iVBO\r\n Rw=='>b",
            &format!("<IMG alt='' SRC = '{shown}'>b"),
            file,
        );
        check(
            "<img src=data:image/png;base64,iVBORw%3D%3D>",
            &format!("<img src={shown}>"),
            file,
        );
        check(
            "<img src=\"data:image/gif;charset=x,GIF8\">",
            &format!("<img src=\"{shown}\">"),
            gif,
        );
        check(
            "<img src=\"data:image/svg+xml,<svg/>\">",
            "<img src=\"\">",
            &[("image-1.svg", b"<svg/>")],
        );
    }

    #[test]
    fn everything_else_stays() {
        for html in [
            "",
            "data:image/png;base64,iVBORw==",
            "<img data-src=\"data:image/png;base64,iVBORw==\">",
            "<img src=\"data:image/png;base64,***\">",
            "<img src=\"data:image/unknown;base64,iVBORw==\">",
            "<img src=\"data:image/png;base64\">",
            "<img src=\"data:image/png;base64,iVBORw==",
            "<img src=\"data:text/html;base64,iVBORw==\">",
            "\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}data:image/",
        ] {
            check(html, html, &[]);
        }
    }

    proptest! {
        #[test]
        fn any_image_comes_back(bytes in proptest::collection::vec(any::<u8>(), 1..80), quote in "(\"|'|)", width in 4_usize..80) {
            let encoded = base64::engine::general_purpose::STANDARD.encode(&bytes);
            let pieces: Vec<&str> = encoded.as_bytes().chunks(width).map(|piece| std::str::from_utf8(piece).unwrap()).collect();
            let data = pieces.join(if quote.is_empty() { "" } else { "\r\n" });
            let html = format!("<p>a<img src={quote}data:image/png;base64,{data}{quote}>b");
            let mut files = Vec::new();
            take_images(&html, &mut files, &mut Notes::default());
            prop_assert_eq!(&*files[0].bytes, &*bytes);
        }

        #[test]
        fn any_html_is_passed(html in "(<img|src|=|\"|'| |>|data:image/|png|;base64|,|iVBORw==|ü|%){0,24}") {
            let _ = take_images(&html, &mut Vec::new(), &mut Notes::default());
        }
    }
}
