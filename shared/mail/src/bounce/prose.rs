//! Notices for people: which addresses failed, and what was said about each.
//!
//! A notice names each address at the start of a line or behind words of failure, and the refusal beside or below
//! it; the returned mail follows below a rule. That holds for qmail, exim, postfix, sendmail, Exchange, Domino and
//! most others, so there is one reader and not one for each of them.

use std::borrow::Cow;

use super::Finding;
use super::phrases::{self, DELAYS, folded};
use super::words::{Found, addresses, same};
use crate::inbound::InboundMail;

/// Most of the text read: notices are short, and what is long is the returned mail.
const MAX_TEXT_BYTES: usize = 128 * 1024;

/// Most of what was said about one address that is looked at.
const MAX_TOLD_BYTES: usize = 8 * 1024;

/// The text of a mail as far as it is read. A multipart whose boundary never comes has none; then it is what stands
/// where its parts should.
pub(super) fn text_of(mail: &InboundMail) -> Cow<'_, str> {
    let text = if mail.text.trim().is_empty() {
        let unparted = mail
            .attachments
            .iter()
            .find(|part| part.content_type.starts_with("multipart/"));
        let bytes = unparted.map(|part| part.bytes.as_slice()).unwrap_or_default();
        String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_TEXT_BYTES)])
    } else {
        Cow::Borrowed(mail.text.as_str())
    };
    let mut end = text.len().min(MAX_TEXT_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    }
}

/// A notice, cut off from the mail it returns.
pub(super) struct Notice<'a> {
    whole: &'a str,
    own: &'a str,
    returned: &'a str,
    subject: String,
    folded: String,
    lines: Vec<Line<'a>>,
}

/// What a notice says about one address.
pub(super) struct Told {
    pub(super) text: String,
    /// Whether it was said beside the address; else it is all of the notice, with whatever a gateway added.
    pub(super) of_one: bool,
}

struct Line<'a> {
    text: &'a str,
    addresses: Vec<Found>,
}

impl<'a> Notice<'a> {
    pub(super) fn of(subject: &str, whole: &'a str) -> Self {
        let (own, returned) = whole.split_at(end_of_notice(whole));
        let lines = own.lines().map(|text| Line {
            text,
            addresses: addresses(text),
        });
        Self {
            whole,
            own,
            returned,
            subject: folded(subject),
            folded: folded(own),
            lines: lines.collect(),
        }
    }

    /// The subject, in the form that phrases are matched in.
    pub(super) fn subject(&self) -> &str {
        &self.subject
    }

    /// Whether some of the mail itself stands below the notice.
    pub(super) fn returns_the_mail(&self) -> bool {
        !self.returned.trim().is_empty()
    }

    /// All of the text, the returned mail included.
    pub(super) fn whole(&self) -> &'a str {
        self.whole
    }

    /// What the mail system wrote.
    pub(super) fn own(&self) -> &'a str {
        self.own
    }

    /// The returned mail as far as it stands in the text.
    pub(super) fn returned(&self) -> &'a str {
        self.returned
    }

    /// What the mail system wrote, in the form that phrases are matched in.
    pub(super) fn folded(&self) -> &str {
        &self.folded
    }

    pub(super) fn names_a_field(&self, name: &str) -> bool {
        let mut lines = self.whole.lines();
        lines.any(|line| {
            super::fields::field_of(line.trim()).is_some_and(|(field, _)| field.eq_ignore_ascii_case(name))
        })
    }

    pub(super) fn is_a_delay(&self) -> bool {
        phrases::any(&self.folded, DELAYS)
    }

    /// Whether the notice speaks of a failure and not of a delay.
    pub(super) fn is_final(&self) -> bool {
        phrases::any(&self.subject, phrases::SUBJECTS)
            || phrases::any(&self.folded, phrases::FAILURES)
            || phrases::says_permanent(&self.folded)
    }

    /// Whether the notice speaks of a single recipient, and all it says is about that one.
    pub(super) fn names_one_recipient(&self) -> bool {
        best_named(self, Named::AsRefused, |_| true).len() == 1
    }

    /// What the notice says about one address: from each line that names it to the next that names another one
    /// that failed; all of the notice if it names none.
    pub(super) fn about(&self, finding: &Finding) -> Told {
        let names = |address: &str| {
            finding
                .address
                .iter()
                .chain(&finding.aliases)
                .any(|name| same(name, address))
        };
        let mut told = String::new();
        let mut telling = false;
        for line in &self.lines {
            if line.addresses.iter().any(|found| names(&found.address)) {
                telling = true;
            } else if line
                .addresses
                .iter()
                .any(|found| named(line.text, found) == Named::First)
                || is_rule(line.text)
            {
                telling = false;
            }
            if telling && told.len() < MAX_TOLD_BYTES {
                told.push_str(line.text);
                told.push('\n');
            }
        }
        let codes = super::codes::find(&told);
        if codes == super::codes::Codes::default() && super::reason::in_words(&told).is_none() {
            let mut end = self.own.len().min(MAX_TOLD_BYTES);
            while !self.own.is_char_boundary(end) {
                end -= 1;
            }
            return Told {
                text: self.own[..end].to_owned(),
                of_one: false,
            };
        }
        Told {
            text: told,
            of_one: true,
        }
    }
}

/// A line of a sendmail transcript's heading, as in `----- Transcript of session follows -----`.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("-----") && line.ends_with("-----")
}

/// Where the notice ends and the returned mail begins: a line that announces it, or its first header field.
fn end_of_notice(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if announces_the_mail(line) || begins_the_mail(line) {
            return at;
        }
        at += line.len();
    }
    text.len()
}

