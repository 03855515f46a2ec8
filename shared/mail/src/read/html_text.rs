//! HTML as plain text.

use std::collections::{HashMap, HashSet};

use ammonia::Builder;

use crate::guard::{MeasuredHtml, measure_html};
use crate::notes::{Notes, ReadingNote};
use crate::text::plain_lines;

/// Width to which text from HTML is wrapped, in columns: wider than mail's usual 78, so that quoted lines
/// stay whole.
const TEXT_COLUMNS: usize = 120;

/// A drawn rule as text, as Outlook draws it: it parts a reply from what it answers, and the renderer drops it.
const RULE: &str = "<p>________________________________</p>";

/// HTML as plain text, whoever sent it: within the limits by the renderer, beyond them by dropping the tags.
pub fn html_to_text(html: &str) -> String {
    html_as_text(html, &mut Notes::default())
}

/// HTML as text: by the renderer when it is within the limits, else by dropping the tags.
///
/// The renderer sees elements alone: `html2text` 0.17 panics on huge row spans, and neither spans nor styles say
/// anything in plain text.
pub(super) fn html_as_text(html: &str, notes: &mut Notes) -> String {
    let rendered = measure_html(html)
        .ok()
        .filter(MeasuredHtml::fits_lines)
        .and_then(|html| {
            let elements = Builder::default()
                .tag_attributes(HashMap::new())
                .generic_attributes(HashSet::new())
                .link_rel(None)
                .clean(html.as_str())
                .to_string()
                .replace("<hr>", RULE);
            html2text::config::plain_no_decorate()
                .raw_mode(true)
                .allow_width_overflow()
                .string_from_read(elements.as_bytes(), TEXT_COLUMNS)
                .ok()
        });
    match rendered {
        Some(text) => trim_lines(&plain_lines(&text)),
        None => {
            notes.add(ReadingNote::HtmlReadRoughly);
            trim_lines(&plain_lines(&without_tags(html)))
        }
    }
}

/// Drops the padding that tables leave at line ends, and more than one empty line in a row.
fn trim_lines(text: &str) -> String {
    let mut trimmed = String::with_capacity(text.len());
    let mut empty_lines = 0;
    for line in text.lines().map(str::trim_end) {
        empty_lines = if line.is_empty() { empty_lines + 1 } else { 0 };
        if empty_lines <= 1 {
            trimmed.push_str(line);
            trimmed.push('\n');
        }
    }
    trimmed.truncate(trimmed.trim_end().len());
    trimmed
}

/// The text between tags, in one pass: the way out when a parser must not see the HTML.
pub(crate) fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let tag = &rest[open..];
        let Some(close) = tag.find('>') else {
            rest = "";
            break;
        };
        let name = tag[1..close]
            .trim_start_matches('/')
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        if matches!(
            name.as_str(),
            "p" | "div" | "br" | "tr" | "li" | "table" | "blockquote" | "hr"
        ) {
            text.push('\n');
        }
        rest = &tag[close + 1..];
        if matches!(name.as_str(), "style" | "script") && !tag.starts_with("</") {
            rest = rest.find("</").map(|end| &rest[end..]).unwrap_or_default();
        }
    }
    text.push_str(rest);
    unescape(&text)
}

fn unescape(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&nbsp;", " "),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    named.iter().fold(text.to_owned(), |text, (name, character)| {
        text.replace(name, character)
    })
}
