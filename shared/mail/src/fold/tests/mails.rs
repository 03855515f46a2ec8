//! Whole mails: header lines, forwards, signatures, answers between quotes.

use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(shown(text), expected, "{:?}", fold(text));
}

/// Labels of sender, time, recipient and subject, as Outlook and others write them.
const HEADERS: &[[&str; 4]] = &[
    ["From", "Sent", "To", "Subject"],
    ["*From", "*Sent", "*To", "*Subject"],
    ["From", "Date", "To", "Subject"],
    ["Von", "Gesendet", "An", "Betreff"],
    ["De", "Envoyé", "À", "Objet"],
    ["De\u{a0}", "Date\u{a0}", "À\u{a0}", "Objet\u{a0}"],
    ["De", "Enviado el", "Para", "Asunto"],
    ["De", "Enviada em", "Para", "Assunto"],
    ["Da", "Inviato", "A", "Oggetto"],
    ["Van", "Verzonden", "Aan", "Onderwerp"],
    ["Fra", "Sendt", "Til", "Emne"],
    ["Från", "Skickat", "Till", "Ämne"],
    ["Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"],
    ["Saatja", "Saadetud", "Adressaat", "Teema"],
    ["No", "Nosūtīts", "Kam", "Tēma"],
    ["Nuo", "Išsiųsta", "Kam", "Tema"],
    ["Od", "Wysłano", "Do", "Temat"],
    ["Od", "Odesláno", "Komu", "Předmět"],
    ["Od", "Odoslané", "Komu", "Predmet"],
    ["Od", "Poslano", "Za", "Zadeva"],
    ["Feladó", "Elküldve", "Címzett", "Tárgy"],
    ["De la", "Trimis", "Către", "Subiect"],
    ["От", "Отправлено", "Кому", "Тема"],
    ["Від", "Надіслано", "Кому", "Тема"],
    ["От", "Изпратено", "До", "Относно"],
    ["Από", "Στάλθηκε", "Προς", "Θέμα"],
    ["Kimden", "Gönderildi", "Kime", "Konu"],
    ["מאת", "נשלח", "אל", "נושא"],
    ["من", "تم الإرسال", "إلى", "الموضوع"],
    ["Từ", "Đã gửi", "Đến", "Chủ đề"],
    ["Dari", "Dikirim", "Kepada", "Subjek"],
    ["จาก", "ส่ง", "ถึง", "เรื่อง"],
    ["发件人", "发送时间", "收件人", "主题"],
    ["寄件者", "寄件日期", "收件者", "主旨"],
    ["差出人", "送信日時", "宛先", "件名"],
    ["보낸 사람", "보낸 날짜", "받는 사람", "제목"],
];

#[test]
fn header_lines_of_many_languages_fold_what_follows() {
    for [from, sent, to, subject] in HEADERS {
        let headers = format!(
            "{from}: Ann Smith <ann@example.com>\n{sent}: 11.04.2017 22:07\n{to}: Desk <desk@example.com>\n{subject}: Printer"
        );
        for between in [
            "",
            "________________________________\n",
            "-----Original Message-----\n",
        ] {
            check(
                &format!("Thank you.\n\n{between}{headers}\n\nHello, it is broken.\n\nAnn"),
                "Thank you.",
            );
        }
        let spaced = headers.replace('\n', "\n\n");
        check(
            &format!("Thank you.\n\n{spaced}\n\nHello, it is broken."),
            "Thank you.",
        );
    }
}

#[test]
fn header_lines_on_one_line_below_a_rule_fold_what_follows() {
    check(
        "Thank you.\n________________________________\nFrom: Ann <ann@example.com> Sent: 11 April 2017 22:07 To: Desk Subject: Printer\n\nHello",
        "Thank you.",
    );
}

#[test]
fn header_lines_at_the_top_are_of_a_forwarded_mail() {
    let text =
        "From: Ann <ann@example.com>\nSent: 11 April 2017 22:07\nTo: Desk\nSubject: Printer\n\nIt is broken.";
    assert_eq!(parts(text), [Part::Forward]);
}

#[test]
fn the_subject_tells_a_forward_from_a_reply() {
    let text = "Please handle.\n\nFrom: Ann <ann@example.com>\nSent: 11 April 2017 22:07\nTo: Desk\nSubject: Printer\n\nIt is broken.";
    for (subject, part) in [
        ("FW: Printer", Part::Forward),
        ("WG: Printer", Part::Forward),
        ("İLT: Printer", Part::Forward),
        ("RE: Printer", Part::Quote),
    ] {
        let mail = InboundMail {
            subject: subject.into(),
            text: text.into(),
            ..InboundMail::default()
        };
        let spans = fold_mail(&mail);
        assert_eq!(
            spans.iter().map(|span| span.part).collect::<Vec<_>>(),
            [Part::New, part],
            "{subject}"
        );
        assert_eq!(spans[0].of(text), "Please handle.\n\n");
    }
}

#[test]
fn what_the_subject_says_is_passed_on_is_shown_below_an_introduction_and_in_quote_marks() {
    for text in [
        "On 28/10/2021 12:46, \"Ann\" <ann@example.com> wrote:\n\n    It is broken.",
        "> ---------- Original Message ----------\n> From: Ann <ann@example.com>\n> Subject: Printer\n>\n> It is broken.",
    ] {
        for (subject, part) in [("FW: Printer", Part::Forward), ("RE: Printer", Part::New)] {
            let mail = InboundMail {
                subject: subject.into(),
                text: text.into(),
                ..InboundMail::default()
            };
            let parts: Vec<Part> = fold_mail(&mail).iter().map(|span| span.part).collect();
            assert_eq!(parts, [part], "{subject} {text}");
        }
    }
}

