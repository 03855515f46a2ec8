//! The charset that HTML states of itself (the HTML standard, section 13.2.3.2), and XHTML in its first line.

/// Bytes looked at: the standard says 1,024, and mail programs put styles before it.
const MAX_LOOKED_BYTES: usize = 16 * 1024;

/// Most places looked at.
const MAX_PLACES: usize = 32;

/// The label that HTML states.
pub(super) fn stated(html: &[u8]) -> Option<String> {
    let looked = String::from_utf8_lossy(&html[..html.len().min(MAX_LOOKED_BYTES)]).to_ascii_lowercase();
    let declared = looked.trim_start().strip_prefix("<?xml").and_then(|after| {
        let (declaration, _) = after.split_once("?>")?;
        label_after(declaration, "encoding")
    });
    declared.or_else(|| {
        let tags = looked.match_indices("<meta").take(MAX_PLACES);
        tags.filter_map(|(at, _)| {
            let (tag, _) = looked[at..].split_once('>')?;
            label_after(tag, "charset")
        })
        // HTML that can be read as far as here is not wide.
        .find(|label| !label.starts_with("utf-16") && !label.starts_with("utf-32"))
    })
}

/// The label after a name and an equals sign.
fn label_after(text: &str, name: &str) -> Option<String> {
    text.match_indices(name).find_map(|(at, _)| {
        let value = text[at + name.len()..].trim_start().strip_prefix('=')?;
        let value = value.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
        let end = value
            .find(|c: char| c.is_whitespace() || "\"';/>".contains(c))
            .unwrap_or(value.len());
        (end > 0).then(|| value[..end].to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_says_its_charset() {
        for (html, expected) in [
            ("<meta charset=\"iso-8859-2\">", Some("iso-8859-2")),
            ("<META CHARSET=Windows-1251>", Some("windows-1251")),
            (
                "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1251\">",
                Some("windows-1251"),
            ),
            (
                "<meta content='text/html;charset = koi8-r' http-equiv=content-type>",
                Some("koi8-r"),
            ),
            (
                "<meta name=viewport content='x'><meta charset='gbk'/>",
                Some("gbk"),
            ),
            (
                "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><html>",
                Some("iso-8859-1"),
            ),
            ("<meta charset=utf-16>", None),
            ("<p>charset=x</p>", None),
            ("<meta charset=", None),
            ("", None),
        ] {
            assert_eq!(stated(html.as_bytes()).as_deref(), expected, "{html}");
        }
    }
}
