//! Mail about our mail: bounces, complaints, dispositions, automatic replies.
//!
//! Two facts shape this module. Most notices state their findings in a part made for machines (RFC 3464), and
//! many others only tell a person in prose; so the part is read first (`report`) and the prose fills what it
//! leaves open (`prose`). And a notice may lie or be none: whoever uses a [`Bounce`] must find the mail that
//! bounced among the mail that was sent before believing the rest.

mod addresses;
mod codes;
mod cut;
mod fields;
mod naming;
mod notice;
mod phrases;
mod prose;
mod reason;
mod reason_words;
mod report;
mod returned;
mod sign;

use crate::automatic::AutomaticSign;
use crate::inbound::InboundMail;
use crate::text::one_line;

pub use codes::EnhancedStatus;
pub use notice::{Complaint, Disposition, Notice, complaint, disposition, notice};
pub use reason::Reason;

/// Most addresses reported of one mail: our own mails have at most fifty recipients.
pub const MAX_BOUNCES: usize = 100;

/// Longest diagnostic kept, in bytes: what an agent reads in one line or two.
pub const MAX_DIAGNOSTIC_BYTES: usize = 400;

/// Whether a failure is final for this mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permanence {
    /// Stated as permanent: status 5.x.x (RFC 3463), reply 5yz (RFC 5321), or words to that effect.
    Permanent,
    /// A delay, or given up for a cause that may pass: status 4.x.x, reply 4yz, or words to that effect.
    Temporary,
    /// Not stated.
    Unknown,
}

impl Permanence {
    /// The word for storage and pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Permanence::Permanent => "permanent",
            Permanence::Temporary => "temporary",
            Permanence::Unknown => "unknown",
        }
    }
}

/// What a mail that came back says about one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The address as we used it where that is stated, else the one that failed; `None` if none is named.
    pub address: Option<String>,
    /// Whether the failure is final.
    pub kind: Permanence,
    /// The status (RFC 3463), the one that the refusing host gave before the one that the reporting host put.
    pub status: Option<EnhancedStatus>,
    /// The SMTP reply code, 400 to 599.
    pub reply_code: Option<u16>,
    /// Why, as far as it can be told.
    pub reason: Reason,
    /// What the hosts said, on one line of at most [`MAX_DIAGNOSTIC_BYTES`]. Written by strangers.
    pub diagnostic: String,
    /// The Message-ID of the mail that bounced, without angle brackets: how its ticket is found.
    pub original_message_id: Option<String>,
    /// The value of our outbox header in the returned mail. Not to be trusted: a sender can write it.
    pub original_outbox: Option<String>,
}

impl Bounce {
    /// Whether the address itself is dead: no such user or host, permanently. A full mailbox, a blocked sender or
    /// a mail too big say nothing about the next mail.
    pub fn address_is_dead(&self) -> bool {
        self.kind == Permanence::Permanent && matches!(self.reason, Reason::UserUnknown | Reason::HostUnknown)
    }
}

/// Reads a bounce, one item for each address it names and a single one without address if it names none; `None` if
/// the mail is no bounce. A report of success, a complaint and a disposition are none.
pub fn read_bounces(mail: &InboundMail) -> Option<Vec<Bounce>> {
    read_at_depth(mail, 0)
}

/// How deep a bounce may be wrapped in another mail: gateways and mailing lists pass one on as an attachment.
const MAX_WRAPPING: usize = 1;

fn read_at_depth(mail: &InboundMail, depth: usize) -> Option<Vec<Bounce>> {
    if complaint(mail).is_some() || disposition(mail).is_some() {
        return None;
    }
    let text = prose::text_of(mail);
    let notice = prose::Notice::of(&mail.subject, &text);
    let report = report::read(mail, &notice);
    if report.as_ref().is_some_and(|report| report.only_success()) {
        return None;
    }
    let findings = match report {
        Some(report) => report.failures,
        None if sign::is_bounce(mail, &notice) => Vec::new(),
        None => return wrapped(mail, depth),
    };
    let findings = each_once(findings);
    let findings = if findings.iter().any(|finding| finding.address.is_some()) {
        findings
    } else if let Some(bounces) = wrapped(mail, depth).filter(|_| mail.failed_recipients.is_empty()) {
        return Some(bounces);
    } else {
        naming::find_recipients(mail, &notice, findings)
    };
    let original = returned::read(mail, &notice);
    let alone = findings.len() == 1 && notice.names_one_recipient();
    let bounces = findings
        .into_iter()
        .map(|finding| finding.judge(&notice, alone, &original));
    Some(bounces.collect())
}

