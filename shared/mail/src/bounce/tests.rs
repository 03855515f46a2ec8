use super::*;
use crate::{inbound::InboundMail, read::read};

fn report(fields: &str) -> InboundMail {
    let mail = format!(
        "From: mailer-daemon@b.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\n\n\
         --r\n\nnot delivered\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; b.example\n\n{fields}\n\
         --r\nContent-Type: text/rfc822-headers\n\nSubject: x\nX-Docket-Outbox: main.7\nMessage-ID: <out.1@desk.example>\n\n--r--\n"
    );
    read(mail.as_bytes(), Some("")).unwrap()
}

fn prose(header: &str, text: &str) -> InboundMail {
    let mail = format!("{header}\nTo: help@desk.example\n\n{text}");
    read(mail.as_bytes(), Some("")).unwrap()
}

fn only(mail: &InboundMail) -> Bounce {
    let bounces = read_bounces(mail).unwrap();
    assert_eq!(bounces.len(), 1, "{bounces:?}");
    bounces.into_iter().next().unwrap()
}

#[test]
fn a_permanent_failure_is_read() {
    let mail = report(
        "Final-Recipient: rfc822; moved@b.example\nOriginal-Recipient: rfc822;<ann@b.example>\nAction: failed\n\
         Status: 5.1.1 (no such user)\nDiagnostic-Code: smtp; 550 5.1.1\n no such user\n",
    );
    let expected = Bounce {
        address: Some("ann@b.example".into()),
        kind: Permanence::Permanent,
        status: "5.1.1".parse().ok(),
        reply_code: Some(550),
        reason: Reason::UserUnknown,
        diagnostic: "550 5.1.1 no such user".into(),
        original_message_id: Some("out.1@desk.example".into()),
        original_outbox: Some("main.7".into()),
    };
    assert!(expected.address_is_dead());
    assert_eq!(read_bounces(&mail), Some(vec![expected]));
}

#[test]
fn a_delay_is_not_permanent() {
    let mail = report("Final-Recipient: rfc822; ann@b.example\nAction: delayed\nStatus: 5.4.7\n");
    assert_eq!(only(&mail).kind, Permanence::Temporary);
}

#[test]
fn a_report_of_success_is_no_bounce() {
    let mail = report("Final-Recipient: rfc822; ann@b.example\nAction: delivered\nStatus: 2.1.5\n");
    assert_eq!(read_bounces(&mail), None);
    assert_eq!(notice(&mail), None);
}

#[test]
fn only_the_recipients_that_failed_are_told() {
    let mail = report(
        "Final-Recipient: rfc822; one@b.example\nAction: relayed\nStatus: 2.1.9\n\n\
         Final-Recipient: rfc822; two@b.example\nAction: failed\nStatus: 5.2.2\n",
    );
    let bounce = only(&mail);
    assert_eq!(bounce.address.as_deref(), Some("two@b.example"));
    assert_eq!(bounce.reason, Reason::MailboxFull);
    assert!(!bounce.address_is_dead());
}

#[test]
fn recipients_without_a_blank_line_between_them_are_told_apart() {
    let mail = report(
        "Final-Recipient: rfc822; one@b.example\nAction: failed\nStatus: 5.1.1\n\
         Final-Recipient: rfc822; two@b.example\nAction: failed\nStatus: 5.2.2\n",
    );
    assert_eq!(read_bounces(&mail).unwrap().len(), 2);
}

#[test]
fn a_recipient_reported_twice_is_told_once() {
    let twice = "Final-Recipient: rfc822; one@b.example\nAction: failed\nStatus: 5.1.1\n\n".repeat(2);
    assert_eq!(read_bounces(&report(&twice)).unwrap().len(), 1);
}

#[test]
fn what_the_body_of_the_returned_mail_says_is_not_its_header() {
    let mail = b"From: MAILER-DAEMON@b.example\nSubject: failure notice\nContent-Type: multipart/mixed; boundary=r\n\n--r\n\n\
        <ann@b.example>: user unknown\n--r\nContent-Type: message/rfc822\n\nSubject: x\n\nMessage-ID: <other@desk.example>\n\
        X-Docket-Outbox: other\n--r--\n";
    let bounce = only(&read(mail, None).unwrap());
    assert_eq!((bounce.original_message_id, bounce.original_outbox), (None, None));
}

#[test]
fn a_report_sent_on_as_a_file_is_read() {
    let mail = b"From: postmaster@b.example\nContent-Type: multipart/mixed; boundary=r\n\n--r\n\nUndeliverable\n--r\n\
        Content-Type: text/plain; name=details.txt\nContent-Disposition: attachment\n\nReporting-MTA: dns; b.example\n\n\
        Final-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 5.1.1\n--r--\n";
    let mail = read(mail, None).unwrap();
    assert_eq!(only(&mail).address.as_deref(), Some("ann@b.example"));
}

#[test]
fn a_bounce_wrapped_by_a_gateway_is_read() {
    let inner = "From: MAILER-DAEMON@c.example\nSubject: failure notice\n\nHi. This is the qmail-send program.\n\n\
        <ann@c.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n\
        Return-Path: <help@desk.example>\nMessage-ID: <out.1@desk.example>\n";
    let mail = format!(
        "From: postmaster@b.example\nContent-Type: multipart/mixed; boundary=r\n\n--r\n\nSee below.\n--r\n\
         Content-Type: message/rfc822\n\n{inner}\n--r--\n"
    );
    let bounce = only(&read(mail.as_bytes(), None).unwrap());
    assert_eq!(bounce.address.as_deref(), Some("ann@c.example"));
    assert_eq!(bounce.original_message_id.as_deref(), Some("out.1@desk.example"));
}

