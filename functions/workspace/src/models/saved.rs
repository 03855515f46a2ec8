//! What somebody has just saved, in a few words.

use crate::{names::Names, words};
use docket_domain::{
    PersonId,
    outbox::DeliveryOutcome,
    ticket::{Actor, Fact, TicketEvent, fact},
};

/// What somebody saved from version `first_v` on; nothing more than that they did where nothing is known of it.
pub fn saved(events: &[TicketEvent], first_v: u64, me: PersonId, names: &Names) -> String {
    let own = events
        .iter()
        .filter(|event| first_v > 0 && event.v >= first_v && event.actor == Actor::Agent(me));
    let said: Vec<String> = own.filter_map(|event| in_words(&event.fact, names)).collect();
    match &said[..] {
        [] => "Saved.".to_owned(),
        said => format!("Saved: {}.", said.join(", ")),
    }
}

fn in_words(fact: &Fact, names: &Names) -> Option<String> {
    let words = match fact {
        Fact::CommentAdded(fact::CommentAdded { public: true, .. }) => "public reply".to_owned(),
        Fact::CommentAdded(_) => "internal note".to_owned(),
        Fact::StatusChanged { to, .. } => format!("status {}", words::status(*to)),
        Fact::PriorityChanged { to, .. } => format!("priority {}", words::priority(Some(*to))),
        Fact::AssigneeChanged { to: Some(to), .. } => format!("assignee {}", names.told(*to)),
        Fact::AssigneeChanged { to: None, .. } => "assignee nobody".to_owned(),
        Fact::GroupChanged { to, .. } => format!("group {}", names.told_group(*to)),
        Fact::Escalated { to, .. } => format!("escalated to {}", names.told_group(*to)),
        Fact::TypeChanged { .. } => "type".to_owned(),
        Fact::TagsChanged { .. } => "tags".to_owned(),
        Fact::FieldsChanged { .. } => "fields".to_owned(),
        Fact::FormChanged { .. } => "form".to_owned(),
        Fact::CustomStatusChanged { .. } => "status".to_owned(),
        Fact::DueChanged { .. } => "due date".to_owned(),
        Fact::CcsChanged { .. } => "who gets a copy".to_owned(),
        Fact::Snoozed { until } => format!("snoozed until {}", words::exact(*until).exact),
        Fact::SnoozeEnded { .. } => "the snooze has ended".to_owned(),
        Fact::DeliveryReported {
            outcome: DeliveryOutcome::Resent,
            ..
        } => "the answer is sent again".to_owned(),
        _ => return None,
    };
    Some(words)
}
