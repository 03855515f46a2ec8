//! Generated mails of the kinds that were once read wrongly: many variants of each, so that the kind is read and not
//! the one mail that was reported.

use base64::Engine;
use docket_mail::{InboundMail, Place, ReadingNote, read};
use encoding_rs::Encoding;
use proptest::prelude::*;

const HEAD: &str = "From: Ana Sol <ana@cust.example>\r\nTo: help@desk.example\r\nMIME-Version: 1.0\r\n";

/// A mail of the given header fields and body.
fn mail(fields: &str, body: &[u8]) -> InboundMail {
    let head = format!("{HEAD}{fields}\r\n");
    read(&[head.as_bytes(), body].concat(), None).unwrap()
}

/// A mail of several parts, each its fields and its body.
fn parts(kind: &str, parts: &[&str]) -> InboundMail {
    let bodies: String = parts.iter().map(|part| format!("--B\r\n{part}\r\n")).collect();
    mail(
        &format!("Content-Type: multipart/{kind}; boundary=B\r\n"),
        format!("{bodies}--B--\r\n").as_bytes(),
    )
}

fn files(mail: &InboundMail) -> Vec<&str> {
    mail.attachments.iter().map(|file| file.name.as_str()).collect()
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>My fridge is broken</p>";
const TEXT: &str = "My fridge is broken";
const PDF: &str = "Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF";
const IMAGE: &str =
    "Content-Type: image/png\r\nContent-ID: <i1>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=";

#[test]
fn a_blank_text_beside_html_is_the_text_of_the_html() {
    for blank in [
        "",
        " ",
        "\r\n\r\n",
        "\u{a0}",
        "&nbsp;",
        "&#160;\r\n&nbsp;",
        "\u{200b}\u{200c}",
        "\u{feff}",
        "\u{ad}",
        "\u{3000}",
        "\t \r\n",
    ] {
        let plain = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{blank}");
        for kind in ["alternative", "mixed", "related"] {
            let order = parts(kind, &[&plain, HTML]);
            assert_eq!(order.text, TEXT, "{kind} {blank:?}");
        }
        let inner = format!(
            "Content-Type: multipart/alternative; boundary=C\r\n\r\n--C\r\n{plain}\r\n--C\r\n{HTML}\r\n--C--\r\n"
        );
        let nested = parts("mixed", &[&inner, PDF]);
        assert_eq!(
            (nested.text.as_str(), files(&nested)),
            (TEXT, vec!["a.pdf"]),
            "{blank:?}"
        );
    }
}

#[test]
fn empty_html_beside_a_text_is_not_shown() {
    let plain = format!("Content-Type: text/plain\r\n\r\n{TEXT}");
    let both = parts(
        "alternative",
        &[
            &plain,
            "Content-Type: text/html\r\n\r\n<html><body>&nbsp;</body></html>",
        ],
    );
    assert_eq!((both.text.as_str(), both.html), (TEXT, None));
    let image = parts(
        "alternative",
        &[&plain, "Content-Type: text/html\r\n\r\n<img src=cid:x>"],
    );
    assert!(image.html.is_some());
}

#[test]
fn a_text_is_read_whatever_its_type_is_called() {
    for kind in [
        "text/markdown",
        "text/x-markdown",
        "text/x-log",
        "text/csv",
        "text/xml",
        "text/enriched",
        "text/richtext",
        "text/unknown",
        "text",
        "plain",
        "TEXT/PLAIN",
        "text/plain;",
        "text/plain; charset",
        "text/plain charset=utf-8",
        "text/plain, charset=utf-8",
        "text\\plain",
        "text/",
        "/plain",
        "text/plain/x",
        "text/plain; =x",
        "=?utf-8?B?dGV4dC9wbGFpbg==?=",
        "\"text/plain\"",
        "unknown",
        "text plain",
        "",
        "charset=utf-8",
        "multipart",
        "multipart/mixed",
        "multipart/alternative; boundary=never",
        "text/plain\r\nContent-Type: text/plain",
        "text/plain\r\nContent-Type: application/octet-stream",
        "application/octet-stream\r\nContent-Type: text/plain",
        "multipart/mixed; boundary=never\r\nContent-Type: text/plain",
    ] {
        let read = mail(
            &format!("Content-Type: {kind}\r\n"),
            format!("{TEXT}\r\n").as_bytes(),
        );
        assert_eq!((read.text.as_str(), files(&read)), (TEXT, vec![]), "{kind}");
    }
}

#[test]
fn of_several_forms_the_plain_text_is_shown_once() {
    let plain = format!("Content-Type: text/plain\r\n\r\n{TEXT}");
    for other in ["markdown", "enriched", "richtext", "x-log", "xml"] {
        let marked = format!("Content-Type: text/{other}\r\n\r\nMy *fridge*");
        assert_eq!(
            parts("alternative", &[&plain, &marked, HTML]).text,
            TEXT,
            "{other}"
        );
        assert_eq!(
            parts("alternative", &[&marked, HTML]).text,
            "My *fridge*",
            "{other}"
        );
    }
}

#[test]
fn html_is_read_whatever_its_type_is_called() {
    for kind in [
        "text/html",
        "TEXT/HTML; charset=utf-8",
        "text/html charset=utf-8",
        "html",
        "application/xhtml+xml",
        "\"text/html\"",
    ] {
        let read = mail(
            &format!("Content-Type: {kind}\r\n"),
            format!("<html><p>{TEXT}</p></html>").as_bytes(),
        );
        assert_eq!((read.text.as_str(), files(&read)), (TEXT, vec![]), "{kind}");
        assert!(read.html.is_some(), "{kind}");
    }
}

#[test]
fn a_text_that_is_a_file_stays_one() {
    let text = format!("Content-Type: text/plain\r\n\r\n{TEXT}");
    for file in [
        "Content-Type: text/csv; name=a.csv\r\n\r\na,b",
        "Content-Type: text/plain; name=a.csv\r\n\r\na,b",
        "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\na,b",
        "Content-Type: text/x-log\r\nContent-Disposition: inline; filename=a.csv\r\n\r\na,b",
    ] {
        let read = parts("mixed", &[&text, file]);
        assert_eq!(
            (read.text.as_str(), files(&read)),
            (TEXT, vec!["a.csv"]),
            "{file}"
        );
    }
    let alone = mail("Content-Type: text/csv; name=a.csv\r\n", b"a,b");
    assert_eq!((alone.text.as_str(), files(&alone)), ("", vec!["a.csv"]));
}

#[test]
fn the_root_of_related_parts_is_found() {
    let root = HTML.replacen("\r\n\r\n", "\r\nContent-ID: <root@x>\r\n\r\n", 1);
    for kind in [
        "related",
        "related; type=\"text/html\"",
        "related; start=\"<root@x>\"",
        "related; start=root@x",
        "related; start=\"<other>\"",
    ] {
        for order in [
            [IMAGE, &root, IMAGE],
            [&root, IMAGE, IMAGE],
            [IMAGE, IMAGE, &root],
        ] {
            let read = parts(kind, &order);
            assert_eq!((read.text.as_str(), read.attachments.len()), (TEXT, 2), "{kind}");
            assert!(read.html.is_some(), "{kind}");
        }
    }
    let forms = format!(
        "Content-Type: multipart/alternative; boundary=C\r\n\r\n--C\r\nContent-Type: text/plain\r\n\r\nplain\r\n--C\r\n{HTML}\r\n--C--\r\n"
    );
    assert_eq!(
        parts("related; type=\"multipart/alternative\"", &[IMAGE, &forms]).text,
        "plain"
    );
}

#[test]
fn the_preamble_is_read_where_there_is_no_other_text() {
    let with = |preamble: &str, part: &str| {
        let body = format!("{preamble}\r\n--B\r\n{part}\r\n--B--\r\n");
        mail("Content-Type: multipart/mixed; boundary=B\r\n", body.as_bytes())
    };
    assert_eq!(with("Hello,\r\nmy fridge", PDF).text, "Hello,\nmy fridge");
    assert_eq!(with("Hello", HTML).text, TEXT);
    for notice in [
        "This is a multi-part message in MIME format.",
        "This is a MIME-encapsulated message",
        "--\r\nThis is a multipart\r\nmessage in MIME format",
        "",
    ] {
        assert_eq!(with(notice, PDF).text, "", "{notice}");
    }
}

#[test]
fn two_htmls_are_apart() {
    let read = parts(
        "mixed",
        &[
            "Content-Type: text/html\r\n\r\nFirst.",
            "Content-Type: text/plain\r\n\r\nSecond.",
            "Content-Type: text/html\r\n\r\nThird.",
            "Content-Type: text/html\r\n\r\nFourth.",
        ],
    );
    assert_eq!(read.text, "First.\nSecond.\nThird.\nFourth.");
    assert_eq!(
        docket_mail::html_to_text(&read.html.unwrap())
            .split_whitespace()
            .collect::<Vec<_>>(),
        ["First.", "Second.", "Third.", "Fourth."]
    );
}

#[test]
fn flowed_lines_are_joined_as_they_say() {
    let text = "See https://x.example/551 \r\n2/return \r\nplease\r\n> quoted \r\n> words\r\n-- \r\nAnn\r\n";
    for (parameters, expected) in [
        (
            "format=flowed; delsp=yes",
            "See https://x.example/5512/returnplease\n> quotedwords\n-- \nAnn",
        ),
        (
            "Format=Flowed; DelSp=YES",
            "See https://x.example/5512/returnplease\n> quotedwords\n-- \nAnn",
        ),
        (
            "format=flowed",
            "See https://x.example/551 2/return please\n> quoted words\n-- \nAnn",
        ),
        (
            "format=fixed; delsp=yes",
            "See https://x.example/551 \n2/return \nplease\n> quoted \n> words\n-- \nAnn",
        ),
    ] {
        let read = mail(
            &format!("Content-Type: text/plain; {parameters}\r\n"),
            text.as_bytes(),
        );
        assert_eq!(read.text, expected, "{parameters}");
    }
}

#[test]
fn a_sender_is_read_in_the_forms_that_are_sent() {
    for (from, name, address) in [
        ("Ann <mailto:ann@c.example>", Some("Ann"), "ann@c.example"),
        ("mailto:ann@c.example", None, "ann@c.example"),
        ("Ann <SMTP:ann@c.example>", Some("Ann"), "ann@c.example"),
        ("Ann [ann@c.example]", Some("Ann"), "ann@c.example"),
        ("Ann [mailto:ann@c.example]", Some("Ann"), "ann@c.example"),
        ("[ann@c.example]", None, "ann@c.example"),
        ("Ann (ann@c.example)", Some("Ann"), "ann@c.example"),
        ("Ann {ann@c.example}", Some("Ann"), "ann@c.example"),
        ("Ann ann@c.example", Some("Ann"), "ann@c.example"),
        ("Ann <<ann@c.example>>", Some("Ann"), "ann@c.example"),
        ("Ann <'ann@c.example'>", Some("Ann"), "ann@c.example"),
        ("Ann &lt;ann@c.example&gt;", Some("Ann"), "ann@c.example"),
        ("\"a b\"@c.example", None, "\"a b\"@c.example"),
        ("Ann <\"a@b\"@c.example>", Some("Ann"), "\"a@b\"@c.example"),
        ("\"ann\"@c.example", None, "ann@c.example"),
        ("=?utf-8?Q?Ann_<ann=40c.example>?=", Some("Ann"), "ann@c.example"),
        (
            "Ann <ann@b\u{fc}cher.example>",
            Some("Ann"),
            "ann@xn--bcher-kva.example",
        ),
        (
            "Ann <ann@B\u{dc}CHER.Example>",
            Some("Ann"),
            "ann@xn--bcher-kva.example",
        ),
        (
            "Ann <ann@xn--bcher-kva.example>",
            Some("Ann"),
            "ann@xn--bcher-kva.example",
        ),
        (
            "Ann <ann@=?utf-8?Q?b=C3=BCcher?=.example>",
            Some("Ann"),
            "ann@xn--bcher-kva.example",
        ),
        // What stands outside of the brackets is no address: it would be anybody's to choose.
        (
            "\"boss@c.example\" <ann@d.example>",
            Some("boss@c.example"),
            "ann@d.example",
        ),
        ("boss@c.example <ann@d.example>", None, "ann@d.example"),
    ] {
        let raw = format!("From: {from}\r\n\r\nx\r\n");
        let from = read(raw.as_bytes(), None).unwrap().from.unwrap();
        assert_eq!(from.address, address, "{raw}");
        if name.is_some() {
            assert_eq!(from.name.as_deref(), name, "{raw}");
        }
    }
}

#[test]
fn files_in_the_text_are_unpacked() {
    let read = mail("", b"See\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nBye\r\n");
    assert_eq!((read.text.as_str(), files(&read)), ("See\nBye", vec!["cat.txt"]));
    let packed = "Content-Type: text/x-other; name=cat.txt\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 c\r\n#0V%T\r\n`\r\nend";
    let read = parts("mixed", &["Content-Type: text/plain\r\n\r\nSee", packed]);
    assert_eq!(
        (files(&read), &*read.attachments[0].bytes),
        (vec!["cat.txt"], &b"Cat"[..])
    );
}

#[test]
fn an_image_within_the_html_is_a_file_that_is_shown() {
    let read = mail(
        "Content-Type: text/html\r\n",
        b"<p>a<img src=\"data:image/png;base64,iVBORw0KGgo=\">b",
    );
    assert_eq!((read.text.as_str(), files(&read)), ("ab", vec!["image-1.png"]));
    let image = &read.attachments[0];
    assert!(image.inline && image.content_type == "image/png");
    assert!(
        read.html
            .unwrap()
            .contains(&format!("cid:{}", image.content_id.as_deref().unwrap()))
    );
    // An image of three megabytes leaves room for the HTML around it.
    let large = format!(
        "<p>a<img src=\"data:image/png;base64,{}\">b",
        "AAAA".repeat(750_000)
    );
    let read = mail("Content-Type: text/html\r\n", large.as_bytes());
    assert_eq!(
        (read.text.as_str(), read.html.is_some(), read.problems()),
        ("ab", true, vec![])
    );
}

#[test]
fn a_reaction_is_told_from_an_answer() {
    let sign = "{\"version\":1,\"emoji\":\"\u{1f44d}\"}";
    let part = format!(
        "Content-Type: text/vnd.google.email-reaction+json; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        base64(sign.as_bytes())
    );
    let plain = "Content-Type: text/plain; charset=utf-8\r\n\r\n\u{1f44d}";
    let read = parts("alternative", &[plain, &part, HTML]);
    assert_eq!(
        (read.reaction.as_deref(), files(&read), read.text.as_str()),
        (Some("\u{1f44d}"), vec![], "\u{1f44d}")
    );
    assert_eq!(parts("alternative", &[plain, HTML]).reaction, None);
    let garbled = part.replacen("base64\r\n\r\n", "base64\r\n\r\n****", 1);
    assert_eq!(
        parts("alternative", &[plain, &garbled.replace("eyJ", "xxx"), HTML]).reaction,
        None
    );
}

#[test]
fn what_was_guessed_or_lost_is_noted() {
    let guessed = |place, charset: &str| ReadingNote::CharsetGuessed {
        place,
        charset: charset.to_owned(),
    };
    let text = mail("Content-Type: text/plain\r\n", b"Gr\xfc\xdfe aus K\xf6ln\r\n");
    assert_eq!(text.notes, [guessed(Place::Text, "windows-1252")]);
    let raw = b"From: a@b.example\r\nSubject: Gr\xfc\xdfe\r\n\r\nx\r\n";
    assert_eq!(
        read(raw, None).unwrap().notes,
        [guessed(Place::Subject, "windows-1252")]
    );
    let cut = mail(
        "Content-Type: text/plain; charset=utf-8\r\n",
        "\u{41f}\u{440}\u{438}\u{432}".as_bytes().split_last().unwrap().1,
    );
    assert_eq!(cut.notes, [ReadingNote::LettersLost { place: Place::Text }]);
    let no_base64 = mail(
        "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n",
        b"These are words, no base64 at all.\r\n",
    );
    assert_eq!(
        (no_base64.text.as_str(), no_base64.notes),
        (
            "These are words, no base64 at all.",
            vec![ReadingNote::PartDamaged]
        )
    );
    let sure = mail(
        "Subject: Gr\u{fc}\u{df}e\r\nContent-Type: text/plain; charset=latin-1\r\n",
        b"Gr\xfc\xdfe\r\n",
    );
    assert_eq!(sure.notes, []);
}

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
