//! The mail that bounced, as far as it came back.

use super::addresses::{addresses, same};
use super::fields::{Group, groups};
use super::prose::NoticeText;
use super::vocabulary::MAX_BOUNCES;
use crate::automatic::OUTBOX_HEADER;
use crate::inbound::{Attachment, InboundMail};
use crate::message_id::parse_ids;

/// Most bytes of a returned mail that are read: its header stands at the top.
const MAX_HEADER_BYTES: usize = 128 * 1024;

/// Most parts looked at: a bounce returns one mail and carries one report.
const MAX_RETURNED_PARTS: usize = 10;

/// Longest value of our outbox header that is handed on; ours are below 200 bytes.
const MAX_OUTBOX_BYTES: usize = 500;

/// How our own mail is known again.
#[derive(Clone, Debug, Default)]
pub(super) struct Original {
    pub(super) message_id: Option<String>,
    pub(super) outbox: Option<String>,
}

/// Finds the mail that bounced: in the returned mail or header, in the report, in the text, or in the fields with
/// which the bounce refers to it as an answer does.
pub(super) fn read(mail: &InboundMail, notice: &NoticeText<'_>) -> Original {
    let mut original = Original::default();
    for header in returned_headers(mail) {
        // Below the header the mail may say anything.
        original.fill(groups(&header).get(..1).unwrap_or_default());
        if original.message_id.is_some() {
            return original;
        }
    }
    for text in [returned_text(notice), notice.own().to_owned()] {
        original.fill(&groups(&text));
        if original.message_id.is_some() {
            return original;
        }
    }
    let reports = mail
        .attachments
        .iter()
        .filter(|part| part.content_type.starts_with("message/") && !is_returned(part));
    for report in reports.take(MAX_RETURNED_PARTS).map(head) {
        let id = groups(&report)
            .iter()
            .find_map(|group| group.any(&REPORTED_IDS).and_then(first_id));
        if id.is_some() {
            original.message_id = id;
            return original;
        }
    }
    let answered = mail.in_reply_to.first().or(mail.references.last());
    original.message_id = answered.cloned();
    original
}

/// The fields of a report that name the mail; the last one stands there when a boundary is lost.
const REPORTED_IDS: [&str; 3] = ["x-original-message-id", "original-message-id", "message-id"];

/// The recipients of the returned mail, as its header names them; none where it is not there.
pub(super) fn recipients(mail: &InboundMail, notice: &NoticeText<'_>) -> Vec<String> {
    let headers = returned_headers(mail);
    for header in headers.chain([returned_text(notice), notice.own().to_owned()]) {
        let groups = groups(&header);
        let to = groups
            .iter()
            .find_map(|group| group.any(&["x-failed-recipients", "to"]));
        let mut found: Vec<String> = Vec::new();
        for to in addresses(to.unwrap_or_default()) {
            let known = found.iter().any(|known| same(known, &to.address));
            if !known && found.len() < MAX_BOUNCES {
                found.push(to.address);
            }
        }
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

impl Original {
    fn fill(&mut self, groups: &[Group]) {
        for group in groups {
            if self.message_id.is_none() {
                self.message_id = group.field("message-id").and_then(first_id);
            }
            if self.outbox.is_none() {
                let value = group.field(&OUTBOX_HEADER.to_ascii_lowercase());
                let value = value.filter(|value| !value.is_empty() && value.len() <= MAX_OUTBOX_BYTES);
                self.outbox = value.map(str::to_owned);
            }
            if self.message_id.is_some() {
                break;
            }
        }
    }
}

fn first_id(value: &str) -> Option<String> {
    parse_ids(value).into_iter().next()
}

fn returned_headers(mail: &InboundMail) -> impl Iterator<Item = String> {
    let parts = mail.attachments.iter().filter(|part| is_returned(part));
    parts.take(MAX_RETURNED_PARTS).map(head)
}

pub(super) fn is_returned(part: &Attachment) -> bool {
    matches!(
        part.content_type.as_str(),
        "message/rfc822"
            | "text/rfc822-headers"
            | "text/rfc822-header"
            | "text/rfc822"
            | "message/global"
            | "message/global-headers"
            | "message/rfc822-headers"
            | "message/partial"
    )
}

fn head(part: &Attachment) -> String {
    let bytes = &part.bytes[..part.bytes.len().min(MAX_HEADER_BYTES)];
    String::from_utf8_lossy(bytes).into_owned()
}

/// The returned mail in the text, quote marks taken off.
fn returned_text(notice: &NoticeText<'_>) -> String {
    let mut text = String::with_capacity(notice.returned().len());
    for line in notice.returned().lines() {
        text.push_str(line.strip_prefix("> ").or(line.strip_prefix('>')).unwrap_or(line));
        text.push('\n');
    }
    text
}
