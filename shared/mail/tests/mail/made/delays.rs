//! Notices of a delay, and mails of machines that look like notices and are none.

use super::dice::Dice;
use super::notices::{plain, report};
use super::parties::Person;

fn header(from: &str, subject: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: {from}\nTo: support@desk.d.example\nSubject: {subject}\nMessage-ID: <w1@mx.d.example>\n"
    )
}

/// A warning that a mail waits, and the address it is for.
pub fn delay(seed: u64) -> (String, String) {
    let mut dice = Dice::new(seed);
    let to = Person::any(&mut dice).address;
    let waits = dice.pick(&[
        "connect to mx.b.example[192.0.2.4]:25: Connection timed out",
        "host mx.b.example[192.0.2.4] said: 450 4.1.1 User unknown in local recipient table (in reply to RCPT TO command)",
        "Host or domain name not found. Name service error for name=b.example type=MX: Host not found, try again",
        "451 4.7.1 Greylisted, try again later",
        "452 4.2.2 mailbox full",
    ]);
    let delayed = format!(
        "Reporting-MTA: dns; mx.d.example\n\nFinal-Recipient: rfc822; {to}\nAction: delayed\nStatus: 4.0.0\n\
         Diagnostic-Code: smtp; {waits}\nWill-Retry-Until: Sat, 5 Dec 2026 09:00:00 +0000\n"
    );
    let raw = match dice.below(5) {
        // postfix: delay_template of bounce(5).
        0 => report(
            &header(
                "MAILER-DAEMON@mx.d.example (Mail Delivery System)",
                "Delayed Mail (still being retried)",
            ),
            &format!(
                "This is the mail system at host mx.d.example.\n\n#########################\n# THIS IS A WARNING ONLY.  YOU DO \
                 NOT NEED TO RESEND YOUR MESSAGE. #\n#########################\n\nYour message could not be delivered for more \
                 than 1 hour(s).\nIt will be retried until it is 5 day(s) old.\n\n<{to}>: {waits}"
            ),
            &delayed,
            "Message-ID: <out.42@desk.d.example>\n",
        ),
        // exim: warn_message_file.
        1 => plain(
            &header(
                "Mail Delivery System <Mailer-Daemon@mx.d.example>",
                "Warning: message 1abc-000 delayed 24 hours",
            ),
            &format!(
                "This message was created automatically by mail delivery software.\nA message that you sent has not yet been \
                 delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.d.example.\n\nThe \
                 address to which the message has not yet been delivered is:\n\n  {to}\n    Delay reason: {waits}\n\nNo action is \
                 required on your part. Delivery attempts will continue for\nsome time, and this warning may be repeated at \
                 intervals if the message\nremains undelivered."
            ),
        ),
        // sendmail: savemail.c.
        2 => plain(
            &header(
                "Mail Delivery Subsystem <MAILER-DAEMON@mx.d.example>",
                "Warning: could not send message for past 4 hours",
            ),
            &format!(
                "    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n    **  \
                 YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n    **********************************************\n\n   ----- The \
                 following addresses had transient non-fatal errors -----\n<{to}>\n\n   ----- Transcript of session follows \
                 -----\n{waits}\nWarning: message still undelivered after 4 hours\nWill keep trying until message is 5 days old"
            ),
        ),
        // Gmail: "delivery incomplete".
        3 => plain(
            &header(
                "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
                "Delivery Status Notification (Delay)",
            ),
            &format!(
                "** Delivery incomplete **\n\nThere was a temporary problem delivering your message to {to}. Gmail will retry for \
                 45 more hours. You'll be notified if the delivery fails permanently.\n\nThe response was:\n\n{waits}"
            ),
        ),
        // Exchange: "Delivery is delayed".
        _ => report(
            &header("postmaster@mx.d.example", "Delivery delayed: [#42] Your order"),
            &format!(
                "Delivery is delayed to these recipients or groups:\n\n{to}<mailto:{to}>\n\nThis message hasn't been delivered yet. Delivery will continue to be attempted."
            ),
            &delayed,
            "Message-ID: <out.42@desk.d.example>\n",
        ),
    };
    (raw, to)
}

/// A mail of a machine, or of a person about mail, that is no bounce.
pub fn no_bounce(seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let person = Person::any(&mut dice);
    let (ann, other) = (&person.address, Person::any(&mut dice).address);
    let auto = "Auto-Submitted: auto-replied\nIn-Reply-To: <out.42@desk.d.example>\n";
    let (header, text) = match dice.below(10) {
        0 => (
            format!("From: {ann}\nSubject: Out of office: [#42] Your order\n{auto}"),
            format!("I am away until Monday. Your message was not forwarded. In urgent cases write to {other}."),
        ),
        1 => (
            format!("From: {ann}\nSubject: Automatic reply\n{auto}"),
            format!("This mailbox is not read. Please send your mail to {other} from now on."),
        ),
        2 => (
            "From: Parcels <no-reply@parcels.example>\nSubject: Delivery failed\nAuto-Submitted: auto-generated\n".to_owned(),
            "Your parcel 4711 could not be delivered to: Main Street 5. We try again tomorrow.".to_owned(),
        ),
        3 => (
            format!("From: Ann <{ann}>\nSubject: Your mail\n"),
            format!("My mail to you could not be delivered:\n\n<{other}>: 550 5.1.1 user unknown\n\nWhat is wrong?\nAnn"),
        ),
        4 => (
            format!("From: Ann <{ann}>\nSubject: RE: Undeliverable: hello\nIn-Reply-To: <out.42@desk.d.example>\n"),
            format!("It came back again:\n\nDelivery has failed to these recipients: {other}\n550 5.1.1 not found"),
        ),
        5 => (
            "From: Bank <no-reply@bank.example>\nSubject: Your transfer\nAuto-Submitted: auto-generated\n".to_owned(),
            "The transfer failed: recipient unknown. Reference 550 511.".to_owned(),
        ),
        6 => (
            "From: Parcels <noreply@parcels.example>\nSubject: We missed you\n".to_owned(),
            format!("Your parcel could not be delivered. This message was sent to: {ann}."),
        ),
        7 => (
            "From: Shop <do-not-reply@shop.example>\nSubject: Your order\n".to_owned(),
            format!("Sold to: {ann}. We were unable to deliver your order to the following address:\n\nMain Street 5"),
        ),
        8 => (
            "From: Shop <no-reply@shop.example>\nSubject: Confirm your address\n".to_owned(),
            format!("We send the receipt to {ann}. If this mailbox is full, tell us another address."),
        ),
        _ => (
            format!("From: {ann}\nSubject: Question\n"),
            "Your form says that my mailbox does not exist. Account disabled? Please help.".to_owned(),
        ),
    };
    format!(
        "{header}To: support@desk.d.example\nMessage-ID: <n1@x.example>\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    )
}
