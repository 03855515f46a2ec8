//! Reads a bounce: the report first, then the prose, then what is wrapped in it.

use super::{
    addresses,
    complaint_or_disposition::{complaint, disposition},
    prose, recipients, report, returned, sign,
    vocabulary::{Bounce, Finding, MAX_BOUNCES},
};
use crate::{automatic::AutomaticSign, inbound::InboundMail};

/// Reads a bounce, one item for each address it names and a single one without address if it names none; `None` if
/// the mail is no bounce. A report of success, a complaint and a disposition are none.
pub fn read_bounces(mail: &InboundMail) -> Option<Vec<Bounce>> {
    read_at_depth(mail, 0)
}

/// Most addresses taken for ours: a notice is sent to one.
const MAX_OURS: usize = 5;

/// How deep a bounce may be wrapped in another mail: gateways and mailing lists pass one on as an attachment.
const MAX_WRAPPING: usize = 1;

fn read_at_depth(mail: &InboundMail, depth: usize) -> Option<Vec<Bounce>> {
    if complaint(mail).is_some() || disposition(mail).is_some() {
        return None;
    }
    let text = prose::text_of(mail);
    let notice = prose::NoticeText::of(&mail.subject, &text);
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
        recipients::find_recipients(mail, &notice, findings)
    };
    let original = returned::read(mail, &notice);
    let alone = findings.len() == 1 && notice.names_one_recipient();
    let to = mail.to.iter().map(|to| to.address.to_lowercase());
    let ours: Vec<String> = to.filter(|to| to.contains('@')).take(MAX_OURS).collect();
    let bounces = findings
        .into_iter()
        .map(|finding| finding.judge(&notice, alone, &ours, &original));
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
