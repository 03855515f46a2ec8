//! Why a mail did not arrive: from what the host said, then from the codes.

use super::EnhancedStatus;
use super::phrases::folded;
use super::prose::Told;

/// Why a mail did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// There is no such mailbox, or it moved.
    UserUnknown,
    /// The domain does not exist or takes no mail.
    HostUnknown,
    /// The mailbox is over its quota.
    MailboxFull,
    /// The mailbox is switched off.
    Suspended,
    /// The sender, its host or its domain is refused: policy, reputation, authentication, relaying, rate.
    Blocked,
    /// The contents are refused: spam, virus, form.
    Spam,
    /// The mail is too big.
    TooBig,
    /// The host was not reached in time, or the mail went in circles.
    Expired,
    /// None of these, or not stated.
    Other,
}

impl Reason {
    /// Whether the cause lies with the recipient, and not with the sender or the mail.
    pub(super) fn is_of_the_recipient(self) -> bool {
        !matches!(
            self,
            Reason::Spam | Reason::Blocked | Reason::TooBig | Reason::Other
        )
    }

    /// The word for storage and pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::UserUnknown => "user_unknown",
            Reason::HostUnknown => "host_unknown",
            Reason::MailboxFull => "mailbox_full",
            Reason::Suspended => "suspended",
            Reason::Blocked => "blocked",
            Reason::Spam => "spam",
            Reason::TooBig => "too_big",
            Reason::Expired => "expired",
            Reason::Other => "other",
        }
    }
}