#[test]
fn a_person_who_writes_of_a_bounce_is_heard() {
    let text = "My mail to you could not be delivered:\n\n<help@desk.example>: 550 5.1.1 user unknown\n\nPlease help, Ann";
    let from_ann = "From: Ann <ann@b.example>\nSubject: Undeliverable mail";
    let mail = format!("{from_ann}\n\n{text}");
    let mail = read(mail.as_bytes(), Some("ann@b.example")).unwrap();
    assert_eq!(read_bounces(&mail), None);
}

#[test]
fn a_person_who_answers_with_the_bounce_attached_is_heard() {
    let mail = b"From: Ann <ann@b.example>\nSubject: Re: Undeliverable mail\nContent-Type: multipart/mixed; boundary=r\n\n\
        --r\n\nIt could not be delivered, see attachment.\n--r\nContent-Type: message/rfc822\n\nFrom: MAILER-DAEMON@c.example\n\
        Subject: failure notice\n\n<bob@c.example>: 550 5.1.1 user unknown\n--r--\n";
    let mail = read(mail, Some("ann@b.example")).unwrap();
    assert_eq!(read_bounces(&mail), None);
}

#[test]
fn a_parcel_that_was_not_delivered_is_no_bounce() {
    let mail = prose(
        "From: Parcels <no-reply@parcels.example>\nSubject: Delivery failed\nAuto-Submitted: auto-generated",
        "Dear Ann, your parcel 4711 could not be delivered today. We try again tomorrow.\n",
    );
    assert_eq!(notice(&mail), None);
}

#[test]
fn an_address_named_in_passing_is_not_the_one_that_failed() {
    let mail = prose(
        "From: MAILER-DAEMON@b.example\nSubject: failure notice",
        "The user is unknown. If a try with mike@b.example fails too, ask the directory.\n",
    );
    assert_eq!(only(&mail).address, None);
}

#[test]
fn of_the_returned_mail_s_recipients_those_that_the_notice_names_failed() {
    let mail = prose(
        "From: MAILER-DAEMON@b.example\nSubject: failure notice",
        "Nothing could be done with ann@b.example, ask mike@b.example.\n\n--- Below this line is a copy of the \
         message.\n\nReturn-Path: <help@desk.example>\nTo: bob@b.example, ann@b.example\n",
    );
    assert_eq!(only(&mail).address.as_deref(), Some("ann@b.example"));
}

#[test]
fn an_automatic_reply_is_no_bounce() {
    let header = "From: Ann <ann@b.example>\nSubject: Out of office\nAuto-Submitted: auto-replied\nIn-Reply-To: <out.1@desk.example>";
    let mail = prose(
        header,
        "I am away until Monday. Your message was not delivered to anyone else.",
    );
    assert_eq!(notice(&mail), Some(Notice::AutomaticReply));
}

#[test]
fn the_address_to_ask_is_not_the_one_that_failed() {
    let mail = prose(
        "From: MAILER-DAEMON@b.example\nSubject: Undelivered Mail",
        "For further assistance, please contact <admin@b.example>\n\nThe mail to ann@b.example could not be delivered.\n",
    );
    assert_eq!(only(&mail).address.as_deref(), Some("ann@b.example"));
}

#[test]
fn a_recipient_may_be_called_by_a_name_that_the_report_does_not_use() {
    let mail = prose(
        "From: MAILER-DAEMON@b.example\nSubject: failure notice\nX-Failed-Recipients: ann@b.example",
        "Det gick inte att leverera.\n",
    );
    let bounce = only(&mail);
    assert_eq!(bounce.address.as_deref(), Some("ann@b.example"));
    assert_eq!(bounce.kind, Permanence::Permanent);
}

#[test]
fn an_answer_to_our_mail_names_it_when_nothing_else_does() {
    let mail = prose(
        "From: postmaster@b.example\nSubject: Undeliverable: Hello\nIn-Reply-To: <out.1@desk.example>",
        "Delivery has failed to these recipients:\n\nann@b.example\n550 5.1.1 RESOLVER.ADR.RecipNotFound\n",
    );
    assert_eq!(
        only(&mail).original_message_id.as_deref(),
        Some("out.1@desk.example")
    );
}

#[test]
fn a_diagnostic_is_one_bounded_line() {
    let said = "x\n ".repeat(2_000);
    let mail = report(&format!(
        "Final-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; {said}"
    ));
    let diagnostic = only(&mail).diagnostic;
    assert!(
        diagnostic.len() <= MAX_DIAGNOSTIC_BYTES && diagnostic.starts_with("x x"),
        "{diagnostic}"
    );
}

#[test]
fn no_more_addresses_are_reported_than_the_limit() {
    let fields: String = (0..MAX_BOUNCES + 1)
        .map(|n| format!("Final-Recipient: rfc822; a{n}@b.example\nAction: failed\nStatus: 5.1.1\n\n"))
        .collect();
    assert_eq!(read_bounces(&report(&fields)).unwrap().len(), MAX_BOUNCES);
}

#[test]
fn a_disposition_notification_is_no_bounce() {
    let mail = b"From: ann@b.example\nContent-Type: multipart/report; report-type=disposition-notification; boundary=r\n\n\
        --r\n\nThe mail was displayed.\n--r\nContent-Type: message/disposition-notification\n\n\
        Final-Recipient: rfc822; ann@b.example\nOriginal-Message-ID: <out.1@desk.example>\n\
        Disposition: manual-action/MDN-sent-manually; displayed\n--r--\n";
    let mail = read(mail, None).unwrap();
    assert_eq!(read_bounces(&mail), None);
    let expected = Disposition {
        kind: "displayed".into(),
        address: Some("ann@b.example".into()),
        original_message_id: Some("out.1@desk.example".into()),
    };
    assert_eq!(notice(&mail), Some(Notice::Disposition(expected)));
}
