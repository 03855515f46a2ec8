use super::*;
use crate::automatic::AutomaticSign;
use crate::inbound::Mailbox;

fn read_ok(mail: &str) -> InboundMail {
    read(mail.replace('\n', "\r\n").as_bytes(), None).unwrap()
}

#[test]
fn a_plain_mail_is_read() {
    let mail = read_ok(
        "Message-ID: <1@a.example>\nIn-Reply-To: <0@b.example>\nReferences: <x@b.example>\n <0@b.example>\n\
         From: =?iso-8859-1?Q?Ann_M=FCller?= <Ann@A.Example>\nTo: Help <help@b.example>, sales@B.EXAMPLE\n\
         Cc: Team: c@c.example, d@d.example;\nSubject: =?utf-8?B?RHJ1Y2tlciBicmVubnQ=?=\n\
         Date: Thu, 2 Jan 2025 10:00:00 +0100\n\nHello\n\nit burns\n",
    );
    assert_eq!(mail.message_id.as_deref(), Some("1@a.example"));
    assert_eq!(mail.in_reply_to, ["0@b.example"]);
    assert_eq!(mail.references, ["x@b.example", "0@b.example"]);
    assert_eq!(
        mail.from,
        Some(Mailbox::named("Ann M\u{fc}ller", "Ann@a.example"))
    );
    assert_eq!(
        mail.to,
        [
            Mailbox::named("Help", "help@b.example"),
            Mailbox::new("sales@b.example")
        ]
    );
    assert_eq!(
        mail.cc,
        [Mailbox::new("c@c.example"), Mailbox::new("d@d.example")]
    );
    assert_eq!(mail.subject, "Drucker brennt");
    assert_eq!(mail.date, Some("2025-01-02T09:00:00Z".parse().unwrap()));
    assert_eq!(mail.text, "Hello\n\nit burns");
    assert_eq!(mail.problems(), Vec::<String>::new());
}

#[test]
fn a_mail_with_nothing_but_a_subject_is_read() {
    let mail = read_ok("Subject: only this");
    assert_eq!((mail.subject.as_str(), mail.text.as_str()), ("only this", ""));
    assert_eq!(mail.problems(), ["the mail has no readable From"]);
}

#[test]
fn html_alone_is_read_as_text_too() {
    let mail = read_ok("From: a@b.example\nContent-Type: text/html\n\n<p>Hello <b>you</b></p><p>bye</p>");
    assert_eq!(mail.text, "Hello you\n\nbye");
    assert_eq!(
        mail.html.as_deref(),
        Some("<p>Hello <b>you</b></p><p>bye</p>\r\n")
    );
}

#[test]
fn html_that_nests_too_deep_is_shown_as_text_and_kept() {
    let mail = read_ok(&format!(
        "From: a@b.example\nContent-Type: text/html\n\n{}core",
        "<div>".repeat(110_000)
    ));
    assert_eq!((mail.text.trim(), mail.html.as_deref()), ("core", None));
    assert_eq!(mail.attachments[0].name, "message.html");
    assert!(
        mail.problems()[0].contains("nests more than 256"),
        "{:?}",
        mail.problems()
    );
}

#[test]
fn inline_images_are_tied_to_their_cid() {
    let mail = read_ok(
        "From: a@b.example\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n\
         <img src=\"cid:logo@x\">\n--r\nContent-Type: image/png\nContent-ID: <logo@x>\n\
         Content-Transfer-Encoding: base64\n\niVBORw0=\n--r--\n",
    );
    let image = &mail.attachments[0];
    assert_eq!(
        (image.content_id.as_deref(), image.inline),
        (Some("logo@x"), true)
    );
    assert_eq!(
        (image.name.as_str(), &*image.bytes),
        ("attachment-1.png", &b"\x89PNG\r"[..])
    );
}