#[test]
fn a_forwarded_mail_is_shown_and_known_as_one() {
    for announcement in [
        "---------- Forwarded message ---------",
        "-------- Weitergeleitete Nachricht --------",
        "Begin forwarded message:",
        "Anfang der weitergeleiteten Nachricht:",
        "Début du message réexpédié :",
        "İleti başlangıcı:",
        "---------- 转发的邮件 ---------",
        "----- Mensaje reenviado ----- De: Ann <ann@example.com>Para: Desk",
    ] {
        let text = format!(
            "Please handle.\n\n{announcement}\n\nFrom: Ann <ann@example.com>\nSubject: Printer\n\nIt is broken.\n\n> quoted\n"
        );
        assert_eq!(parts(&text), [Part::New, Part::Forward], "{announcement}");
    }
}

#[test]
fn a_forwarded_mail_with_quote_marks_ends_with_them() {
    let text = "Please handle.\n\n> Begin forwarded message:\n>\n> From: Ann <ann@example.com>\n> Subject: Printer\n>\n> It is broken.\n\nBob";
    assert_eq!(parts(text), [Part::New, Part::Forward, Part::New]);
}

#[test]
fn answers_between_quotes_are_shown() {
    check(
        "On 11 Apr 2017, at 22:07, John <john@example.com> wrote:\n> Is it broken?\n\nYes.\n\n> Since when?\nSince Monday.",
        "Yes.\n\nSince Monday.",
    );
}

#[test]
fn the_delimiter_folds_a_signature_before_a_quote_and_after_it() {
    let quote = "On 11 Apr 2017, at 22:07, John <john@example.com> wrote:\n\n> Hello\n";
    check(&format!("Thanks.\n\n-- \nAnn\nExample Ltd\n\n{quote}"), "Thanks.");
    check(&format!("{quote}\nThanks.\n-- \nAnn"), "Thanks.");
    check(&format!("Thanks.\n\n{quote}\n-- \nAnn"), "Thanks.");
}

#[test]
fn a_delimiter_far_from_the_end_is_none() {
    let text = format!("Above.\n--\n{}", "A line of the text.\n".repeat(31));
    assert_eq!(parts(&text), [Part::New]);
}

#[test]
fn lines_of_devices_are_folded() {
    for line in DEVICES {
        check(&format!("Yes, please.\n\n{line}\n"), "Yes, please.");
        check(
            &format!(
                "Yes, please.\n{line}\n\nOn 11 Apr 2017, at 22:07, J <j@example.com> wrote:\n\n> Shall we?"
            ),
            "Yes, please.",
        );
    }
}

const DEVICES: &[&str] = &[
    "Sent from my iPhone",
    "Sent from my Samsung Galaxy S21, please excuse the typos",
    "Sent from Yahoo Mail on Android",
    "Sent from Mail for Windows",
    "Sent from Outlook for iOS<https://aka.ms/o0ukef>",
    "Get Outlook for Android<https://aka.ms/AAb9ysg>",
    "(sent from mobile)",
    "Von meinem iPhone gesendet",
    "Gesendet von Mail für Windows",
    "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "Envoyé de mon iPhone",
    "Envoyé à partir de Outlook pour Android",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Sendt fra min iPhone",
    "Skickat från min iPhone",
    "Lähetetty iPhonesta",
    "Wysłane z iPhone'a",
    "Odesláno z iPhonu",
    "Odoslané z iPhonu",
    "Poslano z mojega iPhona",
    "Az iPhone-omról küldve",
    "Trimis de pe iPhone-ul meu",
    "Отправлено с iPhone",
    "Надіслано з iPhone",
    "Изпратено от моя iPhone",
    "Στάλθηκε από το iPhone μου",
    "iPhone'umdan gönderildi",
    "נשלח מה-iPhone שלי",
    "أرسلت من الـ iPhone",
    "Đã gửi từ iPhone của tôi",
    "Dikirim dari iPhone saya",
    "ส่งจาก iPhone ของฉัน",
    "发自我的iPhone",
    "從我的 iPhone 傳送",
    "iPhoneから送信",
    "나의 iPhone에서 보냄",
];

#[test]
fn the_footer_of_a_list_is_folded() {
    check(
        "Hello all.\n\n_______________________________________________\nusers mailing list\nusers@example.com\nhttps://example.com/listinfo/users",
        "Hello all.",
    );
}

#[test]
fn what_stands_below_the_line_a_desk_draws_is_folded() {
    check(
        "It works now.\n\n##- Please type your reply above this line -##\n\nYour request (17) was updated.",
        "It works now.",
    );
}

#[test]
fn a_rule_and_quotes_of_html_are_text_that_folds() {
    let html = "<p>It works.</p><hr><p><b>From:</b> Ann &lt;ann@example.com&gt;<br><b>Sent:</b> 11 April 2017</p><p>Hello</p>";
    check(&crate::html_to_text(html), "It works.");
    let html = "<div>It works.</div><div class=\"gmail_quote\"><div>On Tue, 11 Apr 2017 at 22:07, Ann &lt;ann@example.com&gt; wrote:<br></div><blockquote><p>Hello</p></blockquote></div>";
    check(&crate::html_to_text(html), "It works.");
}