/// The first finding about each address, up to the limit.
fn each_once(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let known = finding.address.as_ref().is_some_and(|address| {
            let mut addresses = kept.iter().filter_map(|kept| kept.address.as_ref());
            addresses.any(|kept| addresses::same(kept, address))
        });
        if !known && kept.len() < MAX_BOUNCES {
            kept.push(finding);
        }
    }
    kept
}

/// The bounce within a mail that a machine passed on.
fn wrapped(mail: &InboundMail, depth: usize) -> Option<Vec<Bounce>> {
    if depth >= MAX_WRAPPING || mail.automatic.is_none() && !sign::is_system_sender(mail) {
        return None;
    }
    let inner = mail
        .attachments
        .iter()
        .find(|part| part.content_type == "message/rfc822")?;
    let inner = crate::read::read(&inner.bytes, None).ok()?;
    // Our own automatic mail, returned, is what bounced.
    let by_machine = inner
        .automatic
        .is_some_and(|sign| sign != AutomaticSign::OwnOutbox);
    let is_report = by_machine || sign::is_system_sender(&inner);
    is_report.then(|| read_at_depth(&inner, depth + 1)).flatten()
}

/// The addresses of the `X-Failed-Recipients` fields of a header.
pub(crate) fn failed_recipients(headers: &[(String, String)]) -> Vec<String> {
    let fields = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("X-Failed-Recipients"));
    let found = fields.flat_map(|(_, value)| addresses::addresses(value));
    found.map(|found| found.address).take(MAX_BOUNCES).collect()
}

/// What was found about one recipient, before it is judged.
#[derive(Clone, Debug, Default)]
struct Finding {
    address: Option<String>,
    /// Other names of the same recipient, under which the prose may speak of it.
    aliases: Vec<String>,
    delayed: bool,
    /// The `Status` field of the report.
    status: Option<EnhancedStatus>,
    /// What the refusing host said, as the report quotes it.
    said: String,
}

impl Finding {
    /// `alone`: the notice speaks of this recipient and no other.
    fn judge(self, notice: &prose::Notice<'_>, alone: bool, original: &returned::Original) -> Bounce {
        let told = notice.about(&self);
        let text = if self.said.is_empty() {
            &told.text
        } else {
            &self.said
        };
        let mut codes = codes::find(text);
        let reported = self.status.filter(|status| !status.is_general());
        if self.said.is_empty() || reported.is_none() {
            codes.fill(codes::find(&told.text));
        }
        let status = codes.choose(self.status);
        let kind = permanence(self.delayed, status, codes.reply_code, &told.text, notice);
        let mut reason = reason::of(&self.said, &told, status, codes.reply_code);
        if reason == Reason::Other && alone {
            let guess = reason::in_words(notice.own());
            reason = guess
                .filter(|guess| guess.is_of_the_recipient())
                .unwrap_or(reason);
        }
        Bounce {
            address: self.address,
            kind,
            status,
            reply_code: codes.reply_code,
            reason,
            diagnostic: bounded_line(text),
            original_message_id: original.message_id.clone(),
            original_outbox: original.outbox.clone(),
        }
    }
}

fn permanence(
    delayed: bool,
    status: Option<EnhancedStatus>,
    reply_code: Option<u16>,
    told: &str,
    notice: &prose::Notice<'_>,
) -> Permanence {
    let stated = status
        .map(|status| u16::from(status.class))
        .or(reply_code.map(|code| code / 100));
    match stated {
        _ if delayed => Permanence::Temporary,
        Some(5) => Permanence::Permanent,
        Some(4) => Permanence::Temporary,
        _ if notice.is_a_delay() => Permanence::Temporary,
        _ if phrases::says_permanent(told) || notice.is_final() => Permanence::Permanent,
        _ => Permanence::Unknown,
    }
}

/// The text on one line without runs of white space, cut at a character.
fn bounded_line(text: &str) -> String {
    let mut line = String::new();
    for word in one_line(text).split_whitespace() {
        if line.len() + word.len() + 1 > MAX_DIAGNOSTIC_BYTES {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