#[test]
fn a_nested_mail_is_an_attachment_as_it_was_sent() {
    let mail = read_ok(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nsee below\n--m\n\
         Content-Type: message/rfc822\n\nSubject: inner / one\nFrom: c@d.example\n\ninner text\n--m--\n",
    );
    assert_eq!(mail.text, "see below");
    let nested = &mail.attachments[0];
    assert_eq!(
        (nested.name.as_str(), nested.content_type.as_str()),
        ("inner _ one.eml", "message/rfc822")
    );
    assert_eq!(
        *nested.bytes,
        *b"Subject: inner / one\r\nFrom: c@d.example\r\n\r\ninner text"
    );
}

#[test]
fn eight_bit_headers_are_read_in_the_charset_of_the_body() {
    let raw = b"From: \xe4\xe5 <a@b.example>\r\nSubject: \xcf\xf0\xe8\xe2\xe5\xf2\r\nContent-Type: text/plain; charset=windows-1251\r\n\r\n\xcf\r\n";
    let mail = read(raw, None).unwrap();
    assert_eq!(mail.subject, "\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}");
    assert_eq!(mail.text, "\u{41f}");
    assert_eq!(mail.from.unwrap().name.as_deref(), Some("\u{434}\u{435}"));
}

#[test]
fn the_null_return_path_makes_a_mail_automatic() {
    let raw = b"From: a@b.example\r\n\r\nx\r\n";
    assert_eq!(
        read(raw, Some("")).unwrap().automatic,
        Some(AutomaticSign::NullReturnPath)
    );
    assert_eq!(read(raw, Some("a@b.example")).unwrap().automatic, None);
}

#[test]
fn a_file_name_cannot_leave_its_folder() {
    let mail = read_ok(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: application/pdf\n\
         Content-Disposition: attachment; filename=\"../../etc/pass\twd.pdf\"\n\nx\n--m--\n",
    );
    assert_eq!(mail.attachments[0].name, "pass_wd.pdf");
}

#[test]
fn an_encrypted_mail_says_so() {
    let mail = read_ok(
        "From: a@b.example\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=e\n\n\
         --e\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--e\nContent-Type: application/octet-stream\n\n\
         -----BEGIN PGP MESSAGE-----\n--e--\n",
    );
    assert_eq!(mail.attachments.len(), 2);
    assert!(mail.problems()[0].contains("encrypted"), "{:?}", mail.problems());
}

#[test]
fn the_text_of_a_winmail_dat_stands_back_behind_the_mail_s_own() {
    // A stream of nothing but the text "packed".
    let stream = "eJ8+IgEAAQyAAgAHAAAAcGFja2VkAGgC";
    let wrapped = |own: &str| {
        let mail = read_ok(&format!(
            "From: a@b.example\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\n{own}\n--m\n\
             Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{stream}\n--m--\n"
        ));
        assert_eq!(mail.attachments.len(), 1);
        mail.text
    };
    assert_eq!(wrapped("own words"), "own words");
    assert_eq!(wrapped(" "), "packed");
}

#[test]
fn a_damaged_winmail_dat_is_kept_and_noted() {
    let mail = read_ok(
        "From: a@b.example\nContent-Type: application/ms-tnef; name=winmail.dat\n\
         Content-Transfer-Encoding: base64\n\neJ8+IgEAAQyA\n",
    );
    assert_eq!(mail.attachments.len(), 1);
    assert_eq!(
        mail.problems(),
        ["the winmail.dat of the mail is cut short; what could be read of it is shown"]
    );
}

#[test]
fn the_first_of_several_reply_addresses_counts() {
    for fields in [
        "Reply-To: Ann <ann@a.example>, bob@b.example",
        "Reply-To: Ann <ann@a.example>\nReply-To: bob@b.example",
        "Reply-To: Desk: Ann <ann@a.example>, bob@b.example;",
        "Reply-To: <>, Ann <ann@a.example>",
        "Reply-To:\nReply-To: Ann <ann@a.example>",
    ] {
        let mail = read_ok(&format!("From: form@site.example\n{fields}\n\nx"));
        assert_eq!(
            mail.reply_to,
            Some(Mailbox::named("Ann", "ann@a.example")),
            "{fields}"
        );
    }
}
