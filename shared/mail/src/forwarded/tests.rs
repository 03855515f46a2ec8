use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::automatic::AutomaticSign;
use crate::inbound::Attachment;

fn mail(subject: &str, text: &str) -> InboundMail {
    InboundMail {
        subject: subject.into(),
        text: text.into(),
        ..InboundMail::default()
    }
}

/// Who wrote the original, as name and address.
fn author(subject: &str, text: &str) -> Option<(Option<String>, String)> {
    forwarded(&mail(subject, text)).map(|forwarded| (forwarded.from.name, forwarded.from.address))
}

fn ann() -> Option<(Option<String>, String)> {
    Some((Some("Ann Lee".to_owned()), "ann@x.example".to_owned()))
}

const BLOCK: &str = "From: Ann Lee <ann@x.example>\nSent: 11 April 2017 22:07\nTo: Bob <bob@y.example>\nSubject: Printer\n\nIt is broken.";

#[test]
fn the_sender_is_read_in_any_spelling() {
    for written in [
        "Ann Lee <ann@x.example>",
        "Ann Lee <ann@X.Example>",
        "\"Ann Lee\" <ann@x.example>",
        "'Ann Lee' <ann@x.example>",
        "*Ann Lee* <ann@x.example>",
        "Ann Lee <mailto:ann@x.example>",
        "Ann Lee [mailto:ann@x.example]",
        "Ann Lee (ann@x.example)",
        "Ann Lee <ann@x.example<mailto:ann@x.example>>",
        "Ann Lee <ann@x.example> on behalf of Bob <bob@y.example>",
        "Ann Lee\u{a0}<ann@x.example>",
    ] {
        let found = mailbox(written).unwrap();
        assert_eq!(found, Mailbox::named("Ann Lee", "ann@x.example"), "{written}");
    }
    for written in [
        "ann@x.example",
        "<ann@x.example>",
        "ann@x.example <mailto:ann@x.example>",
        "[mailto:ann@x.example]",
        "'ann@x.example' <ann@x.example>",
    ] {
        assert_eq!(mailbox(written), Some(Mailbox::new("ann@x.example")), "{written}");
    }
    for written in ["Ann Lee", "Ann @ home", "ann@", "@x.example", "ann@localhost", ""] {
        assert_eq!(mailbox(written), None, "{written}");
    }
}

#[test]
fn markers_of_clients_and_languages_name_the_sender() {
    for (marker, from) in [
        ("---------- Forwarded message ---------", "From"),
        ("-------- Forwarded Message --------", "From"),
        ("-------- Weitergeleitete Nachricht --------", "Von"),
        ("---------- Message transféré ---------", "De "),
        ("---------- Mensaje reenviado ----------", "De"),
        ("Begin forwarded message:", "From"),
        ("Anfang der weitergeleiteten Nachricht:", "Von"),
        ("Forwarded message:", "*From"),
        ("---------- 转发的邮件 ---------", "发件人"),
    ] {
        let text = format!(
            "Please see to it.\n\n{marker}\n\n{from}: Ann Lee <ann@x.example>\nSubject: Printer\n\nBroken."
        );
        for subject in ["Fwd: Printer", "Printer", ""] {
            let found = forwarded(&mail(subject, &text)).unwrap();
            assert_eq!(found.from, Mailbox::named("Ann Lee", "ann@x.example"), "{marker}");
            assert_eq!(found.sign, ForwardSign::Marker, "{marker}");
            assert_eq!(found.start_bytes, Some("Please see to it.\n\n".len()), "{marker}");
        }
        let quoted: String = text.lines().map(|line| format!("> {line}\n")).collect();
        let quoted = quoted.replace("> Please see to it.\n>", "Please see to it.\n");
        assert_eq!(author("Fwd: Printer", &quoted), ann(), "{quoted}");
    }
}

