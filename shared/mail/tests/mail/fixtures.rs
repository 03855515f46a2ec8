//! Mails of different traits, read with literal expectations. Where they come from: `fixtures/FIXTURES.md`.

use docket_mail::{AutomaticSign, Bounce, InboundMail, Mailbox, Permanence, Reason, read, read_bounces};

fn fixture(name: &str) -> InboundMail {
    let path = format!("{}/tests/fixtures/{name}.eml", env!("CARGO_MANIFEST_DIR"));
    read(&std::fs::read(path).unwrap(), None).unwrap()
}

/// Name, type and size of each attachment.
fn attachments(mail: &InboundMail) -> Vec<(&str, &str, usize)> {
    mail.attachments
        .iter()
        .map(|a| (a.name.as_str(), a.content_type.as_str(), a.bytes.len()))
        .collect()
}

#[test]
fn an_automatic_reply_is_known_by_its_header() {
    let mail = fixture("auto-reply");
    assert_eq!(mail.automatic, Some(AutomaticSign::AutoSubmitted));
    assert_eq!(mail.subject, "Away until May 5");
    assert_eq!(mail.date, Some("2005-04-29T14:34:45Z".parse().unwrap()));
}

#[test]
fn a_bounce_of_ses_tells_which_mail_did_not_arrive() {
    let mail = fixture("bounce-from-ses");
    assert_eq!(mail.automatic, Some(AutomaticSign::Report));
    assert_eq!(mail.text, "This message could not be delivered.");
    let bounces = read_bounces(&mail).unwrap();
    let expected = Bounce {
        address: Some("mailboxfull@neko.example.jp".into()),
        kind: Permanence::Permanent,
        status: "5.2.2".parse().ok(),
        reply_code: Some(552),
        reason: Reason::MailboxFull,
        diagnostic: "552 5.2.2 Mailbox full".into(),
        original_message_id: Some("0D92F8BF-DD26-4CE5-8977-3609F070E0DD@example.co.jp".into()),
        original_outbox: None,
    };
    assert_eq!(bounces, [expected]);
}

#[test]
fn a_calendar_invitation_is_kept() {
    let mail = fixture("calendar-invite");
    assert_eq!(attachments(&mail), [("test2.ics", "text/calendar", 702)]);
    assert_eq!(mail.automatic, None);
}

#[test]
fn an_invitation_in_html_is_read_as_text_too() {
    let mail = fixture("html-only-with-invite");
    assert_eq!(
        mail.text,
        "You are invited to a meeting.\n\nWhen: Monday, January 1, 2024\n\nWhere: Conference Room A"
    );
    assert_eq!(
        attachments(&mail),
        [
            ("attachment-1.ics", "text/calendar", 258),
            ("invite.ics", "application/ics", 258)
        ]
    );
}

#[test]
fn charsets_of_asia_are_read() {
    let text = fixture("charsets-of-asia").text;
    for hello in [
        "\u{3053}\u{3093}\u{306b}\u{3061}\u{306f}",
        "\u{c548}\u{b155}",
        "\u{4f60}\u{597d}",
        "\u{623}\u{647}\u{644}\u{627}",
    ] {
        assert!(text.contains(hello), "{hello}: {text}");
    }
    assert!(!text.contains('\u{fffd}'), "{text}");
}

#[test]
fn a_japanese_mail_is_read() {
    let mail = fixture("japanese-iso-2022-jp");
    assert_eq!(mail.subject, "\u{307e}\u{307f}\u{3080}\u{3081}\u{3082}");
    assert_eq!(
        mail.to,
        [Mailbox::named("\u{307f}\u{3051}\u{308b}", "raasdnil@gmail.com")]
    );
    assert_eq!(mail.text, "\u{3059}\u{307f}\u{307e}\u{305b}\u{3093}\u{3002}");
}

#[test]
fn file_names_in_other_scripts_are_read() {
    assert_eq!(
        attachments(&fixture("file-name-in-rfc2231"))[0].0,
        "attachment.\u{e4}\u{f6}\u{fc}"
    );
    assert_eq!(
        attachments(&fixture("russian-headers"))[0].0,
        "\u{421}\u{43f}\u{438}\u{441}\u{43e}\u{43a}.doc"
    );
}

#[test]
fn an_inline_image_keeps_its_cid() {
    let mail = fixture("inline-image");
    assert_eq!(attachments(&mail), [("favicon.png", "image/png", 687)]);
    let image = &mail.attachments[0];
    assert!(image.inline);
    let cid = image.content_id.as_deref().unwrap();
    assert!(mail.html.unwrap().contains(&format!("cid:{cid}")));
    assert_eq!(mail.text, "Test of text section");
}

#[test]
fn mails_within_mails_are_attachments() {
    assert_eq!(
        attachments(&fixture("mail-in-mail")),
        [("ForwardedMessage.eml", "message/rfc822", 3781)]
    );
    assert_eq!(
        attachments(&fixture("mail-in-base64")),
        [("message-1.eml", "message/rfc822", 91)]
    );
}

#[test]
fn a_mail_cut_before_its_end_is_read_as_far_as_it_goes() {
    let mail = fixture("no-final-boundary");
    assert_eq!(mail.text, "Some body");
    assert!(mail.problems()[0].contains("damaged"), "{:?}", mail.problems());
}

#[test]
fn a_mail_without_a_sender_is_read() {
    let mail = fixture("no-from");
    assert_eq!((mail.from, mail.text.as_str()), (None, "Hi"));
}

