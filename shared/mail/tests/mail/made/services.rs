//! The notices of Exchange, Domino and of mail services.

use super::notices::{Case, plain, report, wrapped};
use super::programs::{diagnostic, header, status};

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

pub fn exchange(case: &Case<'_>) -> String {
    exchange_in(
        case,
        "Undeliverable: [#42] Your order",
        "Delivery has failed to these recipients or groups:",
        "Diagnostic information for administrators:\n\nGenerating server:",
        "Original message headers:",
    )
}

pub fn exchange_german(case: &Case<'_>) -> String {
    exchange_in(
        case,
        "Unzustellbar: [#42] Your order",
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:",
        "Diagnoseinformationen für Administratoren:\n\nGenerierender Server:",
        "Ursprüngliche Nachrichtenkopfzeilen:",
    )
}

pub fn exchange_french(case: &Case<'_>) -> String {
    exchange_in(
        case,
        "Non remis : [#42] Your order",
        "Échec de la remise pour ces destinataires ou groupes :",
        "Informations de diagnostic pour les administrateurs :\n\nServeur de génération :",
        "En-têtes de message d'origine :",
    )
}

pub fn exchange_spanish(case: &Case<'_>) -> String {
    exchange_in(
        case,
        "No se puede entregar: [#42] Your order",
        "Error al entregar a estos destinatarios o grupos:",
        "Información de diagnóstico para administradores:\n\nServidor de generación:",
        "Encabezados de mensajes originales:",
    )
}

pub fn gmail(case: &Case<'_>) -> String {
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

pub fn domino(case: &Case<'_>) -> String {
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

pub fn yahoo(case: &Case<'_>) -> String {
    let text = format!(
        "Sorry, we were unable to deliver your message to the following address.\n\n<{}>:\n{}\n\n--- Below this line is a \
         copy of the message.\n\n{}",
        case.to.address,
        case.said.replacen(' ', ": ", 1),
        case.returned()
    );
    plain(&header("MAILER-DAEMON@yahoo.com", case, "Failure Notice"), &text)
}

pub fn mailru(case: &Case<'_>) -> String {
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

pub fn yandex(case: &Case<'_>) -> String {
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

pub fn hmailserver(case: &Case<'_>) -> String {
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

pub fn ses(case: &Case<'_>) -> String {
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
