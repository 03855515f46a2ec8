//! Whatever a stranger sends as a bounce is read without a panic and in little time.

use std::time::{Duration, Instant};

use docket_mail::bounce::{MAX_BOUNCES, MAX_DIAGNOSTIC_BYTES};
use docket_mail::{Notice, notice, read, read_bounces};
use proptest::prelude::*;

/// Longest time for a mail made to take long, in a build without optimisation.
const SLOW: Duration = Duration::from_secs(5);

fn never_panics(mail: &[u8]) {
    let Ok(mail) = read(mail, Some("")) else { return };
    let Some(Notice::Bounces(bounces)) = notice(&mail) else {
        return;
    };
    assert!(!bounces.is_empty() && bounces.len() <= MAX_BOUNCES);
    for bounce in bounces {
        assert!(bounce.diagnostic.len() <= MAX_DIAGNOSTIC_BYTES);
        assert!(!bounce.diagnostic.contains(['\r', '\n', '\0']));
        assert!(bounce.address.is_none_or(|address| address.contains('@')));
    }
}

/// Pieces of which notices are made, between arbitrary bytes.
const PIECES: &[&str] = &[
    "<ann@b.example>:\n",
    "ann@b.example",
    "@",
    "\u{ff1c}",
    "550 5.1.1 ",
    "550-5.",
    "#5.1.1",
    "RCPT TO:<",
    "Final-Recipient: rfc822; ",
    "Action: failed\n",
    "Status: 5.",
    "Diagnostic-Code: smtp; ",
    "\n\n",
    "\n ",
    "--- Below this line is a copy of the message.\n",
    "Received: from a by b\n",
    "Message-ID: <",
    "could not be delivered to ",
    "smtp=",
    "'.",
];

fn notices() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => (0..PIECES.len()).prop_map(|at| PIECES[at].as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_prose_is_read(text in notices()) {
        never_panics(&[b"From: MAILER-DAEMON@b.example\nSubject: failure notice\n\n", &text[..]].concat());
    }

    #[test]
    fn any_report_is_read(text in notices(), status in notices(), returned in notices()) {
        for kind in ["message/delivery-status", "message/feedback-report", "message/disposition-notification"] {
            let header = "From: MAILER-DAEMON@b.example\nContent-Type: multipart/report; boundary=r\n\n--r\n\n";
            let kind = format!("\n--r\nContent-Type: {kind}\n\n");
            let last = "\n--r\nContent-Type: message/rfc822\n\n";
            never_panics(&[header.as_bytes(), &text, kind.as_bytes(), &status, last.as_bytes(), &returned].concat());
        }
    }

    #[test]
    fn any_bytes_below_a_header_of_a_bounce_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        never_panics(&[b"From: MAILER-DAEMON@b.example\n", &bytes[..]].concat());
    }
}

#[test]
fn notices_made_to_take_long_are_read_in_time() {
    let header = "From: MAILER-DAEMON@b.example\nSubject: failure notice\n\n";
    let many_in_a_line = "a@b.c ".repeat(200_000);
    let many_lines = "<a@b.example>: 550 5.1.1 unknown\n".repeat(40_000);
    let different: String = (0..40_000).map(|n| format!("<a{n}@b.example>: no\n")).collect();
    let signs = "@".repeat(1_000_000);
    let codes = "550-".repeat(300_000);
    let recipients: String = (0..10_000)
        .map(|n| format!("Final-Recipient: rfc822; a{n}@b.example\nAction: failed\n\n"))
        .collect();
    let report = format!(
        "From: MAILER-DAEMON@b.example\nContent-Type: multipart/report; boundary=r\n\n--r\n\n{different}\n--r\n\
         Content-Type: message/delivery-status\n\n{recipients}\n--r--\n"
    );
    let proses = [many_in_a_line, many_lines, different, signs, codes];
    let mails = proses
        .iter()
        .map(|text| format!("{header}{text}"))
        .chain([report]);
    for mail in mails {
        let read = read(mail.as_bytes(), Some("")).unwrap();
        let start = Instant::now();
        let bounces = read_bounces(&read);
        let taken = start.elapsed();
        println!(
            "{taken:?}, {} bounces",
            bounces.map_or(0, |bounces| bounces.len())
        );
        assert!(taken < SLOW, "{taken:?}: {}", &mail[..200]);
    }
}
