//! Letters of many languages in many charsets, wherever they stand.

use super::{base64, files, mail, parts};
use docket_mail::read;
use encoding_rs::Encoding;
use proptest::prelude::*;

/// Texts and the charsets they are written in.
const LANGUAGES: &[(&str, &[&str])] = &[
    (
        "Gr\u{fc}\u{df}e aus K\u{f6}ln, die Lieferung ist besch\u{e4}digt",
        &["iso-8859-1", "windows-1252", "iso-8859-15", "utf-8", "macintosh"],
    ),
    (
        "P\u{159}\u{ed}li\u{161} \u{17e}lu\u{165}ou\u{10d}k\u{fd} k\u{16f}\u{148}, pros\u{ed}m",
        &["iso-8859-2", "windows-1250", "utf-8"],
    ),
    (
        "Здравствуйте, прошу вернуть деньги",
        &["windows-1251", "koi8-r", "iso-8859-5", "ibm866", "utf-8"],
    ),
    (
        "Καλημέρα, η παραγγελία δεν έφτασε",
        &["iso-8859-7", "windows-1253", "utf-8"],
    ),
    (
        "お世話になっております。返品したい",
        &["shift_jis", "euc-jp", "iso-2022-jp", "utf-8"],
    ),
    ("您好，我要退货，请回复", &["gb18030", "gbk", "utf-8"]),
    ("您好，我要退貨，請回覆", &["big5", "utf-8"]),
    ("안녕하세요, 교환 요청", &["euc-kr", "utf-8"]),
    ("שלום, אני מבקש החזר", &["windows-1255", "utf-8"]),
    ("สวัสดี ขอคืนเงิน", &["windows-874", "utf-8"]),
];

fn writings() -> impl Iterator<Item = (&'static str, &'static str, Vec<u8>)> {
    LANGUAGES.iter().flat_map(|(text, labels)| {
        labels.iter().map(move |label| {
            let (bytes, _, unmappable) = Encoding::for_label(label.as_bytes()).unwrap().encode(text);
            assert!(!unmappable, "{label} {text}");
            (*text, *label, bytes.into_owned())
        })
    })
}

#[test]
fn every_charset_is_read_wherever_it_stands() {
    for (text, label, bytes) in writings() {
        let quoted: String = bytes.iter().map(|byte| format!("={byte:02X}")).collect();
        let percent: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
        let word = format!("=?{label}?B?{}?=", base64(&bytes));
        for (fields, body) in [
            ("8bit", bytes.clone()),
            ("base64", base64(&bytes).into_bytes()),
            ("quoted-printable", quoted.into_bytes()),
        ] {
            let fields = format!(
                "Subject: {word}\r\nContent-Type: text/plain; charset={label}\r\nContent-Transfer-Encoding: {fields}\r\n"
            );
            let read = mail(&fields, &body);
            assert_eq!(
                (read.text.as_str(), read.subject.as_str(), read.problems()),
                (text, text, vec![]),
                "{label}"
            );
        }
        let file = format!(
            "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*={label}''{percent}.pdf\r\n\r\nx"
        );
        assert_eq!(
            files(&parts("mixed", &[&file])),
            [format!("{text}.pdf")],
            "{label}"
        );
        let named = read(format!("From: {word} <a@b.example>\r\n\r\nx").as_bytes(), None).unwrap();
        assert_eq!(named.from.unwrap().name.as_deref(), Some(text), "{label}");
    }
}

#[test]
fn html_is_read_in_the_charset_it_states_itself() {
    for (text, label, bytes) in writings().filter(|(_, label, _)| *label != "iso-2022-jp") {
        for meta in [
            format!("<meta charset=\"{label}\">"),
            format!("<META content='text/html; charset={label}' http-equiv=content-type>"),
        ] {
            for kind in [
                "text/html",
                "text/html; charset=x-unknown",
                "text/html; charset=us-ascii",
            ] {
                let body = [
                    format!("<html><head>{meta}</head><body>").as_bytes(),
                    &bytes,
                    b"</body></html>",
                ]
                .concat();
                let read = mail(&format!("Content-Type: {kind}\r\n"), &body);
                assert_eq!(
                    (read.text.as_str(), read.problems()),
                    (text, vec![]),
                    "{label} {kind}"
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn values_folded_anywhere_are_read(
        folds in proptest::collection::vec(proptest::sample::select(vec!["", " ", "\r\n ", "\r\n\t", " \r\n  "]), 12),
        boundary in "[a-zA-Z0-9_.=-]{1,40}[a-z]",
        file in "[a-z ]{1,12}[a-z]\\.pdf",
    ) {
        let f = |at: usize| folds[at];
        let fields = format!("Content-Type:{} multipart/mixed{};{}boundary{}={}\"{boundary}\"\r\n", f(0), f(1), f(2), f(3), f(4));
        let body = format!(
            "--{boundary}\r\nContent-Type: text/plain;{}charset{}={}\"windows-1251\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=CF=F0=E8\r\n\
             --{boundary}\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment{};{}filename{}={}\"{file}\"\r\n\r\nx\r\n--{boundary}--\r\n",
            f(5), f(6), f(7), f(8), f(9), f(10), f(11),
        );
        let read = mail(&fields, body.as_bytes());
        prop_assert_eq!(read.text.as_str(), "\u{41f}\u{440}\u{438}");
        prop_assert_eq!(files(&read), vec![file.trim()]);
    }
}
