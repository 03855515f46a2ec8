//! Notices about two recipients, each refused in its own way: what is said of one says nothing about the other.

use super::dice::Dice;
use super::notices::{plain, report, wrapped};
use super::parties::Person;
use super::refusals::{Fate, REFUSALS, Refusal, Stage};

/// A notice about two recipients.
pub struct MadeSeveral {
    pub program: &'static str,
    pub raw: String,
    /// Each address with what it was refused with and what that means.
    pub recipients: [(String, String, Fate); 2],
}

/// Refusals of a host that knows the recipient, or that names it.
fn refusal(dice: &mut Dice) -> &'static Refusal {
    loop {
        let refusal = dice.pick(REFUSALS);
        if matches!(refusal.stage, Stage::RcptTo | Stage::Data) && !refusal.said.contains("{from}") {
            return refusal;
        }
    }
}

/// The notice that a seed makes.
pub fn several(seed: u64) -> MadeSeveral {
    let mut dice = Dice::new(seed);
    let [one, other] = [0, 1].map(|n| {
        let refusal = refusal(&mut dice);
        let to = Person {
            name: "Ann Lee",
            address: format!("{}@{}", ["ann", "bob.lee"][n], Person::any(&mut dice).domain()),
        };
        let said = super::notices::filled(refusal.said, &to, &to);
        (to.address, said, refusal)
    });
    let header = |from: &str, subject: &str| {
        format!(
            "Return-Path: <>\nFrom: {from}\nTo: support@desk.d.example\nSubject: {subject}\nMessage-ID: <b2@mx.d.example>\n"
        )
    };
    let both = |write: &dyn Fn(&(String, String, &Refusal)) -> String| [write(&one), write(&other)].concat();
    let status = format!(
        "Reporting-MTA: dns; mx.d.example\n{}",
        both(&|(to, said, refusal)| format!(
            "\nFinal-Recipient: rfc822; {to}\nAction: failed\nStatus: {}\nDiagnostic-Code: smtp; {}\n",
            refusal.status,
            wrapped(said, 70, "    ")
        ))
    );
    let returned = "Message-ID: <out.42@desk.d.example>\n";
    let (program, raw) = match dice.below(5) {
        0 => (
            "postfix text",
            plain(
                &header(
                    "MAILER-DAEMON@mx.d.example (Mail Delivery System)",
                    "Undelivered Mail Returned to Sender",
                ),
                &format!(
                    "This is the mail system at host mx.d.example.\n\nYour message could not be delivered.\n\n{}",
                    both(&|(to, said, _)| wrapped(
                        &format!(
                            "<{to}>: host mx.b.example[192.0.2.4] said: {said} (in reply to RCPT TO command)\n\n"
                        ),
                        76,
                        "    "
                    ))
                ),
            ),
        ),
        1 => (
            "exim text",
            plain(
                &header(
                    "Mail Delivery System <Mailer-Daemon@mx.d.example>",
                    "Mail delivery failed: returning message to sender",
                ),
                &format!(
                    "A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent \
                     error. The following address(es) failed:\n\n{}",
                    both(&|(to, said, _)| format!(
                        "  {to}\n    host mx.b.example [192.0.2.4]\n    SMTP error from remote mail server after RCPT \
                         TO:<{to}>:\n    {said}\n"
                    ))
                ),
            ),
        ),
        2 => (
            "qmail",
            plain(
                &header("MAILER-DAEMON@mx.d.example", "failure notice"),
                &format!(
                    "Hi. This is the qmail-send program at mx.d.example.\nI'm afraid I wasn't able to deliver your message to \
                     the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n{}--- Below \
                     this line is a copy of the message.\n\n{returned}",
                    both(&|(to, said, _)| format!(
                        "<{to}>:\n192.0.2.4 does not like recipient.\nRemote host said: {said}\nGiving up on 192.0.2.4.\n\n"
                    ))
                ),
            ),
        ),
        3 => (
            "sendmail report",
            report(
                &header(
                    "Mail Delivery Subsystem <MAILER-DAEMON@mx.d.example>",
                    "Returned mail: see transcript for details",
                ),
                &format!(
                    "   ----- The following addresses had permanent fatal errors -----\n<{}>\n<{}>\n\n   ----- Transcript of \
                     session follows -----\n... while talking to mx.b.example.:\n{}",
                    one.0,
                    other.0,
                    both(&|(to, said, _)| format!(">>> RCPT To:<{to}>\n<<< {said}\n"))
                ),
                &status,
                returned,
            ),
        ),
        _ => (
            "Exchange",
            report(
                &header("postmaster@mx.d.example", "Undeliverable: [#42] Your order"),
                &format!(
                    "Delivery has failed to these recipients or groups:\n\n{}\n\nDiagnostic information for \
                     administrators:\n\nGenerating server: mx.d.example\n\n{}",
                    both(&|(to, _, _)| format!("{to}<mailto:{to}>\nThe message could not be delivered.\n\n")),
                    both(&|(to, said, _)| format!("{to}\nmx.b.example\nRemote Server returned '{said}'\n\n"))
                ),
                &status,
                returned,
            ),
        ),
    };
    MadeSeveral {
        program,
        raw,
        recipients: [one, other].map(|(to, said, refusal)| (to, said, refusal.fate)),
    }
}
