//! The notices of the programs that hosts run.

use super::notices::{Case, plain, report, wrapped};
use super::programs::{diagnostic, header, status};
use super::refusals::Stage;

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

pub fn postfix_report(case: &Case<'_>) -> String {
    let from = format!("MAILER-DAEMON@{} (Mail Delivery System)", case.host);
    report(
        &header(&from, case, "Undelivered Mail Returned to Sender"),
        &postfix_body(case),
        &status(case, &case.to.address, &diagnostic(case)),
        &case.returned(),
    )
}

pub fn postfix_text(case: &Case<'_>) -> String {
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

pub fn exim_text(case: &Case<'_>) -> String {
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

pub fn exim_report(case: &Case<'_>) -> String {
    let from = format!("Mail Delivery System <Mailer-Daemon@{}>", case.host);
    let header = header(&from, case, "Mail delivery failed: returning message to sender");
    report(
        &header,
        &exim_body(case),
        &status(case, &case.to.address, &diagnostic(case)),
        &case.returned(),
    )
}

pub fn qmail(case: &Case<'_>) -> String {
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
            Stage::MailFrom => format!("MAIL From:<{}>", case.from.address),
            Stage::Data => "DATA".to_owned(),
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

pub fn sendmail_report(case: &Case<'_>) -> String {
    let from = format!("Mail Delivery Subsystem <MAILER-DAEMON@{}>", case.host);
    report(
        &header(&from, case, "Returned mail: see transcript for details"),
        &transcript(case),
        &status(case, &case.to.address, &diagnostic(case)),
        &case.returned(),
    )
}

pub fn sendmail_transcript(case: &Case<'_>) -> String {
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

pub fn courier(case: &Case<'_>) -> String {
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

pub fn opensmtpd(case: &Case<'_>) -> String {
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

pub fn james(case: &Case<'_>) -> String {
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