#[test]
fn header_lines_of_programs_in_other_languages_name_the_sender_and_the_subject() {
    for (above, [from, sent, to, subject]) in [
        // Outlook in Hungarian, Polish, Slovak, French.
        ("", ["Feladó", "Elküldve", "Címzett", "Tárgy"]),
        ("", ["Feladó", "Küldve", "Címzett", "Tárgy"]),
        ("", ["Od", "Wysłano", "Do", "Temat"]),
        ("", ["Od", "Odoslané", "Komu", "Predmet"]),
        ("", ["De\u{a0}", "Envoyé\u{a0}", "À\u{a0}", "Objet\u{a0}"]),
        // Apple Mail in Romanian, Hungarian, Slovak.
        (
            "Începe mesajul redirecționat:\n\n",
            ["De la", "Dată", "Către", "Subiect"],
        ),
        (
            "A továbbított levél kezdete:\n\n",
            ["Feladó", "Dátum", "Címzett", "Tárgy"],
        ),
        (
            "Začiatok preposlanej správy:\n\n",
            ["Od", "Dátum", "Komu", "Predmet"],
        ),
        // Thunderbird in the same.
        (
            "-------- Mesaj redirecționat --------\n",
            ["de la", "Dată", "Către", "Subiect"],
        ),
        (
            "-------- Továbbított üzenet --------\n",
            ["Feladó", "Dátum", "Címzett", "Tárgy"],
        ),
        (
            "-------- Preposlaná správa --- Forwarded Message --------\n",
            ["Od", "Dátum", "Pre", "Predmet"],
        ),
    ] {
        let block = format!(
            "{from}: Ann Lee <ann@x.example>\n{sent}: 2017. 04. 11. 22:07\n{to}: Bob <bob@y.example>\n{subject}: Printer"
        );
        let text = format!("See below.\n\n{above}{block}\n\nIt is broken.");
        let found = forwarded(&mail("Fwd: Printer", &text)).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(found.from, Mailbox::named("Ann Lee", "ann@x.example"), "{text}");
        assert_eq!(found.subject.as_deref(), Some("Printer"), "{text}");
    }
}

#[test]
fn bold_labels_name_the_sender() {
    let text = "Hello\n\nForwarded message:\n\n*From:* Ann Lee <ann@x.example>\n*To:* Bob <bob@y.example>\n*Subject:* Printer\n\nBroken.";
    let found = forwarded(&mail("", text)).unwrap();
    assert_eq!(found.from, Mailbox::named("Ann Lee", "ann@x.example"));
    assert_eq!(found.subject.as_deref(), Some("Printer"));
}

#[test]
fn header_lines_on_the_line_of_the_marker_name_the_sender() {
    let text = "See below.\n ----- Forwarded Message ----- From: Ann Lee <ann@x.example>To: \"bob@y.example\" <bob@y.example>Sent: Tuesday, November 2, 2021, 09:26:50 AM GMT+1Subject: Printer: on fire\nBroken.";
    let found = forwarded(&mail("Fw: Printer", text)).unwrap();
    assert_eq!(found.from, Mailbox::named("Ann Lee", "ann@x.example"));
    assert_eq!(found.subject.as_deref(), Some("Printer: on fire"));
}

#[test]
fn header_lines_below_a_note_need_a_subject_that_says_forward() {
    for rule in [
        "",
        "________________________________\n",
        "-----Original Message-----\n",
    ] {
        let text = format!("Please see to it.\n\n{rule}{BLOCK}");
        for subject in [
            "FW: Printer",
            "WG: Printer",
            "TR : Printer",
            "RV: Printer",
            "Fwd: Re: Printer",
        ] {
            let found = forwarded(&mail(subject, &text)).unwrap();
            assert_eq!(
                found.from,
                Mailbox::named("Ann Lee", "ann@x.example"),
                "{rule}{subject}"
            );
            assert_eq!(found.sign, ForwardSign::HeaderLines);
            assert_eq!(found.subject.as_deref(), Some("Printer"));
        }
        for subject in ["RE: Printer", "AW: FW: Printer", "Printer", ""] {
            assert_eq!(author(subject, &text), None, "{rule}{subject}");
        }
    }
}

