//! The notices of mail systems. Where a form is known from stands beside its program; the wording is cut down to what
//! the program says in every notice.

use super::host_programs::{
    courier, exim_report, exim_text, james, opensmtpd, postfix_report, postfix_text, qmail, sendmail_report,
    sendmail_transcript,
};
use super::notices::{Case, Program, wrapped};
use super::services::{
    domino, exchange, exchange_french, exchange_german, exchange_spanish, gmail, hmailserver, mailru, ses,
    yahoo, yandex,
};

pub const PROGRAMS: &[Program] = &[
    // postfix: bounce(5), bounce_template_file.
    Program {
        name: "postfix report",
        states_status: true,
        write: postfix_report,
    },
    Program {
        name: "postfix text alone, as gateways leave it",
        states_status: false,
        write: postfix_text,
    },
    // exim: specification, chapter 50 (customizing bounce messages).
    Program {
        name: "exim text",
        states_status: false,
        write: exim_text,
    },
    Program {
        name: "exim report",
        states_status: true,
        write: exim_report,
    },
    // qmail: qmail-send(8), qmail-remote(8).
    Program {
        name: "qmail",
        states_status: false,
        write: qmail,
    },
    // sendmail: doc/op, section 5.1; savemail.c's headings.
    Program {
        name: "sendmail report",
        states_status: true,
        write: sendmail_report,
    },
    Program {
        name: "sendmail transcript",
        states_status: false,
        write: sendmail_transcript,
    },
    // Exchange: "NDRs and bounce messages in Exchange Online", Microsoft Learn.
    Program {
        name: "Exchange in English",
        states_status: true,
        write: exchange,
    },
    Program {
        name: "Exchange in German",
        states_status: true,
        write: exchange_german,
    },
    Program {
        name: "Exchange in French",
        states_status: true,
        write: exchange_french,
    },
    Program {
        name: "Exchange in Spanish",
        states_status: true,
        write: exchange_spanish,
    },
    // Gmail: "Fix bounced or rejected emails", Google support.
    Program {
        name: "Gmail",
        states_status: true,
        write: gmail,
    },
    // Domino: "Delivery failure reports", HCL documentation.
    Program {
        name: "Domino",
        states_status: true,
        write: domino,
    },
    // Courier: courier(8), dsn templates.
    Program {
        name: "Courier",
        states_status: true,
        write: courier,
    },
    // OpenSMTPD: smtpd's bounce.c.
    Program {
        name: "OpenSMTPD",
        states_status: false,
        write: opensmtpd,
    },
    // Apache James: DSNBounce mailet.
    Program {
        name: "James",
        states_status: false,
        write: james,
    },
    // Yahoo: notices of its outgoing hosts.
    Program {
        name: "Yahoo",
        states_status: false,
        write: yahoo,
    },
    // mail.ru and Yandex: postfix-like, with a text of their own.
    Program {
        name: "mail.ru",
        states_status: false,
        write: mailru,
    },
    Program {
        name: "Yandex",
        states_status: true,
        write: yandex,
    },
    // hMailServer: "Message undeliverable", its server messages.
    Program {
        name: "hMailServer",
        states_status: false,
        write: hmailserver,
    },
    // Amazon SES: "Amazon SES bounce notifications by email".
    Program {
        name: "Amazon SES",
        states_status: true,
        write: ses,
    },
];

/// The header of a notice.
pub fn header(from: &str, case: &Case<'_>, subject: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: {from}\nTo: {}\nSubject: {subject}\nDate: Mon, 30 Nov 2026 09:00:05 +0000\n\
         Message-ID: <b1@{}>\nAuto-Submitted: auto-replied\n",
        case.from.address, case.host
    )
}

/// The fields of a report about the recipient.
pub fn status(case: &Case<'_>, final_recipient: &str, diagnostic: &str) -> String {
    format!(
        "Reporting-MTA: dns; {}\nArrival-Date: Mon, 30 Nov 2026 09:00:00 +0000\n\n\
         Final-Recipient: rfc822; {final_recipient}\nAction: failed\nStatus: {}\n{diagnostic}",
        case.host, case.refusal.status
    )
}

/// The host's words as a field of the report.
pub fn diagnostic(case: &Case<'_>) -> String {
    let kind = if case.is_local() { "X-Postfix" } else { "smtp" };
    format!("Diagnostic-Code: {kind}; {}\n", wrapped(&case.said, 70, "    "))
}
