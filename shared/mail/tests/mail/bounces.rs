//! Bounces and complaints of different mail systems, read with literal expectations. Where they come from:
//! `fixtures/FIXTURES.md`.

use docket_mail::Permanence::{Permanent, Temporary};
use docket_mail::Reason::{Expired, HostUnknown, MailboxFull, Other, Suspended, UserUnknown};
use docket_mail::bounce::Complaint;
use docket_mail::{InboundMail, Notice, Permanence, Reason, notice, read, read_bounces};

/// Address, permanence, status, reply code, reason.
type Expected<'a> = (&'a str, Permanence, &'a str, Option<u16>, Reason);

fn fixture(name: &str) -> InboundMail {
    let path = format!("{}/tests/fixtures/bounces/{name}.eml", env!("CARGO_MANIFEST_DIR"));
    read(&std::fs::read(path).unwrap(), None).unwrap()
}

fn check(name: &str, original: Option<&str>, expected: &[Expected<'_>]) {
    let bounces = read_bounces(&fixture(name)).unwrap();
    let seen: Vec<_> = bounces
        .iter()
        .map(|bounce| {
            let address = bounce.address.clone().unwrap_or_default();
            let status = bounce.status.map(|status| status.to_string()).unwrap_or_default();
            (address, bounce.kind, status, bounce.reply_code, bounce.reason)
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(address, kind, status, code, reason)| {
            ((*address).to_owned(), *kind, (*status).to_owned(), *code, *reason)
        })
        .collect();
    assert_eq!(seen, expected, "{name}");
    for bounce in bounces {
        assert_eq!(bounce.original_message_id.as_deref(), original, "{name}");
    }
}

#[test]
fn qmail_says_of_each_recipient_what_its_host_said() {
    check(
        "qmail-two-recipients",
        Some("20240626063258.85881.qmail@email.example.jp"),
        &[
            (
                "mailboxfull@libsisimai.net",
                Permanent,
                "5.2.2",
                Some(552),
                MailboxFull,
            ),
            (
                "userunknown@libsisimai.net",
                Permanent,
                "5.1.1",
                Some(550),
                UserUnknown,
            ),
        ],
    );
}

#[test]
fn exim_without_a_report_is_read_from_its_prose() {
    check(
        "exim-without-report",
        Some("19990429233445.000000@mx4.example.org"),
        &[(
            "kijitora@neko.example.co.jp",
            Permanent,
            "5.1.1",
            Some(553),
            UserUnknown,
        )],
    );
}

#[test]
fn postfix_reports_two_recipients() {
    check(
        "postfix-two-recipients",
        Some("20150213024748.CEEDB20C16@2jo.example.jp"),
        &[
            ("kijitora@example.jp", Permanent, "5.2.1", Some(550), UserUnknown),
            ("noraneko@example.jp", Permanent, "5.2.2", Some(550), MailboxFull),
        ],
    );
}

#[test]
fn a_mail_in_circles_has_expired() {
    check(
        "domino-hop-count",
        Some("FF00EE22AA.AA0AFFE2-NEKO000222.002DDADA-B0000304.00222002A@example.edu"),
        &[("kijitora@neko.example.org", Permanent, "5.0.0", None, Expired)],
    );
}

#[test]
fn a_status_without_a_reply_code_is_read() {
    check(
        "gmx-status-without-reply-code",
        Some("trinity-fde69d4e-12a0-462b-9dcd-7312ce506d03-1417194013122@3capp-mailcom-lxa07"),
        &[("shironeko@example.jp", Permanent, "5.1.1", None, UserUnknown)],
    );
}

#[test]
fn a_notice_in_russian_and_english_names_each_recipient_once() {
    check(
        "mailru-in-russian",
        Some("520967C8-075C-4B93-929C-E0EEAD268A25@mail.example.ru"),
        &[
            ("mikeneko@example.jp", Permanent, "5.2.2", Some(550), MailboxFull),
            ("sabineko@example.jp", Permanent, "5.2.1", Some(550), UserUnknown),
        ],
    );
}

#[test]
fn a_notice_without_codes_tells_its_reasons_in_words() {
    check(
        "yahoo-three-recipients",
        Some("00000000000000000000000000000000@example.jp"),
        &[
            ("kijitora@example.com", Permanent, "", None, UserUnknown),
            ("mikeneko@example.com", Permanent, "", None, Suspended),
            ("sabineko@example.com", Permanent, "", None, UserUnknown),
        ],
    );
}

#[test]
fn a_delay_is_temporary_and_leaves_the_address_alive() {
    check(
        "delay",
        Some("74f4e3a292556888@df.example.jp"),
        &[("neko@nyaan.jp", Temporary, "4.0.0", None, HostUnknown)],
    );
    let bounces = read_bounces(&fixture("delay")).unwrap();
    assert!(!bounces[0].address_is_dead());
}

#[test]
fn a_notice_in_a_language_we_do_not_read_is_known_by_its_header() {
    check(
        "google-groups-in-hebrew",
        Some("51E2AB79-95D6-4371-95E6-808D34B37539@example.jp"),
        &[("libsisimai@googlegroups.com", Permanent, "", None, Other)],
    );
}

#[test]
fn a_report_whose_boundary_is_lost_is_read() {
    check(
        "boundary-lost",
        Some("000000000000000000@example.org"),
        &[
            ("sabineko@example.org", Permanent, "5.7.1", Some(550), UserUnknown),
            ("mikeneko@example.org", Permanent, "5.7.1", Some(550), UserUnknown),
        ],
    );
}

#[test]
fn a_notice_whose_returned_mail_was_cut_off_is_read() {
    check(
        "mailenable-header-cut",
        None,
        &[("userx@example.com", Permanent, "", Some(550), UserUnknown)],
    );
}

#[test]
fn a_bounce_that_a_person_forwards_is_their_mail() {
    assert_eq!(notice(&fixture("forwarded-by-a-person")), None);
}

#[test]
fn a_feedback_report_is_a_complaint() {
    let expected = Complaint {
        kind: "abuse".into(),
        address: Some("this-local-part-does-not-exist-on-yahoo@yahoo.com".into()),
        original_message_id: Some("000000000000000000000000.smtp@example.com".into()),
    };
    assert_eq!(notice(&fixture("complaint")), Some(Notice::Complaint(expected)));
}

#[test]
fn outlook_com_complains_in_a_form_of_its_own() {
    let Some(Notice::Complaint(complaint)) = notice(&fixture("complaint-of-outlook-com")) else {
        panic!("no complaint");
    };
    assert_eq!(complaint.kind, "abuse");
    assert!(complaint.address.is_some() && complaint.original_message_id.is_some());
}
