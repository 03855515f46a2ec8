//! What agents mark in their answers: bold, lists, links, code. The text goes out as it was typed; where it has marks, HTML made of
//! them goes beside it.

use crate::sanitise::{SanitiseOptions, sanitise_html};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html::push_html};

/// The HTML of a text with marks (CommonMark), made safe; nothing of a text without any, which says all by itself.
///
/// A line end stays one: whoever answers a customer means it. HTML in the text is text, and a line of dashes below another one makes
/// no heading of that: it is where a signature begins.
pub fn markdown_to_html(text: &str) -> Option<String> {
    let mut has_marks = false;
    let parser = Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).into_offset_iter();
    let events = parser.flat_map(|(event, range)| {
        let event = match event {
            Event::Start(Tag::Heading { .. }) if is_underlined(&text[range.clone()]) => {
                Event::Start(Tag::Paragraph)
            }
            Event::End(TagEnd::Heading(_)) if is_underlined(&text[range.clone()]) => {
                let line = Event::Text(underline(&text[range]).into());
                return vec![Event::HardBreak, line, Event::End(TagEnd::Paragraph)];
            }
            other => other,
        };
        has_marks |= is_mark(&event);
        vec![match event {
            Event::SoftBreak => Event::HardBreak,
            Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
            other => other,
        }]
    });
    let mut html = String::with_capacity(text.len() * 2);
    push_html(&mut html, events);
    has_marks.then(|| sanitise_html(&html, &SanitiseOptions::default()))
}

/// Whether a heading is one by the line below it.
fn is_underlined(heading: &str) -> bool {
    !heading.trim_start().starts_with('#')
}

/// The line below a heading.
fn underline(heading: &str) -> &str {
    let last = heading.trim_end().lines().next_back().unwrap_or_default();
    let line = last.trim_start_matches(['>', ' ']);
    if line.chars().all(|sign| matches!(sign, '-' | '=')) {
        line
    } else {
        ""
    }
}

fn is_mark(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Strong
                | Tag::Emphasis
                | Tag::Strikethrough
                | Tag::Link { .. }
                | Tag::List(_)
                | Tag::Heading { .. }
                | Tag::BlockQuote(_)
                | Tag::CodeBlock(_)
        ),
        Event::Code(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_html() {
        let html =
            markdown_to_html("Hello **Ann**,\nsee [our page](https://a.example):\n\n- one\n- two").unwrap();
        for part in [
            "<strong>Ann</strong>,<br>",
            "href=\"https://a.example\"",
            "<li>one</li>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn a_line_before_a_signature_stays_a_line() {
        let html = markdown_to_html("# News\n\nIt **left** today.\n--\nBen").unwrap();
        assert!(html.contains("<h1>News</h1>"), "{html}");
        assert!(!html.contains("<h2>"), "{html}");
        assert!(html.contains("today.<br>\n--</p>"), "{html}");
    }

    #[test]
    fn a_text_without_marks_has_no_html() {
        for text in [
            "",
            "It left today.\n\nBen",
            "2 * 3 is 6 and snake_case_name stays",
            "a < b & c",
            "It left today.\n--\nBen Okafor",
            "It left today.\n---\nBen Okafor",
        ] {
            assert_eq!(markdown_to_html(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_runs_that_somebody_marks() {
        for text in [
            "**x** <script>alert(1)</script>",
            "**x** <img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](data:text/html,<script>alert(1)</script>)",
            "**x** ![y](https://tracker.example/1.gif)",
            "[x](/agent/sign-out)",
            "<b onmouseover=alert(1)>**x**</b>",
        ] {
            let html = markdown_to_html(text).unwrap();
            for harm in [
                "<script",
                "<img src",
                "href=\"javascript",
                "href=\"data",
                "href=\"/",
                "<b on",
            ] {
                assert!(!html.contains(harm), "{harm} in {html}");
            }
        }
    }
}
