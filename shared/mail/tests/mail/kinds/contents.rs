//! Senders, files and images within a text, reactions, notes.

use super::{HTML, base64, files, mail, parts};
use docket_mail::{Place, ReadingNote, read};

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
