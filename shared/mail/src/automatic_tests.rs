use super::*;
use AutomaticSign::*;

/// Header sets as lines, the envelope sender if known, and the expected sign.
type Case = (&'static str, Option<&'static str>, Option<AutomaticSign>);

const CASES: &[Case] = &[
    // Auto-Submitted
    ("Auto-Submitted: no", None, None),
    ("Auto-Submitted: NO", None, None),
    ("Auto-Submitted: No ", None, None),
    ("Auto-Submitted: no; x=y", None, None),
    ("Auto-Submitted: no;x=y", None, None),
    ("Auto-Submitted: (a comment) no", None, None),
    ("Auto-Submitted: no (really)", None, None),
    ("Auto-Submitted: auto-replied", None, Some(AutoSubmitted)),
    ("auto-submitted: AUTO-REPLIED", None, Some(AutoSubmitted)),
    (
        "Auto-Submitted: auto-replied; owner-email=\"a@b\"",
        None,
        Some(AutoSubmitted),
    ),
    ("Auto-Submitted: auto-generated", None, Some(AutoSubmitted)),
    ("Auto-Submitted: auto-notified", None, Some(AutoSubmitted)),
    (
        "Auto-Submitted: auto-generated (failure)",
        None,
        Some(AutoSubmitted),
    ),
    ("Auto-Submitted: yes", None, Some(AutoSubmitted)),
    ("Auto-Submitted: note", None, Some(AutoSubmitted)),
    ("Auto-Submitted: nope", None, Some(AutoSubmitted)),
    ("Auto-Submitted: x-vendor", None, Some(AutoSubmitted)),
    ("Auto-Submitted: (no) auto-replied", None, Some(AutoSubmitted)),
    ("Auto-Submitted:", None, Some(AutoSubmitted)),
    (
        "Auto-Submitted: no\nAuto-Submitted: auto-replied",
        None,
        Some(AutoSubmitted),
    ),
    // null return path
    ("Subject: x", Some(""), Some(NullReturnPath)),
    ("Subject: x", Some("<>"), Some(NullReturnPath)),
    ("Subject: x", Some("< >"), Some(NullReturnPath)),
    ("Subject: x", Some("a@b.example"), None),
    ("Subject: x", None, None),
    ("Return-Path: <>", None, Some(NullReturnPath)),
    ("Return-Path: <a@b.example>", None, None),
    ("Return-Path:", None, None),
    ("Return-Path: <>", Some("a@b.example"), None),
    ("Return-Path: <a@b.example>\nReturn-Path: <>", None, None),
    // reports
    (
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
        None,
        Some(Report),
    ),
    ("Content-Type: Multipart/Report; boundary=x", None, Some(Report)),
    ("Content-Type: multipart/report;\n boundary=x", None, Some(Report)),
    (
        "Content-Type: multipart/report; report-type=feedback-report",
        Some("a@b.example"),
        Some(Report),
    ),
    (
        "Content-Type: multipart/mixed; name=\"multipart/report\"",
        None,
        None,
    ),
    ("Content-Type: message/delivery-status", None, None),
    // Precedence
    ("Precedence: bulk", None, Some(Precedence)),
    ("Precedence: Bulk", None, Some(Precedence)),
    ("Precedence: junk", None, Some(Precedence)),
    ("Precedence: auto_reply", None, Some(Precedence)),
    ("Precedence: auto-reply", None, Some(Precedence)),
    ("Precedence: list", None, None),
    ("Precedence: first-class", None, None),
    ("Precedence: special-delivery", None, None),
    ("Precedence:", None, None),
    // vendors' fields
    ("X-Autoreply: yes", None, Some(XAutoreply)),
    ("X-Autoreply: True", None, Some(XAutoreply)),
    ("X-AutoReply:", None, Some(XAutoreply)),
    ("X-Autoreply: no", None, None),
    ("X-Autorespond: Out of office", None, Some(XAutorespond)),
    ("x-autorespond: 1", None, Some(XAutorespond)),
    ("X-Autorespond: false", None, None),
    ("X-Autoreply-From: a@b.example", None, None),
    // system senders
    (
        "From: MAILER-DAEMON@b.example (Mail Delivery System)",
        None,
        Some(SystemSender),
    ),
    (
        "From: Mail Delivery Subsystem <mailer-daemon@b.example>",
        None,
        Some(SystemSender),
    ),
    ("From: Mailer-Daemon", None, Some(SystemSender)),
    ("From: postmaster@b.example", None, Some(SystemSender)),
    (
        "From: \"Post Master\" <POSTMASTER@b.example>",
        None,
        Some(SystemSender),
    ),
    ("From: MAILER-DAEMON <>", None, Some(SystemSender)),
    ("From: \"Postmaster\" < >", None, Some(SystemSender)),
    ("From: Ann <>", None, None),
    ("From: <>", None, None),
    ("Sender: mailer-daemon@b.example", None, Some(SystemSender)),
    (
        "From: a@b.example",
        Some("MAILER-DAEMON@b.example"),
        Some(SystemSender),
    ),
    ("From: postmaster <a@b.example>", None, None),
    ("From: postmaster-team@b.example", None, None),
    ("From: a@postmaster.example", None, None),
    // our own mail
    ("X-Docket-Outbox: main.1.2", None, Some(OwnOutbox)),
    ("x-docket-outbox: other", Some("a@b.example"), Some(OwnOutbox)),
    ("X-Docket-Outbox: 1\nAuto-Submitted: no", None, Some(OwnOutbox)),
    // human mail that lists and Exchange carry
    ("List-Id: <users.b.example>", None, None),
    ("List-Unsubscribe: <mailto:x@b.example>", None, None),
    ("X-Auto-Response-Suppress: All", None, None),
    ("X-Auto-Response-Suppress: DR, OOF, AutoReply", None, None),
    ("Subject: Automatic reply: hello", None, None),
    ("Subject: Auto-Submitted: auto-replied", None, None),
    ("", None, None),
];

