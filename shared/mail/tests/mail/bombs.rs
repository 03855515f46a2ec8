//! Mails made to harm: each is refused or degraded to text, within the time of an ordinary test, and whatever
//! bytes come, reading does not panic.

use docket_mail::{InboundMail, Refusal, SanitiseOptions, read, sanitise_html};
use proptest::prelude::*;
use std::time::{Duration, Instant};

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

/// Longest time for such a mail; a quadratic path needs minutes.
const LONG: Duration = Duration::from_secs(4);

fn check_time(name: &str, mail: &[u8]) {
    let start = Instant::now();
    let _ = read(mail, None);
    let taken = start.elapsed();
    println!("{name}: {taken:?}");
    assert!(taken < LONG, "{name}: {taken:?}");
}

#[test]
fn headers_made_to_take_long_are_read_in_time() {
    for piece in [
        "=?utf-8?Q?a",
        "=?utf-8?Q?a?= ",
        "=?utf-8?B?",
        "=?gbk?B?4?= ",
        "mailto:",
        "mailto:a@b,",
        "[",
        "[a@b] ",
        "\"",
        "\" ",
        "\"a\"@b,",
        "<",
        "<a@b> ",
        "&lt;",
        "=",
        ";a=\"x",
        ";a=x",
        ";filename*1=x",
        ";a=\" \" b=",
        ";a=\"\\",
        "\r\n ",
        "=\r\n\t\"",
        "\u{fc}",
        "a@[",
    ] {
        let value = piece.repeat(120 * 1024 / piece.len());
        for field in [
            "Subject",
            "From",
            "Content-Type: multipart/mixed",
            "Content-Type",
            "Content-Disposition",
        ] {
            let mail = format!("From: a@b.example\r\n{field}: {value}\r\n\r\nx\r\n");
            check_time(&format!("{field} of {piece:?}"), mail.as_bytes());
        }
    }
}

#[test]
fn bodies_made_to_take_long_are_read_in_time() {
    for piece in [
        "begin 644 a\n",
        "begin 644 a\nM\n",
        "begin-base64 644 a\nAAAA\n",
        "Content-Type: multipart/mixed; boundary=\n b\n",
        "Content-Type: multipart/mixed;boundary=c\nContent-Type: text/plain\n\n",
        "Content-Type: a; b=\"c\n d=\"\n e;f=\"\n\n",
        "--b\n",
        "\u{1b}$B",
        "~{",
        "+",
        "+AA",
        " \n",
        "> \n",
        "&nbsp;",
        "<",
        "<a",
        "<param>",
    ] {
        let body = piece.repeat(256 * 1024 / piece.len());
        for kind in [
            "text/plain",
            "text/plain; format=flowed; delsp=yes",
            "text/enriched",
            "text/plain; charset=iso-2022-kr",
            "text/plain; charset=utf-7",
            "multipart/mixed; boundary=b",
        ] {
            let mail = format!("From: a@b.example\nContent-Type: {kind}\n\n{body}");
            check_time(&format!("{kind} of {piece:?}"), mail.as_bytes());
        }
    }
}

#[test]
fn html_made_to_take_long_is_read_in_time() {
    for piece in [
        "<img src=\"data:image/",
        "<img src=\"data:image/png;base64,AAAA\">",
        "src='data:image/,\"",
        " src = data:image/png,a ",
        "<meta ",
        "<meta charset=",
        "<?xml ",
        "data:image/",
        "&nbsp;",
    ] {
        let html = piece.repeat(1024 * 1024 / piece.len());
        check_time(
            piece,
            format!("From: a@b.example\nContent-Type: text/html\n\n{html}").as_bytes(),
        );
    }
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
    "charset=iso-2022-kr",
    "charset=\n \"",
    "\nbegin 644 a\n`\nend\n",
    "src=\"data:image/png;base64,iVBO\"",
    "Content-Type: multipart/related; boundary=\n b; start=x\n\n",
    "format=flowed; delsp=yes",
    "filename*0*=gbk''%e4;",
    "\u{1b}$B",
    "~{",
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
        which in any::<prop::sample::Index>(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..60, 0..PIECES.len()), 1..8),
    ) {
        let mut mails = fixtures();
        let mut mail = mails.swap_remove(which.index(mails.len()));
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
