//! Mails made to harm: each is refused or degraded to text, within the time of an ordinary test, and whatever
//! bytes come, reading does not panic.

use docket_mail::{InboundMail, Refusal, SanitiseOptions, read, sanitise_html};
use proptest::prelude::*;

fn html_mail(html: &str) -> InboundMail {
    read(
        format!("From: a@b.example\r\nContent-Type: text/html\r\n\r\n{html}\r\n").as_bytes(),
        None,
    )
    .unwrap()
}

#[test]
fn nested_mails_that_would_overflow_the_stack_are_refused() {
    let mail = format!(
        "From: a@b.example\n{}x\n",
        "Content-Type: message/rfc822\n\n".repeat(21_800)
    );
    assert_eq!(read(mail.as_bytes(), None), Err(Refusal::MessagesTooDeep));
}

#[test]
fn a_mail_over_40_megabytes_is_refused() {
    let mut mail = b"From: a@b.example\n\n".to_vec();
    mail.resize(40 * 1024 * 1024 + 1, b'x');
    assert_eq!(
        read(&mail, None),
        Err(Refusal::TooLarge {
            bytes: 40 * 1024 * 1024 + 1
        })
    );
}

#[test]
fn a_hundred_thousand_parts_are_refused() {
    let mail = format!(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n{}--b--\n",
        "--b\n\nx\n".repeat(100_000)
    );
    assert_eq!(read(mail.as_bytes(), None), Err(Refusal::TooManyParts));
}

#[test]
fn a_header_of_a_megabyte_is_refused() {
    let mail = format!(
        "From: a@b.example\nSubject: {}\n\nx\n",
        "=?utf-8?q?a ".repeat(90_000)
    );
    assert_eq!(read(mail.as_bytes(), None), Err(Refusal::HeaderTooLarge));
}

#[test]
fn half_a_megabyte_of_nested_tags_is_shown_as_text() {
    let html = format!("{}core", "<div>".repeat(110_000));
    let mail = html_mail(&html);
    assert_eq!((mail.text.trim(), mail.html), ("core", None));
    assert_eq!(sanitise_html(&html, &SanitiseOptions::default()), "<p>core</p>\n");
}

#[test]
fn two_megabytes_of_attributes_are_no_trouble() {
    let attributes: String = (0..190_000).map(|n| format!(" a{n}=1")).collect();
    let mail = html_mail(&format!("<p{attributes}>core"));
    assert_eq!(mail.text, "core");
    assert_eq!(
        sanitise_html(&mail.html.unwrap(), &SanitiseOptions::default()),
        "<p>core\n</p>"
    );
}

#[test]
fn huge_spans_in_a_table_are_no_trouble() {
    let mail = html_mail("<table><tr><td colspan=999999999>a<td rowspan=999999999999999999>b</table>");
    assert_eq!(mail.text.split_whitespace().collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn deep_quotes_do_not_fill_memory() {
    let mail = html_mail(&format!(
        "{}{}",
        "<blockquote>".repeat(200),
        "word ".repeat(300_000)
    ));
    assert!(mail.text.len() <= 5 * 300_000, "{}", mail.text.len());
}

fn fixtures() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let files = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mails = files.filter(|path| path.extension().is_some_and(|extension| extension == "eml"));
    mails.filter_map(|path| std::fs::read(path).ok()).collect()
}

/// Pieces that change what follows them.
const PIECES: &[&str] = &[
    "\r\n\r\n",
    "\n",
    "--",
    "\"",
    "=?utf-8?B?",
    "?=",
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
    "Content-Type: message/rfc822\n\n",
    "Content-Transfer-Encoding: base64\n",
    "\0",
    "<",
    "From: ",
    ":",
    ";",
    "(",
    "charset=utf-7",
    "\u{fffd}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read(&bytes, None);
        let _ = read(&[b"From: a@b.example\n".as_slice(), &bytes].concat(), Some(""));
    }

    #[test]
    fn damaged_mails_are_read_or_refused(
        which in 0_usize..16,
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..60, 0..PIECES.len()), 1..8),
    ) {
        let mut mails = fixtures();
        let mut mail = mails.swap_remove(which);
        for (at, removed, piece) in edits {
            let at = at.index(mail.len().max(1)).min(mail.len());
            let end = (at + removed).min(mail.len());
            mail.splice(at..end, PIECES[piece].bytes());
        }
        if let Ok(mail) = read(&mail, None) {
            let _ = mail.html.map(|html| sanitise_html(&html, &SanitiseOptions::default()));
        }
    }
}
