//! Images of an HTML text that are files beside it.

/// The HTML with the source of each image that `place` knows put in its place. Everything else stays as it came: nothing
/// is made safe here. A source is handed over trimmed and without character references to `&`.
pub fn place_images(html: &str, place: impl Fn(&str) -> Option<String>) -> String {
    let mut placed = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = next_image(rest) {
        let (before, tag) = rest.split_at(at);
        placed.push_str(before);
        let Some((start, end)) = source(tag) else {
            placed.push_str(&tag[..IMG.len()]);
            rest = &tag[IMG.len()..];
            continue;
        };
        let value = tag[start..end].trim().replace("&amp;", "&");
        placed.push_str(&tag[..start]);
        match place(&value) {
            Some(url) => placed.push_str(&url),
            None => placed.push_str(&tag[start..end]),
        }
        rest = &tag[end..];
    }
    placed.push_str(rest);
    placed
}

const IMG: &str = "<img";

/// Where the next tag of an image begins.
fn next_image(html: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    (0..bytes.len()).find(|&at| {
        let tag = bytes.get(at..at + IMG.len());
        let after = bytes.get(at + IMG.len());
        tag.is_some_and(|tag| tag.eq_ignore_ascii_case(IMG.as_bytes()))
            && after.is_some_and(|b| b.is_ascii_whitespace() || *b == b'/')
    })
}

/// Where the value of `src` stands in a tag, without its quotes.
fn source(tag: &str) -> Option<(usize, usize)> {
    let bytes = tag.as_bytes();
    let skip = |mut at: usize, is_skipped: fn(u8) -> bool| {
        while bytes.get(at).is_some_and(|b| is_skipped(*b)) {
            at += 1;
        }
        at
    };
    let mut at = IMG.len();
    loop {
        at = skip(at, |b| b.is_ascii_whitespace() || b == b'/');
        let name = at;
        at = skip(at, |b| {
            !b.is_ascii_whitespace() && !matches!(b, b'=' | b'>' | b'/')
        });
        if at == name {
            // The tag ends, or is broken off, or has no name before a sign.
            return None;
        }
        let name = &bytes[name..at];
        at = skip(at, |b| b.is_ascii_whitespace());
        if bytes.get(at) != Some(&b'=') {
            continue;
        }
        at = skip(at + 1, |b| b.is_ascii_whitespace());
        let (start, end) = match bytes.get(at) {
            Some(b'"') => (at + 1, skip(at + 1, |b| b != b'"')),
            Some(b'\'') => (at + 1, skip(at + 1, |b| b != b'\'')),
            _ => (at, skip(at, |b| !b.is_ascii_whitespace() && b != b'>')),
        };
        if name.eq_ignore_ascii_case(b"src") {
            return Some((start, end));
        }
        let is_quoted = start > at;
        at = if is_quoted { end + 1 } else { end };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(html: &str, expected: &str) {
        let place = |source: &str| (source == "cid:a.png").then(|| "cid:1@x".to_owned());
        assert_eq!(place_images(html, place), expected, "{html}");
    }

    #[test]
    fn the_source_of_an_image_is_put_in_its_place() {
        check("<p><img src=\"cid:a.png\"></p>", "<p><img src=\"cid:1@x\"></p>");
        check(
            "<IMG alt='>' SRC = 'cid:a.png' width=1>",
            "<IMG alt='>' SRC = 'cid:1@x' width=1>",
        );
        check(
            "<img src=cid:a.png><img/src=cid:a.png>",
            "<img src=cid:1@x><img/src=cid:1@x>",
        );
        check("<img src=\" cid:a.png \">ü", "<img src=\"cid:1@x\">ü");
    }

    #[test]
    fn everything_else_stays_as_it_came() {
        for html in [
            "",
            "<img",
            "<img src",
            "<img src=",
            "<img src=\"cid:a.pn",
            "<img data-src=\"cid:a.png\">",
            "<img alt=\"src=cid:a.png\">",
            "<imgx src=\"cid:a.png\">",
            "<a href=\"cid:a.png\">cid:a.png</a>",
            "<img src=\"cid:b.png\">",
            "<img =\"cid:a.png\">",
        ] {
            check(html, html);
        }
    }

    #[test]
    fn an_ampersand_is_read_in_either_form() {
        let place = |source: &str| (source == "https://a.example/?b&c").then(|| "x".to_owned());
        assert_eq!(
            place_images("<img src='https://a.example/?b&amp;c'>", place),
            "<img src='x'>"
        );
    }

    proptest! {
        #[test]
        fn any_text_without_known_images_comes_back(html in "(<img|src|=|\"|'| |>|/|ü|<){0,12}") {
            prop_assert_eq!(place_images(&html, |_| None), html);
        }
    }
}
