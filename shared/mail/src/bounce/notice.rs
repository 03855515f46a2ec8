//! The other mails about our mails: complaints (RFC 5965), dispositions (RFC 8098), automatic replies (RFC 3834).

use super::complaint_or_disposition::{Complaint, Disposition, complaint, disposition};
use super::{reader::read_bounces, vocabulary::Bounce};
use crate::automatic::AutomaticSign;
use crate::inbound::InboundMail;

/// A mail about a mail of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Some recipients were not reached.
    Bounces(Vec<Bounce>),
    /// A recipient called our mail abuse.
    Complaint(Complaint),
    /// A recipient's program tells what became of our mail.
    Disposition(Disposition),
    /// A machine answered in a recipient's stead.
    AutomaticReply,
}

/// What a mail is about, if it is about a mail of ours.
pub fn notice(mail: &InboundMail) -> Option<Notice> {
    if let Some(complaint) = complaint(mail) {
        return Some(Notice::Complaint(complaint));
    }
    if let Some(disposition) = disposition(mail) {
        return Some(Notice::Disposition(disposition));
    }
    if let Some(bounces) = read_bounces(mail) {
        return Some(Notice::Bounces(bounces));
    }
    let replied = matches!(
        mail.automatic,
        Some(AutomaticSign::AutoSubmitted | AutomaticSign::XAutoreply | AutomaticSign::XAutorespond)
    );
    let mut parts = mail.attachments.iter();
    let report = parts.any(|part| part.content_type == "message/delivery-status");
    let answers = !mail.in_reply_to.is_empty() || !mail.references.is_empty() || mail.auto_replied;
    (replied && answers && !report).then_some(Notice::AutomaticReply)
}
