//! Notices for people: which addresses failed, and what was said about each.
//!
//! A notice names each address at the start of a line or behind words of failure, and the refusal beside or below
//! it; the returned mail follows below a rule. That holds for qmail, exim, postfix, sendmail, Exchange, Domino and
//! most others, so there is one reader and not one for each of them.

use std::borrow::Cow;

use super::addresses::{addresses, same};
use super::codes::{self, Codes};
use super::cut::end_of_notice;
use super::failure_words::{FAILURES, SUBJECTS};
use super::fault;
use super::phrases::{self, DELAYS, folded};
use super::vocabulary::{Finding, Line, Told};
use super::{
    naming::{best_named, named},
    vocabulary::HowNamed,
};
use crate::inbound::InboundMail;

/// Most of the text read: notices are short, and what is long is the returned mail.
const MAX_TEXT_BYTES: usize = 128 * 1024;

/// Most addresses looked at: our mails have at most fifty recipients, and a notice names each a few times.
const MAX_ADDRESSES: usize = 2_000;

/// Most of what was said about one address that is looked at.
const MAX_TOLD_BYTES: usize = 4 * 1024;

/// The text of a mail as far as it is read. A multipart whose boundary never comes has none; then it is what stands
/// where its parts should.
pub(super) fn text_of(mail: &InboundMail) -> Cow<'_, str> {
    let text = if mail.text.trim().is_empty() {
        let unparted = mail
            .attachments
            .iter()
            .find(|part| part.content_type.starts_with("multipart/"));
        let bytes = unparted.map(|part| &*part.bytes).unwrap_or_default();
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
pub(super) struct NoticeText<'a> {
    whole: &'a str,
    own: &'a str,
    returned: &'a str,
    subject: String,
    lines: Vec<Line<'a>>,
    is_a_delay: bool,
    says_failure: bool,
    is_final: bool,
    names_one_recipient: bool,
    names_a_recipient: bool,
    names_a_failed_one: bool,
    speaks_of_mail: bool,
    refuses_the_sender: bool,
}

fn lines_of(text: &str) -> Vec<Line<'_>> {
    let mut seen = 0;
    let mut lines = Vec::new();
    for text in text.lines() {
        let found = if seen < MAX_ADDRESSES {
            addresses(text)
        } else {
            Vec::new()
        };
        seen += found.len();
        let found = found.into_iter().take(MAX_ADDRESSES);
        let addresses = found.map(|found| {
            let named = named(text, &found);
            (found, named)
        });
        lines.push(Line {
            text,
            addresses: addresses.collect(),
        });
    }
    lines
}

impl<'a> NoticeText<'a> {
    pub(super) fn of(subject: &str, whole: &'a str) -> Self {
        let (own, returned) = whole.split_at(end_of_notice(whole));
        let subject = folded(subject);
        let folded = folded(own);
        let is_a_delay = phrases::any(&folded, DELAYS);
        let says_failure = phrases::any(&folded, FAILURES);
        let is_final = says_failure || phrases::any(&subject, SUBJECTS) || phrases::says_permanent(&folded);
        let lines = lines_of(own);
        Self {
            whole,
            own,
            returned,
            names_one_recipient: best_named(&lines, HowNamed::AsRefused, |_| true).len() == 1,
            names_a_recipient: !best_named(&lines, HowNamed::AsRecipient, |_| true).is_empty(),
            names_a_failed_one: !best_named(&lines, HowNamed::First, |_| true).is_empty(),
            speaks_of_mail: phrases::any(&folded, phrases::OF_MAIL),
            refuses_the_sender: fault::is_of_the_sender(&folded, None, None),
            subject,
            is_a_delay,
            says_failure,
            is_final,
            lines,
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

    /// The lines of what the mail system wrote.
    pub(super) fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    /// Whether a sentence of it tells of a failure.
    pub(super) fn says_failure(&self) -> bool {
        self.says_failure
    }

    /// Whether a sentence of it tells of a refusal that is not of the recipient.
    pub(super) fn refuses_the_sender(&self) -> bool {
        self.refuses_the_sender
    }

    /// Whether a line anywhere in the text is a field with this name.
    pub(super) fn names_a_field(&self, name: &str) -> bool {
        let mut lines = self.whole.lines();
        lines.any(|line| {
            super::fields::field_of(line.trim()).is_some_and(|(field, _)| field.eq_ignore_ascii_case(name))
        })
    }

    /// Whether the notice speaks of a delay.
    pub(super) fn is_a_delay(&self) -> bool {
        self.is_a_delay
    }

    /// Whether the notice, which speaks of no delay, speaks of a failure.
    pub(super) fn is_final(&self) -> bool {
        self.is_final
    }

    /// Whether the notice names any address as one that a mail was for.
    pub(super) fn names_a_recipient(&self) -> bool {
        self.names_a_recipient
    }

    /// Whether the notice says in plain words that a mail did not reach an address.
    pub(super) fn fails_a_mail_in_plain_words(&self) -> bool {
        self.says_failure && self.names_a_failed_one && self.speaks_of_mail
    }

    /// Whether the notice speaks of a single recipient, and all it says is about that one.
    pub(super) fn names_one_recipient(&self) -> bool {
        self.names_one_recipient
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
        let mut refused = false;
        for line in &self.lines {
            let mut here = line.addresses.iter();
            if let Some((_, named)) = line.addresses.iter().find(|(found, _)| names(&found.address)) {
                telling = true;
                refused = *named == HowNamed::AsRefused;
            } else if here.any(|(_, named)| *named == HowNamed::First)
                || is_rule(line.text)
                || is_for_another(line)
                || refused && begins_with_a_code(line.text)
            {
                telling = false;
            }
            if telling && told.len() < MAX_TOLD_BYTES {
                told.push_str(line.text);
                told.push('\n');
            }
        }
        let found = codes::find(&told);
        if found == Codes::default() && super::reason::in_words(&told).is_none() {
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

/// Whether a line, which does not name the address in question, is the command that names the next one.
fn is_for_another(line: &Line<'_>) -> bool {
    !line.addresses.is_empty() && folded(line.text).contains("rcpt to")
}

/// Whether a line is the next refusal of a transcript.
fn begins_with_a_code(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    codes::find(word).reply_code.is_some()
}

/// A line of a sendmail transcript's heading, as in `----- Transcript of session follows -----`.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("-----") && line.ends_with("-----")
}
