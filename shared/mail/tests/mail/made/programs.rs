//! The notices of mail systems. Where a form is known from stands beside its program; the wording is cut down to what
//! the program says in every notice.

use super::notices::{Case, Program, plain, report, wrapped};

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

pub fn header(from: &str, case: &Case<'_>, subject: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: {from}\nTo: {}\nSubject: {subject}\nDate: Mon, 30 Nov 2026 09:00:05 +0000\n\
         Message-ID: <b1@{}>\nAuto-Submitted: auto-replied\n",
        case.from.address, case.host
    )
}

fn status(case: &Case<'_>, final_recipient: &str, diagnostic: &str) -> String {
    format!(
        "Reporting-MTA: dns; {}\nArrival-Date: Mon, 30 Nov 2026 09:00:00 +0000\n\n\
         Final-Recipient: rfc822; {final_recipient}\nAction: failed\nStatus: {}\n{diagnostic}",
        case.host, case.refusal.status
    )
}

/// The host's words as a field of the report.
fn diagnostic(case: &Case<'_>) -> String {
    let kind = if case.is_local() { "X-Postfix" } else { "smtp" };
    format!("Diagnostic-Code: {kind}; {}\n", wrapped(&case.said, 70, "    "))
}

const POSTFIX: &str = "I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's \
     attached below.\n\nFor further assistance, please send mail to postmaster.\n\nIf you do so, please include this problem \
     report. You can\ndelete your own text from the attached returned message.\n\n                   The mail system\n";

fn postfix_body(case: &Case<'_>) -> String {
    let words = format!("<{}>: {}", case.to.address, case.postfix_words());
    format!(
        "This is the mail system at host {}.\n\n{POSTFIX}\n{}\n",
        case.host,
        wrapped(&words, 76, "    ")
    )
}

fn postfix_report(case: &Case<'_>) -> String {
    let from = format!("MAILER-DAEMON@{} (Mail Delivery System)", case.host);
    report(
        &header(&from, case, "Undelivered Mail Returned to Sender"),
        &postfix_body(case),
        &status(case, &case.to.address, &diagnostic(case)),
        &case.returned(),
    )
}

fn postfix_text(case: &Case<'_>) -> String {
    let from = format!("MAILER-DAEMON@{} (Mail Delivery System)", case.host);
    plain(
        &header(&from, case, "Undelivered Mail Returned to Sender"),
        &postfix_body(case),
    )
}

fn exim_body(case: &Case<'_>) -> String {
    let lines = case.said.replace(" 550 ", "\n    550 ");
    let said = if case.is_local() {
        format!("    {lines}")
    } else {
        let host = format!("mx.{}", case.to.domain());
        format!(
            "    host {host} [192.0.2.4]\n    SMTP error from remote mail server after {}:\n    {lines}",
            case.exim_stage()
        )
    };
    format!(
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered \
         to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  {}\n{said}\n",
        case.to.address
    )
}

fn exim_text(case: &Case<'_>) -> String {
    let from = format!("Mail Delivery System <Mailer-Daemon@{}>", case.host);
    let header = header(&from, case, "Mail delivery failed: returning message to sender");
    let text = format!(
        "{}\n------ This is a copy of the message, including all the headers. ------\n\n{}\nHello",
        exim_body(case),
        case.returned()
    );
    plain(
        &format!("X-Failed-Recipients: {}\n{header}", case.to.address),
        &text,
    )
}

fn exim_report(case: &Case<'_>) -> String {
    let from = format!("Mail Delivery System <Mailer-Daemon@{}>", case.host);
    let header = header(&from, case, "Mail delivery failed: returning message to sender");
    report(
        &header,
        &exim_body(case),
        &status(case, &case.to.address, &diagnostic(case)),
        &case.returned(),
    )
}

fn qmail(case: &Case<'_>) -> String {
    use super::refusals::Stage;
    let said = match case.refusal.stage {
        Stage::Local => format!(
            "{}\nI'm not going to try again; this message has been in the queue too long.",
            case.said
        ),
        Stage::Connect | Stage::Helo => format!(
            "Connected to 192.0.2.4 but greeting failed.\nRemote host said: {}",
            case.said
        ),
        Stage::MailFrom => format!(
            "Connected to 192.0.2.4 but sender was rejected.\nRemote host said: {}",
            case.said
        ),
        Stage::RcptTo => format!(
            "192.0.2.4 does not like recipient.\nRemote host said: {}\nGiving up on 192.0.2.4.",
            case.said
        ),
        Stage::Data => format!(
            "192.0.2.4 failed after I sent the message.\nRemote host said: {}",
            case.said
        ),
    };
    let from = format!("MAILER-DAEMON@{}", case.host);
    let text = format!(
        "Hi. This is the qmail-send program at {}.\nI'm afraid I wasn't able to deliver your message to the following \
         addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{}>:\n{said}\n\n\
         --- Below this line is a copy of the message.\n\n{}\nHello",
        case.host,
        case.to.address,
        case.returned()
    );
    plain(&header(&from, case, "failure notice"), &text)
}