#[test]
fn a_signed_mail_keeps_its_signature() {
    let mail = fixture("signed");
    assert_eq!(mail.text, "Section one\nSection two");
    assert_eq!(
        attachments(&mail),
        [("signature.asc", "application/pgp-signature", 828)]
    );
}

#[test]
fn headers_in_utf8_are_read() {
    let mail = fixture("utf8-headers");
    assert_eq!(
        mail.from,
        Some(Mailbox::named(
            "J\u{f6}hn Doe",
            "jd\u{f6}e@xn--mchine-bua.example"
        ))
    );
    assert_eq!(mail.subject, "S\u{e4}ying Hello");
    let id = fixture("utf8-message-id").message_id.unwrap();
    assert!(id.ends_with("@wildduck.\u{e4}\u{e4}\u{e4}.test"), "{id}");
}

#[test]
fn a_text_with_nothing_to_read_is_that_of_the_html() {
    assert_eq!(fixture("blank-text-beside-html").text, "Die Lampe flackert.");
}

#[test]
fn code_pages_of_dos_are_read() {
    let mail = fixture("code-page-852");
    assert_eq!(
        mail.text,
        "\u{17d}\u{e1}rovka blik\u{e1}, pros\u{ed}m o v\u{fd}m\u{11b}nu."
    );
    assert_eq!(mail.notes, []);
}

#[test]
fn letters_cut_anywhere_in_headers_are_whole() {
    let mail = fixture("letters-cut-between-words");
    assert_eq!(mail.subject, "Lampe f\u{fc}r das B\u{fc}ro");
    assert_eq!(
        mail.from.as_ref().unwrap().name.as_deref(),
        Some("\u{5c71}\u{7530}")
    );
    assert_eq!(mail.attachments[0].name, "L\u{e4}mpchen A.pdf");
}

#[test]
fn the_root_of_related_parts_may_be_the_last() {
    let mail = fixture("root-of-related-last");
    assert_eq!(mail.text, "So sieht sie aus:");
    assert!(mail.html.as_ref().unwrap().contains("cid:lampe@f"));
    assert_eq!(attachments(&mail), [("lampe.png", "image/png", 8)]);
    assert!(mail.attachments[0].inline);
}

#[test]
fn without_any_charset_the_best_reading_is_taken_and_noted() {
    let mail = fixture("no-charset-stated");
    assert_eq!(mail.subject, "Gr\u{fc}\u{df}e");
    assert_eq!(
        mail.text,
        "Sch\u{f6}ne Gr\u{fc}\u{df}e, die Lampe l\u{e4}uft wieder."
    );
    assert_eq!(mail.attachments[0].name, "Pr\u{fc}fbericht.pdf");
    assert_eq!(
        mail.problems(),
        [
            "the charset of the text is not stated or wrong; it was read as windows-1252",
            "the charset of the name of a file is not stated or wrong; it was read as windows-1252",
            "the charset of the subject is not stated or wrong; it was read as windows-1252",
        ]
    );
}

#[test]
fn values_folded_after_the_equals_sign_are_read() {
    let mail = fixture("values-folded-after-equals");
    assert_eq!(
        mail.text,
        "\u{41b}\u{430}\u{43c}\u{43f}\u{430} \u{43c}\u{438}\u{433}\u{430}\u{435}\u{442}"
    );
    assert_eq!(attachments(&mail), [("a b.pdf", "application/pdf", 4)]);
    assert_eq!(mail.notes, []);
}

#[test]
fn a_file_within_the_text_is_unpacked() {
    let mail = fixture("uuencoded-file");
    assert_eq!(mail.text, "Anbei die Werte.\n\n\nGru\u{df}");
    assert_eq!(
        attachments(&mail),
        [("werte.csv", "application/octet-stream", 22)]
    );
    assert_eq!(*mail.attachments[0].bytes, *b"lamp;state\n1;flickers\n");
}

#[test]
fn an_image_within_the_html_becomes_a_file() {
    let mail = fixture("image-within-html");
    assert_eq!(mail.text, "Siehe Bild\n\nDanke");
    assert_eq!(attachments(&mail), [("image-1.png", "image/png", 8)]);
    let cid = mail.attachments[0].content_id.as_deref().unwrap();
    assert!(mail.html.unwrap().contains(&format!("cid:{cid}")));
}

#[test]
fn a_reaction_of_gmail_is_known() {
    let mail = fixture("reaction-of-gmail");
    assert_eq!(mail.reaction.as_deref(), Some("\u{1f44d}"));
    assert_eq!(attachments(&mail), []);
    assert_eq!(mail.text, "\u{1f44d}\n\nIna Berg reacted via Gmail");
}

#[test]
fn senders_in_odd_forms_are_one_person() {
    let mail = fixture("sender-in-odd-form");
    let ina = "ina@xn--kche-0ra.example";
    assert_eq!(mail.from, Some(Mailbox::named("Ina Berg", ina)));
    assert_eq!(
        mail.to,
        [
            Mailbox::new("\"help desk\"@desk.example"),
            Mailbox::named("Ina", ina)
        ]
    );
}

#[test]
fn flowed_lines_are_joined() {
    assert_eq!(
        fixture("flowed-without-spaces").text,
        "Siehe https://shop.example/lampen/4711/retoure und unten.\n> Zitatgeht weiter\n-- \nIna"
    );
}
