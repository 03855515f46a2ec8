//! The part of a delivery status notification that is made for machines (RFC 3464).

use super::addresses::address_in;
use super::fields::{Group, first_word, groups, untyped};
use super::prose::NoticeText;
use super::{EnhancedStatus, vocabulary::Finding};
use crate::inbound::InboundMail;

/// Most bytes read of a status part: a group of fields for each recipient, well below 1 KB each.
const MAX_STATUS_BYTES: usize = 256 * 1024;

/// What a report says.
pub(super) struct Report {
    /// The recipients that were not reached, or not yet.
    pub(super) failures: Vec<Finding>,
    successes: usize,
}

impl Report {
    /// Whether the report tells of nothing but success (delivered, relayed, expanded).
    pub(super) fn only_success(&self) -> bool {
        self.failures.is_empty() && self.successes > 0
    }

    fn add(&mut self, groups: &[Group]) {
        for group in groups {
            let action = group.field("action").map(first_word).unwrap_or_default();
            let status = group
                .field("status")
                .and_then(|value| first_word(value).parse::<EnhancedStatus>().ok());
            let recipient = group.any(&["original-recipient", "final-recipient", "x-actual-recipient"]);
            if recipient.is_none() && action.is_empty() {
                continue;
            }
            let failed = match action.as_str() {
                "delivered" | "relayed" | "expanded" | "deliverable" => false,
                "failed" | "failure" | "delayed" => true,
                _ => status.is_none_or(|status| status.class != 2),
            };
            if failed {
                self.failures.push(finding(group, &action, status));
            } else {
                self.successes += 1;
            }
        }
    }
}

/// Reads the report of a mail: its status parts, or fields of a report that stand in its text. `None` if there is
/// neither.
pub(super) fn read(mail: &InboundMail, notice: &NoticeText<'_>) -> Option<Report> {
    let mut report = Report {
        failures: Vec::new(),
        successes: 0,
    };
    let mut found = false;
    for part in &mail.attachments {
        let bytes = &part.bytes[..part.bytes.len().min(MAX_STATUS_BYTES)];
        if is_status(&part.content_type) || is_renamed_status(&part.content_type, bytes) {
            report.add(&groups(&String::from_utf8_lossy(bytes)));
            found = true;
        }
    }
    if !found && notice.names_a_field("final-recipient") {
        // A gateway took the report apart: its fields stand in the text.
        report.add(&groups(&unindented(notice.whole())));
        found = !report.failures.is_empty();
    }
    found.then_some(report)
}

fn is_status(content_type: &str) -> bool {
    matches!(
        content_type,
        "message/delivery-status" | "message/global-delivery-status" | "message/deliverystatus"
    )
}

/// A status part that a gateway sent on as a text file.
fn is_renamed_status(content_type: &str, bytes: &[u8]) -> bool {
    let is_file = matches!(content_type, "text/plain" | "application/octet-stream");
    let head = &bytes[..bytes.len().min(MAX_HEAD_BYTES)];
    is_file
        && groups(&String::from_utf8_lossy(head))
            .first()
            .is_some_and(|group| group.any(&["reporting-mta", "final-recipient"]).is_some())
}

/// Where a file must begin to be a status part: with the fields about the mail.
const MAX_HEAD_BYTES: usize = 2 * 1024;

/// The text with the fields of recipients at the start of their lines, where gateways may have indented them.
fn unindented(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    for line in text.lines() {
        let is_field = super::fields::field_of(line.trim())
            .is_some_and(|(name, _)| FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name)));
        lines.push_str(if is_field { line.trim() } else { line });
        lines.push('\n');
    }
    lines
}

/// The fields of a recipient (RFC 3464, section 2.3).
const FIELDS: [&str; 6] = [
    "original-recipient",
    "final-recipient",
    "action",
    "status",
    "remote-mta",
    "diagnostic-code",
];

fn finding(group: &Group, action: &str, status: Option<EnhancedStatus>) -> Finding {
    let mut names = Vec::new();
    for name in ["original-recipient", "final-recipient", "x-actual-recipient"] {
        let address = group.field(name).and_then(|value| address_in(untyped(value)));
        names.extend(address);
    }
    let said = group.field("diagnostic-code").map(untyped).unwrap_or_default();
    let mut names = names.into_iter();
    Finding {
        address: names.next(),
        aliases: names.collect(),
        delayed: action == "delayed",
        status,
        said: said.to_owned(),
    }
}