fn transcript(case: &Case<'_>) -> String {
    let (to, domain) = (&case.to.address, case.to.domain());
    let talk = if case.is_local() {
        format!("554 5.0.0 <{to}>... {}", case.said)
    } else {
        let command = match case.refusal.stage {
            super::refusals::Stage::MailFrom => format!("MAIL From:<{}>", case.from.address),
            super::refusals::Stage::Data => "DATA".to_owned(),
            _ => format!("RCPT To:<{to}>"),
        };
        format!(
            "... while talking to mx.{domain}.:\n>>> {command}\n<<< {}",
            case.said
        )
    };
    format!(
        "The original message was received at Mon, 30 Nov 2026 09:00:00 GMT\nfrom desk.d.example [203.0.113.9]\n\n   \
         ----- The following addresses had permanent fatal errors -----\n<{to}>\n\n   ----- Transcript of session follows \
         -----\n{talk}\n"
    )
}

fn sendmail_report(case: &Case<'_>) -> String {
    let from = format!("Mail Delivery Subsystem <MAILER-DAEMON@{}>", case.host);
    report(
        &header(&from, case, "Returned mail: see transcript for details"),
        &transcript(case),
        &status(case, &case.to.address, &diagnostic(case)),
        &case.returned(),
    )
}

fn sendmail_transcript(case: &Case<'_>) -> String {
    let from = format!("Mail Delivery Subsystem <MAILER-DAEMON@{}>", case.host);
    let text = format!(
        "{}\n   ----- Original message follows -----\n\n{}\nHello",
        transcript(case),
        case.returned()
    );
    plain(
        &header(&from, case, "Returned mail: see transcript for details"),
        &text,
    )
}

fn exchange_in(case: &Case<'_>, subject: &str, opening: &str, diagnosis: &str, headers: &str) -> String {
    let from = format!("Microsoft Outlook <postmaster@{}>", case.host);
    let to = &case.to.address;
    let text = format!(
        "{opening}\n\n{} ({to})<mailto:{to}>\n\n{diagnosis}\n\n{}\n\n{to}\nmx.{}\nRemote Server returned '{}'\n\n{headers}\n\n{}",
        case.to.name,
        case.host,
        case.to.domain(),
        case.said,
        case.returned()
    );
    report(
        &header(&from, case, subject),
        &text,
        &status(case, to, &diagnostic(case)),
        &case.returned(),
    )
}

fn exchange(case: &Case<'_>) -> String {
    exchange_in(
        case,
        "Undeliverable: [#42] Your order",
        "Delivery has failed to these recipients or groups:",
        "Diagnostic information for administrators:\n\nGenerating server:",
        "Original message headers:",
    )
}

fn exchange_german(case: &Case<'_>) -> String {
    exchange_in(
        case,
        "Unzustellbar: [#42] Your order",
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:",
        "Diagnoseinformationen für Administratoren:\n\nGenerierender Server:",
        "Ursprüngliche Nachrichtenkopfzeilen:",
    )
}

fn exchange_french(case: &Case<'_>) -> String {
    exchange_in(
        case,
        "Non remis : [#42] Your order",
        "Échec de la remise pour ces destinataires ou groupes :",
        "Informations de diagnostic pour les administrateurs :\n\nServeur de génération :",
        "En-têtes de message d'origine :",
    )
}

fn exchange_spanish(case: &Case<'_>) -> String {
    exchange_in(
        case,
        "No se puede entregar: [#42] Your order",
        "Error al entregar a estos destinatarios o grupos:",
        "Información de diagnóstico para administradores:\n\nServidor de generación:",
        "Encabezados de mensajes originales:",
    )
}

fn gmail(case: &Case<'_>) -> String {
    let (to, from) = (
        &case.to.address,
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
    );
    let text = if case.is_local() {
        format!(
            "** Message not delivered **\n\nThere was a problem delivering your message to {to}. See the technical details \
             below.\n\nThe response was:\n\n{}",
            case.said
        )
    } else {
        format!(
            "** Message not delivered **\n\nYour message couldn't be delivered to {to} because the remote server is \
             misconfigured. See the technical details below.\n\nThe response from the remote server was:\n\n{}",
            case.said
        )
    };
    report(
        &header(from, case, "Delivery Status Notification (Failure)"),
        &text,
        &status(case, to, &diagnostic(case)),
        &case.returned(),
    )
}

