//! Whether it is the recipient's host that is unknown, and for good.
//!
//! The host that sends finds that out by itself, in the domain name system. A host that answers is there: what it
//! calls unknown is ours, or a domain within the mail.

use super::phrases;
use super::{EnhancedStatus, vocabulary::Reason};

/// The reason of a final refusal whose words speak of an unknown host.
pub(super) fn checked(said: &str, status: Option<EnhancedStatus>, reply_code: Option<u16>) -> Reason {
    let folded = &phrases::folded(said);
    if phrases::any(folded, PASSING) {
        return Reason::Expired;
    }
    let is_stated = status
        .is_some_and(|status| matches!((status.subject, status.detail), (1, 2 | 10) | (4, 4)))
        || matches!(reply_code, None | Some(521 | 556))
        || phrases::any(folded, TAKES_NO_MAIL)
        || phrases::any(folded, OF_THE_NAME);
    if is_stated {
        Reason::HostUnknown
    } else {
        Reason::Other
    }
}

/// Failures of the domain name system that say nothing about the domain.
const PASSING: &[&str] = &[
    "found, try again",
    "found; try again",
    "temporar",
    "servfail",
    "server failure",
    "no response from",
    "did not complete",
];

/// What a host says of its own domain (RFC 7504, RFC 7505).
const TAKES_NO_MAIL: &[&str] = &[
    "not accept mail",
    "n't accept mail",
    "not accept email",
    "no mx found for domain",
    "null mx",
    "nullmx",
];

/// What our own host says, with a code before it: sendmail and Outlook.com.
const OF_THE_NAME: &[&str] = &["authoritative answer", "please check the domain"];
