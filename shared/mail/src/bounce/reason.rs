//! Why a mail did not arrive: from what the host said, then from the codes.

use super::phrases::folded;
use super::reason_words::WORDS;
use super::vocabulary::Told;
use super::{EnhancedStatus, vocabulary::Reason};
use super::{fault, nobody};

/// The reason of one refusal of the address.
///
/// What is said of users and hosts counts only where it is those of the address that are meant: an address that is
/// taken for dead gets no mail any more.
pub(super) fn of(said: &str, told: &Told, status: Option<EnhancedStatus>, reply_code: Option<u16>) -> Reason {
    let reason = stated(said, told, status, reply_code);
    let of_the_recipient = matches!(
        reason,
        Reason::UserUnknown | Reason::HostUnknown | Reason::Suspended | Reason::Other
    );
    if of_the_recipient && is_of_the_sender(said, told, status, reply_code) {
        Reason::Blocked
    } else {
        reason
    }
}

fn is_of_the_sender(
    said: &str,
    told: &Told,
    status: Option<EnhancedStatus>,
    reply_code: Option<u16>,
) -> bool {
    // What the report quotes is the refusal; else it stands somewhere in the notice.
    let refusal = if in_words(said).is_some() {
        said
    } else {
        &told.text
    };
    fault::is_of_the_sender(&folded(refusal), status, reply_code)
        || fault::is_before_the_recipient(&folded(&told.text), reply_code)
}

/// Words go before codes: hosts reuse 5.7.1 and 5.1.1 for anything.
fn stated(said: &str, told: &Told, status: Option<EnhancedStatus>, reply_code: Option<u16>) -> Reason {
    in_words(said)
        .or_else(|| in_words(&told.text).filter(|_| told.of_one))
        .or_else(|| status.and_then(of_status))
        .or_else(|| in_words(&told.text))
        .or_else(|| weakly(status, &told.text))
        .or_else(|| reply_code.and_then(of_reply_code))
        .unwrap_or(Reason::Other)
}

/// What refusals of an address say that names no cause; a status of another subject than addresses knows better.
fn weakly(status: Option<EnhancedStatus>, told: &str) -> Option<Reason> {
    let addressing = status.is_none_or(|status| matches!(status.subject, 0 | 1 | 5));
    let refused = ["recipient address rejected", "mailbox unavailable", "unrouteable"];
    (addressing && super::phrases::any(&folded(told), &refused)).then_some(Reason::UserUnknown)
}

/// The registered statuses that say why (IANA, SMTP Enhanced Status Codes).
fn of_status(status: EnhancedStatus) -> Option<Reason> {
    Some(match (status.subject, status.detail) {
        (1, 1 | 3 | 4 | 6) | (2, 4) => Reason::UserUnknown,
        (1, 2 | 10) | (4, 4) => Reason::HostUnknown,
        (1, 7 | 8) => Reason::Blocked,
        (2, 1) => Reason::Suspended,
        (2, 2) | (3, 1) => Reason::MailboxFull,
        (2, 3) | (3, 4) => Reason::TooBig,
        (4, 1 | 2 | 3 | 5 | 6 | 7 | 0) => Reason::Expired,
        (6, _) => Reason::Spam,
        (7, 13) => Reason::Suspended,
        (7, _) => Reason::Blocked,
        _ => return None,
    })
}

fn of_reply_code(code: u16) -> Option<Reason> {
    match code {
        551 => Some(Reason::UserUnknown),
        552 | 522 => Some(Reason::MailboxFull),
        521 | 556 => Some(Reason::HostUnknown),
        421 | 441 => Some(Reason::Expired),
        525 => Some(Reason::Suspended),
        _ => None,
    }
}

/// What programs put around any refusal, whatever its reason: Cisco's gateways (and Amazon SES of old), Gmail, Smail.
const AROUND_REFUSALS: [&str; 3] = [
    "unknown address error",
    "it was rejected by the server for the recipient domain",
    "no valid recipients were found for this message",
];

/// The reason that the words tell; the first entry of the table that fits.
pub(super) fn in_words(text: &str) -> Option<Reason> {
    let mut folded = folded(text);
    for words in AROUND_REFUSALS {
        folded = folded.replace(words, "");
    }
    let says = |reason: Reason, phrases: &[&str]| {
        super::phrases::any(&folded, phrases) || reason == Reason::UserUnknown && nobody::is_meant(&folded)
    };
    let mut table = WORDS.iter();
    table
        .find(|(reason, phrases)| says(*reason, phrases))
        .map(|(reason, _)| *reason)
}
