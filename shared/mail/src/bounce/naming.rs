//! Which addresses a notice names, and how: as the one that failed, as the sender, as someone to ask.

use super::addresses::{Found, same};
use super::failure_words::FAILURES;
use super::phrases::{self, folded};
use super::vocabulary::HowNamed;
use super::vocabulary::Line;

/// Most bytes before an address that are looked at: a heading or half a sentence.
const MAX_BEFORE_BYTES: usize = 300;

/// How an address is named that starts at this byte of the line.
pub(super) fn named(line: &str, found: &Found) -> HowNamed {
    let mut start = found.start.saturating_sub(MAX_BEFORE_BYTES);
    while !line.is_char_boundary(start) {
        start += 1;
    }
    let before = folded(line.get(start..found.start).unwrap_or_default());
    let words = before.trim_end_matches(['<', '"', '\'', '[', '(', ' ']);
    if phrases::any(words, NOT_FAILED_BEFORE)
        || NOT_FAILED_FIELDS.iter().any(|field| words.starts_with(field))
    {
        return HowNamed::NotAsFailed;
    }
    let local = found.address.split('@').next().unwrap_or_default();
    let bare = words.trim_matches(|c: char| !c.is_alphanumeric());
    if bare.is_empty() {
        return if local.eq_ignore_ascii_case("mailer-daemon") {
            HowNamed::NotAsFailed
        } else {
            HowNamed::First
        };
    }
    if bare.bytes().all(|b| b.is_ascii_digit() || b" .#".contains(&b)) {
        return HowNamed::AsRefused;
    }
    let sentence = words.rsplit(". ").next().unwrap_or_default();
    if sentence.ends_with(" to:") && phrases::any(sentence, FAILURES) {
        return HowNamed::First;
    }
    if bare.contains("rcpt to")
        || words.ends_with(" to:")
        || bare.starts_with("to") && bare.len() <= 3
        || bare == "cc"
    {
        return HowNamed::AsRecipient;
    }
    let refused = words.ends_with(':') && super::reason::in_words(words).is_some();
    if refused || phrases::any(words, FAILED_BEFORE) || phrases::any(&after(line, found), FAILED_AFTER) {
        return HowNamed::First;
    }
    HowNamed::InPassing
}

/// What follows an address on its line, as far as the next half sentence.
fn after(line: &str, found: &Found) -> String {
    let mut end = line.len().min(found.end + MAX_AFTER_BYTES);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    folded(line.get(found.end..end).unwrap_or_default())
}

/// Most bytes behind an address that are looked at.
const MAX_AFTER_BYTES: usize = 60;

const NOT_FAILED_FIELDS: &[&str] = &[
    "from:",
    "sender:",
    "reply-to:",
    "message-id:",
    "return-path:",
    "in-reply-to:",
    "references:",
    "x-postfix-sender",
    "errors-to:",
    "received:",
    "by ",
    "for more",
];

/// Words before an address that is not the one that failed.
const NOT_FAILED_BEFORE: &[&str] = &[
    "mail from",
    "envelope-from",
    "contact",
    "assistance",
    "send mail to",
    "please write",
    "questions",
    "http",
    "support",
    "expanded from",
    "your message from",
    "sender address",
    "report to",
];

/// Words before the address that failed.
const FAILED_BEFORE: &[&str] = &[
    "unknown user:",
    "dda:",
    "undeliverable to",
    "attempts:",
    "recipient",
    "error-for:",
    "delivery userid:",
    "deliver",
    "was sent to",
    "your message to",
    "message to",
    "your mail to",
    "error delivering",
    ", address:",
    "original address:",
    "recipient address:",
    "failed:",
    "failed for",
    "your message was addressed,",
    "rejected:",
    "user:",
    "could not send to",
];

/// Words behind the address that failed.
const FAILED_AFTER: &[&str] = &[
    "could not be delivered",
    "cannot be delivered",
    "was not delivered",
    "was undeliverable",
    "did not exactly match",
    "is unknown",
    "unknown",
    "no such user",
    "does not exist",
    "not listed in",
];

/// The addresses named in the most telling way, if that is at least this one.
pub(super) fn best_named(lines: &[Line<'_>], least: HowNamed, counts: impl Fn(&str) -> bool) -> Vec<String> {
    let mut best = least;
    let mut chosen: Vec<String> = Vec::new();
    for line in lines {
        for (found, named) in &line.addresses {
            let named = *named;
            if named < best || named == HowNamed::NotAsFailed || !counts(&found.address) {
                continue;
            }
            if named > best {
                best = named;
                chosen.clear();
            }
            let known = chosen.iter().any(|address| same(address, &found.address));
            if !known && chosen.len() < super::vocabulary::MAX_BOUNCES {
                chosen.push(found.address.clone());
            }
        }
    }
    chosen
}