/// The reason of one refusal. Words go before codes: hosts reuse 5.7.1 and 5.1.1 for anything.
pub(super) fn of(said: &str, told: &Told, status: Option<EnhancedStatus>, reply_code: Option<u16>) -> Reason {
    let of_sender = status.filter(|status| status.subject == 1 && matches!(status.detail, 7 | 8));
    if of_sender.is_some() {
        // Of the sender's address, whatever the words say of addresses and hosts.
        return Reason::Blocked;
    }
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
        (1, 2 | 10) | (4, 4) | (7, 27) => Reason::HostUnknown,
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

/// The reason that the words tell; the first entry of the table that fits.
pub(super) fn in_words(text: &str) -> Option<Reason> {
    let folded = folded(text);
    let mut table = WORDS.iter();
    table
        .find(|(_, phrases)| super::phrases::any(&folded, phrases))
        .map(|(reason, _)| *reason)
}

/// What hosts say, the narrow before the wide: "user unknown" within a refusal for spam does not happen, "mailbox
/// unavailable" within anything does.
const WORDS: &[(Reason, &[&str])] = &[
    (
        Reason::MailboxFull,
        &[
            "mailbox full",
            "mailbox is full",
            "quota exceeded",
            "over quota",
            "overquota",
            "exceeded their quota",
            "exceeding their quota",
            "quota usage exceeded",
            "disk quota",
            "exceeded storage",
            "out of storage",
            "mailfolder is full",
            "exceeded the local limit",
            "mailbox size limit",
            "storage space",
            "insufficient space",
            "inbox is full",
            "exceeded his quota",
            "exceeds quota",
            "quota is full",
            "recipient's mailbox exceeded",
            "user is over",
            "would exceed mailbox",
        ],
    ),
    (
        Reason::TooBig,
        &[
            "message too large",
            "message too big",
            "message size exceeds",
            "exceeds the maximum message size",
            "maximum incoming message size",
            "message exceeds",
            "size limit exceeded",
            "recipsizelimit",
            "is too large",
            "exceeded maximum incoming",
            "message file too big",
            "exceeds size limit",
        ],
    ),
    (
        Reason::Suspended,
        &[
            "account is disabled",
            "account has been disabled",
            "account that you tried to reach is disabled",
            "account disabled",
            "account is suspended",
            "account suspended",
            "account inactive",
            "account is inactive",
            "mailbox disabled",
            "mailbox is disabled",
            "user is suspended",
            "is deactivated",
            "has been suspended",
            "inactive user",
            "user disabled",
            "expirado por falta de uso",
            "is inactive",
            "temporarily suspended",
            "currently suspended",
            "temporary locked",
            "temporarily locked",
            "account is locked",
        ],
    ),
    (
        Reason::HostUnknown,
        &[
            "host unknown",
            "unknown host",
            "host not found",
            "domain not found",
            "no such domain",
            "domain does not exist",
            "nxdomain",
            "dns lookup failure: host",
            "no smtp service",
            "domain may not exist",
            "domain is not reachable",
            "couldn't find any host",
            "unrouteable address",
            "unrouteable mail domain",
            "name or service not known",
            "name service error",
            "no mail exchanger",
            "illegal host/domain",
            "domain name not found",
            "null mx",
            "does not accept mail",
            "doesn't accept mail",
            "does not accept email",
            "sender refused, no mx",
            "bad destination host",
            "unresolvable",
            "unknown domain",
            "invalid domain",
            "nullmx",
            "dns name not found",
            "couldn't find any valid mx",
            "domain isn't in my list",
            "no route to host for domain",
            "host or domain name not found",
        ],
    ),
    (
        Reason::UserUnknown,
        &[
            "user unknown",
            "unknown user",
            "no such user",
            "user not exist",
            "is not a registered",
            "no such recipient",
            "no such mailbox",
            "no mailbox here",
            "no such address",
            "unknown recipient",
            "recipient unknown",
            "unknown address",
            "address unknown",
            "addressee unknown",
            "user not found",
            "recipient not found",
            "recipnotfound",
            "mailbox not found",
            "mailbox unknown",
            "unknown mailbox",
            "mailbox does not exist",
            "mailbox doesn't exist",
            "account does not exist",
            "account doesn't exist",
            "does not exist here",
            "user does not exist",
            "user doesn't exist",
            "recipient does not exist",
            "address does not exist",
            "not our customer",
            "doesn't have a",
            "no account",
            "not a valid mailbox",
            "invalid mailbox",
            "invalid recipient",
            "invalid user",
            "invalid final delivery userid",
            "is not a known user",
            "unknown local part",
            "unknown or illegal",
            "not a valid user",
            "recipient address rejected: access denied",
            "recipient name is not recognized",
            "no matches to nameserver",
            "not listed in domino",
            "not listed in public name",
            "unknown or invalid",
            "illegal user",
            "illegal alias",
            "couldn't be found",
            "wasn't found at",
            "could not be found",
            "email account that you tried to reach",
            "address not found",
            "did not exactly match",
            "user not known",
            "undeliverable address",
            "bad address",
            "has moved",
            "user has moved",
            "no longer at",
            "does not have a final email delivery point",
            "there is no one at this address",
            "mailbox unavailable or not local",
            "requested action not taken: mailbox unavailable",
            "requested action not taken: no such",
            "utilisateur inconnu",
            "empf\u{e4}nger unbekannt",
            "\u{30ea}\u{30b9}\u{30c8}\u{306b}\u{3042}\u{308a}\u{307e}\u{305b}\u{3093}",
        ],
    ),
    (
        Reason::Spam,
        &[
            "spam",
            "virus",
            "malware",
            "unsolicited",
            "content rejected",
            "content filter",
            "bulk email filter",
            "attachment not allowed",
            "message content",
            "banned",
            "looks like phishing",
        ],
    ),
    (
        Reason::Blocked,
        &[
            "blocked",
            "blacklist",
            "block list",
            "blocklist",
            "access denied",
            "policy",
            "not permitted",
            "relaying",
            "relay denied",
            "not authorized",
            "not allowed",
            "authentication",
            "dmarc",
            "spf",
            "dkim",
            "reverse dns",
            "ptr record",
            "reverse lookup",
            "poor reputation",
            "bad reputation",
            "too many connections",
            "rate limit",
            "sender rejected",
            "sender address rejected",
            "sender denied",
            "client host rejected",
            "rejected by",
            "must be a member",
            "unroutable sender",
            "address is not verified",
            "mismatches client ip",
            "service refuse",
            "not a member",
            "please use the smtp server",
            "administrative prohibition",
            "denied by",
            "sender verify failed",
            "cannot find your hostname",
            "cannot find your reverse hostname",
        ],
    ),
    (
        Reason::Expired,
        &[
            "timed out",
            "timeout",
            "retry time",
            "too long",
            "message expired",
            "connection refused",
            "no route to host",
            "unable to connect",
            "could not connect",
            "not reachable",
            "unreachable",
            "network is",
            "did not accept our requests to connect",
            "could not deliver for the last",
            "not responding",
            "lost connection",
            "too many hops",
            "hop count",
            "looping",
            "mail loop",
            "routing loop",
            "attempts",
            "could not contact",
            "try again later",
            "has stopped trying",
            "temporary failure in name resolution",
            "host not responding",
            "within the allowed queue period",
        ],
    ),
];
