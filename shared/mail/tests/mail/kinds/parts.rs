//! Which parts are the text of a mail.

use super::{HTML, IMAGE, PDF, TEXT, files, mail, parts};

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
