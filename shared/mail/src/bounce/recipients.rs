//! The recipients that a notice for people names.

use super::{
    addresses::same,
    naming::best_named,
    prose::NoticeText,
    vocabulary::{Finding, HowNamed},
};
use crate::inbound::InboundMail;

/// The recipients that the prose names, each with what the report said where it named none.
pub(super) fn find_recipients(
    mail: &InboundMail,
    notice: &NoticeText<'_>,
    findings: Vec<Finding>,
) -> Vec<Finding> {
    let template = findings.into_iter().next().unwrap_or_default();
    let mut addresses = mail.failed_recipients.clone();
    if addresses.is_empty() {
        addresses = in_prose(mail, notice);
    }
    if addresses.is_empty() {
        addresses = of_the_returned(mail, notice);
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

/// The only recipient of the returned mail; of several those that the prose names at all.
fn of_the_returned(mail: &InboundMail, notice: &NoticeText<'_>) -> Vec<String> {
    let mut recipients = super::returned::recipients(mail, notice);
    if recipients.len() > 1 {
        let named = best_named(notice.lines(), HowNamed::InPassing, |_| true);
        recipients.retain(|recipient| named.iter().any(|named| same(named, recipient)));
    }
    recipients
}

/// The addresses that are named in the most telling way that any is named in; our own only if no other is.
fn in_prose(mail: &InboundMail, notice: &NoticeText<'_>) -> Vec<String> {
    let ours = |address: &str| {
        let mut mailboxes = mail.to.iter().chain(&mail.from);
        mailboxes.any(|mailbox| same(&mailbox.address, address))
    };
    // An address named in passing may be anybody's, and a bounce can end its use: better none than that one.
    let others = best_named(notice.lines(), HowNamed::AsRecipient, |address| !ours(address));
    if others.is_empty() {
        best_named(notice.lines(), HowNamed::First, |_| true)
    } else {
        others
    }
}
