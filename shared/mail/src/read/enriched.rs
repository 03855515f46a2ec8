//! Enriched text (RFC 1896, and RFC 1341 before it) as plain text.

/// The text without its marks. Lines end in `\n`.
pub(super) fn plain(text: &str, is_richtext: bool) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '\n']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('\n') {
            let ends = rest.len() - rest.trim_start_matches('\n').len();
            // One line end is a place to break the line, more are one less (RFC 1896); in richtext all are spaces.
            match ends {
                1 => plain.push(' '),
                _ if is_richtext => plain.push(' '),
                ends => plain.extend(std::iter::repeat_n('\n', ends - 1)),
            }
            rest = &rest[ends..];
            continue;
        }
        if let Some(after) = rest.strip_prefix("<<") {
            plain.push('<');
            rest = after;
            continue;
        }
        let Some((name, after)) = mark(&rest[1..]) else {
            plain.push('<');
            rest = &rest[1..];
            continue;
        };
        rest = after;
        match name.to_ascii_lowercase().as_str() {
            "nl" | "/paragraph" => plain.push('\n'),
            "lt" => plain.push('<'),
            // What a mark is given is no text.
            "param" => rest = after_parameter(after),
            _ => {}
        }
    }
    plain.push_str(rest);
    plain
}

/// Longest name of a mark.
const MAX_MARK_BYTES: usize = 60;

/// Longest parameter of a mark, its end included.
const MAX_PARAMETER_BYTES: usize = 500;

/// The mark whose `<` is gone, and what follows it.
fn mark(text: &str) -> Option<(&str, &str)> {
    let end = text
        .bytes()
        .take(MAX_MARK_BYTES + 2)
        .position(|byte| byte == b'>')?;
    let bare = text[..end].strip_prefix('/').unwrap_or(&text[..end]);
    let is_name = (1..=MAX_MARK_BYTES).contains(&bare.len())
        && bare
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_name.then(|| (&text[..end], &text[end + 1..]))
}

/// What follows the end of a parameter; all of it when there is none.
fn after_parameter(text: &str) -> &str {
    const END: &str = "</param>";
    let looked = &text.as_bytes()[..text.len().min(MAX_PARAMETER_BYTES)];
    let end = looked
        .windows(END.len())
        .position(|window| window.eq_ignore_ascii_case(END.as_bytes()));
    end.map_or(text, |end| &text[end + END.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_leave_the_text() {
        for (text, is_richtext, expected) in [
            (
                "<bold>My</bold> fridge\nis broken\n\nBye",
                false,
                "My fridge is broken\nBye",
            ),
            (
                "<color><param>red</param>stop</color> 1 << 2",
                false,
                "stop 1 < 2",
            ),
            ("a<nl>b <lt> c\n\nd", true, "a\nb < c d"),
            ("a < b > c <d e>", false, "a < b > c <d e>"),
            ("<param>open", false, "open"),
        ] {
            assert_eq!(plain(text, is_richtext), expected, "{text}");
        }
    }
}