fn domino(case: &Case<'_>) -> String {
    let (to, from) = (&case.to.address, format!("Postmaster@{}", case.host));
    let text = format!(
        "Your message\n\n  Subject: [#42] Your order\n\nwas not delivered to:\n\n  {to}\n\nbecause:\n\n  {}\n",
        wrapped(&case.said, 70, "  ")
    );
    report(
        &header(
            &from,
            case,
            &format!(
                "DELIVERY FAILURE: {}",
                case.said.chars().take(60).collect::<String>()
            ),
        ),
        &text,
        &status(case, to, &diagnostic(case)),
        &case.returned(),
    )
}

fn courier(case: &Case<'_>) -> String {
    let (to, host) = (&case.to.address, case.host);
    let text = format!(
        "This is a delivery status notification from {host},\nrunning the Courier mail server, version 1.0.\n\nThe original \
         message was received on Mon, 30 Nov 2026 09:00:00 +0000\nfrom desk.d.example (desk.d.example [203.0.113.9])\n\n\
         ---------------------------------------------------------------------------\n\n                           \
         UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<{to}>:\n     \
         mx.{} [192.0.2.4]:\n>>> RCPT TO:<{to}>\n<<< {}\n\n\
         ---------------------------------------------------------------------------\n",
        case.to.domain(),
        case.said
    );
    let from = format!("\"Courier mail server at {host}\" <@>");
    report(
        &header(&from, case, "NOTICE: mail delivery status."),
        &text,
        &status(case, to, &diagnostic(case)),
        &case.returned(),
    )
}

fn opensmtpd(case: &Case<'_>) -> String {
    let from = format!("Mailer Daemon <MAILER-DAEMON@{}>", case.host);
    let text = format!(
        "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error has occurred while \
         attempting to deliver a message for\n    the following list of recipients:\n\n{}: {}\n\n    Below is a copy of the \
         original message:\n\n{}",
        case.to.address,
        case.said,
        case.returned()
    );
    plain(&header(&from, case, "Delivery status notification: error"), &text)
}

fn james(case: &Case<'_>) -> String {
    let from = format!("postmaster@{}", case.host);
    let text = format!(
        "Hi. This is the James mail server at {}.\nI'm afraid I wasn't able to deliver your message to the following \
         addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out. Below\nI include the list of \
         recipients and the reason why I was unable to deliver\nyour message.\n\nFailed recipient(s):\n{}\n\nError \
         message:\n{}\n",
        case.host, case.to.address, case.said
    );
    plain(&header(&from, case, "[BOUNCE] [#42] Your order"), &text)
}

fn yahoo(case: &Case<'_>) -> String {
    let text = format!(
        "Sorry, we were unable to deliver your message to the following address.\n\n<{}>:\n{}\n\n--- Below this line is a \
         copy of the message.\n\n{}",
        case.to.address,
        case.said.replacen(' ', ": ", 1),
        case.returned()
    );
    plain(&header("MAILER-DAEMON@yahoo.com", case, "Failure Notice"), &text)
}

fn mailru(case: &Case<'_>) -> String {
    let text = format!(
        "Это письмо создано автоматически\nсервером Mail.Ru, отвечать на него не\nнужно.\n\nК сожалению, Ваше письмо не может\n\
         быть доставлено одному или нескольким\nполучателям:\n\n**********************\n\n{}:\n{}\n\n**********************\n",
        case.to.address, case.said
    );
    plain(
        &header("mailer-daemon@corp.mail.ru", case, "Mail failure."),
        &text,
    )
}

fn yandex(case: &Case<'_>) -> String {
    let text = format!(
        "This is the mail system at host {}.\n\nВаше сообщение не доставлено.\n\n<{}>: {}\n",
        case.host,
        case.to.address,
        case.postfix_words()
    );
    report(
        &header("mailer-daemon@yandex.ru", case, "Недоставленное сообщение"),
        &text,
        &status(case, &case.to.address, &diagnostic(case)),
        &case.returned(),
    )
}

fn hmailserver(case: &Case<'_>) -> String {
    let text = format!(
        "Your message did not reach some or all of the intended recipients.\n\n   Sent: Mon, 30 Nov 2026 09:00:00 +0000\n   \
         Subject: [#42] Your order\n\nThe following recipient(s) could not be reached:\n\n{}\n   Error Type: SMTP\n   Remote \
         server (192.0.2.4) issued an error.\n   hMailServer sent: RCPT TO:<{0}>\n   Remote server replied: {}\n\n\nhMailServer\n",
        case.to.address, case.said
    );
    let from = format!("mailer-daemon@{}", case.host);
    plain(
        &header(&from, case, "Message undeliverable: [#42] Your order"),
        &text,
    )
}

fn ses(case: &Case<'_>) -> String {
    let text = format!(
        "An error occurred while trying to deliver the mail to the following recipients:\n{}",
        case.to.address
    );
    report(
        &header(
            "MAILER-DAEMON@amazonses.com",
            case,
            "Delivery Status Notification (Failure)",
        ),
        &text,
        &status(case, &case.to.address, &diagnostic(case)),
        &case.returned(),
    )
}
