//! A mail that a person passes on: who wrote the original, and what about.
//!
//! In doubt nobody: taking the one who passes a mail on for its author is seen at once, taking an answered person
//! for the author of the answer is not.

use crate::bounce::notice;
use crate::fold::{Head, Origin, Part, fold_mail, origin};
use crate::inbound::{InboundMail, Mailbox};
use crate::peek::peek;
use crate::read::clean_address;
use crate::subject::{is_reply, says_forward};
use crate::text::one_line;

/// Longest name kept, in characters.
const MAX_NAME_CHARS: usize = 200;

/// By what a mail is known to be passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ForwardSign {
    /// The only mail attached.
    AttachedMail,
    /// Words that say so above the text: "Forwarded message".
    Marker,
    /// Header lines, and the subject says so or nothing stands above them.
    HeaderLines,
    /// A line that says who wrote when, and the subject says so.
    Introduction,
}

/// A mail within a mail that was passed on; the outermost, if there are several within one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forwarded {
    /// Who wrote it, as far as the one who passes it on tells the truth: nothing proves it.
    pub from: Mailbox,
    /// Its subject, when stated. Else [`crate::without_forward_prefixes`] of the mail's own subject is close.
    pub subject: Option<String>,
    /// Where it starts in [`InboundMail::text`], the lines above it included; none when it is attached.
    pub start_bytes: Option<usize>,
    /// By what it was known.
    pub sign: ForwardSign,
}

/// Who wrote the mail that a person passes on, if that is what the mail does.
///
/// A reply that quotes passes nothing on. Outlook writes the same header lines above both: then the subject
/// decides. What a machine sent passes nothing on either: it returns or reports. Nothing is found where no address
/// is named.
pub fn forwarded(mail: &InboundMail) -> Option<Forwarded> {
    if mail.automatic.is_some() {
        return None;
    }
    within_text(mail).or_else(|| attached(mail))
}

fn within_text(mail: &InboundMail) -> Option<Forwarded> {
    let spans = fold_mail(mail);
    let forward = spans.iter().position(|span| span.part == Part::Forward)?;
    let says_so = says_forward(&mail.subject, &mail.text);
    let says_reply = is_reply(&mail.subject);
    let answers = spans[..forward].iter().any(|span| span.part == Part::Quote);
    let Origin { head, from, subject } = origin(spans[forward].of(&mail.text))?;
    let sign = match head {
        _ if answers && !says_so => return None,
        Head::Marker => ForwardSign::Marker,
        Head::HeaderLines if says_so || !says_reply => ForwardSign::HeaderLines,
        Head::Introduction if says_so => ForwardSign::Introduction,
        Head::HeaderLines | Head::Introduction => return None,
    };
    Some(Forwarded {
        from: mailbox(&from)?,
        subject: subject.map(|subject| one_line(&subject)),
        start_bytes: Some(spans[forward].start_bytes),
        sign,
    })
}

fn attached(mail: &InboundMail) -> Option<Forwarded> {
    let mut mails = mail
        .attachments
        .iter()
        .filter(|attachment| attachment.content_type == "message/rfc822");
    let only = mails.next().filter(|_| mails.next().is_none())?;
    if is_reply(&mail.subject) || notice(mail).is_some() {
        return None;
    }
    let original = peek(&only.bytes);
    Some(Forwarded {
        from: original.from.filter(|from| from.address.contains('@'))?,
        subject: Some(original.subject).filter(|subject| !subject.is_empty()),
        start_bytes: None,
        sign: ForwardSign::AttachedMail,
    })
}

/// Name and first address of a sender as mail clients write it: `Ann <ann@x.example>`,
/// `Ann [mailto:ann@x.example]`, `ann@x.example <mailto:ann@x.example>`.
fn mailbox(written: &str) -> Option<Mailbox> {
    let written = one_line(written);
    let is_local = |c: char| c.is_alphanumeric() || "._%+-=&'/!#$?^{}~".contains(c);
    let is_domain = |c: char| c.is_alphanumeric() || c == '.' || c == '-';
    let (sign, _) = written
        .match_indices('@')
        .find(|(at, _)| written[..*at].ends_with(is_local) && written[at + 1..].starts_with(is_domain))?;
    let start = written[..sign].trim_end_matches(is_local).len();
    let domain = written[sign + 1..]
        .split(|c| !is_domain(c))
        .next()?
        .trim_matches('.');
    let local = written[start..sign].trim_start_matches('\'');
    if local.is_empty() || !domain.contains('.') {
        return None;
    }
    let name = written[..start].trim_end_matches(|c: char| c.is_whitespace() || c == ':');
    let name = name.strip_suffix("mailto").unwrap_or(name);
    let adorns = |c: char| c.is_whitespace() || c.is_control() || "<[(*\"'\u{ab}\u{201c}\u{201d}".contains(c);
    let name: String = name.trim_matches(adorns).chars().take(MAX_NAME_CHARS).collect();
    Some(Mailbox {
        name: Some(name).filter(|name| !name.is_empty()),
        address: clean_address(&format!("{local}@{domain}"))?,
    })
}

#[cfg(test)]
mod tests;
