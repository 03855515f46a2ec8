//! Small text tools shared by reading and rendering.

/// The text on one line: control characters and line ends become a space, the ends are trimmed.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        line.push(if c.is_control() { ' ' } else { c });
    }
    line.trim().to_owned()
}

/// The text with `\n` line ends and without control characters other than tab.
pub(crate) fn plain_lines(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    lines.push('\n');
                }
            }
            '\n' | '\t' => lines.push(c),
            c if c.is_control() => {}
            c => lines.push(c),
        }
    }
    lines
}

/// Whether a text has nothing to read: white space and letters that are not seen, written out or not.
pub(crate) fn is_blank(text: &str) -> bool {
    let is_seen = |c: char| !c.is_whitespace() && !c.is_control() && !is_invisible(c) && !is_filler(c);
    if !text.chars().any(is_seen) {
        return true;
    }
    // Longer texts are not made of references alone.
    let has_reference = text.len() <= MAX_REFERENCES_BYTES && text.contains('&');
    has_reference
        && !BLANK_REFERENCES
            .iter()
            .fold(text.to_owned(), |text, reference| text.replace(reference, " "))
            .chars()
            .any(is_seen)
}

/// Longest text in which references are looked for.
const MAX_REFERENCES_BYTES: usize = 4 * 1024;

/// What HTML writes for a letter that is not seen, in texts that some program made of HTML.
const BLANK_REFERENCES: &[&str] = &[
    "&nbsp;", "&nbsp", "&#160;", "&#xa0;", "&#xA0;", "&zwnj;", "&shy;", "&#8203;", "&#8204;",
];

/// Letters that take room and show nothing, as newsletters put behind their first words.
fn is_filler(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
    )
}

/// Longest name of an attachment in bytes: most file systems allow 255, and a suffix may be added.
const MAX_NAME_BYTES: usize = 200;

/// A file name that is safe to store and to offer: its last path element without control or reserved
/// characters, not hidden, with its extension kept when it had to be cut. `None` if nothing is left.
pub fn clean_file_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned: String = last
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| {
            if c.is_control() || "<>:\"|?*".contains(c) {
                '_'
            } else {
                c
            }
        })
        .collect();
    let cleaned = cleaned
        .trim()
        .trim_start_matches('.')
        .trim_end_matches(['.', ' '])
        .trim();
    if cleaned.is_empty() {
        None
    } else {
        Some(shorten(cleaned))
    }
}

/// Direction overrides and zero-width characters disguise an extension.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn shorten(name: &str) -> String {
    if name.len() <= MAX_NAME_BYTES {
        return name.to_owned();
    }
    let extension = name
        .rfind('.')
        .map(|dot| &name[dot..])
        .filter(|e| e.len() <= 12)
        .unwrap_or_default();
    let mut end = MAX_NAME_BYTES - extension.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &name[..end])
}

/// Escapes text for use in HTML content and in quoted attributes.
pub(crate) fn escape_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

/// Simple HTML of plain text: a paragraph for each block of lines, a line break for each line end.
pub fn paragraphs(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    let mut open = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            if open {
                html.push_str("</p>\n");
                open = false;
            }
            continue;
        }
        html.push_str(if open { "<br>\n" } else { "<p>" });
        open = true;
        html.push_str(&escape_html(line));
    }
    if open {
        html.push_str("</p>\n");
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_no_part_of_a_file_name() {
        assert_eq!(
            clean_file_name("..\\..\\a/b/report.pdf").as_deref(),
            Some("report.pdf")
        );
    }

    #[test]
    fn reserved_and_disguising_characters_leave_a_file_name() {
        assert_eq!(
            clean_file_name("in\u{202e}voice:\r\n?.exe ").as_deref(),
            Some("invoice____.exe")
        );
    }

    #[test]
    fn a_hidden_or_empty_name_is_none() {
        assert_eq!(clean_file_name(".htaccess").as_deref(), Some("htaccess"));
        assert_eq!(clean_file_name(" .. "), None);
        assert_eq!(clean_file_name(""), None);
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = clean_file_name(&format!("{}.docx", "\u{e4}".repeat(300))).unwrap();
        assert!(name.ends_with(".docx") && name.len() <= MAX_NAME_BYTES, "{name}");
    }

    #[test]
    fn a_text_of_nothing_to_read_is_blank() {
        for text in [
            "",
            " \n\t",
            "\u{a0}\r\n",
            "&nbsp;",
            " &nbsp;\n&#160;",
            "\u{200b}\u{feff}",
            "\u{2800}\u{34f}\u{ad}",
        ] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["a", ".", "\u{1f44d}", "&nbsp;x", "&amp;", "-- "] {
            assert!(!is_blank(text), "{text:?}");
        }
    }

    #[test]
    fn line_ends_become_line_feeds() {
        assert_eq!(plain_lines("a\r\nb\rc\n\0d\te"), "a\nb\nc\nd\te");
    }

    #[test]
    fn paragraphs_escape_and_break_lines() {
        assert_eq!(
            paragraphs("a <b>\nc\n\n\nd & e\n"),
            "<p>a &lt;b&gt;<br>\nc</p>\n<p>d &amp; e</p>\n"
        );
    }
}
