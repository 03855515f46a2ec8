//! Is a mail without a report a bounce? A machine must have sent it, and it must speak of a failure.

use super::phrases::{self, FAILURES, SUBJECTS, folded};
use super::prose::Notice;
use crate::automatic::AutomaticSign;
use crate::inbound::InboundMail;

/// Whether the mail, which carries no report, is a bounce.
///
/// What a person writes about a bounce, or forwards, has the same words: without a machine's sign no words count.
pub(super) fn is_bounce(mail: &InboundMail, notice: &Notice<'_>) -> bool {
    if !mail.failed_recipients.is_empty() && mail.automatic.is_some() {
        return true;
    }
    let system_sender = is_system_sender(mail);
    let machine = match mail.automatic {
        Some(AutomaticSign::OwnOutbox) | None => system_sender,
        Some(AutomaticSign::Precedence) => system_sender,
        Some(_) => true,
    };
    let subject = phrases::any(&folded(&mail.subject), SUBJECTS);
    let text = phrases::any(notice.folded(), FAILURES) || notice.is_a_delay();
    machine && (subject && (text || system_sender) || system_sender && text)
}

/// Whether a mail system sent the mail, by the address or the name in From.
pub(super) fn is_system_sender(mail: &InboundMail) -> bool {
    if matches!(mail.automatic, Some(AutomaticSign::SystemSender)) {
        return true;
    }
    let Some(from) = &mail.from else {
        return false;
    };
    let local = from
        .address
        .split('@')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let local: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
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
