//! Work on its way out, in words.

use crate::directions::isolated;
use docket_domain::outbox::{MailPurpose, OutboxItem, State, Work};

/// What a mail is called.
pub fn mail(purpose: &MailPurpose) -> &'static str {
    match purpose {
        MailPurpose::Reply { .. } => t!("Answer"),
        MailPurpose::Acknowledgement => t!("Acknowledgement of receipt"),
        MailPurpose::Reminder => t!("Reminder to the requester"),
        MailPurpose::Solved => t!("Question whether it is solved"),
        MailPurpose::Escalation | MailPurpose::RuleNotice => t!("Mail to the agents"),
        MailPurpose::RuleReply { .. } => t!("Automatic answer"),
        MailPurpose::FollowerNotice { .. } => t!("Mail to those who follow"),
        MailPurpose::Notification { .. } => t!("Notification"),
        MailPurpose::Forward { .. } => t!("Forwarded mail"),
    }
}

/// How an answer on its way out stands: words, and a tone that a style sheet colours.
pub fn how_it_stands(item: &OutboxItem) -> (String, &'static str) {
    let detail = |words: &str| match &item.detail {
        Some(detail) => format!("{words}: {}", isolated(detail)),
        None => words.to_owned(),
    };
    let is_mail = matches!(item.work, Work::Mail { .. });
    match (&item.state, is_mail) {
        (State::Pending, true) => (detail(t!("Waiting to be sent")), "rest"),
        (State::Pending, false) => (detail(t!("Waiting to be handed to the channel")), "rest"),
        (State::Sending { .. }, _) => (t!("Being sent").to_owned(), "rest"),
        (State::InDoubt { .. }, _) => (detail(t!("In doubt whether it was sent")), "warn"),
        (State::Sent, true) if item.possibly_double => (t!("Sent, perhaps twice").to_owned(), "warn"),
        (State::Sent, true) => (t!("Sent").to_owned(), "calm"),
        (State::Sent, false) => (t!("Handed to the channel").to_owned(), "calm"),
        (State::Failed, _) => (detail(t!("Not sent")), "late"),
    }
}
