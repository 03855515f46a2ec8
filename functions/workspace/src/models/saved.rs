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
        [] => t!("Saved.").to_owned(),
        said => t!("Saved: {changes}.", changes = said.join(", ")),
    }
}

fn in_words(fact: &Fact, names: &Names) -> Option<String> {
    let words = match fact {
        Fact::CommentAdded(added) if added.call().is_some() => t!("call").to_owned(),
        Fact::CommentAdded(added) if added.tells.is_some() => t!("forwarded").to_owned(),
        Fact::CommentAdded(fact::CommentAdded { public: true, .. }) => t!("public reply").to_owned(),
        Fact::CommentAdded(_) => t!("internal note").to_owned(),
        Fact::StatusChanged { to, .. } => t!("status {status}", status = words::status(*to)),
        Fact::PriorityChanged { to, .. } => t!("priority {priority}", priority = words::priority(Some(*to))),
        Fact::AssigneeChanged { to: Some(to), .. } => t!("assignee {agent}", agent = names.told(*to)),
        Fact::AssigneeChanged { to: None, .. } => t!("assignee nobody").to_owned(),
        Fact::GroupChanged { to, .. } => t!("group {group}", group = names.told_group(*to)),
        Fact::Escalated { to, .. } => t!("escalated to {group}", group = names.told_group(*to)),
        Fact::TypeChanged { .. } => t!("type").to_owned(),
        Fact::TagsChanged { .. } => t!("tags").to_owned(),
        Fact::FieldsChanged { .. } => t!("fields").to_owned(),
        Fact::FormChanged { .. } => t!("form").to_owned(),
        Fact::CustomStatusChanged { .. } => t!("status").to_owned(),
        Fact::DueChanged { .. } => t!("due date").to_owned(),
        Fact::CcsChanged { .. } => t!("who gets a copy").to_owned(),
        Fact::Snoozed { until } => t!("snoozed until {at}", at = words::exact(*until).exact),
        Fact::SnoozeEnded { .. } => t!("the snooze has ended").to_owned(),
        Fact::DeliveryReported {
            outcome: DeliveryOutcome::Resent,
            ..
        } => t!("the answer is sent again").to_owned(),
        _ => return None,
    };
    Some(words)
}
