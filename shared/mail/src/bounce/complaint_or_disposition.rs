//! Complaints (RFC 5965) and dispositions (RFC 8098) about our mails.

use super::{
    addresses::address_in,
    fields::{Group, first_word, groups, untyped},
    prose, returned,
};
use crate::inbound::{Attachment, InboundMail};

/// Most bytes read of a report: a score of short fields.
const MAX_REPORT_BYTES: usize = 64 * 1024;

/// A feedback report (RFC 5965): a recipient complained about a mail of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The kind, in lower case: `abuse`, `fraud`, `not-spam`, `opt-out`, `auth-failure`, ...
    pub kind: String,
    /// The address that complained, if the report names it; many cut it out.
    pub address: Option<String>,
    /// The Message-ID of our mail, without angle brackets.
    pub original_message_id: Option<String>,
}

/// A disposition notification (RFC 8098): our mail was displayed, deleted, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disposition {
    /// The type, in lower case: `displayed`, `deleted`, `dispatched`, `processed`, ...
    pub kind: String,
    /// The recipient.
    pub address: Option<String>,
    /// The Message-ID of our mail, without angle brackets.
    pub original_message_id: Option<String>,
}

/// Reads a feedback report; `None` if the mail is none.
pub fn complaint(mail: &InboundMail) -> Option<Complaint> {
    let Some(part) = part(mail, "message/feedback-report") else {
        return hotmail_complaint(mail);
    };
    let groups = fields(part);
    let field = |name: &str| groups.iter().find_map(|group| group.field(name));
    let address = ["original-rcpt-to", "removal-recipient", "redacted-address"];
    Some(Complaint {
        kind: first_word(field("feedback-type").unwrap_or_default()),
        address: address.iter().find_map(|name| field(name).and_then(address_in)),
        original_message_id: original(mail),
    })
}

/// A complaint as Outlook.com's junk mail reporting sends it: our mail with the complainer in a field of its own.
fn hotmail_complaint(mail: &InboundMail) -> Option<Complaint> {
    if !mail.subject.starts_with("complaint about message") {
        return None;
    }
    let groups = fields(part(mail, "message/rfc822")?);
    let recipient = groups.first()?.field("x-hmxmroriginalrecipient")?;
    Some(Complaint {
        kind: "abuse".to_owned(),
        address: address_in(recipient),
        original_message_id: original(mail),
    })
}

/// Reads a disposition notification; `None` if the mail is none.
pub fn disposition(mail: &InboundMail) -> Option<Disposition> {
    let part = part(mail, "message/disposition-notification")?;
    let groups = fields(part);
    let field = |name: &str| groups.iter().find_map(|group| group.field(name));
    let stated = field("disposition").unwrap_or_default();
    let recipient = field("original-recipient").or_else(|| field("final-recipient"));
    let id =
        field("original-message-id").and_then(|value| crate::message_id::parse_ids(value).into_iter().next());
    Some(Disposition {
        kind: first_word(untyped(stated)),
        address: recipient.and_then(|value| address_in(untyped(value))),
        original_message_id: id.or_else(|| original(mail)),
    })
}

fn part<'a>(mail: &'a InboundMail, content_type: &str) -> Option<&'a Attachment> {
    mail.attachments
        .iter()
        .find(|part| part.content_type == content_type)
}

fn fields(part: &Attachment) -> Vec<Group> {
    let bytes = &part.bytes[..part.bytes.len().min(MAX_REPORT_BYTES)];
    groups(&String::from_utf8_lossy(bytes))
}

fn original(mail: &InboundMail) -> Option<String> {
    let text = prose::text_of(mail);
    returned::read(mail, &prose::NoticeText::of(&mail.subject, &text)).message_id
}
