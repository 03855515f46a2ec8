//! Is a mail without a report a bounce? A machine must have sent it, and it must speak of a failure.

use super::codes::{self, Codes};
use super::failure_words::SUBJECTS;
use super::phrases::{self, folded};
use super::prose::NoticeText;
use super::returned::is_returned;
use crate::automatic::AutomaticSign;
use crate::inbound::InboundMail;

/// Whether the mail, which carries no report, is a bounce.
///
/// What a person writes about a bounce, or forwards, has the same words: without a machine's sign they count only in
/// a mail that answers nothing and returns one.
pub(super) fn is_bounce(mail: &InboundMail, notice: &NoticeText<'_>) -> bool {
    if !mail.failed_recipients.is_empty() && mail.automatic.is_some() {
        return true;
    }
    let system_sender = is_system_sender(mail);
    let machine = match mail.automatic {
        Some(AutomaticSign::OwnOutbox) | None => system_sender,
        Some(AutomaticSign::Precedence) => system_sender,
        Some(_) => true,
    };
    let subject = phrases::any(notice.subject(), SUBJECTS);
    let text = notice.says_failure() || notice.is_a_delay();
    if system_sender {
        return subject || text || codes::find(notice.own()) != Codes::default();
    }
    if is_sent_by_nobody(mail) && notice.fails_a_mail_in_plain_words() {
        return true;
    }
    let returned = notice.returns_the_mail() || mail.attachments.iter().any(is_returned);
    let answers = !mail.in_reply_to.is_empty()
        || REPLY_PREFIXES
            .iter()
            .any(|prefix| notice.subject().starts_with(prefix));
    // Parcels are not delivered either.
    let of_mail = returned || notice.names_a_recipient() || codes::find(notice.own()) != Codes::default();
    subject && text && (machine && of_mail || returned && !answers)
}

/// How the subject of a person's mail about a bounce begins.
const REPLY_PREFIXES: &[&str] = &[
    "re:", "fw:", "fwd:", "aw:", "wg:", "tr:", "rv:", "sv:", "vs:", "r:", "i:",
];

/// Whether the address in From reads no answers, as machines have it, or is none.
fn is_sent_by_nobody(mail: &InboundMail) -> bool {
    mail.from.as_ref().is_none_or(|from| {
        let local = bare_local_part(&from.address);
        NOBODIES.iter().any(|name| local.contains(name))
    })
}

/// In addresses that read no answers, without hyphens and dots.
const NOBODIES: &[&str] = &[
    "noreply",
    "donotreply",
    "dontreply",
    "nepasrepondre",
    "noresponder",
];

/// The local part in lower case, letters and digits only.
fn bare_local_part(address: &str) -> String {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    local.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Whether a mail system sent the mail, by the address or the name in From.
pub(super) fn is_system_sender(mail: &InboundMail) -> bool {
    if matches!(mail.automatic, Some(AutomaticSign::SystemSender)) {
        return true;
    }
    let Some(from) = &mail.from else {
        // `MAILER-DAEMON` without a domain is not read as an address.
        return matches!(
            mail.automatic,
            Some(AutomaticSign::NullReturnPath | AutomaticSign::AutoSubmitted | AutomaticSign::Report)
        );
    };
    let local = bare_local_part(&from.address);
    let name = folded(from.name.as_deref().unwrap_or_default());
    matches!(
        local.as_str(),
        "mailerdaemon"
            | "postmaster"
            | "maildaemon"
            | "mailadm"
            | "ndr"
            | "bounce"
            | "bounces"
            | "mailsystem"
    ) || phrases::any(
        &name,
        &[
            "mail delivery",
            "mailer-daemon",
            "delivery subsystem",
            "mail system",
        ],
    )
}
