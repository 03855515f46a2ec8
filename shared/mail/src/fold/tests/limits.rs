//! What holds for every text, and how long it may take.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// Pieces that mean something, in every order.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("> quoted".to_owned()),
        Just(">".to_owned()),
        Just(String::new()),
        Just("-- ".to_owned()),
        Just("________________".to_owned()),
        Just("On 11 Apr 2017, at 22:07, John <john@example.com> wrote:".to_owned()),
        Just("On 11 Apr 2017, at 22:07, John <".to_owned()),
        Just("john@example.com> wrote:".to_owned()),
        Just("From: Ann <ann@example.com>".to_owned()),
        Just("Sent: 11 April 2017 22:07".to_owned()),
        Just("To: Desk".to_owned()),
        Just("Subject: Printer".to_owned()),
        Just("---------- Forwarded message ---------".to_owned()),
        Just("-----Original Message-----".to_owned()),
        Just("Sent from my iPhone".to_owned()),
        "[ -~\u{e4}\u{4e00}\u{200f}]{0,40}",
        "\\PC{0,30}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    (
        proptest::collection::vec(piece(), 0..30),
        prop_oneof![Just("\n"), Just("\r\n")],
    )
        .prop_map(|(pieces, line_end)| pieces.join(line_end))
}

proptest! {
    #[test]
    fn the_spans_of_any_text_are_the_text(text in text()) {
        let spans = fold(&text);
        let joined: String = spans.iter().map(|span| span.of(&text)).collect();
        prop_assert_eq!(&joined, &text);
        prop_assert_eq!(spans.is_empty(), text.is_empty());
        for pair in spans.windows(2) {
            prop_assert_eq!(pair[0].end_bytes, pair[1].start_bytes);
            prop_assert_ne!(pair[0].part, pair[1].part);
            prop_assert!(text[..pair[0].end_bytes].ends_with('\n'));
        }
    }

    #[test]
    fn any_text_has_something_to_show(text in text()) {
        prop_assert_eq!(shown(&text).is_empty(), text.trim().is_empty());
    }

    #[test]
    fn any_characters_are_folded_without_loss(text in any::<String>()) {
        let joined: String = fold(&text).iter().map(|span| span.of(&text)).collect();
        prop_assert_eq!(joined, text);
    }
}

#[test]
fn an_empty_text_has_no_spans() {
    assert_eq!(fold(""), []);
}

#[test]
fn a_span_of_another_text_is_empty() {
    assert_eq!(fold("long enough")[0].of("short"), "");
}

#[test]
fn large_texts_take_less_than_a_second() {
    let many = 767_000;
    for (name, text) in [
        ("marks", ">".repeat(many)),
        ("marks and spaces", "> ".repeat(many / 2)),
        (
            "few long lines",
            format!("{}\n", "On 1: a@b.example wrote ".repeat(many / 16 / 24)).repeat(16),
        ),
        (
            "introductions",
            "On 11 Apr 2017, at 22:07, John <\n".repeat(many / 33),
        ),
        (
            "ends of introductions",
            "john@example.com> wrote:\n".repeat(many / 25),
        ),
        ("empty quotes", ">\n\n".repeat(many / 3)),
        ("labels", "From: a\n".repeat(many / 8)),
        (
            "labels on one line",
            format!("From: {}\n", "a: ".repeat(180)).repeat(many / 550),
        ),
        (
            "verbs",
            format!("On 1.1.2026 09:00 {}:\n", "wrote ".repeat(90)).repeat(many / 560),
        ),
        (
            "quotes broken on the way",
            format!("> {}\nabc\n", "ab ".repeat(24)).repeat(many / 80),
        ),
        ("words between dashes", "-- a b --\n".repeat(many / 10)),
        ("rules", "-----\n".repeat(many / 6)),
        ("delimiters", "--\n".repeat(many / 3)),
        ("blank lines", "\n".repeat(many)),
        ("devices", "Sent from my iPhone\n".repeat(many / 20)),
        ("rules and names", "---\nAnn\n".repeat(many / 8)),
    ] {
        // One of three: the machine has other work too.
        let fast = (0..3).any(|_| time_to_fold(&text) < Duration::from_secs(1));
        assert!(fast, "{name}");
    }
}

fn time_to_fold(text: &str) -> Duration {
    let start = Instant::now();
    assert!(!fold(text).is_empty());
    start.elapsed()
}
