//! What agents mark in their answers: bold, lists, links, code. The text goes out as it was typed; where it has marks, HTML made of
//! them goes beside it.

use crate::sanitise::{SanitiseOptions, sanitise_html};
use pulldown_cmark::{Event, Options, Parser, Tag, html::push_html};

/// The HTML of a text with marks (CommonMark), made safe; nothing of a text without any, which says all by itself.
///
/// A line end stays one: whoever answers a customer means it. HTML in the text is text.
pub fn markdown_to_html(text: &str) -> Option<String> {
    let mut has_marks = false;
    let events = Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).map(|event| {
        has_marks |= is_mark(&event);
        match event {
            Event::SoftBreak => Event::HardBreak,
            Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
            other => other,
        }
    });
    let mut html = String::with_capacity(text.len() * 2);
    push_html(&mut html, events);
    has_marks.then(|| sanitise_html(&html, &SanitiseOptions::default()))
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
    fn a_text_without_marks_has_no_html() {
        for text in [
            "",
            "It left today.\n\nBen",
            "2 * 3 is 6 and snake_case_name stays",
            "a < b & c",
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
