//! Why a mail did not arrive: from what the host said, then from the codes.

use std::borrow::Cow;

use super::phrases::folded;
use super::reason_words::WORDS;
use super::vocabulary::Told;
use super::{EnhancedStatus, vocabulary::Reason};
use super::{fault, nobody};

/// The reason of one refusal of the address.
///
/// What is said of users and hosts counts only where it is those of the address that are meant: an address that is
/// taken for dead gets no mail any more.
///
/// `ours` are the addresses that the notice was sent to: a refusal that names one is of that one.
pub(super) fn of(
    said: &str,
    told: &Told,
    ours: &[&String],
    status: Option<EnhancedStatus>,
    reply_code: Option<u16>,
) -> Reason {
    let refusal = Refusal {
        said: folded(said),
        told: folded(&told.text),
        status,
        reply_code,
    };
    let in_said = in_folded(&refusal.said);
    let reason = in_said.unwrap_or_else(|| refusal.reason(told.of_one));
    let of_the_recipient = matches!(
        reason,
        Reason::UserUnknown | Reason::HostUnknown | Reason::Suspended | Reason::Other
    );
    let names_us = |text: &str| ours.iter().any(|our| text.contains(*our));
    // In prose only where the address and the refusal stand on one line: a notice has fields of ours as well.
    let in_a_refusal = |line: &str| names_us(&line.to_lowercase()) && in_words(line).is_some();
    let names_us = names_us(&refusal.said) || told.text.lines().any(in_a_refusal);
    if of_the_recipient && (names_us || refusal.is_of_the_sender(in_said.is_some())) {
        Reason::Blocked
    } else {
        reason
    }
}

/// A refusal, its words in the form that phrases are matched in.
struct Refusal {
    /// What the report quotes.
    said: String,
    /// What the notice tells beside the address, or all of it.
    told: String,
    status: Option<EnhancedStatus>,
    reply_code: Option<u16>,
}

impl Refusal {
    /// The reason where the report quotes none. Words go before codes: hosts reuse 5.7.1 and 5.1.1 for anything.
    fn reason(&self, of_one: bool) -> Reason {
        let in_told = in_folded(&self.told);
        in_told
            .filter(|_| of_one)
            .or_else(|| self.status.and_then(of_status))
            .or(in_told)
            .or_else(|| self.weakly())
            .or_else(|| self.reply_code.and_then(of_reply_code))
            .unwrap_or(Reason::Other)
    }

    /// What refusals of an address say that names no cause; a status of another subject than addresses knows better.
    fn weakly(&self) -> Option<Reason> {
        let addressing = self
            .status
            .is_none_or(|status| matches!(status.subject, 0 | 1 | 5));
        let refused = ["recipient address rejected", "mailbox unavailable", "unrouteable"];
        (addressing && super::phrases::any(&self.told, &refused)).then_some(Reason::UserUnknown)
    }

    /// What the report quotes is the refusal, if it names a reason; else it stands somewhere in the notice.
    fn is_of_the_sender(&self, is_quoted: bool) -> bool {
        let is_said_of = |words: &str| fault::is_of_the_sender(words, self.status, self.reply_code);
        is_said_of(&self.said)
            || !is_quoted && is_said_of(&self.told)
            || fault::is_before_the_recipient(&self.told, self.reply_code)
    }
}

/// The registered statuses that say why (IANA, SMTP Enhanced Status Codes).
fn of_status(status: EnhancedStatus) -> Option<Reason> {
    Some(match (status.subject, status.detail) {
        (1, 1 | 3 | 6) => Reason::UserUnknown,
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
    in_folded(&folded(text))
}

fn in_folded(folded: &str) -> Option<Reason> {
    let mut words = Cow::Borrowed(folded);
    for around in AROUND_REFUSALS {
        if words.contains(around) {
            words = Cow::Owned(words.replace(around, ""));
        }
    }
    let says = |reason: Reason, phrases: &[&str]| {
        super::phrases::any(&words, phrases) || reason == Reason::UserUnknown && nobody::is_meant(&words)
    };
    let mut table = WORDS.iter();
    table
        .find(|(reason, phrases)| says(*reason, phrases))
        .map(|(reason, _)| *reason)
}
