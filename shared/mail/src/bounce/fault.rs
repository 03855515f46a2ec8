//! Whom a refusal is for: the recipient, or us.
//!
//! A host that refuses our address, our host's name or our right to relay uses the words for unknown users and hosts
//! as well, and means us. Such a refusal says nothing about the mailbox, whatever else stands in it.

use super::EnhancedStatus;
use super::phrases;

/// Whether a refusal's words or codes are of the one who sends. `folded` is what was said, in the form that phrases are
/// matched in.
pub(super) fn is_of_the_sender(
    folded: &str,
    status: Option<EnhancedStatus>,
    reply_code: Option<u16>,
) -> bool {
    status.is_some_and(is_status_of_the_sender)
        || reply_code.is_some_and(|code| AUTHENTICATION_CODES.contains(&code))
        || phrases::any(folded, WORDS)
}

/// Whether the refusal came before a recipient was named.
pub(super) fn is_before_the_recipient(folded: &str, reply_code: Option<u16>) -> bool {
    phrases::any(folded, BEFORE_THE_RECIPIENT)
        && !phrases::any(folded, FROM_THE_RECIPIENT_ON)
        && !reply_code.is_some_and(|code| HOST_CODES.contains(&code))
}

/// Of the sender's address (RFC 3463, section 3.2), of its right to send (RFC 3463, section 3.8, RFC 4954), of what
/// vouches for it (RFC 7372), and what Microsoft numbers from 5.7.500 on. 5.7.27, a null MX of
/// the sender (RFC 7505), is left to the words: sendmail uses it for one of the recipient.
fn is_status_of_the_sender(status: EnhancedStatus) -> bool {
    matches!(
        (status.subject, status.detail),
        (1, 7 | 8) | (7, 8 | 11 | 14 | 20..=26 | 500..=999)
    )
}

/// Answers to an attempt to log in, or the demand for one (RFC 4954, section 6).
const AUTHENTICATION_CODES: [u16; 4] = [530, 534, 535, 538];

/// A host, or a domain, that takes no mail from anybody says so at once (RFC 7504).
const HOST_CODES: [u16; 2] = [521, 556];

/// As programs name the moment: exim, postfix, qmail, sendmail.
const BEFORE_THE_RECIPIENT: &[&str] = &[
    "after initial connection",
    "after helo",
    "after ehlo",
    "after mail from",
    "after pipelined mail from",
    "after starttls",
    "after auth",
    "in reply to helo",
    "in reply to ehlo",
    "in reply to mail from",
    "in reply to starttls",
    "but greeting failed",
    "but sender was rejected",
    ">>> mail from",
    ">>> helo",
    ">>> ehlo",
];

/// A notice may tell of several attempts.
const FROM_THE_RECIPIENT_ON: &[&str] = &[
    "after rcpt to",
    "after pipelined rcpt to",
    "in reply to rcpt to",
    "in reply to end of data",
    "does not like recipient",
    ">>> rcpt to",
];

/// What hosts say of the sender's address, host, rights.
const WORDS: &[&str] = &[
    // The address.
    "sender address rejected",
    "sender address has",
    "sender rejected",
    "sender denied",
    "sender verify",
    "sender verification",
    "sender domain",
    "sender's domain",
    "domain of sender",
    "sending domain",
    "unroutable sender",
    "callout verification failed",
    "verification failed for <",
    "invalid sender",
    "bad sender",
    "envelope sender",
    "return path",
    "reply-to",
    "header from",
    "from header",
    "message header",
    "header error",
    // The host.
    "helo command rejected",
    "helo argument",
    "helo name",
    "helo hostname",
    "helo/ehlo",
    "ehlo/helo",
    "invalid helo",
    "invalid ehlo",
    "bad helo",
    "in helo",
    "in ehlo",
    "client host",
    "calling host",
    "sending host",
    "your mail server",
    "your host",
    "your server",
    "your ip",
    "your domain",
    "from ip address",
    "from dynamic",
    "in mail from",
    "dkim",
    "dmarc",
    "sending ip",
    "reverse dns",
    "reverse hostname",
    "reverse lookup",
    "reverse address",
    "rdns",
    "ptr record",
    "has no ptr",
    "without ptr",
    "cannot find your hostname",
    "ip name lookup failed",
    // The right to send here.
    "relaying denied",
    "relaying not",
    "relay access denied",
    "relay denied",
    "relay not permitted",
    "relaying prohibited",
    "unable to relay",
    "not permitted to relay",
    "allowed rcpthosts",
    "authentication failed",
    "authentication required",
    "authentication credentials",
    "starttls command first",
];