fn headers(lines: &str) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines.lines() {
        match (line.starts_with(' '), line.split_once(':')) {
            (true, _) => headers.last_mut().unwrap().1.push_str(line),
            (false, Some((name, value))) => headers.push((name.to_owned(), value.to_owned())),
            (false, None) => panic!("a header line without a colon: {line}"),
        }
    }
    headers
}

#[test]
fn the_classifier_tells_machines_from_people() {
    assert!(CASES.len() >= 60, "{}", CASES.len());
    for (lines, mail_from, expected) in CASES {
        assert_eq!(
            automatic_sign(&headers(lines), *mail_from),
            *expected,
            "{lines:?} {mail_from:?}"
        );
    }
}

#[test]
fn signs_of_groups_and_exchange_only_hold_back() {
    for (lines, expected) in [
        ("List-Id: <users.b.example>", Some(HoldBackSign::ListId)),
        ("Precedence: list", Some(HoldBackSign::PrecedenceList)),
        ("Precedence: LIST", Some(HoldBackSign::PrecedenceList)),
        ("Precedence: bulk", None),
        (
            "X-Auto-Response-Suppress: All",
            Some(HoldBackSign::AutoResponseSuppress),
        ),
        (
            "X-Auto-Response-Suppress: DR, RN",
            Some(HoldBackSign::AutoResponseSuppress),
        ),
        ("X-Auto-Response-Suppress: None", None),
        ("X-Auto-Response-Suppress:", None),
        ("Subject: x", None),
    ] {
        assert_eq!(hold_back_sign(&headers(lines)), expected, "{lines:?}");
    }
}

#[test]
fn a_sign_is_stored_as_the_word_it_prints() {
    for sign in [
        OwnOutbox,
        AutoSubmitted,
        Report,
        NullReturnPath,
        Precedence,
        XAutoreply,
        XAutorespond,
        SystemSender,
    ] {
        assert_eq!(
            serde_json::to_string(&sign).unwrap(),
            format!("\"{}\"", sign.as_str())
        );
    }
}