#[test]
fn vs_passes_on_where_the_labels_are_danish() {
    let danish = "Se nedenfor.\n\nFra: Ann Lee <ann@x.example>\nSendt: 11. april 2017 22:07\nTil: Bob <bob@y.example>\nEmne: Printer\n\nDen er i stykker.";
    assert_eq!(author("VS: Printer", danish), ann());
    assert_eq!(author("SV: Printer", danish), None);
    let finnish = "Kiitos.\n\nLähettäjä: Ann Lee <ann@x.example>\nLähetetty: 11. huhtikuuta 2017 22:07\nVastaanottaja: Bob <bob@y.example>\nAihe: Printer\n\nSe on rikki.";
    assert_eq!(author("VS: Printer", finnish), None);
}

#[test]
fn header_lines_with_nothing_above_are_passed_on_unless_the_subject_says_reply() {
    for subject in ["FW: Printer", "Printer", "VS: Printer", ""] {
        assert_eq!(author(subject, BLOCK), ann(), "{subject}");
    }
    assert_eq!(author("RE: Printer", BLOCK), None);
}

#[test]
fn quoted_header_lines_are_passed_on_when_the_subject_says_so() {
    let quoted: String = BLOCK.lines().map(|line| format!("> {line}\n")).collect();
    let text = format!("Please see to it.\n\n> ---------- Original Message ----------\n{quoted}");
    assert_eq!(author("Fwd: Printer", &text), ann());
    assert_eq!(author("Re: Printer", &text), None);
    assert_eq!(author("Printer", &text), None);
}

#[test]
fn an_introduction_is_passed_on_when_the_subject_says_so() {
    for line in [
        "On 28/10/2021 12:46, \"Ann Lee\" <ann@x.example> wrote:",
        "On 28/10/2021 12:46, Ann Lee <ann@x.example> wrote:",
        "Am 28.10.2021 um 12:46 schrieb Ann Lee <ann@x.example>:",
    ] {
        for above in ["", "Please see to it.\n\n"] {
            let text = format!("{above}{line}\n\n    It is broken.");
            assert_eq!(author("FW: Printer", &text), ann(), "{text}");
            assert_eq!(author("RE: Printer", &text), None, "{text}");
            assert_eq!(author("Printer", &text), None, "{text}");
        }
    }
}

#[test]
fn a_reply_that_quotes_passes_nothing_on() {
    let text = "Yes.\n\nOn 11 Apr 2017, at 22:07, Ann Lee <ann@x.example> wrote:\n\n> Is it broken?";
    for subject in ["Re: Printer", "Printer", "Fwd: Printer"] {
        assert_eq!(author(subject, text), None, "{subject}");
    }
    let inner = "On 11 Apr 2017, at 22:07, Bob <bob@y.example> wrote:\n\n> ---------- Forwarded message ---------\n> From: Ann Lee <ann@x.example>\n> Subject: x\n>\n> y";
    assert_eq!(author("Re: Printer", &format!("Yes.\n\n{inner}")), None);
}

#[test]
fn the_outermost_of_several_mails_counts() {
    let inner = BLOCK.replace("Ann Lee <ann@x.example>", "Carl <carl@z.example>");
    let text = format!("Look.\n\n{BLOCK}\n\n{inner}");
    assert_eq!(author("FW: Printer", &text), ann());
    let marked = format!(
        "---------- Forwarded message ---------\n{text}\n\n---------- Forwarded message ---------\n{inner}"
    );
    assert_eq!(author("Fwd: Printer", &marked.replace("Look.\n\n", "")), ann());
}

#[test]
fn a_sender_without_an_address_is_not_guessed() {
    let text = BLOCK.replace(" <ann@x.example>", "");
    assert_eq!(author("FW: Printer", &format!("Look.\n\n{text}")), None);
}

#[test]
fn a_subject_wrapped_onto_the_next_line_is_found_and_text_below_is_none_of_it() {
    let found = |text: &str| forwarded(&mail("FW: x", text)).unwrap().subject;
    let glued = BLOCK.replace("Printer\n\n", "Printer\n");
    assert_eq!(found(&glued).as_deref(), Some("Printer"));
    assert_eq!(
        found(&BLOCK.replace("Subject: ", "Subject:\n")).as_deref(),
        Some("Printer")
    );
}