fn begins_the_mail(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ', '\t', '|']);
    super::fields::field_of(line).is_some_and(|(name, value)| {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "received" => value.contains(" by ") || value.contains("from ") || value.trim().is_empty(),
            "return-path" | "dkim-signature" | "x-received" | "arc-seal" | "x-google-smtp-source" => true,
            _ => false,
        }
    })
}

fn announces_the_mail(line: &str) -> bool {
    let line = line.trim().trim_start_matches('>').trim_start();
    let ruled = line.starts_with(['-', '=', '*', '|', '_', '#', '~']);
    let words = folded(line.trim_matches(|c: char| !c.is_alphanumeric()));
    if words.len() > 120 || words.contains("was received") {
        return false;
    }
    ruled && phrases::any(&words, RULED) || UNRULED.iter().any(|start| words.starts_with(start))
}

/// What a rule between notice and mail says.
const RULED: &[&str] = &[
    "below this line",
    "below the next line",
    "original message",
    "original mail",
    "copy of the message",
    "copy of your message",
    "returned mail",
    "returned message",
    "message header",
    "header of the",
    "message text follows",
    "unsent message",
    "message follows",
    "mensaje original",
    "mensagem original",
    "message d'origine",
    "message original",
    "messaggio originale",
    "urspr\u{fc}ngliche nachricht",
    "oorspronkelijk bericht",
    "\u{43a}\u{43e}\u{43f}\u{438}\u{44f} \u{441}\u{43e}\u{43e}\u{431}\u{449}\u{435}\u{43d}\u{438}\u{44f}",
];

/// How a sentence that announces the mail begins.
const UNRULED: &[&str] = &[
    "original message follows",
    "original message headers",
    "original message as received",
    "original mail as follows",
    "below is a copy",
    "below this line",
    "message header follows",
    "message headers follow",
    "included is a copy",
    "the original message follows",
    "a copy of the original message",
    "here is a copy of",
    "the header of the original",
];

/// How a line names an address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    /// As the sender of the mail, or as someone to ask.
    NotAsFailed,
    /// Somewhere.
    InPassing,
    /// In a `To` line or an SMTP command.
    AsRecipient,
    /// Behind the code of a refusal.
    AsRefused,
    /// First on its line, or behind words of failure.
    First,
}

fn named(line: &str, found: &Found) -> Named {
    let before = folded(line.get(..found.start).unwrap_or_default());
    let words = before.trim_end_matches(['<', '"', '\'', '[', '(', ' ']);
    if phrases::any(words, NOT_FAILED_BEFORE)
        || NOT_FAILED_FIELDS.iter().any(|field| words.starts_with(field))
    {
        return Named::NotAsFailed;
    }
    let local = found.address.split('@').next().unwrap_or_default();
    let bare = words.trim_matches(|c: char| !c.is_alphanumeric());
    if bare.is_empty() {
        return if local.eq_ignore_ascii_case("mailer-daemon") {
            Named::NotAsFailed
        } else {
            Named::First
        };
    }
    if bare.bytes().all(|b| b.is_ascii_digit() || b" .#".contains(&b)) {
        return Named::AsRefused;
    }
    if bare.contains("rcpt to") || bare.starts_with("to") && bare.len() <= 3 || bare == "cc" {
        return Named::AsRecipient;
    }
    if phrases::any(words, FAILED_BEFORE) {
        return Named::First;
    }
    Named::InPassing
}

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
    "original address:",
    "failed:",
    "failed for",
    "your message was addressed,",
    "rejected:",
    "user:",
    "could not send to",
];

/// The recipients that the prose names, each with what the report said where it named none.
pub(super) fn find_recipients(
    mail: &InboundMail,
    notice: &Notice<'_>,
    findings: Vec<Finding>,
) -> Vec<Finding> {
    let template = findings.into_iter().next().unwrap_or_default();
    let mut addresses = mail.failed_recipients.clone();
    if addresses.is_empty() {
        addresses = in_prose(mail, notice);
    }
    if addresses.is_empty() {
        addresses = super::returned::sole_recipient(mail, notice)
            .into_iter()
            .collect();
    }
    if addresses.is_empty() {
        return vec![template];
    }
    let findings = addresses.into_iter().map(|address| Finding {
        address: Some(address),
        ..template.clone()
    });
    findings.collect()
}

/// The addresses that are named in the most telling way that any is named in; our own only if no other is.
fn in_prose(mail: &InboundMail, notice: &Notice<'_>) -> Vec<String> {
    let ours = |address: &str| {
        let mut mailboxes = mail.to.iter().chain(&mail.from);
        mailboxes.any(|mailbox| same(&mailbox.address, address))
    };
    let others = best_named(notice, Named::InPassing, |address| !ours(address));
    if others.is_empty() {
        best_named(notice, Named::First, |_| true)
    } else {
        others
    }
}

fn best_named(notice: &Notice<'_>, least: Named, counts: impl Fn(&str) -> bool) -> Vec<String> {
    let mut best = least;
    let mut chosen: Vec<String> = Vec::new();
    for line in &notice.lines {
        for found in &line.addresses {
            let named = named(line.text, found);
            if named < best || named == Named::NotAsFailed || !counts(&found.address) {
                continue;
            }
            if named > best {
                best = named;
                chosen.clear();
            }
            let known = chosen.iter().any(|address| same(address, &found.address));
            if !known && chosen.len() < super::MAX_BOUNCES {
                chosen.push(found.address.clone());
            }
        }
    }
    chosen
}