fn with_mails(subject: &str, mails: &[&str]) -> InboundMail {
    let attachments = mails.iter().map(|raw| Attachment {
        name: "message.eml".to_owned(),
        content_type: "message/rfc822".to_owned(),
        content_id: None,
        inline: false,
        bytes: raw.replace('\n', "\r\n").into(),
    });
    InboundMail {
        attachments: attachments.collect(),
        ..mail(subject, "Please see to it.")
    }
}

const ORIGINAL: &str = "From: Ann Lee <ann@x.example>\nSubject: =?utf-8?Q?Dr=C3=BCcker?=\n\nIt is broken.";

#[test]
fn the_only_attached_mail_is_passed_on() {
    let found = forwarded(&with_mails("", &[ORIGINAL])).unwrap();
    let expected = Forwarded {
        from: Mailbox::named("Ann Lee", "ann@x.example"),
        subject: Some("Drücker".to_owned()),
        start_bytes: None,
        sign: ForwardSign::AttachedMail,
    };
    assert_eq!(found, expected);
    assert_eq!(forwarded(&with_mails("", &[ORIGINAL, ORIGINAL])), None);
    assert_eq!(forwarded(&with_mails("Re: it", &[ORIGINAL])), None);
    assert_eq!(
        forwarded(&with_mails("", &["Subject: x\n\nFrom: a@b.example"])),
        None
    );
}

#[test]
fn a_machine_passes_nothing_on() {
    let mut bounce = with_mails("Returned mail", &[ORIGINAL]);
    bounce.automatic = Some(AutomaticSign::Report);
    assert_eq!(forwarded(&bounce), None);
    let mut unsigned = with_mails("Mail delivery failed: returning message to sender", &[ORIGINAL]);
    unsigned.text = "<ann@x.example>: 550 5.1.1 User unknown".to_owned();
    assert_eq!(forwarded(&unsigned), None);
}

#[test]
fn hostile_texts_take_less_than_a_second() {
    let many = 767_000;
    let marker = "---------- Forwarded message ---------\n";
    for text in [
        marker.repeat(many / marker.len()),
        format!("{marker}{}", ">\n".repeat(many / 2)),
        format!("{marker}From: {}", "a@".repeat(many / 2)),
        format!("{marker}{}", "From: a@b.example\n".repeat(many / 18)),
        format!("{marker}From: a\n{}", "a@b a@b a@b\n".repeat(many / 12)),
        format!("----- Forwarded message ----- From: {}", "Subject:".repeat(60)),
        format!(
            "On 1/1/2021 10:00, {} <a@b.example> wrote:\n\nx",
            "a ".repeat(many / 2)
        ),
        BLOCK.repeat(many / BLOCK.len()),
    ] {
        // One of three: the machine has other work too.
        let fast = (0..3).any(|_| {
            let start = Instant::now();
            let _ = forwarded(&mail("FW: x", &text));
            start.elapsed() < Duration::from_secs(1)
        });
        assert!(fast, "{}", &text[..80.min(text.len())]);
    }
}

proptest! {
    #[test]
    fn any_mail_has_an_author_with_an_address_or_none(subject in any::<String>(), text in any::<String>()) {
        let text = format!("---------- Forwarded message ---------\nFrom: {text}\nSubject: {subject}\n");
        if let Some(found) = forwarded(&mail("", &text)) {
            prop_assert!(found.from.address.contains('@'));
            prop_assert_eq!(found.start_bytes, Some(0));
        }
    }

    #[test]
    fn any_sender_is_read_without_panic(written in "[ -~äßж'\"<>@.:\\[\\]]{0,80}") {
        if let Some(found) = mailbox(&written) {
            prop_assert!(found.address.contains('@') && !found.address.contains(['<', '>', ' ']));
        }
    }
}
